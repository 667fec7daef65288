"""Check gradients against central differences."""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FLOAT64, FloatArray
from rnn_core.activations import activation_named
from rnn_core.backward import backward
from rnn_core.forward import forward
from rnn_core.limits import require_work
from rnn_core.types import NAMES, Gradients, Trace

STEPS = (6e-6, 1e-4, 1e-7)
"""Relative step sizes, tried in turn until one agrees: ∛(rounding) first, then larger, smaller."""

TOLERANCES = {"float64": 1e-6, "float32": 1e-3}
"""Largest relative difference that passes, by the dtype of the gradients checked."""

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
        The trace has no finite loss, the gradients are truncated or of other shapes, or the
        passes needed are over the budget.
    """
    found = backward(trace) if gradients is None else gradients
    if trace.loss is None or not np.isfinite(trace.loss):
        raise ValueError(f"gradient_check: expected a trace with a finite loss, got {trace.loss}")
    if found.truncate is not None and found.truncate < trace.steps:
        raise ValueError(
            "gradient_check: expected the full gradient, got one truncated to "
            f"{found.truncate} of {trace.steps} steps, which is no derivative of the loss"
        )
    analytic = {name: getattr(found.parameters, name) for name in NAMES}
    analytic |= {"x": found.x, "h0": found.h[0]}
    entries = sum(gradient.size for gradient in analytic.values())
    require_work("gradient_check", 2 * entries * trace.steps * trace.batch, MAX_STEP_EVALUATIONS)
    allowed = TOLERANCES[trace.params.dtype.name] if tolerance is None else tolerance
    inputs = _Inputs(trace)
    with np.errstate(all="ignore"):
        differences = {
            name: _difference(inputs, name, gradient, allowed)
            for name, gradient in analytic.items()
        }
    return GradientCheck(MappingProxyType(differences), allowed)


class _Inputs:
    """The float64 inputs of a trace, to run again with one array replaced."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.params = trace.params.astype(FLOAT64)
        self.kinks = activation_named(trace.activation).kinks
        self.values: dict[str, FloatArray] = dict(self.params.items())
        self.values["x"] = np.array(trace.x, FLOAT64)
        self.values["h0"] = np.array(trace.h[0], FLOAT64)

    def run(self, name: str, value: ArrayLike) -> Trace:
        trace = self.trace
        return forward(
            self.params.replace(**{name: value}) if name in NAMES else self.params,
            value if name == "x" else self.values["x"],
            None if trace.target is None else trace.target.astype(FLOAT64),
            activation=trace.activation,
            loss=trace.loss_name,
            readout=trace.readout,
            h0=value if name == "h0" else self.values["h0"],
        )


def _difference(inputs: _Inputs, name: str, analytic: FloatArray, tolerance: float) -> Difference:
    best = None
    for step in STEPS:
        found = _difference_at(inputs, name, analytic, tolerance, step)
        if best is None or found.relative < best.relative:
            best = found
        if best.relative <= tolerance:
            break
    assert best is not None
    return best


def _difference_at(
    inputs: _Inputs, name: str, analytic: FloatArray, tolerance: float, step: float
) -> Difference:
    numeric, noise = _central(inputs, name, step)
    compared = ~np.isnan(numeric)
    skipped = int(numeric.size - compared.sum())
    if not compared.any():
        return Difference(0.0, 0.0, skipped)
    absolute = float(np.max(np.abs(numeric - analytic), where=compared, initial=0.0))
    scale = max(
        float(np.abs(analytic).max()),
        float(np.max(np.abs(numeric), where=compared, initial=0.0)),
        noise / tolerance,
    )
    relative = absolute / scale if scale > 0 else 0.0
    if not np.isfinite(analytic).all():
        absolute = relative = float("inf")
    return Difference(absolute, relative, skipped)


def _central(inputs: _Inputs, name: str, step: float) -> tuple[FloatArray, float]:
    """Return the central differences, nan where a kink is crossed, and their rounding noise."""
    value = inputs.values[name]
    numeric = np.empty(value.shape)
    noise = 0.0
    for index in np.ndindex(value.shape):
        size = step * max(1.0, abs(float(value[index])))
        above, below = value.copy(), value.copy()
        above[index] += size
        below[index] -= size
        right, left = inputs.run(name, above), inputs.run(name, below)
        assert right.loss is not None and left.loss is not None
        width = float(above[index] - below[index])
        numeric[index] = (right.loss - left.loss) / width
        if any(((right.z > kink) != (left.z > kink)).any() for kink in inputs.kinks):
            numeric[index] = np.nan
        noise = max(noise, 1e-14 * max(1.0, abs(right.loss)) / width)
    return numeric, noise
