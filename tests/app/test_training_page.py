"""The page Training: every task and section draws, and bad input is one sentence."""

import re
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.experiment.presets import default
from app.views.training.page import SECTIONS
from app.views.training.runs import run as runs
from app.views.training.runs.reading import READS, draw, read_text
from app.views.training.runs.run import TURNS, Run
from app.views.training.runs.stretch import Order
from app.views.training.tasks.offers import (
    EXAMPLES,
    OFFERS,
    OWN_DATA,
    OWN_TEXT,
    TaskChoice,
    task_of,
)
from app.work.process import Died, Process, never
from rnn_core import forward
from rnn_core.training import Settings, begin
from tests.app.training import charts, page, said

HOSTILE = "<script>alert(1)</script> **bold** $x$ [a](javascript:b)"


def run_of(app, name: str):
    app.button(key=name).click()
    return app.run()


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("name", ["first_bit", "copy", "names", OWN_TEXT, OWN_DATA])
def test_every_section_draws_before_a_run(section: str, name: str) -> None:
    app = page(section, tr_task=OFFERS[name].title)
    assert ("no section Text" in said(app)) == (section == "text" and name not in READS)
    assert not app.error
    assert "Not begun." in said(app)


@pytest.mark.parametrize("name", OFFERS)
def test_every_task_says_what_it_asks_and_how_long_it_takes(name: str) -> None:
    text = said(page("Data", tr_task=name))
    assert OFFERS[name].title in text
    takes = OFFERS[name].takes_s
    assert (f"about {takes + 2:.0f} s in all" in text) if takes else "in all" not in text


def test_one_update_is_made_and_shown() -> None:
    app = page(tr_seed="91", tr_updates="3")
    assert "was the first one +1?" in said(app)
    assert list(charts(app)) == ["tr_prediction"]  # no curves yet
    app = run_of(app, "tr-step")
    assert list(charts(app)) == ["tr_prediction", "tr_loss", "tr_measure", "tr_norms"]
    assert app.slider(key="tr_at").value == 1
    app = run_of(run_of(app, "tr-step"), "tr-step")
    assert app.button(key="tr-step").disabled
    app = run_of(app, "tr-reset")
    assert "Not begun. 3 updates" in said(app)


@pytest.mark.parametrize("name", OFFERS)
def test_a_section_that_cannot_work_is_not_offered(name: str) -> None:
    app = page(tr_task=name)
    offered = app.segmented_control(key="tr").options
    assert ("Text" in offered) == (name in READS)
    assert len(offered) == len(SECTIONS) - (name not in READS)


def test_another_task_without_the_section_that_is_open_shows_the_first_one_and_says_so() -> None:
    app = page("Text", tr_task=OFFERS["text"].title)
    assert "tr_expect" in charts(app)
    app.selectbox(key="tr_task").set_value("sine")
    app = app.run()
    assert not app.exception
    assert "This task reads no characters, so it has no section Text." in said(app)
    assert "tr_prediction" in charts(app)
    assert "no section" not in said(app.run())


def test_the_prediction_comes_first_and_follows_the_moment_and_the_sequence() -> None:
    app = page(tr_seed="101", tr_updates="3", tr_task=OFFERS["sine"].title)
    before = charts(app)["tr_prediction"]["views"][0]
    assert before["text"].startswith("Before training: the prediction is off by ")
    app = run_of(run_of(app, "tr-step"), "tr-step")
    after = charts(app)["tr_prediction"]["views"][0]
    assert after["text"].startswith("After 2 updates: the prediction is off by ")
    off = before["text"].split(" off by ")[1].split()[0]
    assert f"({off} before training)" in after["text"]
    assert after["figure"] != before["figure"]
    app.slider(key="tr_at").set_value(0)
    app = app.run()
    assert charts(app)["tr_prediction"]["views"][0] == before
    app.segmented_control(key="tr_probe").set_value(2)
    app = app.run()
    assert charts(app)["tr_prediction"]["views"][0]["figure"] != before["figure"]


def test_the_sequences_of_a_task_are_drawn_with_their_right_answers() -> None:
    drawn = charts(page("Data", tr_task=OFFERS["sine"].title))
    assert list(drawn) == ["tr_asked_1", "tr_asked_2", "tr_asked_3"]
    assert [trace["name"] for trace in drawn["tr_asked_1"]["views"][0]["figure"]["data"]] == [
        "target"
    ]
    names = charts(page("Data", tr_task=OFFERS["names"].title))["tr_asked_1"]["views"][0]
    assert names["text"] == "The right answer is English."
    assert "".join(names["figure"]["data"][0]["text"]) == "brown"


