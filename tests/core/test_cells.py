"""Networks of every cell: values and gradients against PyTorch, and against the Elman kernel."""

import copy
import pickle

import numpy as np
import pytest
import torch

from rnn_core import (
    ACTIVATIONS,
    CELLS,
    Cell,
    Parameters,
    backward,
    forward,
    leaky_cell,
)
from rnn_core.cells import Line, product, weights
from rnn_core.interpreter.backward import backward_cell
from rnn_core.interpreter.forward import forward_cell
from rnn_core.losses import loss_named

T, B, D, H, K = 7, 3, 2, 4, 2
RNG = np.random.default_rng(0)
X, H0, C0 = RNG.normal(size=(T, B, D)), RNG.normal(size=(B, H)), RNG.normal(size=(B, H))
Y = RNG.normal(size=(T, B, K))

MODULES = {"lstm": (torch.nn.LSTM, "ifgo"), "gru": (torch.nn.GRU, "run")}


def module_of(params):
    """Return PyTorch's module with these parameters, their biases in `bias_ih`."""
    make, gates = MODULES[params.cell.name]
    module = make(D, H).double()
    joined = {
        "weight_ih_l0": [params[f"W_x{gate}"] for gate in gates],
        "weight_hh_l0": [params[f"W_h{gate}"] for gate in gates],
    }
    if params.cell.name == "lstm":
        joined["bias_ih_l0"] = [params[f"b_{gate}"] for gate in gates]
        joined["bias_hh_l0"] = [np.zeros(4 * H)]
    else:
        joined["bias_ih_l0"] = [params["b_r"], params["b_u"], params["b_xn"]]
        joined["bias_hh_l0"] = [np.zeros(2 * H), params["b_hn"]]
    with torch.no_grad():
        for name, parts in joined.items():
            getattr(module, name)[...] = torch.tensor(np.concatenate(parts))
    return module, gates


@pytest.mark.parametrize("cell", MODULES)
def test_values_and_every_gradient_are_those_of_pytorch(cell):
    params = Parameters.random(D, H, K, seed=1, cell=cell)
    c0 = C0 if cell == "lstm" else None
    trace = forward(params, X, Y, loss="squared_error", readout="every", h0=H0, c0=c0)
    grads = backward(trace)
    module, gates = module_of(params)
    x = torch.tensor(X, requires_grad=True)
    states = [
        torch.tensor(H0[None], requires_grad=True),
        torch.tensor(C0[None], requires_grad=True),
    ]
    out, last = module(x, tuple(states) if cell == "lstm" else states[0])
    a = out @ torch.tensor(np.array(params.W_hy)).T + torch.tensor(np.array(params.b_y))
    loss = (0.5 * (a - torch.tensor(Y)) ** 2).mean()
    loss.backward()
    np.testing.assert_allclose(trace.h[1:], out.detach(), rtol=1e-12)
    assert trace.loss == pytest.approx(loss.item(), rel=1e-13)
    if cell == "lstm":
        np.testing.assert_allclose(trace["c"][-1], last[1][0].detach(), rtol=1e-12)
        np.testing.assert_allclose(grads["c"][0], states[1].grad[0], rtol=1e-11, atol=1e-16)
    np.testing.assert_allclose(grads.x, x.grad, rtol=1e-11, atol=1e-16)
    np.testing.assert_allclose(grads["h"][0], states[0].grad[0], rtol=1e-11, atol=1e-16)
    for stem, torch_name in (("W_x", "weight_ih_l0"), ("W_h", "weight_hh_l0")):
        ours = np.concatenate([grads.parameters[f"{stem}{gate}"] for gate in gates])
        np.testing.assert_allclose(ours, getattr(module, torch_name).grad, rtol=1e-11, atol=1e-16)
    biases = ["b_r", "b_u", "b_xn"] if cell == "gru" else [f"b_{gate}" for gate in gates]
    ours = np.concatenate([grads.parameters[name] for name in biases])
    np.testing.assert_allclose(ours, module.bias_ih_l0.grad, rtol=1e-11, atol=1e-16)


