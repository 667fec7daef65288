"""The sweep's end-to-end Jacobians against automatic differentiation and numbers worked by hand."""

import pickle
from collections.abc import Callable
from dataclasses import replace
from math import inf, isnan, log10
from typing import Any

import numpy as np
import pytest
import torch

from rnn_core import (
    Parameters,
    Sweep,
    assemble_sweep,
    forward,
    initialise,
    repeat_to_length,
    run_sweep_chunk,
    spaced_lengths,
    sweep_chunks,
    sweep_seconds,
    with_spectral_radius,
)
from rnn_core.sweep import SweepMap

TORCH: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "identity": lambda z: z,
}


def scalar(w: float) -> Parameters:
    return Parameters([[1.0]], [[w]], [0.0], [[1.0]], [0.0])


def drawn(activation: str = "tanh", **changed: Any) -> Sweep:
    networks = tuple(initialise("uniform_pytorch", 2, 5, seed=seed) for seed in range(3))
    x = np.random.default_rng(1).normal(size=(40, 2))
    whole = Sweep(networks, x, (0.4, 1.0, 1.7), (1, 2, 7, 40), activation)
    return replace(whole, **changed)


def swept(sweep: Sweep, seconds: float = 0.15) -> SweepMap:
    parts = sweep_chunks(sweep, seconds)
    return assemble_sweep(
        sweep, parts, {place: run_sweep_chunk(part) for place, part in enumerate(parts)}
    )


def by_torch(sweep: Sweep, network: Parameters, radius: float, length: int) -> float:
    """log₁₀ ‖∂h_T/∂h_0‖₂ by automatic differentiation of the recurrence."""
    W_hh = torch.tensor(network.W_hh)
    W_hh = W_hh * (radius / torch.linalg.eigvals(W_hh).abs().max())
    W_xh, b_h, x = (torch.tensor(a) for a in (network.W_xh, network.b_h, sweep.x))

    def last(h: torch.Tensor) -> torch.Tensor:
        for t in range(length):
            h = TORCH[sweep.activation](W_hh @ h + W_xh @ x[t] + b_h)
        return h

    h0 = torch.zeros(len(W_hh), dtype=torch.float64)
    if sweep.h0 is not None:
        h0 = torch.tensor(sweep.h0)
    jacobian = torch.autograd.functional.jacobian(last, h0)
    return log10(float(torch.linalg.matrix_norm(jacobian, 2)))


@pytest.mark.parametrize("activation", sorted(TORCH))
@pytest.mark.parametrize("h0", [None, np.linspace(-1, 1, 5)], ids=["zero", "given"])
def test_agrees_with_automatic_differentiation(activation: str, h0: Any) -> None:
    # A bias above 0 keeps some ReLUs open.
    networks = (drawn().networks[0].replace(b_h=np.full(5, 0.5)),)
    sweep = drawn(activation, networks=networks, h0=h0)
    found = swept(sweep).log10_norm
    for i, radius in enumerate(sweep.radii):
        for j, length in enumerate(sweep.lengths):
            expected = by_torch(sweep, networks[0], radius, length)
            assert found[i, j] == pytest.approx(expected, rel=1e-10, abs=1e-10)


def test_a_planted_error_is_found() -> None:
    """One step more or less, or another radius, is far outside the tolerance."""
    sweep = drawn()
    found = swept(replace(sweep, networks=sweep.networks[:1])).log10_norm
    assert abs(found[1, 2] - by_torch(sweep, sweep.networks[0], 1.0, 8)) > 1e-3
    assert abs(found[1, 2] - by_torch(sweep, sweep.networks[0], 1.01, 7)) > 1e-3


@pytest.mark.parametrize("w", [0.5, 2.0, 0.25, 8.0])
def test_a_scalar_identity_gives_the_power_of_its_weight_exactly(w: float) -> None:
    """|w|^T, also where float64 has no such number: 2^5000 is about 10^1505."""
    lengths = (1, 2, 10, 1000, 5000)
    sweep = Sweep((scalar(1.0),), np.zeros((5000, 1)), (w,), lengths, "identity")
    powers = [round(length * np.log2(w)) for length in lengths]
    np.testing.assert_allclose(
        swept(sweep).log10_norm[0], [p * log10(2) for p in powers], rtol=1e-15
    )


