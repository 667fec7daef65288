"""Runs beside one another: what differs, who did better, and pins in the address."""

from dataclasses import replace

import numpy as np
import pytest

from app.experiment.presets import PRESETS, default
from app.experiment.sources import Drawn
from app.views.training.figures.compare import Shown, charts
from app.views.training.runs import token
from app.views.training.runs.compared import called, differences, differences_in_words, verdict
from app.views.training.runs.plan import Plan
from app.views.training.runs.run import Run
from app.views.training.runs.stretch import Point
from app.views.training.sections.compare import _named
from app.views.training.tasks.offers import (
    EXAMPLES,
    OFFERS,
    OWN_DATA,
    TaskChoice,
    sequence_of,
    task_of,
)
from rnn_core.training import TASKS, Clip, Judgement, Settings
from tests.app.gradient_flow import numbers
from tests.app.training import page, said

TASK = TASKS["first_bit"]
PLAN = Plan(TaskChoice("first_bit"), Settings.of(TASK))


def changed(**settings: object) -> Plan:
    return replace(PLAN, settings=replace(PLAN.settings, **settings))


def points(*values: float, trouble: str | None = None) -> list[Point]:
    made = [
        Point(10 * n, 1 / n, 2.0, 1.0, 3.0, 0.01, Judgement(1 / n, value, value >= 0.99), None)
        for n, value in enumerate(values, 1)
    ]
    if trouble:
        made.append(Point(999, float("nan"), 1.0, 1.0, 1.0, 0.01, None, trouble))
    return made


def test_only_what_differs_is_listed() -> None:
    other = changed(learning_rate=0.1, clip=Clip(value=2.0), truncate=3)
    assert differences([PLAN, other]) == {
        "learning rate": ["0.01", "0.1"],
        "clip": ["length 1", "numbers 2"],
        "truncated after steps": ["none", "3"],
    }
    assert differences([PLAN, PLAN]) == {}
    begun = replace(PLAN, start=default().weights)
    assert differences([PLAN, begun]) == {"starts from": ["drawn", "the sidebar"]}


def test_a_sentence_says_what_differs() -> None:
    rows = differences([PLAN, changed(learning_rate=0.1, hidden=4)])
    assert differences_in_words(["A", "B"], rows) == (
        "A and B differ only in **H** (16 against 4) and **learning rate** (0.01 against 0.1)."
    )
    many = differences([PLAN, changed(learning_rate=0.1, hidden=4, seed=1, batch=5, updates=9)])
    assert "The runs differ only in **updates**, **H**, **batch**" in differences_in_words(
        ["A", "B"], many
    )
    told = differences_in_words(["A", "B", "C"], rows)
    assert told == "The runs differ only in **H** and **learning rate**."
    assert differences([PLAN, changed(optimiser="sgd", initialiser="orthogonal")]) == {
        "initialiser": ["Xavier, uniform", "Orthogonal"],
        "optimiser": ["Adam", "SGD"],
    }
    assert differences_in_words(["A", "B"], {}) == "The runs are the same."


def test_a_pin_keeps_its_name_and_colour_also_when_it_is_the_present_run() -> None:
    other = changed(seed=1)
    assert _named([PLAN, other], PLAN) == [("B", other, 1), ("A (this run)", PLAN, 0)]
    assert _named([other], PLAN) == [("A", other, 0), ("this run", PLAN, 3)]


def test_a_legend_says_what_is_each_runs_own() -> None:
    rows = differences([PLAN, changed(learning_rate=0.1, optimiser="sgd")])
    assert called(["A", "this run"], rows) == [
        "A: Adam, learning rate 0.01",
        "this run: SGD, learning rate 0.1",
    ]
    many = differences([PLAN, changed(learning_rate=0.1, hidden=4, seed=1, batch=5, updates=9)])
    assert called(["A", "B"], many) == ["A", "B"]
    assert called(["this run"], differences([PLAN])) == ["this run"]


def test_the_verdict_names_the_first_and_the_best_only_where_one_is() -> None:
    first, second = points(0.5, 1.0), points(0.5, 0.6, 1.0)
    told = verdict(["A", "B"], [first, second], TASK)
    assert told == (
        "Solved: **A** after update 20, B after update 30. Best accuracy: A 1, B 1. "
        "Lowest held-out loss: A 0.5, **B** 0.3333."
    )
    told = verdict(["A", "B"], [points(0.5), points(0.6, trouble="loss")], TASK)
    assert told == (
        "Best accuracy: A 0.5, **B** 0.6. Lowest held-out loss: A 1, B 1. "
        "B has diverged at update 999: loss is not finite."
    )
    assert verdict(["A"], [[]], TASK) == ""
    error = verdict(["A", "B"], [points(0.5, 0.2), points(0.3)], TASKS["adding"])
    assert "Best mean squared error: **A** 0.2, B 0.3." in error


def test_charts_hold_each_run_by_its_name() -> None:
    found = charts([Shown("A", points(0.5, 1.0), 0), Shown("this run", [], 3)], TASK, 600)
    loss = found[0]["views"][0]["figure"]
    assert loss is not None
    assert [trace["name"] for trace in loss["data"]] == ["A", "this run"]
    assert loss["data"][0]["line"]["dash"] != loss["data"][1]["line"]["dash"]
    assert numbers(loss["data"][0]["y"]).tolist() == [1.0, 0.5]
    assert found[2]["tables"][0]["rows"] == ["A"]


