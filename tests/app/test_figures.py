"""What holds of every figure of every kind of run."""

import html
import json

import numpy as np
import plotly.graph_objects as go
import pytest

from app.figures.palette import palette
from app.figures.run import payload
from app.figures.types import Steps, typed_array
from app.figures.words import plain_label
from rnn_core import Parameters, forward
from tests.app.figure_cases import CASES, charts, run, unpacked, views


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


@pytest.mark.parametrize("case", CASES)
def test_charts_of_gradients_and_only_they_come_after_the_loss(case: str) -> None:
    found = charts(payload(*CASES[case]()))
    late = {name for name, chart in found.items() if chart.get("late")}
    assert late == {"norms", "gradient_maps", "parameters", "contributions"}
    for name in found.keys() - late:
        for view in found[name]["views"]:
            assert "∂" not in view.get("early", view["text"])


def test_without_a_target_there_is_nothing_about_loss_or_gradient() -> None:
    params = Parameters.random(1, 2, 1, seed=1)
    data = payload(forward(params, [1.0, 2.0]), None)
    groups = {group["name"]: group for group in data["groups"]}
    assert groups["Gradients"]["charts"] == []
    assert "no target" in groups["Gradients"]["empty"]
    assert "There is no target, so no loss." in charts(data)["readout"]["views"][0]["notes"]


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


def test_wrong_labels_and_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="labels: expected one for each of 6 steps, got 2"):
        payload(*run(), labels=["a", "b"])
    with pytest.raises(ValueError, match="sample: expected 0 to 0, got 1"):
        payload(*run(), sample=1)


def test_the_same_run_is_described_once() -> None:
    trace, grads = run()
    assert payload(trace, grads) is payload(trace, grads)
    assert Steps(3, ("a", "b", "c")) == Steps(3, ("a", "b", "c"))


def test_packed_numbers_lose_no_bit() -> None:
    numbers = np.array([[np.pi, -0.0], [5e-324, 1.7976931348623157e308]])
    assert unpacked(typed_array(numbers)).tobytes() == numbers.tobytes()


def test_the_palette_is_symmetric_about_zero_in_both_themes() -> None:
    for colours in palette().values():
        places = np.array([place for place, _ in colours["diverging"]])
        np.testing.assert_allclose(places, 1 - places[::-1])
        assert (np.diff(places) > 0).all()
        assert places[len(places) // 2] == 0.5


def test_only_the_charts_of_the_group_that_is_asked_for_are_made() -> None:
    trace, grads = run(3, 2)
    whole = payload(trace, grads)
    names = [group["name"] for group in whole["groups"]]
    for asked in names:
        found = payload(trace, grads, group=asked)
        assert [group["name"] for group in found["groups"]] == names
        for group, of_all in zip(found["groups"], whole["groups"], strict=True):
            assert group["charts"] == (of_all["charts"] if group["name"] == asked else None)
    assert payload(trace, grads, group="<b>") == payload(trace, grads, group=names[0])
