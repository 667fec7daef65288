"""The page Practice: what is typed is marked, kept in the address, and taken away."""

import base64
import io
import json
import re
import zipfile

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.components.sheet_view.payload import after
from app.experiment import link
from app.experiment.presets import PRESETS
from app.experiment.sources import Given, Numbers
from app.experiment.value import Experiment
from app.listings.worksheets.latex import latex_source
from app.listings.worksheets.parts import blocks_of
from app.views.practice.compute.results import pasted
from app.views.practice.sections import take_away
from app.views.shared import sheets
from rnn_core.practice import GRADES, mark, sheet_of, written

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


def sent(at):
    """Return what the sheet's component receives; None where there is no sheet."""
    found = [json.loads(part.proto.bytes) for part in at.get("bidi_component")]
    return found[0] if found else None


def asked(data):
    return [each for block in data["blocks"] for each in block["asked"]]


def test_the_first_sheet_is_there_with_a_field_for_every_number():
    at = opened()
    sheet = sheets.drawn(1, 1)
    assert [title.value for title in at.title] == ["Can I do it by hand?"]
    data = sent(at)
    assert sum(len(each["places"]) for each in asked(data)) == len(sheet.questions)
    assert (asked(data)[0]["spoken"], asked(data)[-1]["written"]) == ("h_1", "∂L/∂W_xh")
    assert data["key"] == [written(answer, 3) for answer in sheet.answers]


def test_the_graph_comes_without_a_computed_number():
    data = sent(opened(pr="4", pr_seed="2"))
    network = sheets.drawn(4, 2).network
    values = np.frombuffer(base64.b64decode(data["graph"]["level"]["value"]))
    given = np.concatenate(
        [network.x.ravel(), network.y.ravel(), network.parameters.vector, [0.0, 0.0]]
    )
    assert np.isnan(values).sum() > 20
    assert sorted(values[~np.isnan(values)]) == sorted(given)
    assert data["graph"]["level"]["grad"] is None


def test_what_the_address_holds_is_told_to_its_own_sheet_once():
    at = opened(pr="2", pr_seed="5", pr_n="0,5~1/3~!")
    told = sent(at)["told"]
    assert (told["sheet"], told["texts"]) == ("2_5", {"0": "0,5", "1": "1/3", "2": "!"})
    at.button[0].click().run()
    assert at.number_input(key="pr_seed").value == 6
    assert sent(at)["name"] == "2_6"
    assert sent(at)["told"] == told  # which the browser has taken


@pytest.mark.parametrize(
    ("part", "first", "given"),
    [
        ("forward", "z_1", 0),
        ("loss", "a_3", 6),
        ("backward", "∂L/∂a_3", 9),
        ("weights", "∂L/∂W_hy", 16),
    ],
)
def test_a_part_of_the_pass_is_asked_for_and_what_comes_before_is_given(part, first, given):
    data = sent(opened(pr="2", pr_seed="5", pr_part=part))
    assert asked(data)[0]["written"] == first
    assert len(data["given"]) == given
    assert len({each["first"] for each in [*asked(data), *data["given"]]}) == len(
        asked(data) + data["given"]
    )


def test_the_homework_of_the_sidebar_is_filled_in_when_it_is_pasted():
    at = opened(HOMEWORK, pr="0")
    at.text_area(key="pr_pasted").input(
        "dW_hh = [[-0.04682, 0.1403], [-0.04825, -0.1118]]\n∂L/∂a_3: -0,685\nh_1; 0,462; 0.291\n"
    ).run()
    next(button for button in at.button if button.label == "Fill in").click().run()
    assert not at.exception
    told = sent(at)["told"]
    assert told["sheet"] == sent(at)["name"]
    sheet = sheets.own(HOMEWORK)
    entries = {sheet.questions[int(k)]: float(text) for k, text in told["texts"].items()}
    statuses = [one.status for one in mark(sheet, entries).values()]
    assert sorted(statuses) == ["right"] * 6 + ["wrong"]  # −0.291 it is


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
        "dWhh = [[-0,0468 0,14] [-0,0483 -0,112]]",
    ):
        assert list(pasted(text, blocks).values()) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "h = [[1, 2], [3, 4], [5, 6]]",
        "h = array([[1., 2.],\n       [3., 4.],\n       [5., 6.]])",
        "h_1 = [[1], [2]]\n\nh_2 = [[3],\n [4]]\nh_3: 5; 6",
        "h1 = 1,0; 2,0\nh[2] = (3,0; 4,0)\nh(3): 5 6",
        "quantity,t,value,value\nh,1,1,2\nh,2,3,4\nh,3,5,6",
        "h;1;1,0;2,0\nh;2;3,0;4,0\nh;3;5,0;6,0",
    ],
)
def test_results_over_time_go_on_below_and_vectors_stand_as_columns(text):
    found = pasted(text, blocks_of(sheets.own(HOMEWORK)))
    at = {(question.t, *question.unit): number for question, number in found.items()}
    assert at == {(1, 1): "1", (1, 2): "2", (2, 1): "3", (2, 2): "4", (3, 1): "5", (3, 2): "6"}


def test_results_name_gradients_by_z_as_a_lecture_does():
    blocks = blocks_of(sheets.own(HOMEWORK))
    for text in ("delta3 = -0,499; 0,64", "δ_3 = [-0.499, 0.64]", "dz[3]: -0.499 0.64"):
        found = pasted(text, blocks)
        assert {(one.of, one.quantity, one.t) for one in found} == {("gradient", "z", 3)}
        assert list(found.values()) == ["-0.499", "0.64"]


def test_what_was_typed_last_is_filled_in_though_the_page_has_not_heard_of_it():
    at = opened(HOMEWORK, pr="0")
    at.text_area(key="pr_pasted").input(
        "quantity;value\na_3 = -0,776"
    )  # and the click, in one and the same run
    next(button for button in at.button if button.label == "Fill in").click().run()
    assert list(sent(at)["told"]["texts"].values()) == ["-0.776"]
    (said,) = [each.value for each in at.info]
    assert "filled in above" in said
    assert "“quantity;value”" in said


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
    assert sent(at) is None


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


def test_variants_of_a_format_of_a_file_each_are_one_zip_of_the_sheets_of_their_seeds():
    made = take_away._content(sheet_of(1, 7), "latex", 3, "with", None)
    assert made == take_away._content(sheet_of(1, 7), "latex", 3, "with", None)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        files = [archive.read(name) for name in archive.namelist()]
    assert len(set(archive.namelist())) == 3
    assert files == [latex_source(sheet_of(1, seed), None).encode() for seed in (7, 8, 9)]
    assert take_away._content(sheet_of(1, 7), "latex", 1, "with", None) == files[0]
    apart = take_away._content(sheet_of(1, 7), "latex", 1, "apart", None)
    name = "worksheet-one-unit-no-activation-function-7"
    with zipfile.ZipFile(io.BytesIO(apart)) as archive:
        assert archive.namelist() == [f"{name}.tex", f"{name}-key.tex"]


@pytest.mark.parametrize(
    ("part", "ways"),
    [
        ("forward", {"loss": "Next: Loss"}),
        ("backward", {"weights": "Next: Gradients of the weights"}),
        ("weights", {"next": "Next sheet", "grade": "Next kind: One unit, tanh"}),
    ],
)
def test_the_ways_on_after_a_part_are_named(part: str, ways: dict[str, str]) -> None:
    assert after(sheet_of(1, 5), part).ways == ways
    hardest = after(sheet_of(max(GRADES), 5), "all")
    assert list(hardest.ways) == ["next"]
