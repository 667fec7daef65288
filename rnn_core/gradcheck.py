"""Check gradients against central differences."""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._checks import finite, of, optional, takes
from rnn_core._tables import table
from rnn_core._variants import Variants, initial
from rnn_core.backward import backward
from rnn_core.frozen import Frozen
from rnn_core.limits import require_work
from rnn_core.numerals import displayed
from rnn_core.types import Gradients, Trace, require_gradients_of

NARROW_STEPS = (6e-6, 1e-7)
"""Relative step sizes of (L(θ + ε) − L(θ − ε)) / 2ε: ∛(rounding) first, then smaller."""

WIDE_STEPS = (1e-4, 1e-3, 1e-2)
"""Step sizes for gradients whose digits drown in the rounding of L at narrower ones. There the
quotients of ε and 2ε are combined so that the error of order ε² falls out (Richardson, 1911)."""

TOLERANCES = {"float64": 1e-6, "float32": 1e-3}
"""Largest relative difference that passes, by the dtype of the gradients checked."""

COARSEST = 1e-3
"""A gradient is checked only where the differences tell errors of this relative size."""

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
    """The verdict, with the difference of each parameter, of x, of h0 and of c0 if there is one."""

    differences: "MappingProxyType[str, Difference]"
    tolerance: float

    def __repr__(self) -> str:
        """Return the verdict, and of which gradient the difference that decides is."""
        if not self.culprit:
            count = len(self.differences)
            return f"GradientCheck(nothing checked: {count} gradient{'s'[: count != 1]} too small)"
        return (
            f"GradientCheck(ok={self.ok}, relative={self.relative:.1e} in {self.culprit}, "
            f"{len(self.differences) - len(self.unchecked)} of {len(self.differences)} checked)"
        )

    def _repr_html_(self) -> str:
        """Return the difference of each gradient, for a notebook."""
        rows = [
            [
                f"∂L/∂{name}",
                displayed(found.absolute, 2),
                displayed(found.relative, 2),
                displayed(found.tolerance, 1),
                ("yes" if found.ok else "no") if found.checked else "too small to check",
            ]
            for name, found in self.differences.items()
        ]
        heads = ["", "absolute", "relative", "at most", "agrees"]
        return table("Difference to central differences", heads, rows)

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

    Every entry of the parameters, of x and of the initial states is moved, in float64. `gradients`
    are those to check, `backward(trace)` unless given. The step grows with how small a gradient
    is, and one that the rounding of L hides at every step is said to be too small to check.

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
    analytic = {**dict(found.parameters.items()), "x": found.x, "h0": found.h[0]}
    analytic |= {initial(state): found[state][0] for state in trace.cell.states if state != "h"}
    entries = sum(gradient.size for gradient in analytic.values())
    require_work("gradient_check", 2 * entries * trace.steps * trace.batch, MAX_STEP_EVALUATIONS)
    allowed = TOLERANCES[trace.params.dtype.name] if tolerance is None else tolerance
    variants = Variants(trace)
    best: dict[str, Difference] = {}
    steps = [*_steps()]
    while steps and (names := [name for name in analytic if not _is_settled(best.get(name))]):
        few = bool(best) and variants.are_few(names, steps)  # most are settled by the first step
        tried, steps = (steps, []) if few else (steps[:1], steps[1:])
        with np.errstate(all="ignore"):
            for numeric, errors in variants.central_differences(names, tried):
                for name in (name for name in names if not _is_settled(best.get(name))):
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


def _is_settled(found: Difference | None) -> bool:
    return found is not None and found.checked and found.ok


def _is_better(found: Difference, than: Difference) -> bool:
    """Whether a comparison says more than another: a checked one first, then the closer one."""
    if found.checked != than.checked:
        return found.checked
    return found.relative / found.tolerance < than.relative / than.tolerance


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