def test_an_update_that_a_busy_server_does_not_make_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wait = Run.wait
    monkeypatch.setattr(Run, "wait", lambda run, seconds=0.5: wait(run, seconds))
    with ExitStack() as stack:
        for _ in range(TURNS.places):
            stack.enter_context(TURNS.turn(never))
        app = run_of(page(tr_seed="95", tr_updates="3"), "tr-step")
    assert [error.value for error in app.error] == [
        "One update: expected an answer within 30 s, got none: the server is busy"
    ]
    assert "Not begun." in said(app)
    monkeypatch.undo()
    app = run_of(app, "tr-step")
    assert not app.error
    assert app.slider(key="tr_at").value == 1


@pytest.mark.parametrize(
    "controls",
    [
        {"tr_rate": "x", "tr_updates": "0", "tr_task": "chess"},
        {"tr_rate": "1e999", "tr_at": "99", "tr": "Nothing"},
        {"tr_hidden": "1000000", "tr_length": "-3", "tr_seed": "1e40", "tr_batch": "1.5"},
        {"tr_clip": "-1", "tr_cut": "nan", "tr_chunk": "9999", "tr_probe": "7"},
    ],
)
def test_bad_controls_in_the_address_fall_back(controls: dict[str, str]) -> None:
    app = page(**controls)
    assert "Not begun." in said(app)


def test_weights_that_do_not_fit_are_one_sentence() -> None:
    app = page(tr_start="The sidebar's weights", tr_task=OFFERS["adding"].title)
    assert len(app.error) == 1
    assert re.match(
        r"The sidebar's weights: expected D = 2 inputs and K = 1 .*, got 1 and 1",
        app.error[0].value,
    )


def test_the_sidebars_weights_are_where_a_run_starts() -> None:
    app = page("Network", tr_task=OFFERS["this_sequence"].title)
    loss = forward(
        default().parameters(), default().x(), default().kept_target(), loss=default().loss
    ).loss
    assert f"Loss on it **{loss:.4g}**" in said(app)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (OWN_TEXT, "aaaa", "text: expected at least 2 different characters, got 1"),
        (OWN_DATA, f"x{HOSTILE}", "data: expected a first line such as sequence,x1,x2,y"),
        (OWN_DATA, HOSTILE, "data: expected numbers, got HTML without a table: copy the numbers"),
        (OWN_DATA, "[" * 2999, "data: expected numbers in closed brackets, got"),
    ],
)
def test_own_data_that_does_not_fit_is_one_sentence(name: str, data: str, expected: str) -> None:
    app = page("Data", tr_task=OFFERS[name].title, **{f"tr_{name}": data})
    assert not app.exception
    assert [error.value.startswith(expected) for error in app.error] == [True]


@pytest.mark.parametrize("length", ["2", "30", "300"])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        (OWN_TEXT, "hello world, hello all"),
        (OWN_DATA, "sequence,x,y\n" + "".join(f"{n},{n},{'ab'[n % 2]}\n" for n in range(9))),
        (OWN_DATA, "sequence,x,y\n" + "".join(f"{n // 3},{n},{n % 3}\n" for n in range(27))),
        ("sunspots", ""),
    ],
)
def test_a_length_that_the_data_do_not_give_is_not_taken(length: str, name: str, data: str) -> None:
    controls = {"tr_updates": "2", f"tr_{name}": data, "tr_length": length, "tr_seed": length}
    app = page("Network", tr_task=OFFERS[name].title, **controls)
    app = run_of(app, "tr-step")
    assert not app.exception
    assert not app.error
    assert "After 1 update" in said(app)


def test_a_length_from_longer_data_is_not_kept_for_shorter_ones() -> None:
    app = page("Network", tr_task=OFFERS[OWN_TEXT].title, tr_length="30", tr_seed="94")
    app.text_area(key=f"tr_{OWN_TEXT}").set_value("hello world, hello all")
    app = run_of(app.run(), "tr-step")
    assert not app.exception
    assert not [error.value for error in app.error]
    assert "After 1 update" in said(app)


def test_a_hostile_text_is_read_as_text() -> None:
    app = page("Text", tr_task=OFFERS[OWN_TEXT].title, **{f"tr_{OWN_TEXT}": HOSTILE * 5})
    assert not app.error
    assert HOSTILE[:8] not in said(app)
    unknown = page("Text", tr_task=OFFERS["text"].title, tr_sentence_text="<b>é%")
    assert not unknown.exception
    assert [text.value for text in unknown.text] == ["< > é %"]
    nothing = page("Text", tr_task=OFFERS["text"].title, tr_sentence_text="<>")
    assert nothing.warning[0].value.startswith("sentence: expected some of the characters")


