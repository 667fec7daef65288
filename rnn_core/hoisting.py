"""The recurrence with what does not depend on the state taken out of the loop, and in chunks."""

import numpy as np

from rnn_core._arrays import FloatArray, require_finite
from rnn_core._checks import elman, whole_number
from rnn_core._inputs import initial_state, sequence
from rnn_core.activations import activation_named
from rnn_core.types import Parameters


def project(params: Parameters, x: FloatArray) -> FloatArray:
    """Return u_t = W_xh x_t + b_h for all steps at once, (T, B, H): one product of matrices."""
    steps, batch, inputs = x.shape
    rows = x.reshape(-1, inputs) @ params.W_xh.T + params.b_h
    return rows.reshape(steps, batch, -1)


def hoisted(
    params: Parameters, x: FloatArray, h0: FloatArray, activation: str
) -> tuple[FloatArray, FloatArray]:
    """Return z (T, B, H) and h (T + 1, B, H) for x (T, B, D) from h0 (B, H).

    u_t = W_xh x_t + b_h for all t before the loop; in it only z_t = u_t + W_hh h_{t-1} and
    h_t = φ(z_t). The same numbers as `recurrence.unroll` up to the order of three additions.

    Raises
    ------
    ValueError
        x or h0 is no such array, or not finite, or the activation is unknown.
    """
    return _hoisted(*_checked(params, x, h0), activation)


def _checked(
    params: Parameters, x: FloatArray, h0: FloatArray
) -> tuple[Parameters, FloatArray, FloatArray]:
    inputs = sequence(x, params)
    elman("params", params)
    require_finite("x", inputs)
    initial = initial_state(h0, inputs.shape[1], params)
    return params, inputs, np.broadcast_to(initial, (inputs.shape[1], params.hidden_size))


@np.errstate(all="ignore")
def _hoisted(
    params: Parameters, x: FloatArray, h0: FloatArray, activation: str
) -> tuple[FloatArray, FloatArray]:
    phi = activation_named(activation)
    z = project(params, x)
    h = np.empty((len(z) + 1, *z.shape[1:]), z.dtype)
    h[0] = h0
    activate = phi.kernel(z.dtype)
    recurrent = params.W_hh.T
    for t in range(len(z)):
        z[t] += h[t] @ recurrent
        activate(z[t], h[t + 1])
    return z, h


def hoisted_in_chunks(
    params: Parameters, x: FloatArray, h0: FloatArray, activation: str, length: int
) -> tuple[FloatArray, FloatArray]:
    """Return what `hoisted` does, chunk by chunk, each from the last state of the one before.

    Only one chunk of projections is held at a time, and the same operations are done in the same
    order within a step, so carrying the state makes the chunks exact.

    Raises
    ------
    ValueError
        As `hoisted`, or the length is not positive.
    """
    length = whole_number("length", length, 1)
    params, x, h0 = _checked(params, x, h0)
    z = np.empty((*x.shape[:2], params.hidden_size), params.dtype)
    h = np.empty((len(x) + 1, *z.shape[1:]), z.dtype)
    h[0] = h0
    for start in range(0, len(x), length):
        stop = min(start + length, len(x))
        z[start:stop], h[start : stop + 1] = _hoisted(params, x[start:stop], h[start], activation)
    return z, h
