"""The page "Without the loop": its numbers, its drawings, and what it says."""

import re
from typing import Any

import numpy as np
import pytest

from app.experiment.presets import PRESETS
from app.experiment.run import trace_of
from app.experiment.sources import Drawn, Numbers, Series
from app.experiment.value import Experiment
from app.views.without_the_loop.compute import (
    approximations,
    batches,
    cuts,
    drawn,
    pieces,
    solve,
    ways,
)
from app.views.without_the_loop.compute.results import difference
from app.views.without_the_loop.figures import cuts as cut_figures
from app.views.without_the_loop.figures import dependency, iterates, waiting
from app.views.without_the_loop.page import SECTIONS
from app.views.without_the_loop.sections import words
from rnn_core import Sizes, backward, critical_path, dependency_graph, forward, linearise
from rnn_core.recurrence import unroll
from tests.app.loop_free import page, rows, shown
from tests.experiments import six_steps

CHAOTIC = Experiment(
    sequence=Series(name="sine", length=200, scaling="none"),
    weights=Drawn(scheme="orthogonal", seed=1, hidden=16, spectral_radius=4.0),
    loss="squared_error",
    readout="every",
)
ONE = Experiment(
    sequence=Numbers(values=(((1.0,),),), target=(((1.0,),),)),
    weights=Drawn(scheme="orthogonal", seed=1, hidden=1),
)
EXPLODING = Experiment(
    sequence=Numbers(values=tuple(((1.0,),) for _ in range(200)), target=(((1.0,),),)),
    weights=Drawn(scheme="identity", seed=1, hidden=2, spectral_radius=1000.0),
    activation="identity",
    loss="squared_error",
)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize(
    "experiment",
    [ONE, EXPLODING, PRESETS["first_bit"].experiment],
    ids=["one", "exploding", "batch"],
)
def test_every_section_opens(section: str, experiment: Experiment) -> None:
    app = page(experiment, section)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize(
    ("section", "controls"),
    [
        ("<script>", {}),
        ("Batch", {"wl_b": "7", "wl_len": "6, 2"}),
        ("Chunks", {"wl_n": "-3", "wl_cut": "\x00"}),
        ("Chunks", {"wl_n": "999", "wl_cut": "Before each loss"}),
        ("Linear", {"wl_at": "nowhere"}),
        ("Iterate", {"wl_m": "magic", "wl_i": "10000", "wl_cap": "1e9", "wl_u": "nan"}),
        ("Iterate", {"wl_m": "Damped Newton (ELK)", "wl_i": "2", "wl_cap": "3"}),
    ],
)
def test_a_hostile_address_falls_back(section: str, controls: dict[str, str]) -> None:
    app = page(six_steps(), section, **controls)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("text", ["", "0", "7", "1 2 x", "9" * 70, "1," * 20, "<b>", "²"])
def test_lengths_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="lengths: expected 1 to 16 whole numbers from 1 to 6"):
        batches.checked_lengths(text, six_steps())


def test_lengths_that_cannot_be_are_told() -> None:
    app = page(six_steps(), "Batch", wl_len="1, <b>")
    assert not app.exception
    (error,) = app.error
    assert error.value.endswith("got '1, `<b>'`")


def test_relu_has_no_tangent_at_zero_and_the_page_says_so() -> None:
    app = page(PRESETS["parity"].experiment, "Linear")
    assert not app.exception
    (note,) = app.info
    assert note.value.startswith("ReLU has a kink at z = 0")


def test_the_table_states_what_the_core_computes() -> None:
    table = rows(page(six_steps(), "Compare"))
    trace = trace_of(six_steps())
    steps, _, inputs, hidden, _ = six_steps().sizes
    loop = table["Loop, as written"]
    assert loop[1] == f"{trace.loss:.4g}"
    assert loop[3:5] == [str(steps * hidden * (inputs + hidden + 1)), str(steps)]
    assert loop[6] == "1×"
    assert table["Linear, powers by doubling ≠"][4] == "4"
    assert table["Newton (DEER)"][1] == loop[1]
    assert float(table["Newton (DEER)"][2].replace("−", "-")) < 1e-14
    assert all(re.fullmatch(r"[\d.]+\s[mµ]?s \(.*\)", cells[5]) for cells in (loop,))


def test_the_linear_network_is_the_tangent_at_zero() -> None:
    start = ways.start_of(six_steps())
    A, b = ways.linear_network(start)
    made = linearise(start.params, start.x, h0=start.h0, around="zero")
    np.testing.assert_array_equal(A, made.A)
    np.testing.assert_allclose(b, made.b, rtol=1e-15)
    result = ways.result_of(six_steps(), "doubling")
    assert result.difference == pytest.approx(np.abs(made.h - made.true).max())