def test_a_saturated_scalar_by_hand() -> None:
    """h_1 = tanh(1), h_2 = tanh(w h_1 + 1): ∂h_2/∂h_0 = (1 − h_2²) w (1 − h_1²) w."""
    w = 0.7
    h_1 = np.tanh(1.0)
    h_2 = np.tanh(w * h_1 + 1)
    expected = (1 - h_2**2) * w * (1 - h_1**2) * w
    found = swept(Sweep((scalar(1.0),), np.ones((2, 1)), (w,), (2,))).log10_norm
    assert found[0, 0] == pytest.approx(log10(expected), rel=1e-13)


def test_zeros_and_overflow_have_names() -> None:
    shut = swept(Sweep((scalar(1.0),), -np.ones((3, 1)), (0.5,), (1, 3), "relu"))
    assert shut.log10_norm.tolist() == [[-inf, -inf]]
    lengths = (1, 1000, 1100)
    burst = swept(Sweep((scalar(1.0),), np.ones((1100, 1)), (2.0,), lengths, "identity"))
    assert burst.log10_norm[0, 1] == pytest.approx(1000 * log10(2))
    assert isnan(burst.log10_norm[0, 2])  # h_T is near 2^1100: there is no finite state
    nothing = swept(Sweep((scalar(1.0),), np.ones((3, 1)), (0.0,), (1,)))
    assert nothing.log10_norm.tolist() == [[-inf]]


def test_huge_and_tiny_weights_do_not_lose_the_product() -> None:
    """An exponent beyond what a square can hold, up and down again."""
    W_hh = [[1e-60, 1e120], [0.0, 1e-60]]
    params = Parameters(np.zeros((2, 1)), W_hh, [0, 0], [[1, 1]], [0])
    sweep = Sweep((params,), np.zeros((3, 1)), (1e-60,), (1, 2, 3), "identity")
    # J = [[a, b], [0, a]]: J² has 2ab off the diagonal, J³ has 3a²b.
    np.testing.assert_allclose(
        swept(sweep).log10_norm[0], [120, log10(2) + 60, log10(3)], rtol=1e-12
    )


@pytest.mark.parametrize("seconds", [0, 1e-3, 2.5e-3, 1e9])
def test_chunks_do_not_change_a_bit(seconds: float) -> None:
    sweep = drawn()
    assert swept(sweep, seconds).log10_norm.tobytes() == swept(sweep, 0).log10_norm.tobytes()


def test_chunks_are_long_enough_and_survive_a_pickle() -> None:
    sweep = drawn(radii=tuple(np.linspace(0.1, 2, 100)), x=np.zeros((2000, 2)), lengths=(1, 2000))
    parts = sweep_chunks(sweep)
    assert sum(len(part.rows) for part in parts) == sweep.rows == 300
    one = sweep_seconds(sweep) / sweep.rows
    assert all(0.15 <= one * len(part.rows) <= 0.3 for part in parts)
    again = pickle.loads(pickle.dumps(parts[-1]))  # noqa: S301  # our own bytes
    assert run_sweep_chunk(again).tobytes() == run_sweep_chunk(parts[-1]).tobytes()


def test_a_chunk_carries_the_networks_it_needs() -> None:
    parts = sweep_chunks(drawn(), 0)
    assert [len(part.sweep.networks) for part in parts] == [1] * 9
    assert [part.rows[0][1] for part in parts] == [0.4] * 3 + [1.7] * 3 + [1.0] * 3


@pytest.mark.parametrize("count", [1, 2, 5, 8])
def test_a_partial_map_is_spread_over_the_radii(count: int) -> None:
    radii = tuple(np.linspace(0.5, 1.0, count).tolist())
    parts = sweep_chunks(drawn(radii=radii, networks=drawn().networks[:1]), 0)
    order = [radii.index(part.rows[0][1]) for part in parts]
    assert sorted(order) == list(range(count))
    if count == 8:
        assert order == [0, 4, 2, 6, 1, 5, 3, 7]


def test_a_cell_is_the_median_of_its_networks_and_known_when_all_are() -> None:
    sweep = drawn()
    alone = [swept(replace(sweep, networks=(network,))).log10_norm for network in sweep.networks]
    np.testing.assert_array_equal(swept(sweep).log10_norm, np.median(alone, axis=0))
    parts = sweep_chunks(sweep, 0)
    results = {place: run_sweep_chunk(parts[place]) for place in range(len(parts))}
    del results[7]  # of the radius that comes last, the second network
    partly = assemble_sweep(sweep, parts, results)
    assert partly.known == (True, False, True)
    assert np.isnan(partly.log10_norm).all(axis=1).tolist() == [False, True, False]


