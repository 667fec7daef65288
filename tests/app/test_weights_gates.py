"""LSTMs and GRUs out of files: every layout computes what its framework does."""

import numpy as np
import pytest
import torch

from app.experiment.weights_file import opened_weights, to_npz
from app.experiment.weights_file.gates import ORDERS
from rnn_core import CELLS, Parameters, forward
from tests.app.test_weights_names import linear, npz, save_torch

X = np.random.default_rng(0).normal(size=(6, 1, 2))
H = 3


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def keras_lstm(x, kernel, recurrent, bias):
    """`keras.layers.LSTM`, as its documentation has it: gates i, f, c, o; x W + h U + b."""
    h = c = np.zeros(H)
    for x_t in x[:, 0]:
        i, f, g, o = np.split(x_t @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
    return h


def keras_gru(x, kernel, recurrent, bias):
    """`keras.layers.GRU` with `reset_after`, as its documentation has it: gates z, r, h."""
    h = np.zeros(H)
    for x_t in x[:, 0]:
        of_x = np.split(x_t @ kernel + bias[0], 3)
        of_h = np.split(h @ recurrent + bias[1], 3)
        z, r = sigmoid(of_x[0] + of_h[0]), sigmoid(of_x[1] + of_h[1])
        h = z * h + (1 - z) * np.tanh(of_x[2] + r * of_h[2])
    return h


def keras_gru_reset_before(x, kernel, recurrent, bias):
    h = np.zeros(H)
    for x_t in x[:, 0]:
        z_x, r_x, n_x = np.split(x_t @ kernel + bias, 3)
        z_h, r_h, n_h = np.split(recurrent, 3, axis=1)
        z, r = sigmoid(z_x + h @ z_h), sigmoid(r_x + h @ r_h)
        h = z * h + (1 - z) * np.tanh(n_x + (r * h) @ n_h)
    return h


def equinox_gru(x, weight_ih, weight_hh, bias, bias_n):
    """`equinox.nn.GRUCell`: gates r, z, n with one bias, and `bias_n` inside the reset."""
    h = np.zeros(H)
    for x_t in x[:, 0]:
        of_x, of_h = np.split(weight_ih @ x_t + bias, 3), np.split(weight_hh @ h, 3)
        r, z = sigmoid(of_x[0] + of_h[0]), sigmoid(of_x[1] + of_h[1])
        n = np.tanh(of_x[2] + r * (of_h[2] + bias_n))
        h = n + z * (h - n)
    return h


def drawn(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in shapes]


FRAMEWORKS = {
    "Keras LSTM": (
        keras_lstm,
        ("lstm/kernel", "lstm/recurrent_kernel", "lstm/bias"),
        ((2, 12), (3, 12), (12,)),
    ),
    "Keras GRU": (
        keras_gru,
        ("gru/kernel", "gru/recurrent_kernel", "gru/bias"),
        ((2, 9), (3, 9), (2, 9)),
    ),
    "Keras GRU, reset before": (
        keras_gru_reset_before,
        ("gru/kernel", "gru/recurrent_kernel", "gru/bias"),
        ((2, 9), (3, 9), (9,)),
    ),
    "Equinox GRU": (
        equinox_gru,
        ("weight_ih", "weight_hh", "bias", "bias_n"),
        ((9, 2), (9, 3), (9,), (3,)),
    ),
}


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_the_arrays_of_a_framework_compute_what_it_does(name: str) -> None:
    compute, keys, shapes = FRAMEWORKS[name]
    arrays = drawn(1, *shapes)
    found, understood = opened_weights(npz(dict(zip(keys, arrays, strict=True))), {})
    assert np.abs(forward(found, X).h[-1, 0] - compute(X, *arrays)).max() < 1e-14
    assert "The gates lie in the order" in understood.line
    assert "No read-out in the file" in understood.line


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
@pytest.mark.parametrize("inputs", [1, 2, 3, 12])
def test_a_module_of_pytorch_with_its_read_out_computes_the_same(kind: str, inputs: int) -> None:
    torch.manual_seed(2)
    rnn, fc = getattr(torch.nn, kind)(inputs, H), torch.nn.Linear(H, 2)
    state = {f"rnn.{n}": v for n, v in rnn.state_dict().items()}
    state |= {f"fc.{n}": v for n, v in fc.state_dict().items()}
    found, understood = opened_weights(save_torch(state), {})
    x = np.random.default_rng(3).normal(size=(6, 1, inputs))
    expected = fc.double()(rnn.double()(torch.tensor(x))[0]).detach().numpy()
    assert np.abs(forward(found, x, readout="every").logits - expected).max() < 1e-7
    assert found.cell.name == kind.lower()
    assert "Two biases of each gate added up." in understood.line


def test_the_other_order_of_gates_and_the_other_reset_are_a_choice_away() -> None:
    state = {f"rnn.{n}": v for n, v in torch.nn.GRU(2, H).state_dict().items()}
    _, understood = opened_weights(save_torch(state), {})
    by_option = {choice.option: choice for choice in understood.choices}
    assert by_option["order"].label == "gates z, r, h as in Keras and ONNX"
    before, said = opened_weights(save_torch(state), {"reset before": True, "order": 1})
    assert before.cell.name == "gru_reset_before"
    weight = state["rnn.weight_hh_l0"].double().numpy()
    for gate, block in zip(ORDERS["gru"][1].gates, np.split(weight, 3), strict=True):
        assert np.array_equal(before[f"W_h{gate}"], block)
    assert "before the product" in said.line


def test_one_layer_of_an_lstm_is_opened_alone() -> None:
    rnn = torch.nn.LSTM(2, H, num_layers=2)
    state = {f"rnn.{n}": v for n, v in rnn.state_dict().items()} | linear("fc", H, 1)
    found, _ = opened_weights(save_torch(state), {"layer": 1})
    assert np.array_equal(found["W_xi"], rnn.weight_ih_l1.detach().double().numpy()[:H])


@pytest.mark.parametrize("cell", CELLS)
def test_what_is_saved_here_opens_as_it_was(cell: str) -> None:
    params = Parameters.random(2, H, 2, seed=4, cell=cell)
    found, _ = opened_weights(to_npz(params), {})
    if cell in ("elman", "lstm", "gru"):
        assert found.cell == params.cell
    for name, array in params.items():
        assert np.array_equal(found[name], array)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"W_x": (12, 2), "W_h": (12, 3), "b_h": (5,)}, "b_h: expected 12 numbers"),
        ({"W_xh": (10, 2), "W_hh": (12, 3)}, "expected 12 as one size"),
    ],
)
def test_what_does_not_fit_is_one_sentence(arrays: dict[str, tuple[int, ...]], said: str) -> None:
    with pytest.raises(ValueError, match="expected") as refused:
        opened_weights(npz({name: np.ones(shape) for name, shape in arrays.items()}), {})
    assert said in str(refused.value)