def test_expectations_are_those_of_the_forward_pass() -> None:
    task = task_of(TaskChoice(OWN_TEXT, EXAMPLES[OWN_TEXT]))
    params = begin(task, Settings.of(task)).params
    found = read_text(task, params, "tanh", "The cat!")
    assert (found.text, found.left_out) == ("the cat", "!")
    x = np.eye(task.inputs)[[task.symbols.index(letter) for letter in "the cat"]][:, None]
    trace = forward(params, x, loss="softmax_cross_entropy", readout="every")
    assert np.allclose(found.probabilities, trace.prediction[:, 0], atol=1e-15)
    due = [task.symbols.index(letter) for letter in "he cat"]
    assert found.given == pytest.approx([trace.prediction[t, 0, k] for t, k in enumerate(due)])
    assert found.right == sum(trace.prediction[:-1, 0].argmax(axis=1) == due)


def test_a_network_without_finite_outputs_is_one_sentence() -> None:
    task = task_of(TaskChoice("text"))
    params = begin(task, Settings.of(task)).params
    huge = replace(params, **{name: getattr(params, name) * 1e200 for name in ("W_xh", "W_hh")})
    with pytest.raises(ValueError, match="outputs: expected finite numbers, got others"):
        read_text(task, huge, "identity", "alice")
    with pytest.raises(ValueError, match="expected a network whose logits are finite"):
        draw(task, huge, "identity", "alice", 5, temperature=1, seed=0)


def test_a_run_is_private_until_its_address_is_shared() -> None:
    mine = run_of(run_of(page(tr_seed="92", tr_updates="4"), "tr-step"), "tr-step")
    assert "2 of 4 updates made." in mine.main.get("progress")[0].proto.text
    stranger = page("Network", tr_seed="92", tr_updates="4", tr_at="2")
    assert "Not begun. 4 updates" in said(stranger)
    assert "After 0 updates, on a sequence held out" in said(stranger)
    assert not stranger.button(key="tr-go").disabled
    assert "tr_run" not in stranger.query_params  # nothing to share yet
    friend = page("Network", tr_seed="92", tr_updates="4", tr_run=mine.query_params["tr_run"])
    assert "After 2 updates, on a sequence held out" in said(friend)
    assert friend.query_params["tr_run"] != mine.query_params["tr_run"]
    run_of(friend, "tr-reset")
    assert mine.run().slider(key="tr_at").max == 2


def test_three_who_press_one_update_see_one_each() -> None:
    students = [page(tr_seed="94", tr_updates="4") for _ in range(3)]
    for student in students:
        assert run_of(student, "tr-step").slider(key="tr_at").max == 1
    assert "Not begun." in said(run_of(students[0], "tr-reset"))
    for student in students[1:]:
        assert student.run().slider(key="tr_at").max == 1


def test_a_link_from_before_runs_were_private_opens_and_one_that_is_gone_says_so() -> None:
    assert "kept no longer" not in said(page(tr_seed="92", tr_updates="4", tr_at="3"))
    app = page(tr_seed="92", tr_updates="4", tr_at="3", tr_run="<script>")
    assert "A run of this address is kept no longer: Start makes it again" in said(app)
    assert "Not begun." in said(app)
    assert "kept no longer" not in said(run_of(app, "tr-step"))


def test_after_the_end_it_is_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "REPLAY_S", 0.0)
    app = page(tr_seed="98", tr_updates="2")
    assert app.button(key="tr-go").label == "Start"
    app = run_of(app, "tr-step")
    assert app.button(key="tr-go").label == "Continue"
    app = run_of(app, "tr-step")
    assert app.button(key="tr-go").label == "Run again"
    app = run_of(app, "tr-go")
    while "Pause" in {button.label for button in app.button}:
        app = app.run()
    assert app.button(key="tr-go").label == "Run again"
    assert app.slider(key="tr_at").max == 2


def test_a_run_that_failed_says_so_and_is_not_started_again_in_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def ask(_process: Process, _function: Any, part: Order, **_: Any) -> None:
        asked.append(part.at.updates)
        raise Died

    monkeypatch.setattr(Process, "ask", ask)
    app = run_of(page(tr_seed="99", tr_updates="50"), "tr-go")
    while "Pause" in {button.label for button in app.button}:
        app = app.run()
    app = app.run()
    assert [error.value for error in app.error] == [
        "Training: its process died or hung twice. What was made up to update 0 is kept, and "
        "Continue goes on from there. If it fails again, the machine may be short of memory: take "
        "a smaller batch, length or network."
    ]
    assert asked == [0, 0]


def test_the_moment_of_a_longer_run_is_not_asked_of_a_shorter_one() -> None:
    app = page(tr_seed="96", tr_updates="5")
    for _ in range(3):
        app = run_of(app, "tr-step")
    app.number_input(key="tr_seed").set_value(97)
    app = run_of(app.run(), "tr-step")
    app.number_input(key="tr_seed").set_value(96)
    app.run().slider(key="tr_at").set_value(3)
    app.run().number_input(key="tr_seed").set_value(97)
    app.run()
    assert not app.exception
    assert (app.slider(key="tr_at").value, app.slider(key="tr_at").max) == (1, 1)
