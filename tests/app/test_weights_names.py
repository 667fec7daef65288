"""Weights as people have them: names and shapes say which array is which.

The oracle is the network itself: each file is made from one run's arrays in another framework's
names, order and convention, and has to compute the same logits (or PyTorch's own).
"""

import io

import numpy as np
import pytest

from app.experiment.weights_file import opened_weights
from rnn_core import Parameters
from tests.app.weights import npz
from tests.app.weights_given import P, same

SQUARE = Parameters.random(3, 3, 3, seed=8)
Q = Parameters.random(2, 3, 2, seed=9)


def in_order(*arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, *arrays)
    return buffer.getvalue()


COLUMN = {  # for W x: each as our own arrays are
    "ours in capitals": ("W_XH", "W_HH", "B_H", "W_HY", "B_Y"),
    "min-char-rnn": ("Wxh", "Whh", "bh", "Why", "by"),
    "Ng": ("Wax", "Waa", "ba", "Wya", "by"),
    "Goodfellow": ("U", "W", "b", "V", "c"),
    "reservoir": ("W_in", "W_rec", "b_rec", "W_out", "b_out"),
    "by subject": ("W_hx", "W_hh", "b_h", "W_yh", "b_y"),
    "short": ("w_x", "w_h", "b_h", "w_y", "b_y"),
    "reservoir, in short": ("Win", "W", "b", "Wout", "bout"),
    "nested": ("params/cell/Wxh", "params/cell/Whh", "params/cell/bh", "params/Why", "params/by"),
    "input and output": ("W_ih", "W_hh", "b_h", "W_ho", "b_o"),
    "RNNCell": ("weight_ih", "weight_hh", "bias_hh", "fc.weight", "fc.bias"),
    "RNN": ("weight_ih_l0", "weight_hh_l0", "bias_hh_l0", "weight", "bias"),
    "wrapped": (
        *("module.model.rnn.weight_ih_l0", "module.model.rnn.weight_hh_l0"),
        *("module.model.rnn.bias_ih_l0", "module.model.head.weight", "module.model.head.bias"),
    ),
    "compiled": (
        *("_orig_mod.rnn.weight_ih_l0", "_orig_mod.rnn.weight_hh_l0", "_orig_mod.rnn.bias_ih_l0"),
        *("_orig_mod.out.weight", "_orig_mod.out.bias"),
    ),
    "Equinox": (".cell.weight_ih", ".cell.weight_hh", ".cell.bias", ".head.weight", ".head.bias"),
    "three layers": ("x2h.weight", "h2h.weight", "h2h.bias", "h2o.weight", "h2o.bias"),
    "layers by symbol": ("Wxh.weight", "Whh.weight", "Whh.bias", "Why.weight", "Why.bias"),
    "Gluon": ("rnn0_l0_i2h_weight", "rnn0_l0_h2h_weight", "rnn0_l0_h2h_bias", "d_weight", "d_bias"),
    "MLX": ("rnn.Wxh", "rnn.Whh", "rnn.bias", "out.weight", "out.bias"),
}


@pytest.mark.parametrize("params", [P, Q, SQUARE], ids=["K = 1", "K = 2", "D = H = K"])
@pytest.mark.parametrize("names", COLUMN.values(), ids=COLUMN)
def test_arrays_for_w_x_are_known_by_their_names(names, params: Parameters) -> None:
    arrays = {name: array for name, (_, array) in zip(names, params.items(), strict=True)}
    same(opened_weights(npz(arrays), {})[0], params)


ROW = {  # for x W: the matrices are stored the other way round
    "Keras": (
        *("simple_rnn/simple_rnn_cell/kernel:0", "simple_rnn/simple_rnn_cell/recurrent_kernel:0"),
        *("simple_rnn/simple_rnn_cell/bias:0", "dense/kernel:0", "dense/bias:0"),
    ),
    "Keras, in short": ("kernel", "recurrent_kernel", "bias", "dense_kernel", "dense_bias"),
    "Keras, flat": (
        *("simple_rnn_kernel", "simple_rnn_recurrent_kernel", "simple_rnn_bias"),
        *("dense_kernel", "dense_bias"),
    ),
    "Flax": (
        *("params/SimpleCell_0/i/kernel", "params/SimpleCell_0/h/kernel"),
        *("params/SimpleCell_0/i/bias", "params/Dense_0/kernel", "params/Dense_0/bias"),
    ),
    "Flax, as keys of a tree": (
        *("['params']['cell']['i']['kernel']", "['params']['cell']['h']['kernel']"),
        *("['params']['cell']['i']['bias']", "['params']['out']['kernel']"),
        "['params']['out']['bias']",
    ),
    "Flax NNX": (
        *("rnn.cell.dense_i.kernel", "rnn.cell.dense_h.kernel", "rnn.cell.dense_h.bias"),
        *("out.kernel", "out.bias"),
    ),
    "Haiku": (
        *("vanilla_rnn/~/input_to_hidden/w", "vanilla_rnn/~/hidden_to_hidden/w"),
        *("vanilla_rnn/~/hidden_to_hidden/b", "linear/w", "linear/b"),
    ),
}


