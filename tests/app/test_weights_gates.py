"""LSTMs and GRUs out of files: every layout computes what its framework does."""

from typing import Any

import numpy as np
import pytest
import torch
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator
from safetensors.torch import save as save_torch

from app.experiment.reading.notice import Unread
from app.experiment.weights_file import opened_weights, to_npz
from app.experiment.weights_file.gates import ORDERS
from rnn_core import CELLS, Parameters, forward
from tests.app.gated_layers import (
    H,
    equinox_gru,
    flax_gru,
    flax_lstm,
    keras_gru,
    keras_gru_reset_before,
    keras_lstm,
    linear_lstm,
    ng_gru,
    ng_lstm,
    torch_lstm,
    zhang_gru,
    zhang_lstm,
)
from tests.app.weights import linear, npz

X = np.random.default_rng(0).normal(size=(6, 1, 2))
SINGLE = {
    "Zhang, LSTM": (
        zhang_lstm,
        {f"W_x{s}": (2, H) for s in "ifoc"}
        | {f"W_h{s}": (H, H) for s in "ifoc"}
        | {f"b_{s}": (H,) for s in "ifoc"},
        {},
    ),
    "Zhang, GRU": (
        zhang_gru,
        {f"W_x{s}": (2, H) for s in "zrh"}
        | {f"W_h{s}": (H, H) for s in "zrh"}
        | {f"b_{s}": (H,) for s in "zrh"},
        {},
    ),
    "Ng, LSTM": (
        ng_lstm,
        {f"W{s}": (H, H + 2) for s in "fico"} | {f"b{s}": (H, 1) for s in "fico"},
        {},
    ),
    "Ng, GRU": (
        ng_gru,
        {f"W{s}": (H, H + 2) for s in "urc"} | {f"b{s}": (H,) for s in "urc"},
        {},
    ),
    "Flax, LSTM": (
        flax_lstm,
        {f"c/i{s}/kernel": (2, H) for s in "ifgo"}
        | {f"c/h{s}/kernel": (H, H) for s in "ifgo"}
        | {f"c/h{s}/bias": (H,) for s in "ifgo"},
        {},
    ),
    "Flax, GRU": (
        flax_gru,
        {f"c/i{s}/kernel": (2, H) for s in "rzn"}
        | {f"c/h{s}/kernel": (H, H) for s in "rzn"}
        | {f"c/i{s}/bias": (H,) for s in "rzn"}
        | {"c/hn/bias": (H,)},
        {},
    ),
    "PyTorch's equations": (
        torch_lstm,
        {f"W_i{s}": (H, 2) for s in "ifgo"}
        | {f"W_h{s}": (H, H) for s in "ifgo"}
        | {f"b_{k}{s}": (H,) for k in "ih" for s in "ifgo"},
        {},
    ),
    "a layer for each gate": (
        linear_lstm,
        {f"net.{s}_gate.weight": (H, H + 2) for s in ("forget", "input", "cell", "output")}
        | {f"net.{s}_gate.bias": (H,) for s in ("forget", "input", "cell", "output")},
        {"hidden first": False},
    ),
}


@pytest.mark.parametrize("name", SINGLE)
def test_arrays_for_each_gate_are_told_by_their_letters(name: str) -> None:
    compute, shapes, options = SINGLE[name]
    arrays = dict(zip(shapes, drawn(2, *shapes.values()), strict=True))
    found, understood = opened_weights(npz(arrays), options)
    assert np.abs(forward(found, X).h[-1, 0] - compute(X, arrays)).max() < 1e-14
    assert "An array for each gate: " in understood.line


def test_an_update_gate_that_takes_the_new_state_is_turned_by_its_button() -> None:
    shapes = SINGLE["Zhang, GRU"][1]
    arrays = dict(zip(shapes, drawn(2, *shapes.values()), strict=True))
    found, understood = opened_weights(npz(arrays), {})
    assert "Where z is 1, it keeps the old state." in understood.sentences
    (choice,) = (one for one in understood.choices if one.option == "update takes")
    assert choice.label == "z takes the new state"
    turned, _ = opened_weights(npz(arrays), {choice.option: choice.value})
    for name in ("W_xu", "W_hu", "b_u"):
        assert np.array_equal(turned[name], -found[name])
    assert np.array_equal(turned["W_xr"], found["W_xr"])


def test_square_arrays_for_each_gate_are_turned_as_the_read_out_is_or_by_a_click() -> None:
    square = {f"W_{k}{s}": (H, H) for k in "xh" for s in "ifoc"} | {f"b_{s}": (H,) for s in "ifoc"}
    arrays = dict(zip(square, drawn(4, *square.values()), strict=True))
    x = np.random.default_rng(1).normal(size=(6, 1, H))
    told, _ = opened_weights(npz(arrays | {"W_hq": np.ones((H, 1)), "b_q": np.ones(1)}), {})
    assert np.abs(forward(told, x).h[-1, 0] - zhang_lstm(x, arrays)).max() < 1e-14
    as_they_are, understood = opened_weights(npz(arrays), {})
    assert np.array_equal(as_they_are["W_xi"], arrays["W_xi"])
    (choice,) = (one for one in understood.choices if one.option == "transpose")
    turned, _ = opened_weights(npz(arrays), {choice.option: choice.value})
    assert np.array_equal(turned["W_xi"], arrays["W_xi"].T)


