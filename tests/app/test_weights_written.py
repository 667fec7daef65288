"""Weights as programs write them: joined matrices, embeddings, left-out biases, layers, formats."""

import io
import zipfile

import numpy as np
import pytest
import torch
from safetensors.torch import save as save_torch

from app.experiment.reading.notice import Unread
from app.experiment.weights_file import opened_weights
from rnn_core import Parameters, forward
from tests.app.weights import linear, npz
from tests.app.weights_given import P, same

X = np.random.default_rng(3).normal(size=(6, 1, 2))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("kind", ["RNN", "RNNCell"])
def test_what_torch_saves_computes_what_torch_computes(kind: str, dtype: torch.dtype) -> None:
    torch.manual_seed(4)
    cell = getattr(torch.nn, kind)(2, 3)
    head = torch.nn.Linear(3, 2)
    for module in (cell, head):
        module.to(dtype)
    state = {f"net.{name}": value for name, value in cell.state_dict().items()}
    state |= {f"out.{name}": value for name, value in head.state_dict().items()}
    found, understood = opened_weights(save_torch(state), {})
    one = torch.nn.RNN(2, 3, dtype=torch.float64)
    one.load_state_dict(
        {n.removesuffix("_l0") + "_l0": v.double() for n, v in cell.state_dict().items()}
    )
    head.double()
    expected = head(one(torch.tensor(X))[0][-1])[0].detach().numpy()
    assert np.abs(forward(found, X).logits[0, 0] - expected).max() < 1e-14
    said = {"torch.bfloat16": "bfloat16", "torch.float32": "single", "torch.float16": "half"}
    assert said.get(str(dtype), "") in understood.line
    assert "net.bias_hh" in understood.line
    assert "added up to b_h" in understood.line


class CharRNN(torch.nn.Module):
    """The recurrence of PyTorch's tutorial on names, before it took nn.RNN, with a tanh."""

    def __init__(self, readout: str) -> None:
        super().__init__()
        self.i2h = torch.nn.Linear(2 + 3, 3)
        setattr(self, readout, torch.nn.Linear(2 + 3 if readout == "i2o" else 3, 2))

    def states(self, x: torch.Tensor) -> torch.Tensor:
        h = torch.zeros(1, 3, dtype=x.dtype)
        for row in x:
            h = torch.tanh(self.i2h(torch.cat((row, h), 1)))
        return h


@pytest.mark.parametrize("readout", ["h2o", "i2o"])
def test_one_matrix_of_x_and_h_is_split(readout: str) -> None:
    torch.manual_seed(2)
    module = CharRNN(readout).double()
    found, understood = opened_weights(save_torch(module.state_dict()), {})
    with torch.no_grad():
        state = module.states(torch.tensor(X))
    assert np.abs(forward(found, X).h[-1] - state.numpy()).max() < 1e-14
    assert any(choice.option == "hidden first" for choice in understood.choices)
    if readout == "i2o":
        assert "i2o.weight reads x_t and h_(t−1) instead of h_t: left out." in understood.line
        assert not found.W_hy.any()


def test_a_matrix_of_h_and_x_is_split_the_other_way_by_a_click() -> None:
    arrays = {"i2h.weight": np.hstack([P.W_hh, P.W_xh]), "i2h.bias": P.b_h}
    _, understood = opened_weights(npz(arrays), {})
    choice = next(choice for choice in understood.choices if choice.option == "hidden first")
    found, again = opened_weights(npz(arrays), {choice.option: choice.value})
    assert np.array_equal(found.W_hh, P.W_hh)
    assert np.array_equal(found.W_xh, P.W_xh)
    assert any(choice.value is False for choice in again.choices)


def test_tensorflow_1_s_joint_kernel_is_split_and_turned() -> None:
    arrays = {
        "rnn/basic_rnn_cell/kernel": np.hstack([P.W_xh, P.W_hh]).T,
        "rnn/basic_rnn_cell/bias": P.b_h,
        "dense/kernel": P.W_hy.T,
        "dense/bias": P.b_y,
    }
    same(opened_weights(npz(arrays), {})[0], P)


def test_an_embedding_is_multiplied_into_the_input_weights() -> None:
    torch.manual_seed(5)
    embedding = torch.nn.Embedding(7, 4).double()
    rnn, head = torch.nn.RNN(4, 3).double(), torch.nn.Linear(3, 7).double()
    state = {f"embedding.{name}": value for name, value in embedding.state_dict().items()}
    state |= {f"rnn.{name}": value for name, value in rnn.state_dict().items()}
    state |= {f"fc.{name}": value for name, value in head.state_dict().items()}
    symbols = torch.tensor([3, 0, 6, 2])
    expected = head(rnn(embedding(symbols))[0][-1]).detach().numpy()
    found, understood = opened_weights(save_torch(state), {})
    one_hot = np.eye(7)[symbols.numpy()][:, None]
    assert np.abs(forward(found, one_hot).logits[0, 0] - expected).max() < 1e-14
    assert "one-hot over 7 symbols" in understood.line


