"""Weights that are not shown as they are: named in the field's words, with the way on."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save as save_torch

from app.experiment.reading.notice import Unread
from app.experiment.weights_file import LARGEST_FILE, opened_weights
from rnn_core import Parameters
from tests.app.weights import linear, npz, recurrent

UNFIT = {
    "of a size whose header begins like a pickle": (
        {"rnn.weight_hh_l0" + "_" * 13: torch.zeros(3, 3), **recurrent("GRU", 2, 5)},
        "a GRU: 3 gates of 5, 2 layers",
    ),
    "LSTM of 2 layers": (recurrent("LSTM", 2, 8, num_layers=2), "an LSTM: 4 gates of 8, 2 layers"),
    "GRU both ways": (recurrent("GRU", 2, 8, bidirectional=True), "of 8, two directions"),
    "a wide LSTM": (recurrent("LSTM", 2, 128), "got an LSTM: 4 gates of 128, H = 128: compute"),
    "projected": (recurrent("LSTM", 2, 8, proj_size=3), "of 8, a projection to 3 (proj_size)"),
    "wide": (
        recurrent("RNN", 2, 128),
        "H of at most 64 here, got H = 128: compute it with rnn_core",
    ),
    "many inputs": (recurrent("RNN", 300, 8), "D of at most 64 here, got D = 300"),
    "many outputs": (
        recurrent("RNN", 2, 8) | linear("fc", 8, 1000),
        "K of at most 64 here, got K = 1000",
    ),
    "large vocabulary": (
        recurrent("RNN", 4, 8) | {"embedding.weight": torch.zeros(5000, 4)},
        "D of at most 64 here, got D = 5000",
    ),
    "RNN of 2 layers": (recurrent("RNN", 2, 3, num_layers=2), "2 layers"),
    "RNN both ways": (recurrent("RNN", 2, 3, bidirectional=True), "two directions"),
    "both": (
        recurrent("RNN", 2, 3, num_layers=2, bidirectional=True),
        "2 layers in two directions",
    ),
    "two layers after it": (
        recurrent("RNN", 2, 3) | linear("fc1", 3, 5) | linear("fc2", 5, 1),
        "one weight of an nn.Linear, got fc1.weight (5 × 3), fc2.weight (1 × 5)",
    ),
    "a norm": (
        recurrent("RNN", 2, 3)
        | linear("fc", 3, 1)
        | {f"norm.{n}": v for n, v in torch.nn.LayerNorm(3).state_dict().items()},
        "nothing else beside an Elman network and its read-out, got also norm",
    ),
    "Transformer": (
        torch.nn.TransformerEncoderLayer(8, 2, 16).state_dict(),
        "no recurrent weights among a Transformer: ",
    ),
    "CNN": (
        {f"conv1.{n}": v for n, v in torch.nn.Conv2d(1, 2, 3).state_dict().items()}
        | linear("fc", 8, 2),
        "no recurrent weights among a convolutional network: conv1.",
    ),
    "both directions in one array": (
        {"W": torch.zeros(2, 16, 2), "R": torch.zeros(2, 16, 4), "B": torch.zeros(2, 32)},
        "got two directions (R is 2 × 16 × 4): save one of them, as R[0]",
    ),
    "another layout": (
        {"rnn/lstm_cell/kernel": torch.zeros(6, 16), "rnn/lstm_cell/bias": torch.zeros(16)},
        "got an LSTM in a layout that is not known here",
    ),
    "MLP": (linear("fc1", 4, 8) | linear("fc2", 8, 1), "no recurrent weights among fc1."),
}


@pytest.mark.parametrize("name", UNFIT)
def test_what_is_not_shown_is_named_in_the_words_of_the_field(name: str) -> None:
    state, said = UNFIT[name]
    tensors = {key: value.clone() for key, value in state.items()}
    with pytest.raises(ValueError, match=r"^weights file: expected") as refused:
        opened_weights(save_torch(tensors), {})
    message = str(refused.value)
    assert said in message
    assert len(message) < 300


def test_a_cell_of_which_a_gate_is_missing_is_named_with_the_names_it_needs() -> None:
    arrays = {f"W_{gate}": np.zeros((8, 10)) for gate in "fic"} | {"b_f": np.zeros(8)}
    with pytest.raises(ValueError, match="got an LSTM, a matrix for each gate") as refused:
        opened_weights(npz(arrays), {})
    assert "name its arrays W_xi, W_hi, b_i" in str(refused.value)


def test_a_norm_is_left_out_by_a_click() -> None:
    state, _ = UNFIT["a norm"]
    with pytest.raises(Unread) as refused:
        opened_weights(save_torch(state), {})
    (choice,) = refused.value.choices
    found, understood = opened_weights(save_torch(state), {choice.option: choice.value})
    assert np.array_equal(found.W_hh, state["rnn.weight_hh_l0"].double().numpy())
    assert "Left out: norm" in understood.line


def test_eight_bit_floats_are_refused_with_a_way() -> None:
    state = {n: v.to(torch.float8_e4m3fn) for n, v in recurrent("RNN", 2, 3).items()}
    with pytest.raises(ValueError, match=r"got F8_E4M3: in PyTorch, save tensor\.float\(\)"):
        opened_weights(save_torch(state), {})


def test_python_objects_are_refused_with_a_word_on_pickles() -> None:
    arrays = {
        **dict(Parameters.random(2, 3, 1, seed=7).items()),
        "W_hh": np.array([None, None], dtype=object),
    }
    with pytest.raises(ValueError, match="expected"):
        opened_weights(npz(arrays), {})


LARGE = {
    "LSTM": (recurrent("LSTM", 300, 600), "an LSTM: 4 gates of 600"),
    "wide": (recurrent("RNN", 10, 1000) | linear("fc", 1000, 10), "got H = 1000: compute it with"),
    "vocabulary": (
        recurrent("RNN", 40, 60) | {"embedding.weight": torch.zeros(30_000, 40)},
        "got D = 30000",
    ),
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("beginning", [10_000, None])
def test_of_a_large_file_the_beginning_tells_what_it_is(name: str, beginning: int | None) -> None:
    state, said = LARGE[name]
    content = save_torch(state)
    assert len(content) > LARGEST_FILE
    with pytest.raises(ValueError, match=r"^weights file: expected") as refused:
        opened_weights(content[:beginning], {}, "big.safetensors", len(content))
    assert said in str(refused.value)


def test_of_a_large_checkpoint_the_beginning_tells_the_line_that_converts_it() -> None:
    buffer = io.BytesIO()
    torch.save(recurrent("LSTM", 300, 600), buffer)
    with pytest.raises(ValueError, match=r"a checkpoint of PyTorch .*; in Python: import torch"):
        opened_weights(buffer.getvalue()[:10_000], {}, "big.pt", len(buffer.getvalue()))


@pytest.mark.parametrize("ending", ["npz", "safetensors"])
def test_the_line_for_a_file_that_is_too_large_makes_one_that_opens(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = recurrent("RNN", 2, 3) | {"optimizer.state": torch.zeros(900_000)}
    arrays = {name: array.numpy() for name, array in state.items()}
    content = save_torch(state) if ending == "safetensors" else npz(arrays)
    with pytest.raises(ValueError, match=r"expected at most 2,900,000 bytes, got") as refused:
        opened_weights(content[:131_072], {}, f"my model.{ending}", len(content))
    line = str(refused.value).partition("in Python: ")[2]
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"my model.{ending}").write_bytes(content)
    subprocess.run([sys.executable, "-c", line], check=True, cwd=tmp_path)
    params, _ = opened_weights((tmp_path / "my model_read.npz").read_bytes(), {})
    np.testing.assert_array_equal(params.W_xh, arrays["rnn.weight_ih_l0"])
