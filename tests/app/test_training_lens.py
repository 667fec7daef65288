"""One update under the lens: the numbers are the core's, and the printed lines add up to them."""

from dataclasses import replace
from math import isfinite, sqrt
from typing import Any

import numpy as np
import pytest

from app.figures.words import short
from app.views.training.figures import arithmetic
from app.views.training.figures.lens import maps, stages, table
from app.views.training.runs.lens import Lens, lens_of
from app.views.training.runs.plan import Plan
from app.views.training.runs.visitor import VISITORS
from app.views.training.tasks.offers import TaskChoice
from rnn_core import forward
from rnn_core.training import OPTIMISERS, TASKS, Clip, Settings, make_update
from tests.app.gradient_flow import numbers
from tests.app.training import page, said

PLAN = Plan(
    TaskChoice("first_bit"),
    Settings(length=5, hidden=3, batch=4, updates=8, clip=Clip(norm=0.01, value=0.004)),
)
READS = {"sqrt": sqrt, "min": min, "max": max, "__builtins__": {}}


def lens(optimiser: str, moment: int = 0, **changed: Any) -> Lens:
    plan = replace(PLAN, settings=replace(PLAN.settings, optimiser=optimiser, **changed))
    at = plan.begin()
    for _ in range(moment):
        at = at.after(make_update(plan.task(), plan.settings, at), plan.settings)
    return lens_of(plan.task(), plan.settings, at)


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("moment", [0, 3])
def test_every_printed_line_evaluates_to_the_printed_value(optimiser: str, moment: int) -> None:
    found = lens(optimiser, moment, learning_rate=0.3, schedule="linear")
    for name, place in (("W_hh", (1, 2)), ("W_xh", (0, 0)), ("b_h", (2,)), ("W_hy", (0, 1))):
        row, column = place[0], place[1] if len(place) == 2 else None
        lines = arithmetic.lines(found, name, row, column)
        for line in lines:
            value = eval(line.expression, READS)  # noqa: S307  # what we print ourselves
            assert value == pytest.approx(line.value, rel=1e-7, abs=1e-12), line
        assert lines[-1].value == getattr(found.update.params, name)[place]
        clipped = [line.value for line in lines if line.name == "g"]
        assert clipped[-1] == pytest.approx(getattr(found.update.clipped, name)[place], rel=1e-12)


def test_the_rate_is_that_of_the_schedule() -> None:
    line = arithmetic.lines(lens("sgd", 2, schedule="linear"), "W_hh", 0, 0)[-2]
    assert (line.name, line.expression) == ("η", "0.01*0.75")
    assert line.value == pytest.approx(0.0075, rel=1e-12)
    assert [line.name for line in arithmetic.lines(lens("sgd", clip=Clip()), "b_h", 0, None)] == [
        "θ"
    ]


def test_a_planted_error_in_a_line_is_found() -> None:
    line = arithmetic.lines(lens("momentum", 3), "W_hh", 0, 0)[-1]
    wrong = line.expression.replace(" - ", " + ", 1)
    assert eval(wrong, READS) != pytest.approx(line.value, rel=1e-7)  # noqa: S307


def test_the_loss_after_is_that_of_the_same_batch() -> None:
    found = lens("adam", 2)
    trace = found.update.trace
    after = forward(found.update.params, trace.x, trace.target)
    assert found.loss_after == after.loss
    assert found.loss_after != found.update.loss


def test_the_number_is_that_of_the_update_that_follows() -> None:
    assert lens("sgd", 3).number == 4


def test_maps_and_table_hold_the_stages() -> None:
    found = lens("adam", 1)
    named = stages(found)
    assert list(named) == ["Parameter", "Gradient", "Clipped", "m", "s", "New", "Change"]
    assert [view["name"] for view in maps(found)["views"]] == list(named)
    made = table(found, "W_xh")["tables"][0]
    assert made["rows"] == ["1,1", "2,1", "3,1"]
    cells = numbers(made["cells"])
    assert np.array_equal(cells[:, 0], found.update.before.W_xh[:, 0])
    assert np.array_equal(cells[:, 5], found.update.params.W_xh[:, 0])
    assert "Clipped" not in stages(lens("sgd", clip=Clip()))


def test_the_update_that_diverged_is_shown() -> None:
    found = lens("sgd", learning_rate=1e308, clip=Clip(), activation="identity", length=50)
    assert not isfinite(found.loss_after)
    assert len(maps(found)["views"]) == len(stages(found))
    assert "Not finite: entries of new W_" in maps(found)["views"][-2]["text"]
    large = found.update.before.with_vector(np.full(found.update.before.count, 1e200))
    huge = replace(found, update=replace(found.update, before=large))
    assert "W_hh changes by" in table(huge, "W_hh")["views"][0]["text"]
    assert arithmetic.lines(found, "W_hh", 0, 0)[-1].name == "θ"


@pytest.mark.parametrize("controls", [{}, {"tr_par": "b_h", "tr_row": "99"}, {"tr_row": "x"}])
def test_the_page_says_both_losses(controls: dict[str, str]) -> None:
    app = page("One update", tr_updates="5", **controls)
    at = Plan(TaskChoice("first_bit"), replace(Settings.of(TASKS["first_bit"]), updates=5))
    found = lens_of(at.task(), at.settings, at.begin())
    assert f"**{short(found.update.loss, 6)}** before and **{short(found.loss_after, 6)}**" in (
        said(app)
    )
    assert "Update 1: from the network after 0 to the one after 1" in said(app)
    assert app.code[0].value.count("θ = ") == 1


@pytest.mark.parametrize(("moment", "number"), [("3", 4), ("6", 6)])
def test_a_moment_shows_the_update_after_it_and_the_end_the_last_one(
    moment: str, number: int
) -> None:
    plan = Plan(
        TaskChoice("first_bit"), replace(Settings.of(TASKS["first_bit"]), updates=6, seed=41)
    )
    seat = VISITORS.arrive()
    run = seat.visitor.open(plan)
    run.go()
    run.wait()
    app = page("One update", tr_updates="6", tr_seed="41", tr_at=moment, tr_run=seat.visitor.token)
    assert f"Update {number}: from the network after {number - 1}" in said(app)
    assert f"**{short(run.points()[number - 1].loss, 6)}** before" in said(app)