@pytest.mark.parametrize("name", [name for name, way in ways.WAYS.items() if way.exact])
def test_exact_ways_give_the_loops_states_and_loss(name: str) -> None:
    for preset in ("first_bit", "text", "by_hand"):
        experiment = PRESETS[preset].experiment
        result, trace = ways.result_of(experiment, name), trace_of(experiment)
        assert result.h is not None
        np.testing.assert_allclose(result.h, trace.h, atol=1e-13)
        assert result.loss == pytest.approx(trace.loss, rel=1e-12)


def test_a_planted_difference_is_found() -> None:
    h = np.zeros((3, 1, 2))
    off = h.copy()
    off[2, 0, 1] = 1e-9
    assert difference(off, h) == 1e-9
    assert difference(np.full(2, np.inf), np.full(2, np.inf)) == 0
    assert np.isnan(difference(np.array([np.nan]), np.array([0.0])))


def test_drawings_say_what_they_leave_out() -> None:
    found = drawn.drawn_of(ways.result_of(PRESETS["sunspots"].experiment, "newton"))
    assert found is not None
    assert found.left_out.startswith("Drawn: the first 16 of 100 steps, 3 of ")
    assert len({t for _, t in found.graph.nodes(data="t")}) == 16
    short = drawn.drawn_of(ways.result_of(six_steps(), "loop"))
    assert short is not None
    assert short.left_out == ""
    assert short.waiting == 100


@pytest.mark.parametrize("way", ["loop", "doubling", "toeplitz", "chunked_jacobi", "newton"])
def test_the_thick_line_is_the_longest_chain(way: str) -> None:
    graph = dependency_graph(way, Sizes(7, 1, 2, iterations=2, chunk=3))
    figure = dependency.figure(graph)
    (chain,) = [trace for trace in figure["data"] if trace.get("name") == "longest chain"]
    path = critical_path(graph)
    assert len(chain["x"]) == len(path)
    assert chain["x"] == sorted(chain["x"])
    (edges,) = [trace for trace in figure["data"] if trace.get("mode") == "lines"]
    assert len(edges["x"]) == 3 * graph.number_of_edges()
    places = [
        place
        for trace in figure["data"]
        if trace["mode"] == "markers"
        for place in zip(trace["x"], trace["y"], strict=True)
    ]
    assert len(places) == len(set(places)) == len(graph)  # no node hides another


def test_the_two_staircases_have_one_height_however_many_steps_they_have() -> None:
    heights = set()
    for steps in (2, 16, 26, 32):
        for chart in waiting.staircases(Sizes(steps, 1, 1)):
            figure = chart["views"][0]["figure"]
            assert figure is not None
            (chain,) = [one for one in figure["data"] if one.get("name") == "longest chain"]
            assert chain["y"][-1] == steps  # the last state waits longest
            assert chain["cliponaxis"] is False  # its ring is whole at the edge
            heights.add(figure["layout"]["height"])
    assert len(heights) == 1


def test_the_page_says_which_steps_are_meant_and_when_a_shorter_chain_pays() -> None:
    app = page(six_steps(), "Compare")
    assert [slider.label for slider in app.slider] == ["Steps of this drawing"]
    assert "All ways, for the sidebar’s network with T = 6" in [one.value for one in app.header]
    (worth,) = [one.value for one in app.markdown if one.value.startswith("**Is it worth it?**")]
    assert "from T\u00a0=\u00a05 on" in worth  # ⌊log₂ 5⌋ + 2 = 4 < 5, and at T = 4 it is 4, too
    assert "it is **11** operations long, the loop’s **1000**" in worth  # ⌊log₂ 1000⌋ + 2
    assert "each of Newton’s iterations is **11** long" in worth  # 1 + ⌈log₂ 1000⌉


def test_batches_equal_single_runs_and_a_planted_error_does_not() -> None:
    proof = batches.proof_of(PRESETS["text"].experiment, 8)
    assert max(proof.states, proof.gradients) < 1e-13
    start, x = batches.batch_of(six_steps(), 4)
    np.testing.assert_array_equal(x[:, 0], start.x[:, 0])
    swapped = forward(start.params, x[:, ::-1]).h
    assert difference(swapped, forward(start.params, x).h) > 0.1


def test_padding_states_the_losses_of_separate_runs() -> None:
    experiment = six_steps()
    table = rows(page(experiment, "Batch", wl_len="3, 6"))
    trace = trace_of(experiment)
    alone = forward(trace.params, trace.x[:3], trace.target)
    assert table["length"] == ["3", "6"]
    assert table["loss, run alone"] == [f"{alone.loss:.4g}", f"{trace.loss:.4g}"]


def test_the_cut_states_cosine_and_ratio() -> None:
    experiment = six_steps()
    app = page(experiment, "Chunks", wl_n="2", wl_cut="Before each loss")
    trace = trace_of(experiment)
    cut, full = (backward(trace, truncate=k).parameters.W_hh.ravel() for k in (2, None))
    ratio = np.linalg.norm(cut) / np.linalg.norm(full)
    cosine = cut @ full / np.linalg.norm(cut) / np.linalg.norm(full)
    assert rows(app)["W_hh"] == [f"{cosine:.4g}", f"{ratio:.4g}"]


