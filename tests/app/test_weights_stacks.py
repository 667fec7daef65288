"""Several layers, or both directions, of arrays without names: said, and one is opened alone.

The oracle is PyTorch: each file holds the parameters of its own modules, in their order.
"""

import numpy as np
import pytest
import torch

from app.experiment.reading.notice import Unread
from app.experiment.weights_file import opened_weights
from rnn_core import Parameters, forward
from tests.app.weights import npz

H, K = 3, 2
MODULES = {"RNN": torch.nn.RNN, "LSTM": torch.nn.LSTM}


def unnamed(*arrays: object) -> bytes:
    return npz({f"arr_{n}": np.asarray(one) for n, one in enumerate(arrays)})


def made(kind: str, **how: object) -> tuple[torch.nn.Module, torch.nn.Linear, bytes]:
    """Return a recurrent module of PyTorch, a read-out, and both as a file without names."""
    torch.manual_seed(4)
    rnn = MODULES[kind](2, H, dtype=torch.float64, **how)
    head = torch.nn.Linear(H * (1 + bool(how.get("bidirectional"))), K, dtype=torch.float64)
    arrays = [p.detach().numpy() for p in (*rnn.parameters(), *head.parameters())]
    return rnn, head, unnamed(*arrays)


def refused(content: bytes) -> Unread:
    with pytest.raises(Unread) as caught:
        opened_weights(content, {})
    return caught.value


@pytest.mark.parametrize("kind", MODULES)
def test_each_of_two_layers_computes_what_it_does_in_pytorch(kind: str) -> None:
    rnn, head, content = made(kind, num_layers=2)
    error = refused(content)
    assert "2 layers (arr_1, arr_5); one of them can be opened alone" in str(error)
    x = torch.from_numpy(np.random.default_rng(1).normal(size=(6, 1, 2)))
    alone = MODULES[kind](2, H, dtype=torch.float64)
    alone.load_state_dict({n: v for n, v in rnn.state_dict().items() if n.endswith("_l0")})
    inner = alone(x)[0].detach().numpy()
    first, second = error.choices
    found, understood = opened_weights(content, {first.option: first.value})
    np.testing.assert_allclose(forward(found, x.numpy()).h[1:], inner, rtol=0, atol=1e-15)
    assert "Layer 1 alone: left out arr_4, arr_5, arr_6, arr_7 and 2 more." in understood.sentences
    found, understood = opened_weights(content, {second.option: second.value})
    logits = head(rnn(x)[0][-1]).detach().numpy()
    np.testing.assert_allclose(forward(found, inner).logits[-1], logits, rtol=0, atol=1e-14)
    assert "Layer 2 alone: left out arr_0, arr_1, arr_2, arr_3." in understood.sentences


@pytest.mark.parametrize("kind", MODULES)
@pytest.mark.parametrize("layers", [1, 2])
def test_two_directions_are_told_by_what_reads_them(kind: str, layers: int) -> None:
    rnn, _, content = made(kind, num_layers=layers, bidirectional=True)
    error = refused(content)
    assert ("2 layers in two directions" if layers == 2 else "got two directions") in str(
        error
    ).replace("an LSTM: 4 gates of 3, ", "")
    forwards, backwards = error.choices[:2]
    assert (forwards.label, backwards.label) == (
        "open layer 1 alone",
        "open layer 1 backwards alone",
    )
    x = torch.from_numpy(np.random.default_rng(1).normal(size=(6, 1, 2)))
    way = MODULES[kind](2, H, dtype=torch.float64)
    own = {n: v for n, v in rnn.state_dict().items() if n.endswith("_l0_reverse")}
    way.load_state_dict({n.removesuffix("_reverse"): v for n, v in own.items()})
    found, understood = opened_weights(content, {backwards.option: backwards.value})
    expected = way(x)[0].detach().numpy()
    np.testing.assert_allclose(forward(found, x.numpy()).h[1:], expected, rtol=0, atol=1e-15)
    assert layers == 2 or "No read-out in the file" in understood.line


def drawn(*shapes: tuple[int, ...]) -> list[np.ndarray]:
    return [np.random.default_rng(n).normal(size=shape) for n, shape in enumerate(shapes)]


E, R, B, V, C = (H, 2), (H, H), (H,), (K, H), (K,)


@pytest.mark.parametrize(
    "shapes",
    [
        [(2, H), R, B, R, R, B, (H, K), C],  # Keras
        [(7, 2), E, R, B, B, R, R, B, B, V, C],  # behind an embedding
        [(7, H), R, R, B, R, R, B, V, C],
        [E, R, R, R, V],  # without biases
        [E, R, B, (5, H), (5, 5), (5,), (K, 5), C],  # of other sizes
        [R, R, B, R, R, B],
    ],
)
def test_two_layers_are_told_in_other_orders(shapes: list[tuple[int, ...]]) -> None:
    assert "got 2 layers" in str(refused(unnamed(*drawn(*shapes))))


def test_biases_that_stand_apart_are_given_to_no_layer() -> None:
    error = refused(unnamed(*drawn(E, R, R, R, V, B, B, C)))
    assert "2 layers (arr_1, arr_3); save the arrays of one of them, with its biases" in str(error)
    assert error.choices == ()


@pytest.mark.parametrize(
    "shapes",
    [[E, R, B, B, V, C], [E, R, B, R, B], [R, R, R], [(7, H), R, R, B, V, C], [R, E, B, V, C]],
)
def test_one_layer_is_none_of_several(shapes: list[tuple[int, ...]]) -> None:
    found, _ = opened_weights(unnamed(*drawn(*shapes)), {})
    assert isinstance(found, Parameters)
    assert found.hidden_size == H


@pytest.mark.parametrize("outputs", [1, 2, 4])
def test_a_read_out_is_no_cell_with_gates(outputs: int) -> None:
    torch.manual_seed(2)
    rnn = torch.nn.LSTM(2, 4, dtype=torch.float64)
    head = torch.nn.Linear(4, outputs, dtype=torch.float64)
    arrays = [p.detach().numpy() for p in (*rnn.parameters(), *head.parameters())]
    found, _ = opened_weights(unnamed(*arrays), {})
    x = torch.from_numpy(np.random.default_rng(1).normal(size=(6, 1, 2)))
    expected = head(rnn(x)[0][-1]).detach().numpy()
    np.testing.assert_allclose(forward(found, x.numpy()).logits[-1], expected, rtol=0, atol=1e-14)
