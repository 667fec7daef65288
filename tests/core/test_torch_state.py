"""Weights to and from PyTorch: the same numbers there and here; ONNX's reference agrees, too."""

import numpy as np
import pytest
import torch
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

from rnn_core import CELLS, Parameters, backward, forward, from_torch, leaky_cell, to_torch

RNG = np.random.default_rng(11)
T, B, D, H, K = 9, 3, 2, 4, 2
X, H0, C0 = RNG.normal(size=(T, B, D)), RNG.normal(size=(B, H)), RNG.normal(size=(B, H))
Y = RNG.normal(size=(T, B, K))
MODULES = {
    "elman": torch.nn.RNN,
    "elman_relu": lambda *sizes: torch.nn.RNN(*sizes, nonlinearity="relu"),
    "gru": torch.nn.GRU,
    "lstm": torch.nn.LSTM,
}


class Network(torch.nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.rnn = MODULES[kind](D, H)
        self.fc = torch.nn.Linear(H, K)


def close(ours, theirs):
    """Compare as vectors: the rounding of a small entry is that of the large ones beside it."""
    theirs = np.asarray(theirs.detach() if hasattr(theirs, "detach") else theirs)
    assert ours.shape == theirs.shape
    assert np.linalg.norm(ours - theirs) <= 1e-12 * np.linalg.norm(theirs)


def run(params, activation="tanh"):
    c0 = C0 if "c" in params.cell.states else None
    settings = {"loss": "squared_error", "readout": "every", "activation": activation}
    trace = forward(params, X, Y, h0=H0, c0=c0, **settings)
    return trace, backward(trace)


@pytest.mark.parametrize("kind", MODULES)
def test_a_network_of_pytorch_gives_its_values_and_every_gradient_here(kind):
    torch.manual_seed(3)
    network = Network(kind).double()
    activation = "relu" if kind == "elman_relu" else "tanh"
    params = from_torch(network.state_dict(), activation=activation)
    assert params.cell.name == kind.removesuffix("_relu")
    trace, grads = run(params, activation)
    x = torch.tensor(X, requires_grad=True)
    first = [torch.tensor(array[None], requires_grad=True) for array in (H0, C0)]
    out, last = network.rnn(x, tuple(first) if kind == "lstm" else first[0])
    logits = network.fc(out)
    loss = (0.5 * (logits - torch.tensor(Y)) ** 2).mean()
    loss.backward()
    close(trace.h[1:], out)
    close(trace.logits, logits)
    assert trace.loss == pytest.approx(loss.item(), rel=1e-12)
    close(grads.x, x.grad)
    close(grads.h[0], first[0].grad[0])
    if kind == "lstm":
        close(trace["c"][-1], last[1][0])
        close(grads["c"][0], first[1].grad[0])
    ours = to_torch(grads)
    for name, parameter in network.named_parameters():
        close(ours.pop(name), parameter.grad)
    assert not ours


@pytest.mark.parametrize("cell", ["elman", "gru", "lstm"])
def test_there_and_back_are_the_same_parameters(cell):
    params = Parameters.random(D, H, K, seed=1, cell=cell)
    state = to_torch(params)
    assert list(state) == [
        f"rnn.{part}_l0" for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    ] + ["fc.weight", "fc.bias"]
    again = from_torch(state)
    assert again.cell is CELLS[cell]
    for name in params.names:
        np.testing.assert_array_equal(again[name], params[name])
    bias_hh = state["rnn.bias_hh_l0"]
    if cell == "gru":
        np.testing.assert_array_equal(bias_hh[2 * H :], params.b_hn)
        bias_hh = bias_hh[: 2 * H]
    assert not bias_hh.any()
    kind = Network(cell).double()
    kind.load_state_dict({name: torch.from_numpy(array) for name, array in state.items()})
    close(forward(params, X, h0=None).h[1:], kind.rnn(torch.tensor(X))[0])


@pytest.mark.parametrize("cell", ["elman", "gru", "lstm"])
def test_names_with_any_prefix_tensors_with_gradients_and_single_precision_are_read(cell):
    network = Network(cell)
    named = {f"model.encoder.{name}": value for name, value in network.named_parameters()}
    named = {name.replace("fc", "head"): value for name, value in named.items()}
    params = from_torch(named)
    assert params.dtype == np.float32
    np.testing.assert_array_equal(params.W_hy, network.fc.weight.detach())
    bare = {name.replace("rnn.", ""): array.tolist() for name, array in to_torch(params).items()}
    assert from_torch(bare).dtype == np.float64


@pytest.mark.parametrize("kind", ["elman", "gru", "lstm"])
def test_modules_without_biases_have_zeros(kind):
    network = Network(kind)
    network.rnn = type(network.rnn)(D, H, bias=False)
    network.fc = torch.nn.Linear(H, K, bias=False)
    params = from_torch(network.double().state_dict())
    close(forward(params, X).h[1:], network.rnn(torch.tensor(X))[0])
    assert not params.b_y.any()


ONNX_GATES = {"elman": ("RNN", "h"), "gru": ("GRU", "urn"), "lstm": ("LSTM", "iofg")}


def onnx_states(cell, params, *, before):
    """Return h_1 … h_T as ONNX's reference computes them."""
    kind, gates = ONNX_GATES[cell]
    weights = [[params[f"W_{of}{gate}"] for gate in gates] for of in "xh"]
    if cell == "gru":
        biases = [params.b_u, params.b_r, params.b_xn, np.zeros(2 * H), params.b_hn]
    else:
        biases = [*(params[f"b_{gate}"] for gate in gates), np.zeros(len(gates) * H)]
    given = {
        "X": X, "W": np.concatenate(weights[0])[None], "R": np.concatenate(weights[1])[None],
        "B": np.concatenate(biases)[None], "h": H0[None],
    }  # fmt: skip
    names = ["X", "W", "R", "B", "", "h"]
    if cell == "lstm":
        given["c"] = C0[None]
        names.append("c")
    more = {"linear_before_reset": int(not before)} if cell == "gru" else {}
    node = helper.make_node(kind, names, ["Y"], hidden_size=H, **more)
    values = [helper.make_tensor_value_info(n, TensorProto.DOUBLE, None) for n in (*given, "Y")]
    model = helper.make_model(helper.make_graph([node], "one", values[:-1], values[-1:]))
    return ReferenceEvaluator(model).run(None, given)[0][:, 0]


@pytest.mark.parametrize("cell", ["elman", "gru", "gru_reset_before", "lstm"])
def test_states_are_those_of_the_reference_of_onnx(cell):
    params = Parameters.random(D, H, K, seed=2, cell=cell)
    trace, _ = run(params)
    kind = cell.removesuffix("_reset_before")
    close(trace.h[1:], onnx_states(kind, params, before=cell != kind))


def test_gradients_of_a_gru_that_resets_before_are_those_of_pytorch_run_by_hand():
    params = Parameters.random(D, H, K, seed=3, cell="gru_reset_before")
    _, grads = run(params)
    p = {name: torch.tensor(np.array(array), requires_grad=True) for name, array in params.items()}
    h = torch.tensor(H0)
    loss = 0.0
    for x, y in zip(torch.tensor(X), torch.tensor(Y), strict=True):
        r = torch.sigmoid(x @ p["W_xr"].T + h @ p["W_hr"].T + p["b_r"])
        u = torch.sigmoid(x @ p["W_xu"].T + h @ p["W_hu"].T + p["b_u"])
        n = torch.tanh(x @ p["W_xn"].T + p["b_xn"] + (r * h) @ p["W_hn"].T + p["b_hn"])
        h = (1 - u) * n + u * h
        loss = loss + (0.5 * (h @ p["W_hy"].T + p["b_y"] - y) ** 2).sum() / Y.size
    loss.backward()
    for name in params.names:
        close(grads.parameters[name], p[name].grad)


def state_of(kind, **changes):
    return {**to_torch(Parameters.random(D, H, K, seed=4, cell=kind)), **changes}


def made_by(module):
    network = torch.nn.ModuleDict({"rnn": module, "fc": torch.nn.Linear(H, K)})
    return network.state_dict()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: from_torch(made_by(torch.nn.GRU(D, H, num_layers=3))), "one layer, got 3 layers"),
        (
            lambda: from_torch(made_by(torch.nn.LSTM(D, H, bidirectional=True))),
            "one direction, got a bidirectional network: rnn.weight_ih_l0_reverse",
        ),
        (
            lambda: from_torch(made_by(torch.nn.LSTM(D, H, proj_size=3))),
            "got an LSTM with proj_size = 3: rnn.weight_hr_l0",
        ),
        (lambda: from_torch({}), "state: expected weight_ih_l0 of an nn.RNN, nn.GRU or nn.LSTM"),
        (lambda: from_torch([1.0]), "state: expected a mapping"),
        (lambda: from_torch({3: [1.0]}), "state: expected names of arrays, got 3"),
        (lambda: from_torch(torch.nn.LSTM(D, H).state_dict()), "expected one nn.Linear"),
        (
            lambda: from_torch(state_of("lstm", **{"other.weight": np.ones((1, H))})),
            "expected one nn.Linear after the recurrent layer, got fc., other.",
        ),
        (lambda: from_torch(state_of("gru", note=1.0)), "an nn.Linear alone, got also note"),
        (
            lambda: from_torch(state_of("gru", **{"b.weight_ih_l0": np.ones((4, 2))})),
            "state: expected one recurrent module, got 2: b., rnn.",
        ),
        (
            lambda: from_torch(state_of("gru", **{"rnn.weight_hh_l0": np.ones((8, 4))})),
            "expected 4 (nn.RNN), 12 (nn.GRU), 16 (nn.LSTM) rows with H = 4, got 8",
        ),
        (
            lambda: from_torch(state_of("gru", **{"rnn.weight_ih_l0": np.ones((16, 2))})),
            "rnn.weight_ih_l0: expected shape (g·H, D) = (12, D), got (16, 2)",
        ),
        (
            lambda: from_torch(state_of("gru", **{"rnn.bias_hh_l0": np.ones(4)})),
            "rnn.bias_hh_l0: expected shape (g·H) = (12), got (4,)",
        ),
        (
            lambda: from_torch(state_of("gru", **{"fc.weight": np.ones((2, 5))})),
            "fc.weight: expected shape (K, H) = (K, 4), got (2, 5)",
        ),
        (
            lambda: from_torch(state_of("lstm", **{"fc.bias": np.full(2, np.nan)})),
            "fc.bias: expected finite",
        ),
        (lambda: from_torch(state_of("lstm"), activation="relu"), "expected tanh, which nn.LSTM"),
        (lambda: from_torch(state_of("elman"), activation="sigmoid"), "expected tanh or relu, "),
        (lambda: from_torch(state_of("elman"), activation="gelu"), "activation: expected one of "),
        (
            lambda: to_torch(Parameters.random(D, H, K, seed=0, cell="gru_reset_before")),
            "(nn.RNN, nn.GRU, nn.LSTM), got the cell gru_reset_before",
        ),
        (
            lambda: to_torch(Parameters.random(D, H, K, seed=0, cell=leaky_cell(0.2))),
            "got the cell leaky",
        ),
        (lambda: to_torch({}), "source: expected Parameters or Gradients, got {}"),
    ],
)  # fmt: skip
def test_what_is_no_such_network_is_refused_in_one_sentence(call, said):
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
