"""Leaky integration: the state moves only a part of the way at each step.

    z_t = W_xh x_t + W_hh h_{t-1} + b_h,   h_t = (1 − ε) h_{t-1} + ε φ(z_t),   0 < ε ≤ 1

(Jaeger, Lukoševičius, Popovici and Siewert, 2007, with leaking rate 1; Bengio,
Boulanger-Lewandowski and Pascanu, 2013). It is Euler's method with step ε for
ḣ = −h + φ(W_hh h + W_xh x + b_h), and ε = 1 is the Elman network. The Jacobian
∂h_t/∂h_{t-1} = (1 − ε) I + ε diag φ′(z_t) W_hh comes near I as ε gets small.
"""

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._checks import finite, matrix, of, takes
from rnn_core._inputs import initial_state, sequence
from rnn_core.activations import activation_named
from rnn_core.types import Parameters


@takes(params=of(Parameters), x=matrix("T", "D"), h0=matrix("H"), step=finite(above=0, high=1))
@np.errstate(all="ignore")
def leaky_unroll(
    params: Parameters, x: FloatArray, h0: FloatArray, activation: str, step: float
) -> tuple[FloatArray, FloatArray]:
    """Return z (T, H) and h (T + 1, H) of one sequence x (T, D) from h0 (H,), in steps of size ε.

    Raises
    ------
    ValueError
        x or h0 is no such array, or not finite, or the step is not above 0 and at most 1.
    """
    sequence(x, params)
    initial_state(h0, 1, params)
    phi = activation_named(activation)
    inputs = x @ params.W_xh.T + params.b_h
    z, h = np.empty_like(inputs), np.empty((len(x) + 1, params.hidden_size))
    h[0] = h0
    for t in range(len(x)):
        z[t] = inputs[t] + params.W_hh.dot(h[t])
        h[t + 1] = (1 - step) * h[t] + step * phi(z[t])
    return z, h
