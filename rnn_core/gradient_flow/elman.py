"""How long the gradient of an Elman network is at each step back."""

from math import isfinite

import numpy as np
from numpy.typing import NDArray

from rnn_core._arrays import FloatArray, read_only
from rnn_core._checks import a_or_an, matrix, of, sample_of, takes
from rnn_core._extended import normalised, normalised_rows, rounded_up
from rnn_core.activations import activation_named, passed_on
from rnn_core.gradient_flow.lengths import Flow, added, lengths
from rnn_core.limits import require_work
from rnn_core.types import Trace

TOO_SMALL, TOO_LARGE = 2.0**-400, 2.0**400
"""Squared lengths beyond which a vector is scaled back by a power of two."""

PLAIN = 2.0**-400
"""Factors from this to its inverse keep all digits of what is within those lengths."""

BLOCK = 512
"""Jacobians whose singular values are taken at once."""


@takes(trace=of(Trace))
def activation_slopes(trace: Trace, sample: int = 0) -> FloatArray:
    """Return φ′(z_t) of one sequence, (T, H).

    Raises
    ------
    ValueError
        There is no such sequence, or the cell has not one pre-activation z.
    """
    if "z" not in trace.cell.line:
        raise ValueError(
            "trace: expected that of a cell with one pre-activation z, got that of "
            f"{a_or_an(trace.cell.title)}"
        )
    sample = sample_of(trace.batch, sample)
    with np.errstate(all="ignore"):
        return activation_named(trace.activation).slope(np.ascontiguousarray(trace["z"][:, sample]))


@takes(
    W_hh=matrix("H", "H"),
    slopes=matrix("T", "H", finite=False),
    direct=matrix("T", "H", finite=False),
)
@np.errstate(all="ignore")
def flow_back(W_hh: FloatArray, slopes: FloatArray, direct: FloatArray) -> Flow:
    """Carry a gradient back and return its length at every step, however small or large.

    Parameters
    ----------
    W_hh
        (H, H).
    slopes
        (T, H): φ′(z_t).
    direct
        (T, H): what enters at each step, see `direct_gradients`.

    Raises
    ------
    ValueError
        Shapes do not fit, W_hh is not finite, or the work is over `limits`.
    """
    steps, hidden = slopes.shape
    require_work("flow_back", steps * hidden * hidden)
    enters = [0, *np.count_nonzero(direct[:-1], axis=1).tolist()]  # [t - 1]: at step t - 1
    matrix, by_matrix = _scaled(W_hh)
    slopes, by_slopes = _scaled_rows(slopes)
    powers = (by_slopes + by_matrix).tolist()
    rows, exponents = np.empty((steps + 1, hidden)), [0] * (steps + 1)
    v: FloatArray = np.asarray(direct[-1], np.float64)
    exponent = 0
    for t in range(steps, 0, -1):
        square = float(v.dot(v))
        if not TOO_SMALL < square < TOO_LARGE:
            v, exponent = normalised(v, exponent)
        rows[t], exponents[t] = v, exponent
        passed = slopes[t - 1] * v if isfinite(square) else passed_on(v, slopes[t - 1])
        v, exponent = passed.dot(matrix), exponent + powers[t - 1]
        if enters[t - 1]:
            v, exponent = added(v, exponent, direct[t - 2])
    rows[0], exponents[0] = v, exponent
    at = np.array(exponents, np.int64)
    return Flow(lengths(rows, at), {"z": lengths(passed_on(rows[1:], slopes), at[1:] + by_slopes)})


def _scaled(matrix: FloatArray) -> tuple[FloatArray, int]:
    """Return a matrix and the power of two it is to be multiplied by, 0 unless it is far from 1."""
    matrix = np.asarray(matrix, np.float64)
    largest = float(np.abs(matrix).max())
    return (matrix, 0) if PLAIN < largest < 1 / PLAIN else normalised(matrix, 0)


def _scaled_rows(rows: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
    """Return rows and the power of two of each; 0 for all unless some number is far from 1."""
    sizes = np.abs(np.asarray(rows, np.float64))
    if ((sizes == 0) | (sizes > PLAIN) & (sizes < 1 / PLAIN)).all():
        return np.asarray(rows, np.float64), np.zeros(len(rows), np.int64)
    return normalised_rows(np.asarray(rows, np.float64))


@takes(W_hh=matrix("H", "H"), slopes=matrix("T", "H", finite=False))
@np.errstate(all="ignore")
def jacobian_norms(W_hh: FloatArray, slopes: FloatArray) -> FloatArray:
    """Return ‖J_t‖₂ = σ_max(diag φ′(z_t) W_hh) for each step, (T,); nan where not finite.

    Steps with equal slopes (all of them for the identity, a few patterns for ReLU) are computed
    once. A norm that is subnormal is rounded up, so that it bounds what it is the norm of.

    Raises
    ------
    ValueError
        Shapes do not fit, or W_hh is not finite.
    """
    matrix, by_matrix = _scaled(W_hh)
    different, place = np.unique(slopes, axis=0, return_inverse=True)
    found = np.full(len(different), np.nan)
    finite = np.flatnonzero(np.isfinite(different).all(axis=1))
    for start in range(0, len(finite), BLOCK):
        rows = finite[start : start + BLOCK]
        slopes_now, by_slopes = _scaled_rows(different[rows])
        values = np.linalg.svd(slopes_now[:, :, np.newaxis] * matrix, compute_uv=False)[:, 0]
        found[rows] = rounded_up(values, by_slopes + by_matrix)
    return read_only(found[place.reshape(-1)])
