"""Check gradients against central differences."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from rnn_core._arrays import FLOAT64, FloatArray
from rnn_core.activations import activation_named
from rnn_core.backward import backward
from rnn_core.limits import require_work
from rnn_core.losses import loss_named
from rnn_core.types import PARAMETER_NAMES, Gradients, Trace

STEPS = (6e-6, 1e-4, 1e-7)
"""Relative step sizes, tried in turn until one agrees: ∛(rounding) first, then larger, smaller."""

TOLERANCES = {"float64": 1e-6, "float32": 1e-3}
"""Largest relative difference that passes, by the dtype of the gradients checked."""

VARIANT_NUMBERS = 2_000_000
"""Numbers that a block of variants may hold at once: 16 MB."""

MAX_STEP_EVALUATIONS = 20_000_000
"""Time steps all the forward passes of one check may take together."""


@dataclass(frozen=True)
class Difference:
    """How far one gradient is from its central differences.

    `relative` is `absolute` over the largest entry of the gradient, or over the size below which
    central differences are only rounding noise, if that is larger. `skipped` entries could not be
    compared: the step crosses a kink of the activation.
    """

    absolute: float
    relative: float
    skipped: int


@dataclass(frozen=True)
class GradientCheck:
    """The verdict, with the difference of each parameter, of x and of h0."""

    differences: "MappingProxyType[str, Difference]"
    tolerance: float

    @property
    def culprit(self) -> str:
        """The name with the largest relative difference."""
        return max(self.differences, key=lambda name: self.differences[name].relative)

    @property
    def absolute(self) -> float:
        """The largest absolute difference of all."""
        return max(found.absolute for found in self.differences.values())

    @property
    def relative(self) -> float:
        """The largest relative difference of all."""
        return self.differences[self.culprit].relative

    @property
    def skipped(self) -> int:
        """The number of entries that could not be compared."""
        return sum(found.skipped for found in self.differences.values())

    @property
    def ok(self) -> bool:
        """Whether every difference is within the tolerance."""
        return self.relative <= self.tolerance


def gradient_check(
    trace: Trace,
    gradients: Gradients | None = None,
    *,
    tolerance: float | None = None,
) -> GradientCheck:
    """Compare the gradient of the loss with (L(θ + ε) − L(θ − ε)) / 2ε, entry by entry.

    Every entry of the five parameters, of x and of h0 is moved, in float64. `gradients` are those
    to check, `backward(trace)` unless given.

    Raises
    ------
    ValueError
        The trace has no finite loss, the gradients are truncated, or the passes needed are over
        the budget.
    """
    if trace.loss is None or not np.isfinite(trace.loss):
        raise ValueError(f"gradient_check: expected a trace with a finite loss, got {trace.loss}")
    found = backward(trace) if gradients is None else gradients
    if found.truncate is not None and found.truncate < trace.steps:
        raise ValueError(
            "gradient_check: expected the full gradient, got one truncated to "
            f"{found.truncate} of {trace.steps} steps, which is no derivative of the loss"
        )
    analytic = {name: getattr(found.parameters, name) for name in PARAMETER_NAMES}
    analytic |= {"x": found.x, "h0": found.h[0]}
    entries = sum(gradient.size for gradient in analytic.values())
    require_work("gradient_check", 2 * entries * trace.steps * trace.batch, MAX_STEP_EVALUATIONS)
    allowed = TOLERANCES[trace.params.dtype.name] if tolerance is None else tolerance
    variants = _Variants(trace)
    best: dict[str, Difference] = {}
    for step in STEPS:
        names = [n for n in analytic if n not in best or best[n].relative > allowed]
        if not names:
            break
        with np.errstate(all="ignore"):
            numeric, noise = variants.central_differences(names, step)
            for name in names:
                compared = _difference(analytic[name], numeric[name], noise / allowed)
                if name not in best or compared.relative < best[name].relative:
                    best[name] = compared
    return GradientCheck(MappingProxyType({name: best[name] for name in analytic}), allowed)


class _Variants:
    """Runs of a trace's network, in float64, with one number moved in each.

    The recurrence is that of `recurrence.unroll`, with a leading axis N over the variants: one
    loop over time serves all of them, and `forward` does not vouch for itself.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.values: dict[str, FloatArray] = {
            name: np.array(array, FLOAT64) for name, array in trace.params.items()
        }
        self.values["x"] = np.array(trace.x, FLOAT64)
        self.values["h0"] = np.array(trace.h[0], FLOAT64)
        self.target = np.array(trace.target, FLOAT64)  # (S, B, K)

    def central_differences(
        self, names: list[str], step: float
    ) -> tuple[dict[str, FloatArray], float]:
        """Return the differences of each named array and the largest rounding noise in them.

        An entry is nan where its step crosses a kink of the activation.
        """
        found: dict[str, FloatArray] = {}
        noise = 0.0
        for name in names:
            value = self.values[name]
            sizes = step * np.maximum(1.0, np.abs(value.ravel()))
            quotients = np.empty(value.size)
            for chosen in self._blocks(name):
                width, right, left, crossed = self._sides(name, chosen, sizes[chosen])
                quotients[chosen] = np.where(crossed, np.nan, (right - left) / width)
                noise = max(noise, float(np.max(1e-14 * np.maximum(1.0, np.abs(right)) / width)))
            found[name] = quotients.reshape(value.shape)
        return found, noise

    def _blocks(self, name: str) -> Iterator[slice]:
        """Split the entries of an array so that no block of variants takes much memory."""
        value = self.values[name]
        trace = self.trace
        held = value.size + trace.batch * (3 * trace.params.hidden_size + trace.logits[:, 0].size)
        size = max(1, VARIANT_NUMBERS // (2 * held))
        return (slice(start, start + size) for start in range(0, value.size, size))

    def _sides(
        self, name: str, chosen: slice, sizes: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray, "np.ndarray[Any, np.dtype[np.bool_]]"]:
        """Move each chosen entry up and down: the widths, both losses, whether a kink was met."""
        value = self.values[name]
        count = len(sizes)
        moved = np.repeat(value[np.newaxis], 2 * count, axis=0)
        flat = moved.reshape(2 * count, -1)
        places = np.arange(value.size)[chosen]
        flat[np.arange(count), places] += sizes
        flat[np.arange(count, 2 * count), places] -= sizes
        width = flat[np.arange(count), places] - flat[np.arange(count, 2 * count), places]
        losses, crossed = self._losses({**self._shared(), name: moved}, count)
        return width, losses[:count], losses[count:], crossed

    def _shared(self) -> dict[str, FloatArray]:
        return {name: array[np.newaxis] for name, array in self.values.items()}

    def _losses(
        self, values: dict[str, FloatArray], count: int
    ) -> tuple[FloatArray, "np.ndarray[Any, np.dtype[np.bool_]]"]:
        """Return the loss of 2·count variants, and where the halves lie across a kink."""
        trace = self.trace
        phi, family = activation_named(trace.activation), loss_named(trace.loss_name)
        W_xh, W_hh, W_hy = (
            np.swapaxes(values[name], 1, 2) for name in ("W_xh", "W_hh", "W_hy")
        )  # (N or 1, D, H) …: ready for rows of states
        b_h, b_y = values["b_h"][:, np.newaxis], values["b_y"][:, np.newaxis]
        h = np.broadcast_to(values["h0"], (2 * count, *values["h0"].shape[1:]))  # (N, B, H)
        crossed = np.zeros(count, dtype=bool)
        logits = []
        for t in range(trace.steps):
            z = values["x"][:, t] @ W_xh + h @ W_hh + b_h
            h = phi(z)
            for kink in phi.kinks:
                crossed |= ((z[:count] > kink) != (z[count:] > kink)).any(axis=(1, 2))
            if t + 1 in trace.readout_steps:
                logits.append(h @ W_hy + b_y)
        a = np.stack(logits, axis=1)  # (N, S, B, K)
        y = np.broadcast_to(self.target, a.shape)
        return family.terms(a, y).mean(axis=(1, 2, 3)), crossed


def _difference(analytic: FloatArray, numeric: FloatArray, noise: float) -> Difference:
    compared = ~np.isnan(numeric)
    skipped = int(numeric.size - compared.sum())
    if not np.isfinite(analytic).all():
        return Difference(float("inf"), float("inf"), skipped)
    if not compared.any():
        return Difference(0.0, 0.0, skipped)
    absolute = float(np.max(np.abs(numeric - analytic), where=compared, initial=0.0))
    largest = float(np.max(np.abs(numeric), where=compared, initial=0.0))
    scale = max(float(np.abs(analytic).max()), largest, noise)
    return Difference(absolute, absolute / scale if scale > 0 else 0.0, skipped)
