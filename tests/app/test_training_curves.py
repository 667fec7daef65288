"""The curves of a run: their numbers, their sentences, and an axis that stays readable."""

import numpy as np

from app.views.training.figures.curves import charts
from app.views.training.runs.stretch import Point
from rnn_core.training import TASKS, Judgement
from tests.app.gradient_flow import numbers

TASK = TASKS["first_bit"]


def points(count: int, trouble: str | None = None) -> list[Point]:
    made = [
        Point(n, 1 / n, 2.0, 1.0, 3.0, 0.01, None if n % 20 else Judgement(1 / n, 0.7, False), None)
        for n in range(1, count + 1)
    ]
    if trouble:
        made.append(Point(count + 1, np.nan, np.inf, 1.0, 3.0, 0.01, None, trouble))
    return made


def figure(found: list, index: int) -> dict:
    made = found[index]["views"][0]["figure"]
    assert made is not None
    return made


def test_nothing_is_said_of_nothing() -> None:
    found = charts([], TASK, 20, 600)
    assert found[0]["views"][0]["text"] == "No update has been made yet."
    assert (
        found[1]["views"][0]["text"]
        == "The baseline is 0.5; the task counts as solved at 0.99 or more."
    )
    assert figure(found, 0)["layout"]["xaxis"]["range"] == [0, 600]


def test_curves_and_sentences_hold_the_numbers() -> None:
    found = charts(points(40), TASK, 20, 600)
    batch, held_out = figure(found, 0)["data"]
    assert numbers(batch["y"]).tolist() == [1 / n for n in range(1, 41)]
    assert numbers(held_out["x"]).tolist() == [20, 40]
    text = found[0]["views"][0]["text"]
    assert "On the batch of update 40 the loss was 0.025; on that of the first update, 1." in text
    assert "On held-out sequences it is 0.025 after update 40" in text
    assert "Accuracy 0.7 after update 40." in found[1]["views"][0]["text"]
    assert "40 of 40 gradients were clipped." in found[2]["views"][0]["text"]


def test_the_axis_of_a_run_that_diverged_ends_there() -> None:
    found = charts(points(3, "loss"), TASK, 20, 2000)
    loss = figure(found, 0)
    assert loss["layout"]["xaxis"]["range"] == [0, 4]
    assert loss["data"][0]["mode"] == "lines+markers"
    low, high = loss["layout"]["yaxis"]["range"]
    assert np.isfinite([low, high]).all()
    assert "the loss was NaN" in found[0]["views"][0]["text"]
