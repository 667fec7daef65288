"""The sweep's controls, what it computes, and what it says, without a browser."""

import json
from math import log10

import numpy as np
import pytest

from app.experiment.presets import PRESETS, default
from app.experiment.sources import Drawn
from app.views.gradient_flow.compute import sweep as compute
from app.views.gradient_flow.compute.sweep import Grid
from app.views.gradient_flow.figures import sweep as figures
from app.views.gradient_flow.figures.sweep_words import sweep_in_words
from rnn_core import SweepMap
from tests.app.sweep_map import OPENING, scalar


def made(*rows: list[float], known: tuple[bool, ...] = ()) -> SweepMap:
    radii = tuple(0.5 + 0.25 * row for row in range(len(rows)))
    lengths = tuple(10 * (1 + column) for column in range(len(rows[0])))
    return SweepMap(radii, lengths, 1, np.array(rows), known or (True,) * len(rows))


def test_the_map_of_a_scalar_is_the_power_of_the_radius() -> None:
    found = compute.map_of(scalar(), Grid(0.5, 1.5, 5, 50, 4))
    assert found.radii == (0.5, 0.75, 1.0, 1.25, 1.5)
    expected = np.outer(np.log10(found.radii), found.lengths)
    np.testing.assert_allclose(found.log10_norm, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_opens_at_once(name: str) -> None:
    experiment = PRESETS[name].experiment
    params = experiment.parameters()
    if not any(params[matrix].any() for matrix in params.cell.recurrent):
        with pytest.raises(
            ValueError, match="expected a recurrent matrix with an eigenvalue other than 0"
        ):
            compute.map_of(experiment, OPENING)
        return
    assert compute.seconds_of(experiment, OPENING) <= compute.FREE_SECONDS
    assert compute.map_of(experiment, OPENING).known == (True,) * 12


def test_drawn_networks_take_the_seeds_that_follow() -> None:
    drawn = default().replace(weights=Drawn(seed=2**32 - 1, hidden=3, edits=(("b_h", 0, 0, 5.0),)))
    networks = compute.sweep_of(drawn, Grid(0.5, 1, 2, 5, 2, networks=3)).networks
    assert [float(network.b_h[0]) for network in networks] == [5.0] * 3  # edits stay
    after = drawn.replace(weights=Drawn(seed=1, hidden=3)).parameters()
    np.testing.assert_array_equal(networks[2].W_hh, after.W_hh)
    given = compute.sweep_of(default(), Grid(0.5, 1, 2, 5, 2, networks=3))
    assert len(given.networks) == 1


def test_the_input_is_the_shown_sequence_or_noise() -> None:
    experiment = PRESETS["first_bit"].experiment.replace(sample=1)
    own = compute.sweep_of(experiment, Grid(0.5, 1, 2, 20, 2)).x
    np.testing.assert_array_equal(own, np.resize(experiment.x()[:, 1], (20, 1)))
    noise = compute.sweep_of(experiment, Grid(0.5, 1, 2, 20, 2, noise=True)).x
    assert noise.shape == (20, 1)
    np.testing.assert_array_equal(
        noise, compute.sweep_of(experiment, Grid(0.5, 1, 2, 20, 2, noise=True)).x
    )


def test_a_coarse_map_is_quick_over_the_same_radii() -> None:
    large = default().replace(weights=Drawn(scheme="orthogonal", hidden=64))
    grid = Grid(0.3, 2.5, 60, 5000, 60, networks=20)
    small = compute.coarse(large, grid)
    assert compute.seconds_of(large, grid) > 60  # seconds
    assert compute.seconds_of(large, small) <= compute.FREE_SECONDS
    assert (small.low, small.high, small.radii, small.networks) == (0.3, 2.5, 12, 1)


def test_one_radius_where_both_ends_are_the_same() -> None:
    found = compute.map_of(scalar(), Grid(2.0, 2.0, 12, 4, 2))
    assert (found.radii, found.lengths) == ((2.0,), (1, 4))
    assert figures.chart(found)["views"][0]["figure"] is not None


# What is said and drawn


def test_the_sentence_states_numbers_worked_by_hand() -> None:
    """0.5^T < 1e-6 from T = 20 on, 2^T > 1e6 likewise; at radius 1 all is 1."""
    lengths = (10, 19, 20, 100)
    found = SweepMap(
        (0.5, 1.0, 2.0),
        lengths,
        1,
        np.outer([-log10(2), 0, log10(2)], lengths),
        (True,) * 3,
    )
    assert sweep_in_words(found) == (
        "At T = 100, ‖∂h_T/∂h_0‖ is within a factor of 10 of 1 for spectral radius 1; "
        "below 10⁻⁶ for 0.5 (at 0.5 from T = 20 on); above 10⁶ for 2 (at 2 from T = 20 on)."
    )


def test_the_sentence_says_from_where_on_it_stays_below() -> None:
    found = made([-7, -1, -8], [-1.5, -1.5, -1.5])
    assert sweep_in_words(found) == (
        "At T = 30, ‖∂h_T/∂h_0‖ is within a factor of 10 of 1 for no spectral radius of the map "
        "(nearest: log₁₀ = −1.5 at 0.75); below 10⁻⁶ for 0.5 (at 0.5 from T = 30 on)."
    )


def test_the_sentence_says_where_there_is_no_number() -> None:
    found = made([0.0, 0.5], [400.0, float("nan")])
    assert sweep_in_words(found).endswith(
        "for spectral radius 0.5; without a number for 0.75, where the states overflow."
    )


def test_the_sentence_while_it_fills_in() -> None:
    nan = float("nan")
    none = made([nan, nan], [nan, nan], known=(False, False))
    assert sweep_in_words(none) == "Nothing is computed yet."
    half = made([0.0, 0.5], [nan, nan], known=(True, False))
    assert sweep_in_words(half) == (
        "So far, 1 of 2 radii: at T = 20, ‖∂h_T/∂h_0‖ is within a factor of 10 of 1 for spectral "
        "radius 0.5."
    )
    notes = figures.chart(half)["views"][0]["notes"]
    assert not any("NaN" in note for note in notes)  # not yet computed is not without a number


def test_cells_beyond_numbers_are_named() -> None:
    found = made([-324.0, -np.inf], [309.0, float("nan")])
    notes = " ".join(figures.chart(found)["views"][0]["notes"])
    assert "The colours end at 10 to the ±20" in notes
    assert "1 cell: underflow: below 5·10⁻³²⁴" in notes
    assert "1 cell: overflow: above 1.8·10³⁰⁸" in notes
    assert "1 cell: exactly 0, marked 0" in notes
    assert "1 cell: without a number, marked NaN" in notes
    figure = figures.chart(found)["views"][0]["figure"]
    assert figure is not None
    assert figure["data"][1]["text"] == ["−324", "0", "309", "NaN"]


def test_colours_are_centred_on_one_and_the_table_has_every_number() -> None:
    found = compute.map_of(default(), OPENING)
    chart = figures.chart(found)
    figure = chart["views"][0]["figure"]
    assert figure is not None
    heat = figure["data"][0]
    assert heat["zmin"] == -heat["zmax"] == -20.0
    assert heat["meta"] == {"scale": "diverging"}
    (table,) = chart["tables"]
    assert table["cells"]["shape"] == "12, 12"
    json.dumps(chart, allow_nan=False)  # what travels is JSON


def test_a_large_map_writes_names_only_and_marks_radius_one() -> None:
    found = compute.map_of(scalar(), Grid(0.5, 1.5, 30, 50, 20))
    figure = figures.chart(found)["views"][0]["figure"]
    assert figure is not None
    assert [trace["type"] for trace in figure["data"]] == ["heatmap", "scatter"]
    assert figure["data"][1]["y"] == [1, 1]
