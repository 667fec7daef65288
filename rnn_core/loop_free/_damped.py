"""The correction of a damped Newton step: a block tridiagonal system by cyclic reduction."""

import numpy as np

from rnn_core._arrays import FloatArray


def damped_correction(jacobians: FloatArray, residual: FloatArray, damping: float) -> FloatArray:
    """Return the δ that minimises Σ‖δ_t − J_t δ_{t-1} − r_t‖² + damping·Σ‖δ_t‖², δ_0 = 0.

    J_t (T, B, H, H), or diagonals (T, B, H); r_t and δ_t (T, B, H). Where the derivative is zero,

        −J_t δ_{t-1} + ((1 + damping) I + J_{t+1}ᵀ J_{t+1}) δ_t − J_{t+1}ᵀ δ_{t+1}
            = r_t − J_{t+1}ᵀ r_{t+1}

    without the terms with J_{t+1} at the last step. nan where the numbers do not allow a solution.
    """
    diagonal = jacobians.ndim == residual.ndim
    lower = jacobians[..., np.newaxis, np.newaxis] if diagonal else jacobians
    right = residual[..., np.newaxis, np.newaxis] if diagonal else residual[..., np.newaxis]
    upper = np.zeros_like(lower)
    upper[:-1] = lower[1:].swapaxes(-1, -2)
    centre = (1 + damping) * np.eye(lower.shape[-1], dtype=lower.dtype) + upper @ upper.swapaxes(
        -1, -2
    )
    right = right.copy()
    right[:-1] -= upper[:-1] @ right[1:]
    try:
        found = _solve(lower, centre, upper, right)
    except np.linalg.LinAlgError:  # singular in rounding: no step
        return np.full_like(residual, np.nan)
    return found.reshape(residual.shape)


def _solve(
    lower: FloatArray, centre: FloatArray, upper: FloatArray, right: FloatArray
) -> FloatArray:
    """Solve −lower_t y_{t-1} + centre_t y_t − upper_t y_{t+1} = right_t for all t.

    Every other unknown is eliminated, all at once, and half as many equations remain: ⌈log₂ T⌉
    times. The first lower and the last upper block are not used.
    """
    size = lower.shape[-1]
    blocks = np.concatenate([lower[::2], upper[::2], right[::2]], axis=-1)
    solved = np.linalg.solve(centre[::2], blocks)
    before, beyond, own = np.split(solved, [size, 2 * size], axis=-1)
    found = np.empty_like(right)
    if len(right) > 1:
        down, up = lower[1::2], upper[1::2]
        both = len(before) - 1  # odd equations with an unknown on either side
        centre_left = centre[1::2] - down @ beyond[: len(down)]
        right_left = right[1::2] + down @ own[: len(down)]
        upper_left = np.zeros_like(up)
        centre_left[:both] -= up[:both] @ before[1:]
        right_left[:both] += up[:both] @ own[1:]
        upper_left[:both] = up[:both] @ beyond[1:]
        lower_left = down @ before[: len(down)]
        kept = _solve(lower_left, centre_left, upper_left, right_left)
        found[1::2] = kept
        own[1:] += before[1:] @ kept[:both]
        own[: len(kept)] += beyond[: len(kept)] @ kept
    found[::2] = own
    return found
