"""The page Practice: what is typed is marked, kept in the address, and taken away."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.presets import PRESETS
from app.experiment.sources import Given, Numbers
from app.experiment.value import Experiment
from app.listings.worksheets.parts import blocks_of
from app.views.practice.compute import sheets
from app.views.practice.compute.results import pasted
from rnn_core.practice import written

SCRIPT = """
from app import state
from app.state import controls
from app.views.practice import page
from app.views.shared import told
controls.begin()
state.start()
page.render()
for sentence in controls.close(state.experiment()):
    told.warn(sentence)
"""

HOMEWORK = Experiment(
    sequence=Numbers(values=(((1.0,),), ((0.0,),), ((-1.0,),)), target=(((1.0,),),)),
    weights=Given(
        W_xh=((0.5,), (-0.3,)),
        W_hh=((0.1, 0.4), (-0.2, 0.3)),
        b_h=(0.0, 0.0),
        W_hy=((1.0, -1.0),),
        b_y=(0.0,),
    ),
)


def opened(experiment=None, **address):
    at = AppTest.from_string(SCRIPT, default_timeout=120)
    if experiment is not None:
        at.query_params["e"] = link.encode(experiment)
    for name, value in address.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def fields(at):
    return [field for field in at.text_input if field.key not in ("pr_pasted",)]


def said(at):
    return [caption.value for caption in at.caption]


def test_the_first_sheet_is_there_with_a_field_for_every_number():
    at = opened()
    sheet = sheets.drawn(1, 1)
    assert [title.value for title in at.title] == ["Can I do it by hand?"]
    assert len(fields(at)) == len(sheet.questions)
    assert fields(at)[0].label == "h_1"


def test_a_number_is_marked_as_it_is_typed_and_kept_in_the_address():
    at, sheet = opened(pr="2", pr_seed="5"), sheets.drawn(2, 5)
    fields(at)[0].input(written(sheet.answers[0], 3).replace(".", ",")).run()
    assert ":green[✓ right]" in said(at)
    assert at.query_params["pr_n"].startswith(written(sheet.answers[0], 3).replace(".", ","))
    again = opened(pr="2", pr_seed="5", pr_n=at.query_params["pr_n"])
    assert ":green[✓ right]" in said(again)


def test_a_known_mistake_is_named_and_what_follows_from_a_slip_is_right():
    at, sheet = opened(pr="2", pr_seed="5"), sheets.drawn(2, 5)
    place = next(
        k for k, q in enumerate(sheet.questions) if (q.of, q.quantity) == ("gradient", "a")
    )
    fields(at)[place].input(written(-sheet.answers[place], 3)).run()
    assert ":red[✗ not yet]: y − p stands in place of p − y" in said(at)
    by_h = fields(at)[place + 1]
    W_hy = float(sheet.network.parameters["W_hy"][0, 0])
    by_h.input(written(-sheet.answers[place] * W_hy, 3)).run()
    assert ":green[✓ follows] from your own earlier numbers" in said(at)


def test_what_is_no_number_is_said_in_a_sentence_and_is_text():
    at = opened()
    fields(at)[0].input("<b>:x").run()
    assert any("expected a number" in text and "`" in text for text in said(at))
    assert not at.exception


def test_the_answers_are_nowhere_until_they_are_asked_for():
    at, sheet = opened(pr="4", pr_seed="2"), sheets.drawn(4, 2)
    assert not any("answer" in text for text in said(at))
    at.toggle(key="pr_key_4_2").set_value(True).run()
    shown = [text.removeprefix("answer ") for text in said(at) if text.startswith("answer ")]
    assert shown == [written(answer, 3) for answer in sheet.answers]


def test_the_next_sheet_is_another_one_with_empty_fields():
    at = opened(pr="1", pr_seed="3")
    fields(at)[0].input("7").run()
    at.toggle(key="pr_key_1_3").set_value(True).run()
    at.button[0].click().run()
    assert at.number_input(key="pr_seed").value == 4
    assert not at.toggle(key="pr_key_1_4").value
    assert all(field.value == "" for field in fields(at))


def test_the_homework_of_the_sidebar_is_marked_when_it_is_pasted():
    at = opened(HOMEWORK, pr="0")
    at.text_area(key="pr_pasted").input(
        "dW_hh = [[-0.04682, 0.1403], [-0.04825, -0.1118]]\n∂L/∂a_3: -0,685\nh_1; 0,462; 0.291\n"
    ).run()
    next(button for button in at.button if button.label == "Fill in").click().run()
    assert not at.exception
    assert said(at).count(":green[✓ right]") == 6
    assert sum(text.startswith(":red[✗ not yet]") for text in said(at)) == 1  # −0.291 it is


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("dW_hz = 1", "line 1: expected a name of the sheet"),
        ("h_1 = 0.1, 0.2\ndW_hh = 1 2 3", "line 2: expected 4 numbers for dW_hh, got 3"),
        ("h_1 = one two", "line 1"),
        ("", "expected lines such as"),
        ("h_1 = __import__('os')", "line 1"),
    ],
)
def test_results_that_do_not_fit_are_refused_in_a_sentence(text, reason):
    blocks = blocks_of(sheets.own(HOMEWORK))
    with pytest.raises(ValueError, match=re.escape(reason)) as refusal:
        pasted(text, blocks)
    assert "\n" not in str(refusal.value)


def test_results_come_with_commas_brackets_and_semicolons():
    sheet = sheets.own(HOMEWORK)
    blocks = blocks_of(sheet)
    wanted = ["-0.0468", "0.14", "-0.0483", "-0.112"]
    for text in (
        "dW_hh,-0.0468,0.14,-0.0483,-0.112",
        "dW_hh = [[-0.0468, 0.14], [-0.0483, -0.112]]",
        "∂L/∂W_hh: -0,0468 0,14; -0,0483 -0,112",
        "dL/dW_hh\t-0.0468\t0.14\t-0.0483\t-0.112",
    ):
        assert list(pasted(text, blocks).values()) == wanted


@pytest.mark.parametrize(
    ("experiment", "reason"),
    [
        (PRESETS["vanishing"].experiment, "T: expected at most 6 steps"),
        (HOMEWORK.replace(has_target=False), "target: expected one"),
        (HOMEWORK.replace(truncate=1), "truncate: expected the whole"),
    ],
)
def test_an_experiment_that_makes_no_sheet_says_why(experiment, reason):
    at = opened(experiment, pr="0")
    assert reason in at.error[0].value
    assert not fields(at)


def test_too_many_numbers_in_the_address_are_said():
    at = opened(pr_n="1~" * 100)
    assert "expected at most 13 numbers in the address" in at.warning[0].value


def test_long_numbers_of_an_own_network_are_rounded_when_asked_and_the_answers_follow():
    weights = HOMEWORK.weights.model_copy(update={"W_xh": ((0.512345678,), (-0.3,))})
    experiment = HOMEWORK.replace(weights=weights)
    exact, rounded = sheets.own(experiment), sheets.own(experiment, rounded=True)
    assert rounded.network.parameters["W_xh"].tolist() == [[0.512], [-0.3]]
    assert rounded.answers[0] == 0.512 != exact.answers[0]
    at = opened(experiment, pr="0")
    at.toggle(key="pr_round").set_value(True).run()
    assert any("0.512 " in text.value for text in at.markdown)
    assert not [each for each in opened(HOMEWORK, pr="0").toggle if each.key == "pr_round"]