@pytest.mark.parametrize("cell", CELLS)
def test_what_the_steps_give_sums_to_the_gradient_of_each_parameter(cell):
    params = Parameters.random(D, H, K, seed=2, cell=cell)
    grads = backward(forward(params, X, Y, loss="squared_error", readout="every"))
    for name in params.names:
        terms = grads.contribution(name)
        assert terms.shape == (T, B, *params[name].shape)
        np.testing.assert_allclose(
            terms.sum((0, 1)), grads.parameters[name], rtol=1e-12, atol=1e-15
        )


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("truncate", [None, 1, 3, T])
def test_the_interpreter_agrees_with_the_loops_of_the_elman_network(activation, readout, truncate):
    params = Parameters.random(D, H, K, seed=3)
    target = Y if readout == "every" else Y[-1:]
    trace = forward(
        params, X, target, loss="squared_error", readout=readout, h0=H0, activation=activation
    )
    family = loss_named("squared_error")
    again = forward_cell(
        params, X, {"h": H0}, activation=activation, family=family, readout=readout, target=target
    )
    grads = backward(trace, truncate=truncate)
    horizon = T if truncate is None else truncate
    found = backward_cell(again, grads.logits, None, horizon=horizon, truncate=truncate)
    for name in ("x", "z", "h"):
        np.testing.assert_allclose(again[name], trace[name], rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(found[name], grads[name], rtol=1e-11, atol=1e-15)
    for name in params.names:
        np.testing.assert_allclose(
            found.parameters[name], grads.parameters[name], rtol=1e-11, atol=1e-15
        )


def test_a_copy_and_a_pickle_are_the_same_run():
    params = Parameters.random(D, H, K, seed=4, cell="lstm")
    trace = forward(params, X, Y, readout="every", loss="squared_error")
    for other in (copy.deepcopy(trace), pickle.loads(pickle.dumps(trace))):  # noqa: S301
        assert trace.is_same_run(other)
        assert not other["c"].flags.writeable
    assert not trace.is_same_run(
        forward(params, X, Y, readout="every", loss="squared_error", c0=C0)
    )


def test_the_leaky_cell_is_the_loop_written_out():
    arrays = dict(Parameters.random(D, H, K, seed=5).items())
    params = Parameters.of(leaky_cell(0.3), arrays)
    trace = forward(params, X[:, 0], h0=H0[0])
    h = H0[0]
    for t, x in enumerate(X[:, 0]):
        z = params.W_xh @ x + params.W_hh @ h + params.b_h
        h = 0.7 * h + 0.3 * np.tanh(z)
        np.testing.assert_allclose(trace["z"][t, 0], z, rtol=1e-12)
        np.testing.assert_allclose(trace.h[t + 1, 0], h, rtol=1e-12)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Parameters.random(2, 3, seed=0, cell="grru"), "cell: expected one of elman, "),
        (lambda: Parameters.of("lstm", {"W_xi": [[1.0]]}), "arrays: expected W_xi, W_hi, b_i, "),
        (
            lambda: Parameters.of("elman", {**NAMED, "W_xi": [[1.0]]}),
            "for the cell elman, got also W_xi",
        ),
        (lambda: Parameters.of("gru", {**GRU, "W_hr": [[1.0]]}), "W_hr: expected shape (H, H) = "),
        (lambda: forward(PARAMS, X, c0=C0), "c0: expected none for the cell elman, "),
        (
            lambda: forward(Parameters.of("gru", GRU), X, c0=C0),
            "c0: expected none for the cell gru",
        ),
        (lambda: forward(LSTM, X, c0=C0[:, 1:]), "c0: expected shape (H,) = (4,) or (B, H)"),
        (lambda: forward(LSTM, X, solver="newton"), "solver: expected 'loop' for the cell lstm"),
        (
            lambda: Cell("a", "A", ("h",), weights("W_xh"), (Line("h", "add", ("q",)),), ""),
            "cell a: expected operands of h among what is there before it, got 'q'",
        ),
        (
            lambda: Cell("a", "A", ("h", "c"), weights("W_xh"), (LINE,), ""),
            "cell a: expected a line for state 'c', got none",
        ),
        (
            lambda: Cell("a", "A", ("h",), weights("W_xh", "W_hy"), (LINE,), ""),
            "cell a: expected each name once, got 'W_hy' twice",
        ),
        (
            lambda: Cell("a", "A", ("h",), weights("W_xh"), (Line("h", "softmax", ("x",)),), ""),
            "cell a: expected add, mul, matvec, one_minus, φ (the run's activation) or an "
            "activation in h, got 'softmax'",
        ),
        (
            lambda: Cell("a", "A", ("h",), (), (Line("t", "tanh", ("x",)), LINE), ""),
            "cell a: expected names that stand for nothing else, got 't'",
        ),
        (
            lambda: Cell("a", "A", ("h",), (), (Line("h'", "tanh", ("x",)), LINE), ""),
            "cell a: expected names of a letter and more letters, digits or _, and no keyword of "
            'Python, got "h\'"',
        ),
        (
            lambda: Cell("a", "A", ("h",), (), (Line("lambda", "tanh", ("x",)), LINE), ""),
            "cell a: expected names of a letter and more letters, digits or _, and no keyword of "
            "Python, got 'lambda'",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(call, said):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


PARAMS = Parameters.random(D, H, K, seed=6)
NAMED = dict(PARAMS.items())
GRU = dict(Parameters.random(D, H, K, seed=6, cell="gru").items())
LSTM = Parameters.random(D, H, K, seed=6, cell="lstm")
LINE = Line("h", "tanh", (product("W_xh", "x"),))
