"""Sequences with answers, in whatever form somebody has them."""

import json

import numpy as np
import pytest

from app.experiment import own_data
from app.experiment.reading import sequence
from app.experiment.reading.notice import Unread
from tests.app.reading import case


@pytest.mark.parametrize("ending", ["semicolon", "tab", "utf16", "cr"])
def test_cases_of_own_sequences_are_one_file_in_many_forms(ending: str) -> None:
    found = case(f"own-{ending}.csv")
    assert (found["kind"], found["T"], found["B"], found["D"], found["K"]) == ("own", 4, 6, 1, 2)
    assert found["first"][:8] == [2, 3, 4, 5, 4, 3, 2, 1]
    assert found["answers"] == ["up", "down"] * 3


def test_cases_of_own_sequences_with_other_numbers() -> None:
    assert case("own-decimal-comma.csv")["first"] == [0.1, 0.2, 0.4, 0.3]
    assert case("own-unicode-minus.csv")["first"] == [-0.1, 0.2, 0.4, 0.3]
    assert case("own.jsonl")["first"] == [1, 2, 2, 1]
    assert case("own.jsonl")["answers"] == ["up", "down"]


def test_whole_numbers_are_numbers_until_they_are_said_to_be_classes() -> None:
    found = case("own-digit-classes.csv")
    assert (found["loss"], found["answers"]) == ("squared_error", [2, 3, 1, 2, 3, 1])
    assert "y is 1, 2, 3: read as numbers" in " ".join(found["notices"])
    [choice] = found["choices"]
    turned = case("own-digit-classes.csv", **{choice["option"]: choice["value"]})
    assert (turned["loss"], turned["K"]) == ("softmax_cross_entropy", 3)
    assert turned["answers"] == ["2", "3", "1", "2", "3", "1"]
    assert [one["label"] for one in turned["choices"]] == ["y as numbers"]


def test_the_columns_of_own_sequences_stand_in_any_order() -> None:
    found = sequence.read("y,note,x1,sequence\n,a,2,1\nup,b,3,1\n,c,4,2\ndown,d,1,2\n", "a.csv", {})
    assert [one.x for one in found.given] == [((2,), (3,)), ((4,), (1,))]
    assert [one.y for one in found.given] == [(("up",),), (("down",),)]
    assert "left out: note" in found.understood.line


OWN = "sequence,x1,y\n1,1,\n1,2,up\n2,4,\n2,3,down\n"
SAME_OWN = {
    "as it is": OWN,
    "Excel's first line": "sep=,\n" + OWN,
    "a comment above": "# mine\n" + OWN,
    "a title above": "My data\n\n" + OWN,
    "percent": OWN.replace(",1,", ",1%,")
    .replace(",2,", ",2%,")
    .replace(",4,", ",4%,")
    .replace(",3,", ",3%,"),
    "lines apart": "sequence,x1,y\n1,1,\n2,4,\n1,2,up\n2,3,down\n",
    "full width": OWN.replace(",1,", ",１,"),
    "JSON, other names": '[{"input": [1, 2], "label": "up"}, {"input": [4, 3], "label": "down"}]',
    "JSON, capitals": '{"X": [[[1], [2]], [[4], [3]]], "y": ["up", "down"]}',
    "JSON, within data": '{"data": [{"x": [1, 2], "y": "up"}, {"x": [4, 3], "y": "down"}], "n": 2}',
}


@pytest.mark.parametrize("form", SAME_OWN)
def test_own_sequences_in_many_forms_are_the_same_in_the_sidebar_and_in_training(form: str) -> None:
    opened = sequence.read(SAME_OWN[form], "a.csv", {})
    assert [one.x for one in opened.given] == [((1,), (2,)), ((4,), (3,))]
    assert [one.y for one in opened.given] == [(("up",),), (("down",),)]
    found, understood = own_data.understood(SAME_OWN[form], {})
    assert [x.ravel().tolist() for x in found.x] == [[1, 2], [4, 3]]
    words = ("says what separates", "comment line", "above the table left out: “My data”", "“%”")
    words += ("were put together", "“input” read as x, “label” as y", "“X” read as x", "n left out")
    told = [word for word in words if word in understood.line]
    assert len(told) == (form not in ("as it is", "full width")), told
    assert all(word in opened.understood.line for word in told)


def test_a_line_of_own_sequences_that_is_no_number_is_left_out_by_a_click() -> None:
    text = OWN + "3,NA,\n3,5,up\n"
    with pytest.raises(Unread, match="line 6: expected finite numbers, got 'NA'") as caught:
        own_data.understood(text, {})
    (choice,) = caught.value.choices
    found, _ = own_data.understood(text, {choice.option: choice.value})
    assert [x.ravel().tolist() for x in found.x] == [[1, 2], [4, 3], [5]]


@pytest.mark.parametrize(
    ("text", "count", "first", "answer"),
    [
        ("\n".join(map(str, range(101))), 10, [0, 1], 1),
        ("t;u\n" + "\n".join(f"{n};{n},5" for n in range(101)), 10, [0, 0.5], 1),
        (json.dumps([[n] for n in range(101)]), 10, [0, 1], 1),
        ("x,y\n" + "\n".join(f"{n},{-n}" for n in range(100)), 10, [0, 1], 0),
    ],
)
def test_a_long_series_is_cut_into_windows_that_ask_for_the_next_value(
    text: str, count: int, first: list[float], answer: float
) -> None:
    found, understood = own_data.understood(text, {})
    assert len(found.x) == count
    assert found.x[0].ravel()[:2].tolist() == first
    assert np.ravel(found.target)[0] == answer
    assert not found.at_end
    assert "cut into 10 windows of 10 steps" in understood.line
    windows = {c.label: c.value for c in understood.choices if c.option == "window"}
    assert windows == {"windows of 5": 5, "windows of 20": 20}
    assert len(own_data.examples_in(text, {"window": 20}).x) == 5


def test_windows_lose_no_value_in_silence() -> None:
    found, understood = own_data.understood("\n".join(map(str, range(48))), {"window": 10})
    assert len(found.x) == 4
    assert found.x[3].ravel().tolist() == list(range(30, 40))
    assert found.target[3].ravel().tolist() == list(range(31, 41))
    assert "The last 7 are in none." in understood.line
