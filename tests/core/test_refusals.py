"""Wrong input is refused in one sentence that names what, what was expected and what came."""

import numpy as np
import pytest

from rnn_core import Parameters, backward, forward, initialise, limits

PARAMS = Parameters.random(2, 3, 2, seed=0)
X = np.ones((4, 1, 2))
TRACE = forward(PARAMS, X, [0.0, 1.0])
GOOD = {
    "W_xh": np.ones((3, 2)),
    "W_hh": np.ones((3, 3)),
    "b_h": np.ones(3),
    "W_hy": np.ones((2, 3)),
    "b_y": np.ones(2),
}
SOFTMAX = {"loss": "softmax_cross_entropy"}


def refused(call, *parts):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is checked below
        call()
    message = str(caught.value)
    assert "\n" not in message
    for part in ("expected", "got", *parts):
        assert part in message, message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("W_xh", np.ones((2, 2))),
        ("W_xh", np.ones((3, 0))),
        ("W_xh", np.ones(3)),
        ("W_hh", np.ones((3, 2))),
        ("W_hh", np.ones((0, 0))),
        ("W_hh", 1.0),
        ("b_h", np.ones(2)),
        ("b_h", np.ones((3, 1))),
        ("W_hy", np.ones((2, 2))),
        ("W_hy", np.ones((0, 3))),
        ("b_y", np.ones(3)),
        ("b_h", [1, np.nan, 0]),
        ("b_h", [1, np.inf, 0]),
        ("b_h", ["1", "2", "3"]),
        ("b_h", [1j, 0, 0]),
        ("b_h", [10**400, 0, 0]),
        ("W_hh", [[1, 2, 3], [4, 5], [6]]),
        ("b_y", None),
        ("b_y", [None, 1]),
    ],
)
def test_parameters(name, value):
    refused(lambda: Parameters(**{**GOOD, name: value}), name)


def test_parameters_too_large_for_float32():
    refused(lambda: Parameters(**{**GOOD, "b_h": [1e39, 0, 0]}, dtype="float32"), "b_h", "float32")
    for dtype in ("float16", "int64", "complex128", "nonsense"):
        refused(lambda d=dtype: Parameters(**GOOD, dtype=d), "dtype", dtype)


@pytest.mark.parametrize(
    "x",
    [
        np.ones((4, 3)),
        np.ones((4, 1, 3)),
        np.ones(4),
        np.ones((1, 4, 1, 2)),
        np.ones((0, 1, 2)),
        np.ones((4, 0, 2)),
        [],
        3.0,
        None,
        "text",
        [[1.0, np.nan]],
        [[np.inf, -np.inf]],
        [[1, 2], [3]],
        [[1e308, np.inf]],
    ],
)
def test_sequences(x):
    refused(lambda: forward(PARAMS, x), "x: ")


def test_a_sequence_whose_sum_overflows_is_not_refused():
    assert forward(PARAMS, [[1.7e308, 1.7e308]]).z.shape == (1, 1, 3)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("activation", {"activation": "softplus"}),
        ("activation", {"activation": None}),
        ("activation", {"activation": ["tanh"]}),
        ("loss", {"loss": "hinge"}),
        ("readout", {"readout": "first"}),
        ("readout", {"readout": ["last"]}),
        ("h0", {"h0": np.ones(2)}),
        ("h0", {"h0": np.ones((2, 3))}),
        ("h0", {"h0": [np.nan, 0, 0]}),
        ("h0", {"h0": 0.0}),
    ],
)
def test_settings(name, settings):
    refused(lambda: forward(PARAMS, X, **settings), f"{name}: ")


@pytest.mark.parametrize(
    ("target", "settings"),
    [
        ([0, 1.5], {}),
        ([-0.1, 1], {}),
        ([np.nan, 1], {}),
        (2.0, {}),
        ([1, 0, 1], {}),
        (np.ones((2, 2)), {}),
        (np.ones((4, 2)), {}),
        ("yes", {}),
        ([np.inf, 0], {"loss": "squared_error"}),
        (np.ones((4, 2)), {"loss": "squared_error"}),
        (np.ones(4), {"loss": "squared_error", "readout": "every"}),
        (2, SOFTMAX),
        (-1, SOFTMAX),
        (0.5, SOFTMAX),
        ([0.5, 0.6], SOFTMAX),
        ([-0.5, 1.5], SOFTMAX),
        ([np.nan, 1], SOFTMAX),
        ([1, 0, 1], SOFTMAX),
        ([0, 1, 2, 0], {**SOFTMAX, "readout": "every"}),
    ],
)
def test_targets(target, settings):
    refused(lambda: forward(PARAMS, X, target, **settings), "target: ")


def test_softmax_of_one_output():
    one = Parameters.random(2, 3, 1, seed=0)
    refused(lambda: forward(one, X, 0, **SOFTMAX), "at least 2 outputs")


@pytest.mark.parametrize("upstream", [np.ones((4, 1, 2)), np.ones((3, 1, 3)), np.nan, [[1], []]])
def test_upstream(upstream):
    refused(lambda: backward(TRACE, upstream=upstream), "upstream: ")


@pytest.mark.parametrize("truncate", [0, -1, 1.5, "2", np.nan])
def test_truncate(truncate):
    refused(lambda: backward(TRACE, truncate=truncate), "truncate: ")


def test_nothing_to_differentiate():
    refused(lambda: backward(forward(PARAMS, X)), "target", "upstream")


def test_names_of_parameters():
    grads = backward(TRACE)
    refused(lambda: grads.contribution("W"), "parameter: ", "'W'")
    refused(lambda: PARAMS.replace(W=1), "parameter: ", "'W'")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("initialiser", ("best", 1, 1)),
        ("input_size", ("he", 0, 1)),
        ("hidden_size", ("he", 1, -1)),
        ("hidden_size", ("he", 1, 2.0)),
        ("output_size", ("he", 1, 1, "1")),
    ],
)
def test_initialisers(name, arguments):
    refused(lambda: initialise(*arguments, seed=0), f"{name}: ")


def test_seeds_and_radii():
    for seed in (-1, 1.5, "0", None):
        refused(lambda s=seed: Parameters.random(1, 2, seed=s), "seed: ")
    for radius in (-1, np.nan, np.inf, "big"):
        refused(lambda r=radius: Parameters.random(1, 2, seed=0, spectral_radius=r), "spectral")
    refused(lambda: initialise("zeros", 1, 2, seed=0, spectral_radius=1.0), "spectral_radius")


def test_work_over_the_budget_is_refused_before_memory_is_taken():
    params = Parameters.random(1, 512, seed=0)
    endless = np.broadcast_to(np.zeros(1), (3_000_000, 1, 1))
    refused(lambda: forward(params, endless), "forward", "MiB")
    vast = np.broadcast_to(np.zeros(1), (10**13, 1, 1))
    refused(lambda: forward(Parameters.random(1, 1, seed=0), vast), "forward", "MiB")
    long = forward(Parameters.random(1, 200, seed=0), np.zeros(5000), 1.0)
    refused(lambda: backward(long).contribution("W_hh"), "contribution of W_hh", "MiB")
    refused(lambda: Parameters.random(1, 10**6, seed=0), "initialise", "MiB")


def test_multiplications_over_the_budget_are_refused():
    refused(lambda: limits.require_work("forward", limits.MAX_MULTIPLICATIONS + 1), "forward")
    limits.require_work("forward", limits.MAX_MULTIPLICATIONS)