def test_a_loss_of_zero_is_said_where_it_cannot_be_drawn() -> None:
    made = points(0.5, 1.0)
    made[1] = replace(made[1], judged=Judgement(0.0, 1.0, True))
    loss = charts([Shown("A", made, 0)], TASK, 600)[0]
    assert loss["views"][0]["notes"] == ["0 has no place on a logarithmic axis: A."]
    assert loss["views"][0]["text"] == "Last: 0 (A)."
    figure = loss["views"][0]["figure"]
    assert figure is not None
    assert np.isnan(numbers(figure["data"][0]["y"])[1])
    assert numbers(loss["tables"][0]["cells"])[0].tolist() == [20, 0, 0, 1]


@pytest.mark.parametrize(
    "plans",
    [
        [PLAN, changed(learning_rate=1 / 3, optimiser="sgd", chunk=4)],
        [replace(PLAN, start=default().weights)],
        [Plan(sequence_of(default()), Settings(length=6, updates=10))],
        [Plan(TaskChoice(OWN_DATA, EXAMPLES[OWN_DATA]), Settings(length=4, updates=9))],
    ],
)
def test_pins_travel_exactly(plans: list[Plan]) -> None:
    text = token.encode(plans)
    assert 0 < len(text) <= token.MOST_CHARACTERS
    assert token.decode(text) == plans


def test_pins_that_are_too_long_do_not_travel() -> None:
    lines = [f"{n},{n * n * 7919 % 999_983},1" for n in range(900)]
    choice = TaskChoice(OWN_DATA, "\n".join(["sequence,x,y", *lines]))
    assert token.encode([Plan(choice, PLAN.settings)]) == ""


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "A" * 3000,
        "eNqLrlYqSSzOVrJSUErLLCouiU_KLFHSUVBKSSxJBAmC2MWpqSlAtmltLABQ",
        "é",
        token.encode([changed(updates=20_001)]),
        token.encode([changed(hidden=65)]),
        token.encode([changed(batch=1000)]),
    ],
)
def test_damaged_pins_are_one_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"^pinned runs: expected what this page has put into"):
        token.decode(text)
    app = page("Compare", tr_pins=text)
    assert not app.exception
    assert len(app.warning) == 1


def test_pins_of_the_address_are_drawn_and_can_be_taken_off() -> None:
    text = token.encode([changed(learning_rate=0.2)])
    app = page("Compare", tr_pins=text)
    assert "A and this run differ only in **learning rate** (0.2 against 0.01)" in said(app)
    assert "None of these runs has been judged yet." in said(app)
    app.button(key="tr-unpin-A").click()
    assert "Pin this run, then change one setting" in said(app.run())
    app.button(key="tr-pin").click()
    app.run()
    assert app.button(key="tr-pin").disabled
    assert OFFERS["first_bit"].title in app.selectbox(key="tr_task").options


COPY = Settings.of(TASKS["copy"])
OWN = TaskChoice(
    OWN_DATA, "sequence,x1,y\n" + "".join(f"{n},{n},\n{n},{-n},{n % 2}\n" for n in range(9))
)


@pytest.mark.parametrize(
    "plan",
    [
        changed(learning_rate=1 / 3, optimiser="sgd", truncate=4, clip=Clip(value=0.1), seed=5),
        changed(hidden=3, batch=7, activation="relu", initialiser="identity", schedule="cosine"),
        Plan(TaskChoice("copy"), replace(COPY, chunk=8, updates=77)),
        Plan(OWN, replace(Settings.of(task_of(OWN)), length=3)),
        replace(changed(hidden=2), start=default().weights),
        Plan(sequence_of(default()), Settings.of(task_of(sequence_of(default())))),
    ],
)
def test_the_controls_are_set_to_a_pinned_run(plan: Plan) -> None:
    app = page("Compare", tr_pins=token.encode([plan]), tr_rate="0.5")
    assert not app.button(key="tr-pin").disabled
    app.button(key="tr-set-A").click()
    app.run()
    assert not app.error
    assert app.button(key="tr-pin").disabled  # it is the present one
    assert "tr-set-A" not in {button.key for button in app.button}


def test_weights_and_sequences_that_are_gone_cannot_be_set() -> None:
    other = default().replace(weights=Drawn(scheme="identity", seed=0, hidden=2))
    gone = [
        replace(PLAN, start=other.weights),
        Plan(sequence_of(PRESETS["parity"].experiment), COPY),
    ]
    app = page("Compare", tr_pins=token.encode(gone))
    assert not {button.key for button in app.button} & {"tr-set-A", "tr-set-B"}


def test_a_pinned_run_that_is_gone_is_run_again_and_says_that_it_diverged() -> None:
    plan = changed(
        learning_rate=10.0, activation="identity", clip=Clip(), optimiser="sgd", updates=200
    )
    app = page("Compare", tr_pins=token.encode([plan]))
    app.button(key="tr-run-A").click()
    app.run()
    run = Run(plan)  # one of its own, with the same numbers
    run.go()
    run.wait()
    text = f"A has diverged at update {run.points()[-1].number}: {run.trouble} is not finite."
    while text not in said(app) and "None of these runs has been judged yet." in said(app):
        if any(button.key == "tr-run-A" for button in app.button):
            app.button(key="tr-run-A").click()  # it rests where nobody has looked for a while
        app.run()
    assert text in said(app)
