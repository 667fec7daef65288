"""The figures against the trace and the gradients themselves, computed independently here."""

import base64
import html
import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from app.figures import downsample, payload
from app.figures.norms import lengths
from app.figures.palette import palette
from app.figures.parameters import MOST_STEPS, lengths_of_terms
from app.figures.types import Steps, packed
from app.figures.words import not_finite, plain_label, plotly_text, short
from rnn_core import NAMES, Gradients, Parameters, Trace, backward, forward

RNG = np.random.default_rng(3)


def run(
    steps: int = 6,
    hidden: int = 2,
    *,
    inputs: int = 1,
    outputs: int = 1,
    batch: int = 1,
    target: Any = 1.0,
    truncate: int | None = None,
    **options: Any,
) -> tuple[Trace, Gradients]:
    params = Parameters.random(inputs, hidden, outputs, seed=1)
    x = np.random.default_rng(2).normal(size=(steps, batch, inputs))
    trace = forward(params, x, target, **options)
    return trace, backward(trace, truncate=truncate)


def exploded() -> tuple[Trace, Gradients]:
    params = Parameters([[1e200], [1e200]], np.eye(2) * 1e100, [0, 0], [[1, 1]], [0])
    trace = forward(params, [1.0, 0, 0, 0], 1.0, activation="identity")
    return trace, backward(trace)


def huge() -> tuple[Trace, Gradients]:
    params = Parameters([[1e300]], [[1.0]], [0], [[1e-300]], [0])
    options: dict[str, Any] = {"activation": "identity", "loss": "squared_error"}
    trace = forward(params, [1.0, -0.5, 0.2], 0.5, **options)
    return trace, backward(trace)


def dead() -> tuple[Trace, Gradients]:
    params = Parameters([[1.0]] * 3, -np.eye(3), [-5] * 3, [[1, 1, 1]], [0])
    trace = forward(params, RNG.normal(size=8), 1.0, activation="relu")
    return trace, backward(trace)


CASES = {
    "small": run,
    "one step, one unit": lambda: run(1, 1),
    "three units": lambda: run(5, 3),
    "many units": lambda: run(9, 14, inputs=5),
    "every step": lambda: run(7, 2, target=np.ones((7, 1, 1)), readout="every"),
    "two outputs": lambda: run(7, 2, outputs=2, target=np.ones((1, 1, 2))),
    "two outputs, every step": lambda: run(
        7, 2, outputs=2, target=np.ones((7, 1, 2)), readout="every"
    ),
    "squared error": lambda: run(6, 2, loss="squared_error"),
    "classes": lambda: run(6, 2, outputs=5, target=[3], loss="softmax_cross_entropy"),
    "classes, every step": lambda: run(
        6, 2, outputs=5, target=np.zeros((6, 1), int), loss="softmax_cross_entropy", readout="every"
    ),
    "batch": lambda: run(6, 2, batch=3, target=np.ones((1, 3, 1))),
    "truncated": lambda: run(20, 2, truncate=4),
    "long": lambda: run(1500, 5),
    "long, every step": lambda: run(1500, 2, target=np.ones((1500, 1, 1)), readout="every"),
    "exploded": exploded,
    "huge": huge,
    "dead": dead,
}


def unpacked(spec: Any) -> np.ndarray:
    if not isinstance(spec, dict):
        return np.asarray(spec)
    flat = np.frombuffer(base64.b64decode(spec["bdata"]), np.dtype(spec["dtype"]).newbyteorder("<"))
    return flat.reshape([int(n) for n in spec["shape"].split(",")]) if "shape" in spec else flat


def charts(data: dict[str, Any]) -> dict[str, Any]:
    return {chart["id"]: chart for group in data["groups"] for chart in group["charts"]}


