"""How gradients travel through any cell: lengths and Jacobians against the backward pass."""

import numpy as np
import pytest

from rnn_core import (
    CELLS,
    Parameters,
    apply_remedy,
    backward,
    direct_gradients,
    end_jacobians,
    end_jacobians_of,
    flow_back,
    flow_of,
    flow_through,
    forward,
    norm_bound,
    spectral_norms,
    state_jacobians,
)
from rnn_core.gradient_flow import activation_slopes

RNG = np.random.default_rng(31)
T, B, D, H, K = 8, 2, 2, 3, 2
X, Y = RNG.normal(size=(T, B, D)), RNG.normal(size=(T, B, K))
H0, C0 = RNG.normal(size=(B, H)), RNG.normal(size=(B, H))


def run_of(cell, **settings):
    params = Parameters.random(D, H, K, seed=2, cell=cell)
    c0 = C0 if "c" in params.cell.states else None
    settings = {"loss": "squared_error", "readout": "every"} | settings
    y = Y if settings["readout"] == "every" else Y[-1:]
    return forward(params, X, y, h0=H0, c0=c0, **settings)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("readout", ["last", "every"])
def test_lengths_carried_back_are_those_of_the_backward_pass(cell, readout):
    grads = backward(run_of(cell, readout=readout))
    flow = flow_through(grads.trace, direct_gradients(grads, 1), 1)
    same = flow_of(grads, 1)
    assert list(flow.states) == list(CELLS[cell].states)
    for state in CELLS[cell].states:
        lengths = np.linalg.norm(grads[state][:, 1], axis=1)
        np.testing.assert_allclose(flow.states[state].values, lengths, rtol=1e-12)
        np.testing.assert_allclose(same.states[state].values, lengths, rtol=1e-12)
    assert list(flow.sums) == list(same.sums)
    for name in flow.sums:
        lengths = np.linalg.norm(grads[name][:, 1], axis=1)
        np.testing.assert_allclose(flow.sums[name].values, lengths, rtol=1e-12)
        np.testing.assert_allclose(same.sums[name].values, lengths, rtol=1e-12)
    if "z" not in CELLS[cell].line:
        assert len(flow.z) == len(same.z) == 0


def test_the_sums_of_a_cell_are_what_its_parameters_are_added_to():
    assert CELLS["elman"].sums == CELLS["leaky"].sums == ("z",)
    assert CELLS["gru"].sums == ("z_r", "z_u", "m", "z_n")
    assert CELLS["lstm"].sums == ("z_i", "z_f", "z_g", "z_o")


@pytest.mark.parametrize("cell", CELLS)
def test_jacobians_between_states_carry_a_gradient_back_as_the_backward_pass_does(cell):
    trace = run_of(cell, readout="last")
    grads = backward(trace)
    jacobians = state_jacobians(trace, 1)
    states = trace.cell.states
    v = np.zeros(len(states) * H)
    v[:H] = direct_gradients(grads, 1)[-1]
    for t in range(T, 0, -1):
        v = v @ jacobians[t - 1]
        np.testing.assert_allclose(v[:H], grads.h[t - 1, 1], rtol=1e-11, atol=1e-16)
    for number, state in enumerate(states):
        part = v[number * H : (number + 1) * H]
        np.testing.assert_allclose(part, grads[state][0, 1], rtol=1e-11, atol=1e-16)


@pytest.mark.parametrize("cell", CELLS)
def test_jacobians_between_states_are_central_differences_of_a_step(cell):
    trace = run_of(cell)
    jacobians, states = state_jacobians(trace), trace.cell.states
    at = {f"{state}0": np.array(trace[state][3, :1]) for state in states}
    for b, before in enumerate(states):
        for j in range(H):
            moved = []
            for sign in (1, -1):
                start = {name: np.array(value) for name, value in at.items()}
                start[f"{before}0"][0, j] += sign * 1e-6
                step = forward(trace.params, X[3:4, :1], **start)
                moved.append(np.concatenate([step[state][1, 0] for state in states]))
            np.testing.assert_allclose(
                jacobians[3][:, b * H + j], (moved[0] - moved[1]) / 2e-6, atol=1e-9
            )


def test_those_of_an_elman_network_are_the_slopes_times_the_weights():
    trace = run_of("elman")
    W_hh, slopes = trace.params.W_hh, activation_slopes(trace, 1)
    jacobians = state_jacobians(trace, 1)
    np.testing.assert_allclose(jacobians, slopes[:, :, np.newaxis] * W_hh, rtol=1e-13)
    for one, other in zip(
        end_jacobians(W_hh, slopes, [0, 5]), end_jacobians_of(jacobians, [0, 5]), strict=True
    ):
        assert one.k == other.k
        np.testing.assert_allclose(one.values, other.values, rtol=1e-12)
    direct = RNG.normal(size=(T, H))
    back, through = flow_back(W_hh, slopes, direct), flow_through(trace, direct, 1)
    np.testing.assert_array_equal(back.h.values, through.h.values)