IN_ORDER = {
    "Keras LSTM": (keras_lstm, ((2, 12), (3, 12), (12,))),
    "Keras GRU": (keras_gru, ((2, 9), (3, 9), (2, 9))),
    "Keras GRU, reset before": (keras_gru_reset_before, ((2, 9), (3, 9), (9,))),
}


@pytest.mark.parametrize("outputs", [1, 2, H, 12])
@pytest.mark.parametrize("name", IN_ORDER)
def test_gates_in_the_order_of_get_weights_are_told_apart_by_shapes(
    name: str, outputs: int
) -> None:
    compute, shapes = IN_ORDER[name]
    *arrays, W_hy, b_y = drawn(5, *shapes, (H, outputs), (outputs,))
    content = npz({f"arr_{n}": one for n, one in enumerate([*arrays, W_hy, b_y])})
    found, understood = opened_weights(content, {})
    state = compute(X, *arrays)
    assert np.abs(forward(found, X).logits[-1, 0] - (state @ W_hy + b_y)).max() < 1e-13
    assert "Told apart by shape and order: arr_0 is W_x, arr_1 is W_h." in understood.line


def test_one_of_several_layers_without_names_is_opened_alone() -> None:
    shapes = ((2, 12), (3, 12), (12,), (3, 12), (3, 12), (12,), (H, 2), (2,))
    arrays = drawn(7, *shapes)
    content = npz({f"arr_{n}": one for n, one in enumerate(arrays)})
    with pytest.raises(Unread, match="got an LSTM: 4 gates of 3, 2 layers") as refused:
        opened_weights(content, {})
    first, second = refused.value.choices
    assert [first.label, second.label] == ["open layer 1 alone", "open layer 2 alone"]
    found, understood = opened_weights(content, {first.option: first.value})
    assert np.abs(forward(found, X).h[-1, 0] - keras_lstm(X, *arrays[:3])).max() < 1e-14
    assert "Layer 1 alone: left out arr_3, arr_4, arr_5, arr_6 and 1 more." in understood.sentences
    found, understood = opened_weights(content, {second.option: second.value})
    x = np.random.default_rng(1).normal(size=(6, 1, H))
    expected = keras_lstm(x, *arrays[3:6]) @ arrays[6] + arrays[7]
    assert np.abs(forward(found, x).logits[-1, 0] - expected).max() < 1e-13
    assert "Layer 2 alone: left out arr_0, arr_1, arr_2." in understood.sentences


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
@pytest.mark.parametrize("names", ["WRB", ("onnx::A_1", "onnx::A_2", "onnx::A_3")])
def test_the_three_arrays_of_onnx_compute_what_its_reference_does(kind: str, names: Any) -> None:
    count = {"LSTM": 4, "GRU": 3}[kind]
    W, R, B = drawn(6, (1, count * H, 2), (1, count * H, H), (1, 2 * count * H))
    more = {"linear_before_reset": 1} if kind == "GRU" else {}
    node = helper.make_node(kind, ["X", "W", "R", "B"], ["", "Y_h"], hidden_size=H, **more)
    made = [helper.make_tensor_value_info(n, TensorProto.DOUBLE, None) for n in ("X", *"WRB")]
    out = [helper.make_tensor_value_info("Y_h", TensorProto.DOUBLE, None)]
    graph = helper.make_graph([node], "one", made, out)
    session = ReferenceEvaluator(helper.make_model(graph))
    (expected,) = session.run(None, {"X": X, "W": W, "R": R, "B": B})
    found, understood = opened_weights(npz(dict(zip(names, (W, R, B), strict=True))), {})
    assert np.abs(forward(found, X).h[-1] - expected[0]).max() < 1e-14
    assert "as in ONNX." in understood.line or "as in Keras and ONNX." in understood.line


def test_an_embedding_is_multiplied_into_the_weights_of_every_gate() -> None:
    torch.manual_seed(5)
    words, rnn = torch.nn.Embedding(7, 4), torch.nn.LSTM(4, H)
    state = {f"emb.{n}": v for n, v in words.state_dict().items()}
    state |= {f"rnn.{n}": v for n, v in rnn.state_dict().items()}
    found, understood = opened_weights(save_torch(state), {})
    symbols = torch.tensor([3, 0, 6, 2])
    expected = rnn.double()(words.double()(symbols))[0][-1].detach().numpy()
    one_hot = np.eye(7)[symbols.numpy()][:, None]
    assert np.abs(forward(found, one_hot).h[-1, 0] - expected).max() < 1e-7
    assert "emb.weight multiplied into W_xh: x is one-hot over 7 symbols." in understood.sentences
    assert "The numbers are in single precision (float32, 7 digits)." in understood.sentences


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_the_largest_cell_with_gates_that_is_shown_opens(kind: str) -> None:
    found, _ = opened_weights(save_torch(getattr(torch.nn, kind)(64, 64).state_dict()), {})
    assert (found.hidden_size, found.input_size) == (64, 64)
    state = {f"rnn.{n}": v for n, v in getattr(torch.nn, kind)(300, 64).state_dict().items()}
    state |= {"emb.weight": torch.nn.Embedding(60, 300).weight.detach()}
    found, _ = opened_weights(save_torch(state), {})
    assert (found.hidden_size, found.input_size) == (64, 60)


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