def views(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, chart in charts(data).items():
        for view in chart["views"]:
            yield name, view


def heat(view: dict[str, Any]) -> np.ndarray:
    return unpacked(view["figure"]["data"][0]["z"])


@pytest.mark.parametrize("case", CASES)
def test_every_figure_is_one_that_plotly_accepts(case: str) -> None:
    data = payload(*CASES[case]())
    count = 0
    for name, view in views(data):
        assert view["text"].endswith("."), name
        assert "nan" not in view["text"]
        go.Figure(view["figure"])
        count += 1
    assert count >= 9


@pytest.mark.parametrize("case", CASES)
def test_the_payload_is_json_without_nan(case: str) -> None:
    text = json.dumps(payload(*CASES[case]()), allow_nan=False)
    assert len(text) < 1_500_000


@pytest.mark.parametrize("case", CASES)
def test_no_drawn_number_is_infinite(case: str) -> None:
    for _, view in views(payload(*CASES[case]())):
        for trace in view["figure"]["data"]:
            for name in ("x", "y", "z"):
                numbers = unpacked(trace.get(name, []))
                assert not np.isinf(numbers.astype(float)).any()


@pytest.mark.parametrize("case", CASES)
def test_time_axes_line_up(case: str) -> None:
    trace, grads = CASES[case]()
    margins, ranges = set(), set()
    for chart in charts(payload(trace, grads)).values():
        for view in chart["views"] if chart["phase"] else []:
            layout = view["figure"]["layout"]
            margins.add((layout["margin"]["l"], layout["margin"]["r"]))
            ranges.add(tuple(layout["xaxis"]["range"]))
    assert len(margins) == 1
    assert ranges == {(-0.5, trace.steps + 0.5)}


def test_heat_maps_hold_the_numbers_of_the_trace() -> None:
    trace, grads = run(6, 3, inputs=5, batch=2, target=np.ones((1, 2, 1)))
    found = charts(payload(trace, grads, sample=1))
    slope = 1 - np.tanh(trace.z[:, 1]) ** 2
    np.testing.assert_array_equal(heat(found["input"]["views"][0]), trace.x[:, 1].T)
    np.testing.assert_array_equal(heat(found["hidden"]["views"][0]), trace.h[:, 1].T)
    np.testing.assert_array_equal(heat(found["z"]["views"][0]), trace.z[:, 1].T)
    np.testing.assert_allclose(heat(found["slope"]["views"][0]), slope.T, rtol=1e-14)
    for view, wanted in zip(
        found["gradient_maps"]["views"],
        (grads.h[:, 1], grads.z[:, 1], grads.x[:, 1]),
        strict=True,
    ):
        np.testing.assert_array_equal(heat(view), wanted.T)


def test_lines_and_path_hold_the_numbers_of_the_trace() -> None:
    trace, grads = run()
    found = charts(payload(trace, grads))
    for unit, line in enumerate(found["hidden"]["views"][1]["figure"]["data"]):
        np.testing.assert_array_equal(unpacked(line["x"]), np.arange(7))
        np.testing.assert_array_equal(unpacked(line["y"]), trace.h[:, 0, unit])
    path, start = found["space"]["views"][0]["figure"]["data"]
    np.testing.assert_array_equal(unpacked(path["x"]), trace.h[:, 0, 0])
    np.testing.assert_array_equal(unpacked(path["y"]), trace.h[:, 0, 1])
    np.testing.assert_array_equal(unpacked(start["x"]), trace.h[0, 0, :1])


def test_the_path_has_a_panel_for_each_pair_of_three_units_and_none_for_one() -> None:
    data = charts(payload(*run(5, 3)))["space"]["views"][0]["figure"]["data"]
    assert [trace["xaxis"] for trace in data if "path" in trace["meta"]] == ["x", "x2", "x3"]
    assert "space" not in charts(payload(*run(5, 1)))


def test_norms_are_those_of_the_gradients() -> None:
    trace, grads = run(10, 3, inputs=2)
    lines = charts(payload(trace, grads))["norms"]["views"][0]["figure"]["data"]
    for line, rows in zip(lines, (grads.h[1:, 0], grads.z[:, 0], grads.x[:, 0]), strict=True):
        np.testing.assert_allclose(unpacked(line["y"]), np.linalg.norm(rows, axis=1), rtol=1e-14)


def test_lengths_neither_overflow_nor_underflow() -> None:
    rows = np.array([[3e300, 4e300], [3e-320, 4e-320], [0, 0], [np.inf, 1], [np.nan, 1]])
    found = lengths(rows)
    np.testing.assert_allclose(found[:2], [5e300, 5e-320], rtol=1e-3)
    assert found[2] == 0
    assert np.isinf(found[3])
    assert np.isnan(found[4])


def test_the_sentence_on_the_flow_has_the_two_ends() -> None:
    trace, grads = run(10, 3)
    text = charts(payload(trace, grads))["norms"]["views"][0]["text"]
    last, first = np.linalg.norm(grads.h[[10, 1], 0], axis=1)
    assert text == (
        f"Going back, ‖∂L/∂h_t‖ falls from {short(last)} at t = 10 to {short(first)} at t = 1."
    )


def test_an_exact_zero_is_marked_and_said_on_the_logarithmic_axis() -> None:
    trace, grads = run(20, 2, truncate=4)
    view = charts(payload(trace, grads))["norms"]["views"][0]
    line, marks = view["figure"]["data"][0], view["figure"]["data"][3]
    zero = ~grads.h[1:, 0].any(axis=1)
    assert zero.sum() == 16
    np.testing.assert_array_equal(np.isnan(unpacked(line["y"])), zero)
    np.testing.assert_array_equal(unpacked(marks["x"]), np.flatnonzero(zero) + 1)
    low, high = view["figure"]["layout"]["yaxis"]["range"]
    assert low < math.log10(unpacked(marks["y"])[0]) < high
    assert any("exact 0" in note for note in view["notes"])
    assert any("cut off after 4 steps" in note for note in view["notes"])
    assert "becomes exactly 0 at t = 16" in view["text"]


def test_gradients_that_are_all_zero_are_said_to_be() -> None:
    params = Parameters([[1.0]], [[1.0]], [0], [[0.0]], [0])
    trace = forward(params, [1.0, 2.0], 1.0)
    text = charts(payload(trace, backward(trace)))["norms"]["views"][0]["text"]
    assert text.startswith("‖∂L/∂h_t‖ is exactly 0 at every step")


def test_the_first_step_that_is_not_finite_is_named() -> None:
    view = charts(payload(*exploded()))["hidden"]["views"][0]
    assert (
        "h is not finite at 2 steps, first at t = 3 (∞); those places stay empty." in view["notes"]
    )
    np.testing.assert_array_equal(np.isnan(heat(view)[0]), [False, False, False, True, True])
    assert charts(payload(*exploded()))["parameters"]["views"][0]["text"] == (
        "No gradient is a finite number."
    )


def test_dead_units_are_counted_and_named() -> None:
    trace, grads = dead()
    view = charts(payload(trace, grads))["saturation"]["views"][0]
    assert (trace.z < 0).all()
    assert "Units 1, 2 and 3 are dead" in view["text"]
    for line in view["figure"]["data"]:
        np.testing.assert_array_equal(unpacked(line["y"]), np.ones(8))


def test_saturation_is_a_slope_below_a_tenth() -> None:
    params = Parameters([[1.0], [0.1]], np.zeros((2, 2)), [0, 0], [[1, 1]], [0])
    trace = forward(params, [1.0, 3.0], 1.0)
    low, none = charts(payload(trace, backward(trace)))["saturation"]["views"][0]["figure"]["data"]
    np.testing.assert_array_equal(unpacked(low["y"]), [0, 0.5])
    np.testing.assert_array_equal(unpacked(none["y"]), [0, 0])


def test_parameter_panels_hold_the_gradients_on_one_scale_about_zero() -> None:
    trace, grads = run(6, 3, inputs=2, outputs=2, target=np.ones((1, 1, 2)))
    figure = charts(payload(trace, grads))["parameters"]["views"][0]["figure"]
    panels = [trace for trace in figure["data"] if trace["type"] == "heatmap"]
    assert len(panels) == 5
    for name, panel in zip(NAMES, panels, strict=True):
        wanted = getattr(grads.parameters, name)
        np.testing.assert_array_equal(unpacked(panel["z"]), wanted.reshape(len(wanted), -1))
    largest = max(np.abs(array).max() for _, array in grads.parameters.items())
    scale = figure["layout"]["coloraxis"]
    assert (scale["cmin"], scale["cmax"]) == (-largest, largest)


@pytest.mark.parametrize("case", ["small", "every step", "many units", "truncated", "two outputs"])
def test_terms_have_the_lengths_of_the_contributions(case: str) -> None:
    trace, grads = CASES[case]()
    found = lengths_of_terms(grads, 0)
    for column, name in zip(found.T, NAMES, strict=True):
        terms = grads.contribution(name)[:, 0].reshape(trace.steps, -1)
        np.testing.assert_allclose(column, np.linalg.norm(terms, axis=1), rtol=1e-12)


def test_factors_multiply_to_the_contributions_and_are_left_out_when_many() -> None:
    trace, grads = run(7, 2, inputs=3, target=np.ones((7, 1, 1)), readout="every")
    sent = payload(trace, grads)["factors"]
    delta, h, x, out = (unpacked(sent[name]) for name in ("delta", "h", "x", "out"))
    np.testing.assert_array_equal(delta[:, 1] * h[:-1, 0], grads.contribution("W_hh")[:, 0, 1, 0])
    np.testing.assert_array_equal(delta[:, 1] * x[:, 2], grads.contribution("W_xh")[:, 0, 1, 2])
    np.testing.assert_array_equal(out[:, 0] * h[1:, 1], grads.contribution("W_hy")[:, 0, 0, 1])
    assert payload(*run(MOST_STEPS + 1, 2))["factors"] is None


def test_the_logit_stands_on_its_loss_curve() -> None:
    trace, grads = run()
    figure = charts(payload(trace, grads))["readout"]["views"][0]["figure"]
    sigmoid, probability, curve, point, tangent = figure["data"]
    a = trace.logits.item()
    at = unpacked(sigmoid["x"])
    np.testing.assert_allclose(unpacked(sigmoid["y"]), 1 / (1 + np.exp(-at)), rtol=1e-12)
    np.testing.assert_allclose(unpacked(curve["y"]), np.log1p(np.exp(-at)), rtol=1e-12)
    assert unpacked(probability["x"])[0] == a
    assert unpacked(probability["y"])[0] == pytest.approx(1 / (1 + math.exp(-a)), rel=1e-14)
    assert unpacked(point["y"]).item() == pytest.approx(trace.loss, rel=1e-14)
    (x0, x1), (y0, y1) = unpacked(tangent["x"]), unpacked(tangent["y"])
    assert (y1 - y0) / (x1 - x0) == pytest.approx(grads.logits.item(), rel=1e-12)


def test_probabilities_and_target_of_classes() -> None:
    trace, grads = CASES["classes"]()
    chart = charts(payload(trace, grads))["readout"]
    bars, marks = chart["views"][0]["figure"]["data"]
    weights = np.exp(trace.logits[0, 0])
    np.testing.assert_allclose(unpacked(bars["y"]), weights / weights.sum(), rtol=1e-14)
    assert unpacked(marks["x"]).tolist() == [4]
    assert "the target is class 4" in chart["views"][0]["text"]


def test_losses_of_every_step_have_the_loss_as_their_mean() -> None:
    for case in ("every step", "classes, every step", "two outputs, every step"):
        trace, grads = CASES[case]()
        (line,) = charts(payload(trace, grads))["losses"]["views"][0]["figure"]["data"]
        assert unpacked(line["y"]).mean() == pytest.approx(trace.loss, rel=1e-13)


def test_without_a_target_there_is_nothing_about_loss_or_gradient() -> None:
    params = Parameters.random(1, 2, 1, seed=1)
    data = payload(forward(params, [1.0, 2.0]), None)
    groups = {group["name"]: group for group in data["groups"]}
    assert groups["Gradients"]["charts"] == []
    assert "no target" in groups["Gradients"]["empty"]
    assert "There is no target, so no loss." in charts(data)["readout"]["views"][0]["notes"]


def test_tables_hold_the_numbers_to_the_last_bit_and_say_what_is_left_out() -> None:
    trace, grads = run(1500, 20)
    (table,) = charts(payload(trace, grads))["hidden"]["tables"]
    cells = unpacked(table["cells"])
    assert cells.shape == (200, 16)
    assert table["rows"][0] == "0"
    assert table["rows"][-1] == "1500"
    np.testing.assert_array_equal(cells[:100], trace.h[:100, 0, :16])
    np.testing.assert_array_equal(cells[-100:], trace.h[-100:, 0, :16])
    assert "first and the last 100 of 1501 steps" in table["note"]
    assert "first 16 of 20 columns" in table["note"]


def test_downsampling_keeps_every_peak_that_a_stride_would_miss() -> None:
    values = np.zeros(5000)
    values[[1234, 4321]] = [7, -9]
    kept = downsample.extremes(values)
    assert len(kept) <= downsample.MOST_POINTS + 2
    assert {0, 1234, 4321, 4999} <= set(kept.tolist())
    assert (np.diff(kept) > 0).all()
    gathered, edges = downsample.columns(values[:, np.newaxis])
    assert len(gathered) == len(edges) - 1 <= downsample.MOST_COLUMNS
    assert sorted(gathered[gathered != 0].tolist()) == [-9, 7]
    column = int(np.flatnonzero(gathered[:, 0] == 7)[0])
    assert edges[column] <= 1234 < edges[column + 1]


def test_downsampling_keeps_a_number_that_is_not_finite() -> None:
    values = np.ones(5000)
    values[777] = np.nan
    assert 777 in downsample.extremes(values)
    gathered, _ = downsample.columns(values[:, np.newaxis])
    assert np.isnan(gathered).sum() == 1


def test_long_sequences_say_that_not_every_step_is_drawn() -> None:
    found = charts(payload(*run(1500, 5)))
    for name in ("input", "hidden", "norms", "space"):
        assert any("1500" in note or "1501" in note for note in found[name]["views"][0]["notes"])


def test_labels_of_users_reach_plotly_escaped_and_the_table_as_they_are() -> None:
    hostile = [
        '</script><img src=x onerror="alert(1)">',
        '<a href="javascript:x">y</a>',
        "&lt;b&gt;",
    ]
    data = payload(*run(3, 2), labels=hostile)
    shown = charts(data)["hidden"]["views"][0]["figure"]["layout"]["xaxis"]["ticktext"]
    assert not any("<" in text or ">" in text for text in shown)
    assert [html.unescape(text) for text in shown] == [plain_label(label) for label in hostile]
    figures = json.dumps([view["figure"] for _, view in views(data)])
    assert "<img" not in figures
    assert "<a" not in figures
    assert charts(data)["input"]["tables"][0]["rows"][1] == f"2 ({plain_label(hostile[1])})"


def test_labels_are_one_short_visible_line() -> None:
    assert plain_label(" ") == "␣"
    assert plain_label("a\nb\x00\u202ec") == "a↵b��c"
    assert plain_label("x" * 50) == "x" * 12 + "…"
    assert plotly_text("<&>") == "&lt;&amp;&gt;"


def test_wrong_labels_and_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="labels: expected one for each of 6 steps, got 2"):
        payload(*run(), labels=["a", "b"])
    with pytest.raises(ValueError, match="sample: expected 0 to 0, got 1"):
        payload(*run(), sample=1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.5, "−0.5"),
        (1.23456, "1.235"),
        (12345.678, "12350"),
        (1e-5, "1e−5"),
        (-1.5e300, "−1.5e300"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "NaN"),
        (99999.9, "100000"),
    ],
)
def test_numbers_in_sentences(value: float, text: str) -> None:
    assert short(value) == text


def test_what_is_finite_needs_no_sentence() -> None:
    assert not_finite("h", np.ones((3, 2)), 0) == ""


def test_packed_numbers_lose_no_bit() -> None:
    numbers = np.array([[np.pi, -0.0], [5e-324, 1.7976931348623157e308]])
    assert unpacked(packed(numbers)).tobytes() == numbers.tobytes()


def test_the_palette_is_symmetric_about_zero_in_both_themes() -> None:
    for colours in palette().values():
        places = np.array([place for place, _ in colours["diverging"]])
        np.testing.assert_allclose(places, 1 - places[::-1])
        assert (np.diff(places) > 0).all()
        assert places[len(places) // 2] == 0.5


def test_the_same_run_is_described_once() -> None:
    trace, grads = run()
    assert payload(trace, grads) is payload(trace, grads)
    assert Steps(3, ("a", "b", "c")) == Steps(3, ("a", "b", "c"))
