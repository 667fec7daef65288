"""What comes as an array: tensors, tables and lists are taken; what NumPy would misread is not."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import torch

from rnn_core import (
    Parameters,
    backward,
    computational_graph,
    forward,
    initialise,
    pad,
    replay,
    with_spectral_radius,
)

PARAMS = initialise("xavier_uniform", 2, 3, 1, seed=3)
X = np.random.default_rng(1).normal(size=(4, 1, 2)).astype(np.float32)


def test_the_parameters_of_a_module_of_torch_are_taken_as_they_are() -> None:
    torch.manual_seed(1)
    rnn, head = torch.nn.RNN(2, 3, dtype=torch.float64), torch.nn.Linear(3, 1, dtype=torch.float64)
    x = torch.tensor(X.astype(float), requires_grad=True)
    params = Parameters(
        rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0 + rnn.bias_hh_l0, head.weight, head.bias
    )
    trace = forward(params, x, h0=torch.zeros(3, requires_grad=True))
    expected = head(rnn(x)[0][-1]).detach().numpy()
    assert np.abs(trace.logits[0] - expected).max() < 1e-14
    assert rnn.weight_hh_l0.requires_grad


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float8_e4m3fn, torch.int32])
def test_tensors_of_every_kind_of_real_numbers_are_taken_exactly(dtype: torch.dtype) -> None:
    tensor = torch.tensor([[0.5, -2.0, 3.0], [1.0, 0.0, -0.25]]).to(dtype)
    found = Parameters(tensor.T, np.eye(3), tensor[0], tensor, tensor[:, 0])
    assert np.array_equal(found.W_hy, tensor.double().numpy())


TAKEN = {
    "a frame": pd.DataFrame(X[:, 0]),
    "integers that could be missing": pd.DataFrame({"a": [1, 2], "b": [3, 4]}, dtype="Int64"),
    "decimals": [[Decimal("0.5"), Decimal(-1)]],
    "fractions": [[Fraction(1, 3), Fraction(2)]],
    "a mask of nothing": np.ma.array([[1.0, 2.0]], mask=False),
    "a matrix": X[:, 0].astype(float).tolist(),
    "a tensor with a gradient": torch.ones(4, 2, requires_grad=True) * 2,
    "a view that is negated": torch.ones(4, 1, 2).neg(),
}


@pytest.mark.parametrize("name", TAKEN)
def test_sequences_are_taken(name: str) -> None:
    value = TAKEN[name]
    plain = np.array(value.detach().numpy() if hasattr(value, "detach") else value, float)
    assert np.array_equal(forward(PARAMS, value).x[:, 0], plain.reshape(len(plain), 2))


MISREAD = {
    "a mask": (np.ma.array([[1.0, 2.0]], mask=[[False, True]]), "without a mask, got 1 masked"),
    "a mask in a list": ([np.ma.array([1.0, 2.0], mask=[True, True])], "got 2 masked"),
    "a masked number": ([[np.ma.masked, 1.0]], "got 1 masked"),
    "texts": (np.array([["1", "2_0"]], dtype=object), "real numbers"),
    "texts in a list": ([["1", "2"]], "real numbers"),
    "a text among numbers": (np.array([[1.0, "2_0"]], dtype=object), "real numbers"),
    "bytes": (np.array([[b"1", b"2"]], dtype=object), "real numbers"),
    "a column of texts": (pd.DataFrame({"a": [1.0], "b": ["2_0"]}), "real numbers"),
    "categories": (pd.Series(["1", "2"]).astype("category"), "real numbers"),
    "missing numbers": (pd.DataFrame({"a": [1, None], "b": [1, 2]}, dtype="Int64"), "real numbers"),
    "complex numbers": ([[1j, 0]], "real numbers"),
    "a complex tensor": (torch.ones(1, 2, dtype=torch.complex64), "real numbers"),
    "tensors in a list": ([torch.ones(2, requires_grad=True)], "real numbers"),
    "a tensor without numbers": (torch.ones(1, 2, device="meta"), "real numbers"),
    "a sparse tensor": (torch.eye(2).to_sparse(), "real numbers"),
    "raw bytes": (np.zeros((1, 2), "V2"), "real numbers"),
    "named columns": (np.zeros(1, [("a", "f8"), ("b", "f8")]), "real numbers"),
    "dates": (np.array([["2020-01-01"] * 2], "M8[D]"), "real numbers"),
    "a dict": ({"a": 1}, "real numbers"),
    "nothing": ([[None, 1.0]], "real numbers"),
}


@pytest.mark.parametrize("name", MISREAD)
def test_what_numpy_would_misread_is_one_sentence(name: str) -> None:
    value, said = MISREAD[name]
    calls = {
        "x": lambda: forward(PARAMS, value),
        "W_hh": lambda: Parameters(np.ones((2, 1)), value, [0, 0], [[1, 1]], [0]),
        "upstream": lambda: backward(forward(PARAMS, X), upstream=value),
        "target": lambda: forward(PARAMS, X, value),
        "h0": lambda: forward(PARAMS, X, h0=value),
        "x\\[1\\]": lambda: replay(_graph(), {"x[1]": value}),
        "sequences": lambda: pad([value]),
        "W_hh or b_h": lambda: PARAMS.replace(b_h=value),
    }
    for argument, call in calls.items():
        with pytest.raises(ValueError, match="expected") as refused:
            call()
        message = str(refused.value)
        assert "\n" not in message, argument
        assert len(message) < 200, argument
        if argument == "x":
            assert message.startswith("x: ")
            assert said in message


def _graph():
    trace = forward(PARAMS, X, 1.0)
    return computational_graph(trace, backward(trace))


def test_a_matrix_with_a_gradient_is_scaled() -> None:
    matrix = torch.eye(3, dtype=torch.float64, requires_grad=True)
    scaled = with_spectral_radius(PARAMS.replace(W_hh=matrix), 0.5)
    assert np.allclose(scaled.W_hh, np.eye(3) / 2)
