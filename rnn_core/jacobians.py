"""Jacobians of the state by an earlier state: one step, and products of many."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core._checks import many, matrix, takes, whole, whole_number
from rnn_core._extended import LARGEST, LOG2, normalised
from rnn_core.frozen import Frozen
from rnn_core.limits import require_memory, require_work

TOO_SMALL, TOO_LARGE = 2.0**-200, 2.0**200
"""Entries beyond which a product is scaled back by a power of two."""

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


@takes(W_hh=matrix("H", "H"), slopes=matrix("T", "H", finite=False))
def step_jacobians(W_hh: FloatArray, slopes: FloatArray) -> FloatArray:
    """Return J_t = ∂h_t/∂h_{t-1} = diag φ′(z_t) W_hh for all steps, (T, H, H).

    Raises
    ------
    ValueError
        Shapes do not fit, or they would not fit in the budget of `limits`.
    """
    steps, hidden = slopes.shape
    require_memory("step_jacobians", 8 * steps * hidden * hidden)
    return read_only(slopes[:, :, np.newaxis] * W_hh)


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
        (T, H): φ′(z_t), see `gradient_flow.slopes`.
    steps_back
        The k wanted.

    Raises
    ------
    ValueError
        Shapes do not fit, a k is not from 0 to T, or the work is over `limits`.
    """
    steps, hidden = slopes.shape
    wanted = set(steps_back)
    if wanted and not (min(wanted) >= 0 and max(wanted) <= steps):
        raise ValueError(f"k: expected steps from 0 to T = {steps}, got {sorted(wanted)!r:.60}")
    require_work("end_jacobians", (steps - min(wanted, default=steps)) * hidden**3)
    require_memory("end_jacobians", 8 * len(wanted) * hidden * hidden)
    last = min(wanted, default=steps)
    return tuple(found for found in _back(W_hh, slopes, last) if found.k in wanted)


@np.errstate(all="ignore")
def _back(W_hh: FloatArray, slopes: FloatArray, last: int) -> Iterator[EndJacobian]:
    product: FloatArray = np.eye(len(W_hh))
    exponent = 0
    yield EndJacobian(len(slopes), read_only(product), exponent)
    for t in range(len(slopes), last, -1):
        product = (product * slopes[t - 1]).dot(W_hh)
        largest = float(np.abs(product).max())
        if not TOO_SMALL < largest < TOO_LARGE:
            product, exponent = normalised(product, exponent)
        yield EndJacobian(t - 1, read_only(product), exponent)


def end_jacobian(W_hh: FloatArray, slopes: FloatArray, k: int) -> EndJacobian:
    """Return ∂h_T/∂h_k for one k; see `end_jacobians`."""
    return end_jacobians(W_hh, slopes, (whole_number("k", k),))[0]
