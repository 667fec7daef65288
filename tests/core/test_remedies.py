"""Remedies against PyTorch's autograd on a loop written for each."""

import numpy as np
import pytest
import torch

from rnn_core import REMEDIES, Parameters, apply_remedy, backward, forward, leaky_cell
from rnn_core.remedies import with_remedy
from tests.core.oracle import PHI, mean_loss, problem


def in_torch(case, sample, W_hh, b_h, activation, step=1.0):
    """Return the loss and ‖∂L/∂h_t‖ of one sequence of a leaky network."""
    W_xh, W_hy, b_y = (torch.tensor(np.array(getattr(case.params, name)))
                       for name in ("W_xh", "W_hy", "b_y"))  # fmt: skip
    W_hh, b_h = torch.tensor(np.array(W_hh)), torch.tensor(np.array(b_h))
    states = [torch.tensor(case.h0[sample], requires_grad=True)]
    for x_t in torch.tensor(case.x[:, sample]):
        new = PHI[activation](W_xh @ x_t + W_hh @ states[-1] + b_h)
        states.append((1 - step) * states[-1] + step * new)
    for state in states[1:]:
        state.retain_grad()
    read = states[1:] if case.settings["readout"] == "every" else states[-1:]
    logits = torch.stack([W_hy @ state + b_y for state in read])[:, None]
    target = torch.tensor(case.target[:, sample : sample + 1])
    loss = mean_loss(case.settings["loss"], logits, target)
    loss.backward()
    return loss.item(), np.array([state.grad.norm().item() for state in states])


@pytest.fixture(params=["last", "every"])
def case(request):
    return problem(9, 15, 2, 2, 4, 2, "tanh", "softmax_cross_entropy", request.param)


def trace_of(case):
    return forward(case.params, case.x, case.target, h0=case.h0, **case.settings)


@pytest.mark.parametrize("name", ["none", "orthogonal", "irnn", "relu", "step"])
def test_each_remedy_as_pytorch(case, name):
    step = 0.3 if name == "step" else 1.0
    params, activation = with_remedy(case.params, "tanh", name)
    loss, lengths = in_torch(case, 1, params.W_hh, params.b_h, activation, step)
    found = apply_remedy(trace_of(case), name, 1, step=0.3)
    assert found.loss == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(found.h.values, lengths, rtol=1e-11, atol=1e-300)


def test_a_planted_step_is_found(case):
    _, lengths = in_torch(case, 1, case.params.W_hh, case.params.b_h, "tanh", 0.3)
    assert not np.allclose(apply_remedy(trace_of(case), "step", 1, step=0.31).h.values, lengths)


@pytest.mark.parametrize("length", [1, 4, 15])
def test_truncation_is_that_of_the_backward_pass(case, length):
    alone = forward(case.params, case.x[:, 1:], case.target[:, 1:], h0=case.h0[1:], **case.settings)
    expected = np.linalg.norm(backward(alone, truncate=length).h[:, 0], axis=1)
    found = apply_remedy(trace_of(case), "truncation", 1, truncate=length)
    np.testing.assert_allclose(found.h.values, expected, rtol=1e-12)


@pytest.mark.parametrize("name", ["none", "step", "truncation"])
def test_the_last_term_alone(name):
    """With a loss at every step, it is 1/S of the loss read out at the last step alone."""
    case = problem(9, 15, 2, 2, 4, 2, "tanh", "squared_error", "every")
    settings = {**case.settings, "readout": "last"}
    last = forward(case.params, case.x, case.target[-1:], h0=case.h0, **settings)
    alone = apply_remedy(last, name, 1, step=0.3, truncate=4)
    found = apply_remedy(trace_of(case), name, 1, step=0.3, truncate=4, last_only=True)
    np.testing.assert_allclose(15 * found.h.values, alone.h.values, rtol=1e-12)


def test_a_loss_that_overflows_leaves_no_gradient_to_cut():
    case = problem(1, 4, 1, 1, 1, 1, "identity", "squared_error", "last")
    trace = forward(case.params.replace(W_hh=[[1e200]]), case.x, case.target, **case.settings)
    for name in ("none", "truncation"):
        assert np.isnan(apply_remedy(trace, name, truncate=2).h.log10[1:]).all()


def test_what_the_remedies_make_of_the_weights(case):
    orthogonal, activation = with_remedy(case.params, "tanh", "orthogonal")
    np.testing.assert_allclose(orthogonal.W_hh @ orthogonal.W_hh.T, np.eye(4), atol=1e-14)
    assert activation == "tanh"
    rng = np.random.default_rng(1)
    own = np.linalg.norm(orthogonal.W_hh - case.params.W_hh)
    for _ in range(50):  # no other orthogonal matrix is nearer
        other = np.linalg.qr(rng.normal(size=(4, 4)))[0]
        assert np.linalg.norm(other - case.params.W_hh) > own
    irnn, activation = with_remedy(case.params, "tanh", "irnn")
    assert (irnn.W_hh == np.eye(4)).all()
    assert not irnn.b_h.any()
    assert activation == "relu"
    assert with_remedy(case.params, "tanh", "relu") == (case.params, "relu")


def test_a_step_of_one_is_the_elman_network(case):
    trace = trace_of(case)
    params = Parameters.of(leaky_cell(1.0), dict(case.params.items()))
    leaky = forward(params, case.x, h0=case.h0)
    np.testing.assert_allclose(leaky["z"], trace.z, atol=1e-14)
    np.testing.assert_allclose(leaky.h, trace.h, atol=1e-14)


def test_a_scalar_leak_by_hand():
    """W_hh = 0, x = 0, identity: h_t = (1 − ε) h_{t−1}, so the gradient shrinks by 1 − ε."""
    case = problem(1, 6, 1, 1, 1, 1, "identity", "squared_error", "last")
    params = case.params.replace(W_hh=[[0.0]])
    trace = forward(params, case.x, case.target, **case.settings)
    found = apply_remedy(trace, "step", step=0.25)
    assert found.h.ratio(0, 6) == pytest.approx(0.75**6, rel=1e-14)


def test_refusals(case):
    trace = trace_of(case)
    with pytest.raises(ValueError, match="remedy: expected one of none, orthogonal"):
        apply_remedy(trace, "prayer")
    with pytest.raises(ValueError, match="expected a trace with a target"):
        apply_remedy(forward(case.params, case.x), "none")
    for step in (0.0, 1.5, float("nan")):
        with pytest.raises(
            ValueError, match="step: expected a finite number above 0 and at most 1"
        ):
            apply_remedy(trace, "step", step=step)
    with pytest.raises(ValueError, match="truncate: expected a whole number of at least 1"):
        apply_remedy(trace, "truncation", truncate=0)
    assert next(iter(REMEDIES)) == "none"