def test_no_biases_and_no_read_out_are_zeros_and_said() -> None:
    arrays = {"weight_ih_l0": P.W_xh, "weight_hh_l0": P.W_hh}
    found, understood = opened_weights(npz(arrays), {"outputs": 4})
    assert not found.b_h.any()
    assert found.W_hy.shape == (4, 3)
    assert not found.W_hy.any()
    assert "No read-out in the file: W_hy and b_y are zeros." in understood.sentences
    assert "No hidden bias in the file: zeros." in understood.sentences


def test_vectors_of_one_input_and_one_output_are_matrices() -> None:
    one = Parameters.random(1, 3, 1, seed=2)
    arrays = dict(one.items()) | {"W_xh": one.W_xh[:, 0], "W_hy": one.W_hy[0]}
    same(opened_weights(npz(arrays), {})[0], one)


def test_numbers_of_other_types_are_said_or_refused_with_a_way() -> None:
    whole = {name: np.ones(array.shape, np.int8) for name, array in P.items()}
    found, understood = opened_weights(npz(whole), {})
    assert (found.W_hh == 1).all()
    assert "whole numbers (int8), without the scale that a quantised network" in understood.line
    wide = {name: array.astype(np.longdouble) for name, array in P.items()}
    if wide["W_hh"].itemsize == 16:
        with pytest.raises(
            ValueError, match=r'got float128: in NumPy, save array.astype\("float64'
        ):
            opened_weights(npz(wide), {})


def test_the_directions_of_keras_are_named_as_directions() -> None:
    shapes = {"kernel": (2, 3), "recurrent_kernel": (3, 3), "bias": (3,)}
    arrays = {
        f"bidirectional/{way}_simple_rnn/simple_rnn_cell/{name}": np.full(shape, at)
        for at, way in ((0.5, "forward"), (0.25, "backward"))
        for name, shape in shapes.items()
    }
    with pytest.raises(Unread, match="got two directions") as refused:
        opened_weights(npz(arrays), {})
    labels = [choice.label for choice in refused.value.choices]
    assert "backwards" in labels[1]
    assert "backwards" not in labels[0]
    for choice, number in zip(refused.value.choices, (0.5, 0.25), strict=True):
        found, _ = opened_weights(npz(arrays), {choice.option: choice.value})
        assert (found.W_hh == number).all()
        assert (found.b_h == number).all()


def test_what_is_no_weight_is_left_out_and_said() -> None:
    arrays = dict(P.items()) | {
        "mWxh": P.W_xh,
        "hprev": np.zeros((3, 1)),
        "step": np.array(7),
        "vocabulary": np.array(["a", "b"]),
    }
    found, understood = opened_weights(npz(arrays), {})
    same(found, P)
    assert "Left out: mWxh, hprev, step, vocabulary." in understood.sentences


def bfloat16_of_numpy(array: np.ndarray) -> bytes:
    """As NumPy stores JAX's bfloat16: the upper halves of float32, two bytes of no known kind."""
    raw = (np.ascontiguousarray(array, "<f4").view("<u4") >> 16).astype("<u2").tobytes()
    header = {"descr": "<V2", "fortran_order": False, "shape": array.shape}
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, header)
    return buffer.getvalue() + raw


def test_bfloat16_of_jax_is_read_from_npz() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in P.items():
            archive.writestr(f"{name}.npy", bfloat16_of_numpy(array))
    found, understood = opened_weights(buffer.getvalue(), {})
    expected = torch.tensor(np.array(P.W_hh)).to(torch.float32)
    assert np.abs(found.W_hh - expected.double().numpy()).max() <= 2**-8 * np.abs(P.W_hh).max()
    assert "bfloat16" in understood.line


@pytest.mark.parametrize("bidirectional", [False, True])
def test_one_of_several_layers_is_opened_alone(bidirectional: bool) -> None:
    torch.manual_seed(6)
    rnn = torch.nn.RNN(2, 3, num_layers=2, bidirectional=bidirectional, dtype=torch.float64)
    state = {f"rnn.{n}": v for n, v in rnn.state_dict().items()} | linear(
        "fc", 6 if bidirectional else 3, 1
    )
    with pytest.raises(Unread) as refused:
        opened_weights(save_torch(state), {})
    first = refused.value.choices[0]
    assert first.label == "open layer 1 of rnn alone"
    found, understood = opened_weights(save_torch(state), {first.option: first.value})
    alone = torch.nn.RNN(2, 3, dtype=torch.float64)
    alone.load_state_dict({n: v for n, v in rnn.state_dict().items() if n.endswith("_l0")})
    expected = alone(torch.tensor(X))[0][:, 0].detach().numpy()
    assert np.abs(forward(found, X).h[1:, 0] - expected).max() < 1e-14
    assert "Layer 1 of rnn alone: left out" in understood.line
    assert not found.W_hy.any()
    if not bidirectional:
        second, _ = opened_weights(save_torch(state), {"layer": 1})
        assert np.array_equal(second.W_hy, state["fc.weight"].double().numpy())
        assert np.array_equal(second.W_xh, rnn.weight_ih_l1.detach().numpy())
