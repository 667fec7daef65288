"""The fast loops against the plain ones, which read like the equations."""

import numpy as np
import pytest

from rnn_core import backward, forward
from rnn_core.recurrence import unroll, unroll_back
from tests.core.oracle import distance, problem


@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize(
    "sizes",
    [(1, 1, 1, 1), (1, 3, 2, 2), (64, 1, 1, 4), (65, 1, 2, 3), (66, 2, 1, 3), (200, 9, 3, 40)],
)
def test_same_numbers_as_the_plain_loops(activation, readout, sizes):
    case = problem(6, *sizes, 2, activation, "binary_cross_entropy", readout)
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    z, h = unroll(case.params, case.x, case.h0, activation)
    assert distance(trace.z, z) < 1e-13
    assert distance(trace.h, h) < 1e-13
    grads = backward(trace)
    direct = np.zeros_like(z)
    direct[-len(grads.logits) :] = grads.logits @ case.params.W_hy
    d_z, d_h = unroll_back(case.params, z, direct, activation)
    assert distance(grads.z, d_z) < 1e-12
    assert distance(grads.h, d_h) < 1e-12


def test_a_network_redone_on_paper():
    """ReLU, W_xh = 1, W_hh = ½, no biases, W_hy = 2, x = (1, 0), ½ squared error to 2.

    h = (1, ½), a = 1, L = ½; ∂L/∂a = −1, ∂L/∂h_2 = −2, ∂L/∂z_1 = −1.
    """
    from rnn_core import Parameters

    params = Parameters([[1]], [[0.5]], [0], [[2]], [0])
    trace = forward(params, [1, 0], 2, activation="relu", loss="squared_error")
    assert trace.z.ravel().tolist() == [1, 0.5]
    assert trace.h.ravel().tolist() == [0, 1, 0.5]
    assert trace.logits.item() == trace.prediction.item() == 1
    assert trace.loss == 0.5
    grads = backward(trace)
    assert grads.logits.item() == -1
    assert grads.h.ravel().tolist() == [-0.5, -1, -2]
    assert grads.z.ravel().tolist() == [-1, -2]
    assert grads.x.ravel().tolist() == [-1, -2]
    assert grads.parameters.W_xh.item() == -1  # −1·1 − 2·0
    assert grads.parameters.W_hh.item() == -2  # −1·0 − 2·1
    assert grads.parameters.b_h.item() == -3
    assert grads.parameters.W_hy.item() == -0.5
    assert grads.parameters.b_y.item() == -1
    assert grads.contribution("W_hh").ravel().tolist() == [0, -2]


def test_the_derivative_at_a_kink_is_zero():
    from rnn_core import Parameters

    params = Parameters([[1]], [[1]], [0], [[1]], [0])
    grads = backward(forward(params, [0], 1, activation="relu"))
    assert grads.z.item() == 0
    assert grads.h[1].item() == -0.5


def test_an_explosion_gives_infinity_and_no_warning():
    from rnn_core import Parameters

    params = Parameters([[1]], [[10]], [0], [[1]], [0])
    trace = forward(params, np.ones(400), 1.0, activation="relu", loss="squared_error")
    assert trace.loss == np.inf
    grads = backward(trace)
    assert not np.isfinite(grads.parameters.W_hh).any()