def test_norms_of_jacobians_bound_each_step_back():
    trace = run_of("lstm", readout="last")
    norms, jacobians = spectral_norms(state_jacobians(trace)), state_jacobians(trace)
    for norm, jacobian in zip(norms, jacobians, strict=True):
        assert norm == pytest.approx(np.linalg.svd(jacobian)[1][0], rel=1e-12)
    assert np.isnan(spectral_norms(np.full((2, 3, 3), np.inf))).all()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("readout", ["last", "every"])
def test_no_length_is_above_the_product_of_the_norms(cell, readout):
    trace = run_of(cell, readout=readout)
    direct = direct_gradients(backward(trace), 1)
    norms = spectral_norms(state_jacobians(trace, 1))
    bound = norm_bound(direct, norms)
    assert (flow_through(trace, direct, 1).h.values <= bound.values).all()
    expected = np.linalg.norm(direct[-1])
    for t in range(T, 0, -1):
        assert bound.values[t] == pytest.approx(expected, rel=1e-12)
        expected = norms[t - 1] * expected + (np.linalg.norm(direct[t - 2]) if t > 1 else 0)
    assert bound.values[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_gradient_beyond_the_range_of_float64_keeps_its_length(cell):
    """4 000 steps that each shrink it: 1e-400 and less, as the product of all Jacobians."""
    params = Parameters.random(1, 2, seed=1, cell=cell)
    keeping = {"gru": "b_u", "lstm": "b_f"}[cell]
    params = params.replace(**{keeping: [-2.0, -2.0]})
    trace = forward(params, np.full((4000, 1), 0.5), 1.0)
    grads = backward(trace)
    direct = direct_gradients(grads)
    logs = flow_through(trace, direct).h.log10
    assert logs[0] < -400
    for end in end_jacobians_of(state_jacobians(trace), [0, 1000, 3000]):
        arrived = np.linalg.norm(direct[-1] @ end.matrix[:2, :2])
        assert logs[end.k] == pytest.approx(
            np.log10(arrived) + end.exponent * np.log10(2), abs=1e-9
        )


def test_a_gradient_through_subnormal_weights_keeps_its_digits():
    """An LSTM hands ∂L/∂h on through W_h alone: 2^−474 times the weights, 2^−474 times the length.

    Both runs have the same gates, as h times such weights is nothing beside W_x x.
    """
    lengths = []
    for least in (2.0**-1074, 2.0**-600):
        params = Parameters.random(D, H, 1, seed=4, cell="lstm")
        whole = np.random.default_rng(0).integers(-9, 10, (4, H, H)) * least
        params = params.replace(**dict(zip(("W_hi", "W_hf", "W_hg", "W_ho"), whole, strict=True)))
        grads = backward(forward(params, X[:, 0], 1.0))
        direct = direct_gradients(grads)
        flow = flow_through(grads.trace, direct)
        bound = norm_bound(direct, spectral_norms(state_jacobians(grads.trace)))
        assert (flow.h.log10 <= bound.log10).all()
        lengths.append(flow.h.log10)
    fall = 474 * np.log10(2)
    np.testing.assert_allclose(lengths[0][:-1], lengths[1][:-1] - fall, atol=1e-9)


@pytest.mark.parametrize("name", ["gru", "lstm"])
def test_a_gated_network_as_a_remedy_is_one_of_the_same_sizes(name):
    trace = run_of("elman")
    found = apply_remedy(trace, name, 1)
    params = Parameters.random(D, H, K, seed=0, cell=name)
    keeping = {"gru": "b_u", "lstm": "b_f"}[name]
    params = params.replace(**{keeping: np.ones(H)}, W_hy=trace.params.W_hy, b_y=trace.params.b_y)
    alone = forward(params, X[:, 1], Y[:, 1:], loss="squared_error", readout="every", h0=H0[1])
    assert found.loss == pytest.approx(alone.loss, rel=1e-13)
    lengths = np.linalg.norm(backward(alone).h[:, 0], axis=1)
    np.testing.assert_allclose(found.h.values, lengths, rtol=1e-12)
    assert np.isnan(found.slope)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_gated_run_can_be_compared_with_its_truncation_and_is_no_elman_network(cell):
    trace = run_of(cell)
    alone = forward(
        trace.params, X[:, :1], Y[:, :1], loss="squared_error", readout="every",
        h0=H0[:1], c0=C0[:1] if cell == "lstm" else None,
    )  # fmt: skip
    found = apply_remedy(trace, "truncation", truncate=2)
    lengths = np.linalg.norm(backward(alone, truncate=2).h[:, 0], axis=1)
    np.testing.assert_allclose(found.h.values, lengths, rtol=1e-12)
    assert apply_remedy(trace, "none").loss == pytest.approx(alone.loss, rel=1e-13)
    for name in ("orthogonal", "irnn", "relu", "step"):
        with pytest.raises(ValueError, match=f"expected an Elman network, got an? {cell.upper()}"):
            apply_remedy(trace, name)
