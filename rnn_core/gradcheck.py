"""Check gradients against central differences."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from rnn_core._arrays import FLOAT64, FloatArray
from rnn_core._checks import finite, of, optional, takes
from rnn_core.activations import activation_named
from rnn_core.backward import backward
from rnn_core.frozen import Frozen
from rnn_core.limits import require_work
from rnn_core.losses import loss_named
from rnn_core.types import PARAMETER_NAMES, Gradients, Trace, require_gradients_of

NARROW_STEPS = (6e-6, 1e-7)
"""Relative step sizes of (L(θ + ε) − L(θ − ε)) / 2ε: ∛(rounding) first, then smaller."""

WIDE_STEPS = (1e-4, 1e-3, 1e-2)
"""Step sizes for gradients whose digits drown in the rounding of L at narrower ones. There the
quotients of ε and 2ε are combined so that the error of order ε² falls out (Richardson, 1911)."""

ROUNDING = 1e-14
"""Largest rounding error taken to be in L and in its logits a, relative to |L| and max(1, |a|)."""

TOLERANCES = {"float64": 1e-6, "float32": 1e-3}
"""Largest relative difference that passes, by the dtype of the gradients checked."""

COARSEST = 1e-3
"""A gradient is checked only where the differences tell errors of this relative size."""

VARIANT_NUMBERS = 2_000_000
"""Numbers that a block of variants may hold at once: 16 MB."""

MAX_STEP_EVALUATIONS = 20_000_000
"""Time steps all the forward passes of one check may take together."""


@dataclass(frozen=True)
class Difference:
    """How far one gradient is from its central differences.

    `relative` is `absolute` over the largest entry of both. It passes up to `tolerance`, which is
    that of the check, or what the rounding of L lets the differences tell, if that is more. Where
    they would not tell an error of 1e-3, the gradient is too small to check: `checked` is False.
    `skipped` entries could not be compared: the step crosses a kink of the activation.
    """

    absolute: float
    relative: float
    skipped: int
    tolerance: float
    checked: bool

    @property
    def ok(self) -> bool:
        """Whether it is within its tolerance, which what is too small to check always is."""
        return self.relative <= self.tolerance or not self.checked


@dataclass(frozen=True)
class GradientCheck(Frozen):
    """The verdict, with the difference of each parameter, of x and of h0."""

    differences: "MappingProxyType[str, Difference]"
    tolerance: float

    @property
    def unchecked(self) -> tuple[str, ...]:
        """The names of the gradients that are too small to check."""
        return tuple(name for name, found in self.differences.items() if not found.checked)

    @property
    def culprit(self) -> str:
        """The name that is furthest beyond, or nearest to, its tolerance; "" if none is checked."""
        checked = {name: found for name, found in self.differences.items() if found.checked}
        return max(
            checked, key=lambda name: checked[name].relative / checked[name].tolerance, default=""
        )

    @property
    def absolute(self) -> float:
        """The largest absolute difference of all that are checked."""
        return max(
            (found.absolute for found in self.differences.values() if found.checked), default=0.0
        )

    @property
    def relative(self) -> float:
        """The relative difference of the culprit."""
        return self.differences[self.culprit].relative if self.culprit else 0.0

    @property
    def skipped(self) -> int:
        """The number of entries that could not be compared."""
        return sum(found.skipped for found in self.differences.values())

    @property
    def ok(self) -> bool:
        """Whether something is checked, and all that is checked is within its tolerance."""
        return bool(self.culprit) and all(found.ok for found in self.differences.values())


@takes(trace=of(Trace), gradients=optional(of(Gradients)), tolerance=optional(finite(above=0)))
def gradient_check(
    trace: Trace,
    gradients: Gradients | None = None,
    *,
    tolerance: float | None = None,
) -> GradientCheck:
    """Compare the gradient of the loss with (L(θ + ε) − L(θ − ε)) / 2ε, entry by entry.

    Every entry of the five parameters, of x and of h0 is moved, in float64. `gradients` are those
    to check, `backward(trace)` unless given. The step grows with how small a gradient is, and one
    that the rounding of L hides at every step is said to be too small to check.

    Raises
    ------
    ValueError
        The trace has no finite loss, the gradients are truncated, of another run or of something
        else than the loss, the tolerance is not positive,
        or the passes needed are over the budget.
    """
    if trace.loss is None or not np.isfinite(trace.loss):
        raise ValueError(f"gradient_check: expected a trace with a finite loss, got {trace.loss}")
    found = backward(trace) if gradients is None else gradients
    require_gradients_of(trace, found, of_loss=True)
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
    for step, wide in _steps():
        names = [n for n in analytic if n not in best or not (best[n].checked and best[n].ok)]
        if not names:
            break
        with np.errstate(all="ignore"):
            numeric, errors = variants.central_differences(names, step, wide=wide)
            for name in names:
                compared = _difference(analytic[name], numeric[name], errors[name], allowed)
                if name not in best or _is_better(compared, best[name]):
                    best[name] = compared
    return GradientCheck(MappingProxyType({name: best[name] for name in analytic}), allowed)


def _steps() -> Iterator[tuple[float, bool]]:
    """Yield the steps in the order they are tried, and whether they are wide ones."""
    first, *smaller = NARROW_STEPS
    yield first, False
    for step in WIDE_STEPS:
        yield step, True
    for step in smaller:
        yield step, False


def _is_better(found: Difference, than: Difference) -> bool:
    """Whether a comparison says more than another: a checked one first, then the closer one."""
    if found.checked != than.checked:
        return found.checked
    return found.relative / found.tolerance < than.relative / than.tolerance


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
        self.from_logits = self._rounding_of_logits()

    def _rounding_of_logits(self) -> float:
        """Return what the rounding of the logits does to L: Σ |∂L/∂a| · max(1, |a|) · rounding."""
        a = np.array(self.trace.logits, FLOAT64)
        with np.errstate(all="ignore"):
            slope = np.abs(loss_named(self.trace.loss_name).gradient(a, self.target))
        return ROUNDING * float(np.sum(slope * np.maximum(1.0, np.abs(a))))

    def central_differences(
        self, names: list[str], step: float, *, wide: bool
    ) -> tuple[dict[str, FloatArray], dict[str, float]]:
        """Return the differences of each named array, and how large their error may be.

        An entry is nan where its step crosses a kink of the activation.
        """
        found: dict[str, FloatArray] = {}
        errors: dict[str, float] = {}
        for name in names:
            narrow, noise = self._quotients(name, step)
            found[name], errors[name] = narrow, noise
            if wide:
                twice, _ = self._quotients(name, 2 * step)
                found[name] = (4 * narrow - twice) / 3
                removed = np.abs(found[name] - narrow)  # the error of order ε², and above the next
                errors[name] += float(np.nanmax(removed, initial=0.0))
        return found, errors

    def _quotients(self, name: str, step: float) -> tuple[FloatArray, float]:
        """Return (L(θ + ε) − L(θ − ε)) / 2ε for an array, and the largest rounding error in it."""
        value = self.values[name]
        sizes = step * np.maximum(1.0, np.abs(value.ravel()))
        quotients = np.empty(value.size)
        noise = 0.0
        for chosen in self._blocks(name):
            width, right, left, crossed = self._sides(name, chosen, sizes[chosen])
            quotients[chosen] = np.where(crossed, np.nan, (right - left) / width)
            rounding = ROUNDING * np.abs(right) + self.from_logits
            noise = max(noise, float(np.max(rounding / width)))
        return quotients.reshape(value.shape), noise

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


def _difference(
    analytic: FloatArray, numeric: FloatArray, error: float, allowed: float
) -> Difference:
    """Compare, where `error` bounds what the numeric gradient itself may be off by."""
    compared = ~np.isnan(numeric)
    skipped = int(numeric.size - compared.sum())
    if not np.isfinite(analytic).all():
        return Difference(float("inf"), float("inf"), skipped, allowed, checked=True)
    absolute = float(np.max(np.abs(numeric - analytic), where=compared, initial=0.0))
    largest = float(np.max(np.abs(numeric), where=compared, initial=0.0))
    scale = max(float(np.abs(analytic).max()), largest)
    if scale == 0 or not compared.any():
        return Difference(0.0, 0.0, skipped, allowed, checked=True)
    told = error / scale
    return Difference(
        absolute,
        absolute / scale,
        skipped,
        max(allowed, told),
        checked=told <= max(COARSEST, allowed),
    )
