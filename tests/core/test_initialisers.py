"""Initial weights have the spread their names promise."""

import numpy as np
import pytest

from rnn_core import INITIALISERS, Parameters, initialise, with_spectral_radius

D, H, K = 30, 200, 20


@pytest.mark.parametrize("scheme", INITIALISERS)
def test_shapes_and_repeatability(scheme):
    params = initialise(scheme, 2, 4, 3, seed=5)
    assert (params.input_size, params.hidden_size, params.output_size) == (2, 4, 3)
    again = initialise(scheme, 2, 4, 3, seed=np.random.default_rng(5))
    for name, array in params.items():
        assert np.array_equal(array, getattr(again, name))
    assert params.count == 8 + 16 + 4 + 12 + 3


@pytest.mark.parametrize(
    ("scheme", "name", "deviation"),
    [
        ("xavier_uniform", "W_hh", np.sqrt(1 / H)),
        ("xavier_uniform", "W_xh", np.sqrt(2 / (D + H))),
        ("xavier_normal", "W_hy", np.sqrt(2 / (H + K))),
        ("xavier_normal", "W_hh", np.sqrt(1 / H)),
        ("he", "W_hh", np.sqrt(2 / H)),
        ("he", "W_xh", np.sqrt(2 / D)),
        ("uniform_pytorch", "W_hh", np.sqrt(1 / (3 * H))),
        ("uniform_pytorch", "W_xh", np.sqrt(1 / (3 * H))),
        ("uniform_pytorch", "b_h", np.sqrt(1 / (3 * H))),
        ("identity", "W_xh", 0.001),
    ],
)
def test_spread(scheme, name, deviation):
    array = getattr(initialise(scheme, D, H, K, seed=0), name)
    assert array.std() == pytest.approx(deviation, rel=0.15)
    assert abs(array.mean()) < 0.15 * deviation


def test_special_matrices():
    W_hh = initialise("orthogonal", D, H, K, seed=0).W_hh
    np.testing.assert_allclose(W_hh.T @ W_hh, np.eye(H), atol=1e-13)
    assert np.array_equal(initialise("identity", D, H, K, seed=0).W_hh, np.eye(H))
    zeros = initialise("zeros", D, H, K, seed=0)
    assert not any(array.any() for _, array in zeros.items())


@pytest.mark.parametrize(("cell", "keeping", "writing"), [("lstm", "f", "i"), ("gru", "u", None)])
def test_gates_of_long_memory_keep_a_state_for_1_to_200_steps(cell, keeping, writing):
    drawn = initialise("chrono", 3, H, 2, seed=0, cell=cell)
    plain = initialise("uniform_pytorch", 3, H, 2, seed=0, cell=cell)
    kept = drawn[f"b_{keeping}"]
    steps = 1 + np.exp(kept)
    assert steps.min() >= 2
    assert 190 < steps.max() <= 200
    assert steps.mean() == pytest.approx(101, rel=0.1)
    changed = {f"b_{keeping}", f"b_{writing}"}
    for name in drawn.names:
        assert np.array_equal(drawn[name], plain[name]) == (name not in changed)
    if writing:
        np.testing.assert_array_equal(drawn[f"b_{writing}"], -kept)


def test_a_cell_without_gates_is_drawn_as_pytorch_does():
    drawn, plain = (initialise(name, D, H, K, seed=0) for name in ("chrono", "uniform_pytorch"))
    np.testing.assert_array_equal(drawn.vector, plain.vector)


@pytest.mark.parametrize("radius", [0.0, 0.5, 1.3])
def test_spectral_radius(radius):
    for params in (
        initialise("he", D, 40, K, seed=0, spectral_radius=radius),
        Parameters.random(D, 40, K, seed=0, spectral_radius=radius),
        with_spectral_radius(initialise("he", D, 40, K, seed=0), radius),
    ):
        found = np.abs(np.linalg.eigvals(params.W_hh)).max()
        assert found == pytest.approx(radius, rel=1e-12)


def test_scaling_keeps_the_dtype():
    params = Parameters.random(1, 3, seed=0).astype("float32")
    assert with_spectral_radius(params, 0.5).dtype == np.float32


def test_default_sizes():
    assert Parameters.random(1, 2, seed=0).output_size == 1
