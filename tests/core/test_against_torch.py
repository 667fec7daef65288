"""States, loss and every gradient against PyTorch's autograd."""

import itertools

import numpy as np
import pytest

from rnn_core import PARAMETER_NAMES, backward, forward
from tests.core.oracle import distance, parameter_arrays, problem, torch_answer

ACTIVATIONS = ("tanh", "relu", "identity")
LOSSES = ("binary_cross_entropy", "softmax_cross_entropy", "squared_error")
READOUTS = ("last", "every")
SIZES = ((1, 1, 1, 1), (6, 1, 2, 5), (7, 3, 1, 4), (90, 1, 2, 8), (80, 4, 3, 70))


def worst_difference(case, trace, grads, answer):
    found = {"h": trace.h, "z": trace.z, "logits": trace.logits, "loss": trace.loss}
    gaps = {name: distance(found[name], value) for name, value in answer.values.items()}
    derivatives = parameter_arrays(grads)
    derivatives |= {"x": grads.x, "h0": grads.h[0], "z": grads.z, "h": grads.h}
    derivatives |= {"logits": grads.logits}
    for name, value in answer.gradients.items():
        gaps["d" + name] = distance(derivatives[name], value)
    return max(gaps.values()), gaps


@pytest.mark.parametrize(
    ("activation", "loss", "readout", "sizes"),
    list(itertools.product(ACTIVATIONS, LOSSES, READOUTS, SIZES)),
)
@pytest.mark.parametrize(("dtype", "bound"), [("float64", 1e-12), ("float32", 5e-5)])
def test_everything_agrees(activation, loss, readout, sizes, dtype, bound):
    outputs = 3 if loss == "softmax_cross_entropy" else 2
    case = problem(1, *sizes, outputs, activation, loss, readout, dtype)
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    answer = torch_answer(case.params, case.x, case.target, h0=case.h0, **case.settings)
    worst, gaps = worst_difference(case, trace, backward(trace), answer)
    assert worst < bound, gaps
    assert trace.h.dtype == trace.z.dtype == trace.logits.dtype == np.dtype(dtype)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", SIZES)
def test_a_gradient_given_from_outside(activation, sizes):
    case = problem(2, *sizes, 1, activation, "squared_error", "last")
    upstream = np.random.default_rng(3).normal(size=(*sizes[:2], sizes[3]))
    answer = torch_answer(
        case.params, case.x, case.target, h0=case.h0, upstream=upstream, **case.settings
    )
    for target in (None, case.target):  # a target is ignored
        trace = forward(case.params, case.x, target, h0=case.h0, **case.settings)
        grads = backward(trace, upstream=upstream)
        for name in ("W_xh", "W_hh", "b_h"):
            assert distance(getattr(grads.parameters, name), answer.gradients[name]) < 1e-12
        assert distance(grads.h, answer.gradients["h"] + 0) < 1e-12
        assert distance(grads.x, answer.gradients["x"]) < 1e-12
        assert not grads.logits.any()
        assert not grads.parameters.W_hy.any()
        assert not grads.parameters.b_y.any()


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("window", [1, 2, 5, 8, 9, 20])
@pytest.mark.parametrize("batch", [1, 3])
def test_truncated_gradients_are_those_of_a_detached_graph(readout, window, batch):
    case = problem(4, 9, batch, 2, 4, 2, "tanh", "binary_cross_entropy", readout)
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    grads = backward(trace, truncate=window)
    answer = torch_answer(
        case.params, case.x, case.target, h0=case.h0, window=window, **case.settings
    )
    for name in PARAMETER_NAMES:
        assert distance(getattr(grads.parameters, name), answer.gradients[name]) < 1e-12, name
    assert distance(grads.x, answer.gradients["x"]) < 1e-12
    assert distance(grads.h[0], answer.gradients["h0"]) < 1e-12


@pytest.mark.parametrize("window", [1, 3, 7])
def test_truncating_what_is_given_from_outside(window):
    case = problem(9, 7, 2, 2, 4, 1, "tanh", "squared_error", "last")
    trace = forward(case.params, case.x, h0=case.h0, **case.settings)
    upstream = np.random.default_rng(3).normal(size=trace.z.shape)
    grads = backward(trace, upstream=upstream, truncate=window)
    sums = dict.fromkeys(("W_xh", "W_hh", "b_h"), 0.0)
    for t in range(1, 8):
        first = max(0, t - window)
        part = forward(case.params, case.x[first:t], h0=trace.h[first], **case.settings)
        entering = np.zeros_like(part.z)
        entering[-1] = upstream[t - 1]
        alone = backward(part, upstream=entering).parameters
        sums = {name: total + getattr(alone, name) for name, total in sums.items()}
    for name, total in sums.items():
        assert distance(getattr(grads.parameters, name), total) < 1e-12


def test_the_oracle_notices_a_wrong_gradient():
    case = problem(5, 6, 2, 2, 3, 2, "tanh", "squared_error", "every")
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    grads = backward(trace, truncate=5)
    answer = torch_answer(case.params, case.x, case.target, h0=case.h0, **case.settings)
    worst, _ = worst_difference(case, trace, grads, answer)
    assert worst > 1e-9
