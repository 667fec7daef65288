"""The recurrence with one matrix for all steps, by its powers."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FloatArray, real_array
from rnn_core._checks import takes, whole
from rnn_core.limits import require_memory
from rnn_core.linear.prefix import drive_and_start, dtype_of


@np.errstate(all="ignore")
def doubling(A: ArrayLike, b: ArrayLike, h0: ArrayLike | None = None) -> FloatArray:
    """Solve h_t = A h_{t-1} + b_t, A constant, by A, A², A⁴, …: (T + 1, B, H).

    The scan with one matrix a level instead of one a step: after k levels h_t = Σ A^j b_{t-j}
    over j < 2^k, and the next adds A^{2^k} times the same sums of 2^k steps before: ⌈log₂ T⌉
    products of all states with one H×H matrix.

    Parameters
    ----------
    A
        (H, H).
    b
        (T, B, H), or (T, H) for one sequence.
    h0
        (B, H) or (H,); zero unless given.

    Raises
    ------
    ValueError
        A is not (H, H), or b or h0 does not fit it, or a number is not finite.
    """
    drive, initial = drive_and_start(b, h0)
    power = _square(A, drive).T
    steps, batch, hidden = drive.shape
    states = np.concatenate([initial[np.newaxis], drive])
    states[1] += initial.dot(power)
    rows = states[1:].reshape(-1, hidden)  # a view: one product for all steps and sequences
    shift = batch
    while shift < steps * batch:
        rows[shift:] += rows[:-shift].dot(power)
        power = power.dot(power)
        shift *= 2
    return states


@takes(count=whole(0))
@np.errstate(all="ignore")
def matrix_powers(A: ArrayLike, count: int) -> FloatArray:
    """Return A⁰, A¹ … A^count as (count + 1, H, H), by doubling.

    Raises
    ------
    ValueError
        A is not square, `count` is negative, or they do not fit in the budget of `limits`.
    """
    matrix = _square(A)
    require_memory("powers", (count + 1) * matrix.size * matrix.itemsize)
    found = np.empty((count + 1, *matrix.shape), matrix.dtype)
    found[0] = np.eye(len(matrix))
    found[1:2] = matrix
    known = 1  # A¹ … A^known are there
    while known < count:
        more = min(known, count - known)
        found[known + 1 : known + 1 + more] = found[known] @ found[1 : 1 + more]
        known += more
    return found


@takes(steps=whole(1))
def toeplitz_matrix(A: ArrayLike, steps: int) -> FloatArray:
    """Return the matrix from all b_t to all h_t, (T·H, T·H): block (t, s) is A^{t-s} for s ≤ t.

    Raises
    ------
    ValueError
        A is not square, `steps` is not positive, or it does not fit in the budget of `limits`.
    """
    matrix = _square(A)
    hidden = len(matrix)
    require_memory("toeplitz_matrix", (steps * hidden) ** 2 * matrix.itemsize)
    blocks = np.zeros((steps, hidden, steps, hidden), matrix.dtype)
    for lag, power in enumerate(matrix_powers(matrix, steps - 1)):
        late = np.arange(lag, steps)
        blocks[late, :, late - lag] = power
    return blocks.reshape(steps * hidden, steps * hidden)


@np.errstate(all="ignore")
def block_toeplitz(A: ArrayLike, b: ArrayLike, h0: ArrayLike | None = None) -> FloatArray:
    """Solve h_t = A h_{t-1} + b_t, A constant, by one product: (T + 1, B, H).

    [h_1 … h_T] is `toeplitz_matrix` times [b_1 + A h_0, b_2 … b_T]. Its (T·H)² numbers make it a
    way to see the solution for small T, not to compute it.

    Raises
    ------
    ValueError
        As `doubling`, or the matrix does not fit in the budget of `limits`.
    """
    drive, initial = drive_and_start(b, h0)
    matrix = _square(A, drive)
    steps, batch, hidden = drive.shape
    entering = drive.copy()
    entering[0] += initial @ matrix.T
    columns = entering.transpose(0, 2, 1).reshape(steps * hidden, batch)
    states = toeplitz_matrix(matrix, steps) @ columns
    rows = states.reshape(steps, hidden, batch).transpose(0, 2, 1)
    return np.concatenate([initial[np.newaxis], rows])


def _square(A: ArrayLike, drive: FloatArray | None = None) -> FloatArray:
    if drive is not None:
        matrix = real_array("A", A, drive.dtype)
        wanted = (drive.shape[2],) * 2
        if matrix.shape != wanted:
            raise ValueError(f"A: expected shape (H, H) = {wanted}, got {matrix.shape}")
        return matrix
    matrix = real_array("A", A, dtype_of(A))
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(f"A: expected a square matrix (H, H) with H ≥ 1, got {matrix.shape}")
    return matrix
