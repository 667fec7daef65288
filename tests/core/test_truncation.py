"""Truncated gradients against PyTorch's detach and against numbers worked by hand."""

from math import isnan, sqrt

import numpy as np
import pytest
import torch

from rnn_core import PARAMETER_NAMES, Parameters, backward, forward
from rnn_core.truncation import WHOLE, compared, flow, truncated, truncation_loss
from tests.core.oracle import PHI, distance, mean_loss, problem, torch_answer


def detached_at_chunks(case, length):
    """Return the gradients of a loop that detaches the state at the start of each chunk."""
    leaves = {
        name: torch.tensor(np.array(array), requires_grad=True)
        for name, array in case.params.items()
    }
    state, logits = torch.tensor(case.h0), []
    for t, x_t in enumerate(torch.tensor(case.x)):
        if t % length == 0:
            state = state.detach()
        state = PHI[case.settings["activation"]](
            x_t @ leaves["W_xh"].T + state @ leaves["W_hh"].T + leaves["b_h"]
        )
        logits.append(state @ leaves["W_hy"].T + leaves["b_y"])
    read = logits if case.settings["readout"] == "every" else logits[-1:]
    mean_loss(case.settings["loss"], torch.stack(read), torch.tensor(case.target)).backward()
    return {name: np.zeros(leaf.shape) if leaf.grad is None else leaf.grad.numpy()
            for name, leaf in leaves.items()}  # fmt: skip


@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("length", [1, 2, 3, 7, 8, 20])
def test_chunks_are_torch_with_detached_states(readout, activation, length):
    case = problem(3, 8, 2, 2, 4, 2, activation, "binary_cross_entropy", readout)
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    found = truncated(trace, backward(trace), length)
    expected = detached_at_chunks(case, length)
    for name in PARAMETER_NAMES:
        assert distance(getattr(found, name), expected[name]) < 1e-12
    if 2 <= length <= 3:  # a planted fault: chunks of another length are told apart
        other = detached_at_chunks(case, 4)
        assert distance(found.W_hh, other["W_hh"]) > 1e-6


def test_windows_are_torch_with_a_window_for_each_loss():
    case = problem(4, 7, 1, 2, 3, 2, "tanh", "binary_cross_entropy", "every")
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    for cut in truncation_loss(trace, (1, 3, 7), kind="window"):
        expected = torch_answer(
            case.params, case.x, case.target, h0=case.h0, window=cut.length, **case.settings
        )
        for name in PARAMETER_NAMES:
            assert distance(getattr(cut.gradient, name), expected.gradients[name]) < 1e-12


def test_cosine_and_ratio_by_hand():
    # One unit, identity: h = x₁w + x₂ and ∂L/∂h₂ = d. Cut after one step, ∂L/∂W_xh keeps the term
    # d·x₂ and loses d·w·x₁; with x₁ = 4, w = ½, x₂ = −1 the full one is d·(2 − 1): other sign.
    params = Parameters([[1.0]], [[0.5]], [0.0], [[1.0]], [0.0])
    trace = forward(params, [4.0, -1.0], 0.0, activation="identity", loss="squared_error")
    cut, full = truncation_loss(trace, (1, 2))
    assert cut.cosine["W_xh"] == -1
    assert cut.ratio["W_xh"] == 1
    assert cut.ratio["b_h"] == pytest.approx(1 / 1.5)  # d against d·(1 + w)
    assert cut.cosine["b_y"] == cut.ratio["b_y"] == 1
    assert set(full.cosine.values()) == set(full.ratio.values()) == {1.0}


def test_all_parameters_together_by_hand():
    zero = {"W_xh": [[0.0]], "W_hh": [[0.0]], "b_h": [0.0], "b_y": [0.0]}
    cut = Parameters(**zero, W_hy=[[3.0]])
    full = Parameters(**{**zero, "b_y": [4.0]}, W_hy=[[3.0]])
    found = compared(1, cut, full)
    assert found.cosine[WHOLE] == pytest.approx(0.6)
    assert found.ratio[WHOLE] == pytest.approx(0.6)
    assert found.ratio["b_y"] == 0
    assert isnan(found.cosine["b_y"])
    assert isnan(found.ratio["W_xh"])


def test_neither_overflow_nor_underflow_spoil_the_comparison():
    tiny, huge = 3e-200, 3e200
    for size in (tiny, huge):
        cut = Parameters([[size]], [[size]], [0.0], [[size]], [0.0])
        full = Parameters([[size]], [[size]], [size], [[size]], [0.0])
        found = compared(1, cut, full)
        assert found.cosine[WHOLE] == pytest.approx(sqrt(3) / 2)
        assert found.ratio[WHOLE] == pytest.approx(sqrt(3) / 2)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda trace: truncation_loss(trace, (0,)),
            "lengths: expected a whole number of at least 1, got 0",
        ),
        (
            lambda trace: truncation_loss(trace, (1,), kind="never"),
            "kind: expected one of chunks, window, got 'never'",
        ),
    ],
)
def test_refuses_in_one_sentence(call, sentence):
    trace = forward(Parameters([[1.0]], [[0.5]], [0.0], [[1.0]], [0.0]), [1.0, 2.0], 1.0)
    with pytest.raises(ValueError, match=sentence):
        call(trace)


@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("length", [1, 2, 3, 5, 9])
def test_the_gradient_is_zero_exactly_where_no_way_leads(readout, length):
    case = problem(5, 7, 1, 2, 3, 1, "tanh", "squared_error", readout)
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    read = [7] if readout == "last" else range(1, 8)
    graph = flow(7, read, length, kind="chunks")
    upstream = np.zeros_like(trace.z)
    upstream[np.array(read) - 1] = 1.0
    for start in range(0, 7, length):  # what autograd with detached starts leaves non-zero
        stop = min(start + length, 7)
        state = torch.tensor(np.array(trace.h[start]), requires_grad=True)
        states = [state]
        for t in range(start, stop):
            z = (
                torch.tensor(np.array(trace.x[t])) @ torch.tensor(np.array(case.params.W_xh)).T
                + states[-1] @ torch.tensor(np.array(case.params.W_hh)).T
                + torch.tensor(np.array(case.params.b_h))
            )
            states.append(torch.tanh(z))
            states[-1].retain_grad()
        total = sum(
            (states[t - start + 1] * torch.tensor(upstream[t])).sum() for t in range(start, stop)
        )
        total.backward()
        for t in range(start + 1, stop + 1):
            grad = states[t - start].grad
            assert graph.nodes[f"∂h[{t}]"]["reached"] == (grad is not None and bool(grad.any()))


def test_a_window_is_cut_once_before_the_last_loss():
    graph = flow(6, range(1, 7), 2, kind="window")
    cuts = [edge for edge in graph.edges if graph.edges[edge]["cut"]]
    assert cuts == [("∂h[5]", "∂h[4]")]
    reached = {node for node, yes in graph.nodes(data="reached") if yes}
    assert reached == {"L[6]", "∂h[6]", "∂h[5]"}


def test_an_exploding_run_is_cut_all_the_same():
    """h is infinite from some step on: a cut gradient has inf and nan there, and is no error."""
    params = Parameters([[1.0]], [[10.0]], [0.0], [[1.0]], [0.0])
    trace = forward(params, np.ones(400), 1.0, activation="relu", loss="squared_error")
    assert not np.isfinite(trace.h[-1]).any()
    for kind in ("chunks", "window"):
        for cut in truncation_loss(trace, [1, 7, 400], kind=kind):
            assert not np.isfinite(cut.gradient.W_hh).all()
            assert np.isnan(cut.cosine["W_hh"])