def test_two_networks_that_are_shut_are_shut() -> None:
    sweep = Sweep((scalar(1.0), scalar(2.0)), -np.ones((3, 1)), (0.5,), (3,), "relu")
    assert swept(sweep).log10_norm.tolist() == [[-inf]]


def test_a_sequence_is_repeated_or_cut() -> None:
    x = np.array([[1.0], [2.0], [3.0]])
    assert repeat_to_length(x, 7).ravel().tolist() == [1, 2, 3, 1, 2, 3, 1]
    assert repeat_to_length(x, 2).ravel().tolist() == [1, 2]


@pytest.mark.parametrize(("longest", "count"), [(1, 5), (7, 7), (12, 12), (100, 12), (5000, 60)])
def test_lengths_rise_from_one_to_the_longest(longest: int, count: int) -> None:
    lengths = spaced_lengths(longest, count)
    assert len(lengths) == min(longest, count)
    assert (lengths[0], lengths[-1]) == (1, longest)
    assert list(lengths) == sorted(set(lengths))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"networks": ()}, "networks: expected at least one"),
        ({"networks": (scalar(1), drawn().networks[0])}, "networks: expected .* the same H and D"),
        ({"radii": ()}, "radii: expected"),
        ({"radii": (-1.0,)}, "radii: expected a finite number of at least 0"),
        ({"radii": (float("nan"),)}, "radii: expected"),
        ({"x": np.zeros((4, 3))}, r"x: expected shape \(T, D\) with D = 2"),
        ({"x": np.full((40, 2), inf)}, "x: expected finite"),
        ({"lengths": ()}, "lengths: expected"),
        ({"lengths": (0, 1)}, "lengths: expected"),
        ({"lengths": (2, 2)}, "lengths: expected"),
        ({"lengths": (1, 41)}, "lengths: expected .* at most 40 steps"),
        ({"activation": "sine"}, "activation: expected one of"),
        ({"radii": tuple(range(1, 2002))}, "sweep: expected at most 2000 rows"),
    ],
)
def test_refusals(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}"):
        drawn(**changed)


def test_too_much_work_is_refused_before_it_begins() -> None:
    network = initialise("orthogonal", 1, 64, seed=0)
    with pytest.raises(ValueError, match=r"^sweep: expected at most .* multiplications"):
        Sweep((network,), np.zeros((9000, 1)), tuple(np.linspace(0.1, 2, 2000)), (9000,))


def test_weights_without_eigenvalues_cannot_be_scaled() -> None:
    (part,) = sweep_chunks(Sweep((scalar(0.0),), np.zeros((1, 1)), (1.0,), (1,)))
    with pytest.raises(
        ValueError, match=r"^spectral_radius: expected a recurrent matrix with an eigenvalue"
    ):
        run_sweep_chunk(part)


def test_the_cell_state_that_a_run_starts_from_counts() -> None:
    """Against central differences of the last states by the first, (h, c) together."""
    rng = np.random.default_rng(3)
    network = Parameters.random(1, 2, 1, seed=2, cell="lstm")
    start = rng.normal(size=4)
    x, length, small = rng.normal(size=(3, 1)), 3, 1e-6
    scaled = with_spectral_radius(network, 0.9)

    def last(states: np.ndarray) -> np.ndarray:
        run = forward(scaled, x, h0=states[:2], c0=states[2:])
        return np.concatenate([run["h"][-1, 0], run["c"][-1, 0]])

    jacobian = np.stack(
        [(last(start + step) - last(start - step)) / (2 * small) for step in small * np.eye(4)]
    )
    expected = log10(float(np.linalg.norm(jacobian, 2)))
    sweep = Sweep((network,), x, (0.9,), (length,), h0=start[:2], c0=start[2:])
    assert swept(sweep).log10_norm[0, 0] == pytest.approx(expected, abs=1e-8)
    elsewhere = replace(sweep, c0=np.zeros(2))
    assert abs(swept(elsewhere).log10_norm[0, 0] - expected) > 1e-3
