"""Jacobians of the state by an earlier state: one step, and products of many."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core._checks import many, matrix, of, sample_of, takes, whole
from rnn_core._extended import LARGEST, LOG2, normalised
from rnn_core.cells.cell import BEFORE
from rnn_core.frozen import Frozen
from rnn_core.interpreter.program import program_of
from rnn_core.interpreter.run import pull, restored
from rnn_core.limits import require_memory, require_work
from rnn_core.types import Trace

TOO_SMALL, TOO_LARGE = 2.0**-200, 2.0**200
"""Entries beyond which a product is scaled back by a power of two."""

BLOCK_NUMBERS = 1_000_000
"""Numbers of a seed of unit vectors that are carried back at once."""

NOISE = 4 * float(np.finfo(np.float64).eps)
"""Singular values below H · NOISE of the largest say nothing: the product was rounded."""


@dataclass(frozen=True, eq=False)
class EndJacobian(Frozen):
    """∂h_T/∂h_k = J_T J_{T−1} … J_{k+1} as `matrix` · 2^`exponent`: it may be far beyond float64.

    Row i, column j is the derivative of unit i at step T by unit j at step k.
    """

    k: int
    matrix: FloatArray  # (H, H), largest entry near 1 unless nothing had to be scaled
    exponent: int

    @property
    def values(self) -> FloatArray:
        """The matrix as float64: 0 or infinite where it is beyond its range."""
        with np.errstate(all="ignore"):
            return np.ldexp(self.matrix, int(np.clip(self.exponent, -LARGEST, LARGEST)))

    @property
    def log10_singular_values(self) -> FloatArray:
        """log₁₀ of the singular values, falling, (H,).

        −∞ for a matrix of zeros; nan where it is not finite, and for those that are lost to
        rounding (below H · 4ε of the largest).
        """
        if not np.isfinite(self.matrix).all():
            return np.full(len(self.matrix), np.nan)
        found = np.linalg.svd(self.matrix, compute_uv=False)
        if not found[0]:
            return np.full(len(found), -np.inf)
        kept = found > NOISE * len(found) * found[0]
        logs = np.full(len(found), np.nan)
        logs[kept] = np.log10(found[kept]) + self.exponent * LOG2
        return logs


@takes(
    W_hh=matrix("H", "H"),
    slopes=matrix("T", "H", finite=False),
    steps_back=many(whole()),
)
def end_jacobians(
    W_hh: FloatArray, slopes: FloatArray, steps_back: Iterable[int]
) -> tuple[EndJacobian, ...]:
    """Return ∂h_T/∂h_k for several k from 0 to T, falling, by one pass back from T.

    Parameters
    ----------
    W_hh
        (H, H).
    slopes
        (T, H): φ′(z_t), see `activation_slopes`.
    steps_back
        The k wanted.

    Raises
    ------
    ValueError
        Shapes do not fit, a k is not from 0 to T, or the work is over `limits`.
    """
    steps, hidden = slopes.shape
    wanted, last = _wanted(steps, hidden, steps_back)
    back = (lambda product, slope=slope: (product * slope).dot(W_hh) for slope in slopes[::-1])
    return tuple(found for found in _back(steps, hidden, back, last) if found.k in wanted)


def _wanted(steps: int, size: int, steps_back: Iterable[int]) -> tuple[set[int], int]:
    """Return the k asked for, and the smallest, where the pass back can end."""
    wanted = set(steps_back)
    if wanted and not (min(wanted) >= 0 and max(wanted) <= steps):
        raise ValueError(f"k: expected steps from 0 to T = {steps}, got {sorted(wanted)!r:.60}")
    last = min(wanted, default=steps)
    require_work("end_jacobians", (steps - last) * size**3)
    require_memory("end_jacobians", 8 * len(wanted) * size * size)
    return wanted, last


@np.errstate(all="ignore")
def _back(
    steps: int, size: int, back: Iterable[Callable[[FloatArray], FloatArray]], last: int
) -> Iterator[EndJacobian]:
    """Multiply the identity (N, N) by J_T, J_{T−1} … as each of `back` does."""
    product: FloatArray = np.eye(size)
    exponent = 0
    yield EndJacobian(steps, read_only(product), exponent)
    for t, times in zip(range(steps, last, -1), back, strict=False):
        product = times(product)
        largest = float(np.abs(product).max())
        if not TOO_SMALL < largest < TOO_LARGE:
            product, exponent = normalised(product, exponent)
        yield EndJacobian(t - 1, read_only(product), exponent)


@takes(trace=of(Trace))
@np.errstate(all="ignore")
def state_jacobians(trace: Trace, sample: int = 0) -> FloatArray:
    """Return J_t = ∂s_t/∂s_{t-1} of one sequence for all steps, whatever the cell: (T, S·H, S·H).

    s_t are the S states of the cell, one after the other: h_t of an Elman network or a GRU,
    [h_t, c_t] of an LSTM, where row i of ∂c_t stands at H + i.

    Raises
    ------
    ValueError
        There is no such sequence, or they would not fit in the budget of `limits`.
    """
    sample = sample_of(trace.batch, sample)
    states, hidden = trace.cell.states, trace.params.hidden_size
    program = program_of(trace.cell, trace.activation)
    size = len(states) * hidden
    require_memory("state_jacobians", 8 * trace.steps * size * size)
    require_work("state_jacobians", trace.steps * size * trace.params.step_count)
    one = {name: array[:, sample : sample + 1] for name, array in trace.quantities.items()}
    values = restored(program, trace.params, one)
    weights = {name: values.pop(name) for name in trace.cell.shapes}
    found = np.zeros((trace.steps, size, size), trace.params.dtype)
    block = max(1, BLOCK_NUMBERS // (size * hidden))
    for start in range(0, trace.steps, block):
        steps = slice(start, start + block)
        now = {**weights, **{name: array[steps] for name, array in values.items()}}
        unit = np.eye(hidden, dtype=found.dtype)[:, np.newaxis, np.newaxis]
        for a, state in enumerate(states):
            seed = np.broadcast_to(unit, (hidden, len(found[steps]), 1, hidden))
            by = pull(program, now, {state: seed}, only_states=True).by
            for b, before in enumerate(states):
                if (part := by.get(before + BEFORE)) is not None:
                    rows, columns = slice(a * hidden, None), slice(b * hidden, None)
                    found[steps, rows, columns][:, :hidden, :hidden] = part[:, :, 0].swapaxes(0, 1)
    return read_only(found)


@takes(jacobians=matrix("T", "N", "N", finite=False))
@np.errstate(all="ignore")
def spectral_norms(jacobians: FloatArray) -> FloatArray:
    """Return ‖J_t‖₂ of each matrix, (T,); nan where one is not finite.

    Raises
    ------
    ValueError
        They are no square matrices one after the other.
    """
    found = np.full(len(jacobians), np.nan)
    finite = np.isfinite(jacobians).all(axis=(1, 2))
    found[finite] = np.linalg.norm(jacobians[finite], 2, axis=(1, 2))
    return read_only(found)


@takes(jacobians=matrix("T", "N", "N", finite=False), steps_back=many(whole()))
def end_jacobians_of(jacobians: FloatArray, steps_back: Iterable[int]) -> tuple[EndJacobian, ...]:
    """Return ∂s_T/∂s_k = J_T J_{T−1} … J_{k+1} for several k, as `end_jacobians` does.

    Parameters
    ----------
    jacobians
        (T, N, N), see `state_jacobians`.

    Raises
    ------
    ValueError
        Shapes do not fit, a k is not from 0 to T, or the work is over `limits`.
    """
    steps, size, _ = jacobians.shape
    wanted, last = _wanted(steps, size, steps_back)
    back = (lambda product, J=J: product.dot(J) for J in jacobians[::-1])
    return tuple(found for found in _back(steps, size, back, last) if found.k in wanted)
