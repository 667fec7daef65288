"""What people have is read to its right numbers; what was concluded is said, with other ways."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.experiment.reading import sequence
from scripts import read as script
from tests.app.reading import CASES, case, refused, table


@pytest.mark.parametrize(
    ("name", "sizes", "first", "said"),
    [
        ("seq-title-with-blank.csv", (4, 1, 2), [1700, 5, 1701, 11], "2 columns, 4 rows."),
        (
            "seq-title-with-blank-decimal-comma.csv",
            (3, 1, 2),
            [0, 0.5, 1, 0.7],
            "Title row left out.",
        ),
        ("seq-title-with-blank-semicolon.csv", (3, 1, 1), [12, 18, 13], "“Month” holds dates"),
        ("seq-thousands-quoted.csv", (3, 1, 2), [1, 1234, 2, 2345], "the comma parts thousands"),
        ("seq-month-slash.csv", (3, 1, 1), [3, 8, 12], "“month” holds dates (“2019/10”): left out"),
        ("seq-date-column.csv", (3, 1, 1), [20.7, 17.9, 18.8], "“Date” holds dates"),
        ("seq-units-row.csv", (2, 1, 2), [0, 0.5, 1, 0.7], "Line 2 (s, V) holds units: left out."),
        ("paste-grad-fn.txt", (2, 1, 2), [0.1, 0.2, 0.3, 0.4], ""),
        ("paste-tf-tensor.txt", (2, 1, 2), [0.1, 0.2, 0.3, 0.4], ""),
        ("paste-name-without-equals.txt", (2, 1, 2), [0.1, 0.2, 0.3, 0.4], "weight_hh_l0"),
        ("paste-julia.txt", (2, 1, 2), [0.1, 0.2, 0.3, 0.4], ""),
        ("paste-r.txt", (2, 1, 2), [0.1, 0.2, 0.3, 0.4], ""),
        ("paste-matlab-scaled.txt", (2, 1, 2), [1, 1200, 2, 2400], "times 10^3"),
        ("paste-batch-first-x.txt", (3, 3, 2), [1, 1, 2, 2, 3, 3], "read as time first"),
        ("paste-row-convention.txt", (2, 1, 4), [1, 0.5, 0, 0.2], "x read, the others left out"),
    ],
)
def test_cases_of_sequences(
    name: str, sizes: tuple[int, int, int], first: list[float], said: str
) -> None:
    found = case(name)
    assert found["kind"] == "sequence"
    assert (found["T"], found["B"], found["D"]) == sizes
    assert found["first"][: len(first)] == first
    assert said in " ".join(found["notices"])


def test_cases_of_texts() -> None:
    assert case("text-crlf.txt")["first"] == "to be\nor not"
    found = case("text-soft-hyphen.txt")
    assert found["first"] == "recurrent"
    assert "Left out: 2 × soft hyphen (U+00AD)." in found["notices"]


@pytest.mark.parametrize(
    "text",
    [
        "As shown in [1] and [2], f(1) is fine (1999, 2000).",
        "chapter 1\nchapter 2",
        "<img src=x onerror=alert(1)>",
        "\\alpha is no matrix",
        "{so much depends}",
        '"Unless someone like you"',
    ],
)
def test_prose_is_a_text(text: str) -> None:
    opened = sequence.read(text, "poem.txt", {})
    assert (opened.kind, opened.text) == ("text", text)
    assert f"Read as a text of {len(text)} characters." in opened.understood.line


def test_a_batch_is_turned_by_its_button() -> None:
    [choice] = case("paste-batch-first-x.txt")["choices"]
    assert choice["label"] == "batch first"
    turned = case("paste-batch-first-x.txt", **{choice["option"]: choice["value"]})
    assert turned["first"][:6] == [1, 1, 2, 2, 4, 4]
    assert [one["label"] for one in turned["choices"]] == ["time first"]


def test_a_column_is_left_out_by_its_button() -> None:
    text = "day,Spot count\n1,5\n2,11\n3,16\n"
    _, said, labels = table(text)
    assert "Column “day” is an index: used as an input." in said
    assert labels[:2] == ["leave out column day", "leave out column Spot count"]
    rows, said, labels = table(text, leave_out=[1])
    assert rows == [[5], [11], [16]]
    assert "Column “day” left out." in said
    assert "use all columns" in labels


def test_an_index_without_a_title_is_left_out_and_can_be_used() -> None:
    rows, said, labels = table(",v\n0,5\n1,11\n2,16\n")
    assert rows == [[5], [11], [16]]
    assert "counts the rows: left out" in said
    assert "use the row numbers" in labels
    assert table(",v\n0,5\n1,11\n2,16\n", use=[1])[0] == [[0, 5], [1, 11], [2, 16]]


def test_a_missing_value_is_named_with_its_row_and_the_ways_on() -> None:
    text = "t,u\n1,5\n2,NA\n3,7\n"
    sentence, ways = refused(text)
    assert sentence.startswith("a.csv row 3 column 2: expected a number")
    assert sentence.endswith("got 'NA': a value is missing")
    rows, said, _ = table(text, **ways["leave out 1 row with a gap"])
    assert rows == [[1, 5], [3, 7]]
    assert "1 of 3 rows left out" in said
    assert table(text, **ways["fill gaps with the value before"])[0] == [[1, 5], [2, 5], [3, 7]]
    assert table(text, **ways["leave out column u"])[0] == [[1], [2], [3]]


def test_a_column_of_words_and_a_bad_line_are_named_with_the_ways_on() -> None:
    sentence, ways = refused("city,u\nBonn,5\nKöln,6\n")
    assert sentence == "a.csv: expected numbers, got words in column “city” ('Bonn')"
    assert table("city,u\nBonn,5\nKöln,6\n", **ways["leave out column city"])[0] == [[5], [6]]
    text = "t,u\n1,5\n2,6\n3,7\nSource: me\n"
    sentence, ways = refused(text)
    assert sentence == "a.csv row 5: expected 2 numbers as in row 1, got 1"
    rows, said, _ = table(text, **ways["leave out line 5"])
    assert rows == [[1, 5], [2, 6], [3, 7]]
    assert "Line 5 left out." in said


def test_the_first_part_of_what_is_too_long_is_offered() -> None:
    text = "\n".join(map(str, range(5003)))
    sentence, ways = refused(text)
    assert sentence == "a.csv: expected at most 5,000 rows, got more"
    rows, said, _ = table(text, **ways["the first 5,000 rows"])
    assert [rows[0], rows[-1], len(rows)] == [[0], [4999], 5000]
    assert "The first 5,000 rows; the others left out." in said
    sentence, ways = refused(json.dumps([[n] for n in range(5003)]), "a.json")
    assert sentence == "a.json: expected at most 5,000 steps, got 5,003"
    opened = sequence.read(json.dumps([[n] for n in range(5003)]), "", {"steps": 5000})
    assert len(opened.cube) == 5000
    sentence, ways = refused("ab" * 3000, "a.txt")
    opened = sequence.read("ab" * 3000, "a.txt", ways["the first 5,001 characters"])
    assert len(opened.text) == 5001


def test_a_comma_or_a_first_row_can_be_something_else() -> None:
    rows, _, labels = table("0,5\n1,5\n")
    assert rows == [[0, 5], [1, 5]]
    assert "the comma is a decimal mark" in labels
    assert table("0,5\n1,5\n", decimal=",")[0] == [[0.5], [1.5]]
    assert "row 1 is a title row" in table("2001 2002\n1 2\n3 4\n")[2]
    assert table("2001 2002\n1 2\n3 4\n", title_row=True)[0] == [[1, 2], [3, 4]]


@pytest.mark.parametrize("text", ["[[1, null], [2, 3], [4, 5]]", "[[1, NaN], [2, 3], [4, 5]]"])
def test_gaps_in_json_are_named_with_the_ways_on(text: str) -> None:
    sentence, ways = refused(text, "a.json")
    assert sentence.startswith("a.json row 1 column 2: expected a number")
    assert table(text, "a.json", **ways["leave out 1 row with a gap"])[0] == [[2, 3], [4, 5]]
    assert table(text, "a.json", **ways["leave out column 2"])[0] == [[1], [2], [4]]


def test_a_total_below_the_rows_and_names_beside_years_are_left_out_by_a_click() -> None:
    _, ways = refused("m,n\n1,5\n2,6\n3,7\nTotal,18\n")
    assert table("m,n\n1,5\n2,6\n3,7\nTotal,18\n", **ways["leave out line 5"])[0][-1] == [3, 7]
    text = "Country,1960,1961\nA,1,2\nB,3,4\n"
    sentence, ways = refused(text)
    assert "words in column “Country”" in sentence
    assert table(text, **ways["leave out column Country"])[0] == [[1, 2], [3, 4]]


def test_records_named_x_and_y_of_single_numbers_are_a_table() -> None:
    assert table('[{"x": 1, "y": 2}, {"x": 3, "y": 4}]', "a.json")[0] == [[1, 2], [3, 4]]


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_the_script_refuses_in_a_sentence_and_says_so_by_its_exit_code(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    good = str(CASES / "own.jsonl")
    assert script.main([good]) == 0
    assert script.main([good, str(CASES / name)]) == 2
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert "refused" in lines[-1]
    assert lines[0] == lines[1]
    assert script.main([str(CASES / "seq-title-with-blank.csv"), "--option", "leave_out=[1]"]) == 0
    assert json.loads(capsys.readouterr().out)["first"] == [5, 11, 16, 23]
    assert script.main([str(CASES / "own-cr.csv"), "--as", "weights"]) == 2


def test_the_script_does_not_start_the_app() -> None:
    code = "import sys, scripts.read; sys.exit('streamlit' in sys.modules)"
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
