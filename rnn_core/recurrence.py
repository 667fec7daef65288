"""The recurrence as the equations have it, one step after the other.

This is the reference: `forward` and `backward` compute the same with fewer and larger operations,
and the tests hold them to these two loops.
"""

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.activations import activation_named, passed_on
from rnn_core.types import Parameters


def unroll(
    params: Parameters, x: FloatArray, h0: FloatArray, activation: str
) -> tuple[FloatArray, FloatArray]:
    """Return z (T, B, H) and h (T + 1, B, H) for x (T, B, D) from h0 (B, H).

    z_t = W_xh x_t + W_hh h_{t-1} + b_h,  h_t = φ(z_t)
    """
    phi = activation_named(activation)
    z = []
    h = [h0]
    for x_t in x:
        z_t = x_t @ params.W_xh.T + h[-1] @ params.W_hh.T + params.b_h
        z.append(z_t)
        h.append(phi(z_t))
    return np.array(z), np.array(h)


def unroll_back(
    params: Parameters, z: FloatArray, direct: FloatArray, activation: str
) -> tuple[FloatArray, FloatArray]:
    """Return ∂L/∂z (T, B, H) and ∂L/∂h (T + 1, B, H), the totals.

    `direct` (T, B, H) is what reaches h_t without passing through h_{t+1}: from the logits, or
    from outside.

    ∂L/∂h_t = direct_t + W_hhᵀ ∂L/∂z_{t+1},  ∂L/∂z_t = φ′(z_t) ⊙ ∂L/∂h_t, 0 where φ′(z_t) is 0
    """
    slope = activation_named(activation).slope(z)
    dz = np.empty_like(z)
    dh = np.empty((len(z) + 1, *z.shape[1:]), z.dtype)
    from_later = np.zeros_like(direct[0])
    for t in reversed(range(len(z))):
        dh[t + 1] = direct[t] + from_later
        passed_on(dh[t + 1], slope[t], dz[t])
        from_later = dz[t] @ params.W_hh
    dh[0] = from_later
    return dz, dh