@pytest.mark.parametrize("params", [P, Q, SQUARE], ids=["K = 1", "K = 2", "D = H = K"])
@pytest.mark.parametrize("names", ROW.values(), ids=ROW)
def test_arrays_for_x_w_are_turned(names, params: Parameters) -> None:
    arrays = {name: array.T for name, (_, array) in zip(names, params.items(), strict=True)}
    found, understood = opened_weights(npz(arrays), {})
    same(found, params)
    assert "Stored for x W: W_xh, W_hh, W_hy transposed." in understood.sentences


def test_our_symbols_stored_for_x_w_are_turned_where_the_shapes_say_so() -> None:
    arrays = {name: array.T for name, array in P.items()}
    found, understood = opened_weights(npz(arrays), {})
    same(found, P)
    assert "transposed" in understood.line


@pytest.mark.parametrize("params", [P, Q])
def test_an_order_without_names_is_told_apart_by_shapes(params: Parameters) -> None:
    W_xh, W_hh, b_h, W_hy, b_y = (array for _, array in params.items())
    for content in (
        in_order(W_xh.T, W_hh.T, b_h, W_hy.T, b_y),  # Keras
        in_order(W_xh, W_hh, b_h, W_hy, b_y),
        in_order(W_xh, W_hh, W_hy, b_h, b_y),
        in_order(W_xh, W_hh, W_hy, b_h[:, None], b_y[:, None]),  # min-char-rnn
        in_order(W_xh, W_hh, b_h[:, None], W_hy, b_y[:, None]),
        in_order(W_xh.T, W_hh.T, b_h[None], W_hy.T, b_y[None]),
        in_order(W_xh, W_hh, b_h - 1, np.ones(3), W_hy, b_y),  # PyTorch's parameters()
        in_order(W_xh[None], W_hh[None], np.concatenate([b_h - 1, np.ones(3)])[None], W_hy, b_y),
    ):
        found, understood = opened_weights(content, {})
        same(found, params)
        assert "arr_1 is W_hh" in understood.line


def test_an_order_that_the_shapes_cannot_tell_is_keras_s_with_the_other_way_offered() -> None:
    W_xh, W_hh, b_h, W_hy, b_y = (array for _, array in SQUARE.items())
    found, understood = opened_weights(in_order(W_xh.T, W_hh.T, b_h, W_hy.T, b_y), {})
    same(found, SQUARE)
    (choice,) = (c for c in understood.choices if c.option == "transpose")
    turned, _ = opened_weights(in_order(W_xh, W_hh, b_h, W_hy, b_y), {choice.option: choice.value})
    same(turned, SQUARE)


def test_square_symbols_are_taken_as_they_stand_with_the_transposed_offered() -> None:
    found, understood = opened_weights(npz({n: a.T for n, a in SQUARE.items()}), {})
    assert np.array_equal(found.W_hh, SQUARE.W_hh.T)
    (choice,) = understood.choices
    assert choice.label == "these are for x W: transpose"
    same(
        opened_weights(npz({n: a.T for n, a in SQUARE.items()}), {choice.option: choice.value})[0],
        SQUARE,
    )


def test_w_of_the_input_and_u_of_the_state_are_told_by_shapes_or_swapped_by_a_click() -> None:
    arrays = {"W": P.W_xh, "U": P.W_hh, "b": P.b_h}
    assert np.array_equal(opened_weights(npz(arrays), {})[0].W_hh, P.W_hh)
    square = {"W": SQUARE.W_xh, "U": SQUARE.W_hh, "b": SQUARE.b_h}
    _, understood = opened_weights(npz(square), {})
    swap = next(choice for choice in understood.choices if choice.option == "swap")
    assert np.array_equal(
        opened_weights(npz(square), {swap.option: swap.value})[0].W_hh, SQUARE.W_hh
    )