@pytest.mark.parametrize(("kind", "edges"), [("chunks", 2), ("window", 1)])
def test_cut_edges_are_drawn_dashed(kind: str, edges: int) -> None:
    graph = cuts.flow_of(six_steps(), 2, kind)
    chart = cut_figures.flow(graph, 6, "")
    figure: Any = chart["views"][0]["figure"]
    (dashed,) = [trace for trace in figure["data"] if trace.get("name") == "cut"]
    assert dashed["line"]["dash"] == "dash"
    assert len(dashed["x"]) == 3 * edges


def test_many_lengths_are_thinned() -> None:
    long = PRESETS["sunspots"].experiment
    lengths = cuts.lengths_of(long, "chunks")
    assert len(lengths) <= cuts.MOST_LENGTHS
    assert (lengths[0], lengths[-1]) == (1, 100)


def test_slopes_by_hand() -> None:
    experiment = PRESETS["by_hand"].experiment  # states 1, 1 / 0.5, 0 (shut) / …
    relu = pieces.slopes_of(experiment, "relu")
    np.testing.assert_array_equal(relu.slope[:, 0], trace_of(experiment).z[:, 0] > 0)
    assert relu.dead == 0
    found = pieces.pieces_of(experiment)
    assert (found.pattern, found.switched, found.scanned) == (2, 0.0, 0.0)


def test_a_dead_unit_is_counted() -> None:
    weights = six_steps().parameters().replace(W_xh=[[0.8], [0.0]], b_h=[0.0, -9.0])
    from app.experiment.resizing import given_weights

    dead = six_steps().replace(
        weights=given_weights({name: np.asarray(a) for name, a in weights.items()})
    )
    assert pieces.slopes_of(dead, "relu").dead == 1


def test_the_error_of_tangents_has_the_order_that_theory_gives() -> None:
    orders = {
        name: approximations.tangent_of(six_steps(), name).order for name in ("zero", "input")
    }
    assert orders == pytest.approx({"zero": 3, "input": 3}, abs=0.05)
    assert approximations.tangent_of(six_steps(), "trajectory").order == pytest.approx(2, abs=0.05)


def test_linear_networks_are_solved_as_by_their_loop() -> None:
    for preset in ("exploding", "sine"):
        for one in approximations.solved_of(PRESETS[preset].experiment):
            assert not one.refused
            assert one.difference < 1e-13


def test_iterates_agree_with_the_loop_up_to_their_number() -> None:
    experiment = PRESETS["text"].experiment
    played = solve.played_of(experiment, "fixed_point", 100, None)
    assert all(front >= number for number, front in enumerate(played.fronts))
    start = ways.start_of(experiment)
    loop = unroll(start.params, start.x, start.h0, "tanh")[1]
    np.testing.assert_array_equal(played.loop, loop[:, 0])
    chart = iterates.states(played.iterates[3], played.loop, 0, 3, played.fronts[3])
    wanted = np.abs(played.iterates[3] - played.loop).max()
    assert f"units is {words.off(wanted)}"[:12] in chart["views"][0]["text"]


def test_a_chaotic_case_gives_up_and_says_so() -> None:
    app = page(CHAOTIC, "Iterate")
    assert re.search(r"Gave up after \*\*100 iterations\*\*.*The loop did the rest", shown(app))
    result = ways.result_of(CHAOTIC, "fixed_point")
    assert result.solution is not None
    assert result.solution.fell_back
    assert result.cost is not None
    assert result.cost.depth == 101 + 100  # iterations, their input, and the loop's steps


def test_the_player_steps_and_plays_to_the_end_whatever_the_browser_still_has() -> None:
    app = page(six_steps(), "Iterate")
    app.button(key="wl_step").click().run()
    app.button(key="wl_step").click().run()
    assert app.slider(key="wl_i").value == 2
    app.button(key="wl_back").click().run()
    assert app.slider(key="wl_i").value == 1
    app.button(key="wl_play").click().run()
    last = app.slider(key="wl_i").max
    while app.slider(key="wl_i").value < last:
        app.run()
    assert app.button(key="wl_play").label == "Pause"
    app.slider(key="wl_i").set_value(last - 1).run()  # sent before the last answer came
    assert app.slider(key="wl_i").value == last
    assert app.button(key="wl_play").label == "Play"
    assert app.button(key="wl_step").disabled


@pytest.mark.parametrize(
    ("seconds", "text"), [(2.5, "2.5 s"), (1.234e-3, "1.23 ms"), (5e-6, "5 µs"), (5e-8, "0.05 µs")]
)
def test_durations(seconds: float, text: str) -> None:
    assert words.duration(seconds) == text
