"""What people have is read to its right numbers; what was concluded is said, with other ways."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.experiment import own_data
from app.experiment.parsing import parse_matrix
from app.experiment.reading import decoding, sequence
from app.experiment.reading.arrays import cube
from app.experiment.reading.notice import Unread
from scripts import read as script

CASES = Path(__file__).parent / "cases"


def case(name: str, **options: Any) -> dict[str, Any]:
    return script.read(CASES / name, None, options)


def table(
    text: str | bytes, name: str = "a.csv", **options: Any
) -> tuple[list[Any], str, list[str]]:
    """Return the rows, what was said, and the labels of the buttons."""
    opened = sequence.read(text, name, options)
    assert opened.kind == "sequence"
    rows = np.array(opened.cube)[:, 0].tolist()
    return rows, opened.understood.line, [choice.label for choice in opened.understood.choices]


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


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("x;y\n1.234,5;0,5\n2.345;1,5\n", [[1234.5, 0.5], [2345, 1.5]]),  # German Excel
        ("x;y\n1 234,5;0,5\n2\u202f345;1,5\n", [[1234.5, 0.5], [2345, 1.5]]),  # French Excel
        ("x;y\n1'234.5;0.5\n2’345;1.5\n", [[1234.5, 0.5], [2345, 1.5]]),  # Swiss Excel
        ("x\ty\n0,5\t1\n0,25\t2\n", [[0.5, 1], [0.25, 2]]),
        ('"x" "y"\n"1" 0.5 0.7\n"2" 0.4 0.1\n', [[0.5, 0.7], [0.4, 0.1]]),  # R, write.table
        ('"","x","y"\n"1",0.5,0.7\n"2",0.4,0.1\n', [[0.5, 0.7], [0.4, 0.1]]),  # R, write.csv
        (",x,y\n0,0.5,0.7\n1,0.4,0.1\n", [[0.5, 0.7], [0.4, 0.1]]),  # pandas
        (",0,1\n0,0.5,0.7\n1,0.4,0.1\n", [[0.5, 0.7], [0.4, 0.1]]),  # pandas, no names
        ("          0    1\n0  0.5  0.7\n1  0.4  0.1", [[0.5, 0.7], [0.4, 0.1]]),  # printed frame
        ("# gnuplot\n# t u\n0 0.5\n\n1 0.4 # here\n", [[0, 0.5], [1, 0.4]]),
        ("   5.0000000e-01   7.0000000e-01\n   4.0e-01   1.0e-01\n", [[0.5, 0.7], [0.4, 0.1]]),
        ("5.0e-01,7.0e-01\n4.0e-01,1.0e-01\n", [[0.5, 0.7], [0.4, 0.1]]),  # savetxt
        ("% MATLAB\n0.5 0.7\n0.4 0.1\n", [[0.5, 0.7], [0.4, 0.1]]),
        ("// C\n0.5, 0.7\n0.4, 0.1\n", [[0.5, 0.7], [0.4, 0.1]]),
        ("| x | y |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n", [[1, 2], [3, 4]]),  # Markdown
        ("Station 7\nx,y\n1,2\n3,4\n5,6\n", [[1, 2], [3, 4], [5, 6]]),
        ('"Temp\n(°C)";u\n1;2\n3;4\n', [[1, 2], [3, 4]]),
        ("x,y\r\n1,2\r\n3,4\r\n", [[1, 2], [3, 4]]),
        ("x,y\u20281,2\u20283,4", [[1, 2], [3, 4]]),
        ("x,y\x851,2\x853,4", [[1, 2], [3, 4]]),
        ("Wert\n0,5\n0,7\n", [[0.5], [0.7]]),
        ("a,b\n−1,–2\n3,4\n", [[-1, -2], [3, 4]]),
        ("month,n\n1/2/2019,1\n1/3/2019,2\n", [[1], [2]]),
        ("when;n\n31.01.2019;1\n01.02.2019;2\n", [[1], [2]]),
        ("when,n\n2019-01-31T12:00:00Z,1\n2019-02-01 12:00,2\n", [[1], [2]]),
        ("q,n\n2019Q1,1\n2019Q2,2\n", [[1], [2]]),
        ("when,n\nJan 2019,1\nFeb 2019,2\n", [[1], [2]]),
        ("share\n1/3\n2/3\n", [[1 / 3], [2 / 3]]),
        ('[{"t": 1, "u": 2}, {"t": 3, "u": 4}]', [[1, 2], [3, 4]]),
        ('{"t": 1, "u": 2}\n{"t": 3, "u": 4}\n', [[1, 2], [3, 4]]),
        ('{"t": [1, 3], "u": [2, 4]}', [[1, 2], [3, 4]]),
        ('{"t": {"0": 1, "1": 3}, "u": {"0": 2, "1": 4}}', [[1, 2], [3, 4]]),  # pandas, to_json
        ("[1, 2]\n[3, 4]\n", [[1, 2], [3, 4]]),
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("sep=;\nx;y\n1,5;2\n3;4\n", [[1.5, 2], [3, 4]]),  # Excel
        ("x y\n1.0D+00 2.0d-01\n3.0D+00 4.0\n", [[1, 0.2], [3, 4]]),  # Fortran
        ("x，y\n１，−２\n３，４．５\n", [[1, -2], [3, 4.5]]),  # full width
        ("x;y\n١٫٥;٢\n٣;٤\n", [[1.5, 2], [3, 4]]),  # Arabic
        ("    a    b\nx  1.0  2.0\ny  3.0  4.0\n\n[2 rows x 2 columns]", [[1, 2], [3, 4]]),
        (
            "shape: (2, 2)\n┌─────┬─────┐\n│ x   ┆ y   │\n│ --- ┆ --- │\n│ f64 ┆ f64 │\n"
            "╞═════╪═════╡\n│ 1.0 ┆ 2.0 │\n│ 3.0 ┆ 4.0 │\n└─────┴─────┘",
            [[1, 2], [3, 4]],
        ),  # Polars
        ("p,q\n10%,$1.50\n12.5%,$2\n", [[10, 1.5], [12.5, 2]]),
        ("p;q\n1.234,50 €;−5 °C\n2,00 €;6 °C\n", [[1234.5, -5], [2, 6]]),
        ("t,u\n0 s,0.5 V\n1 s,0.7 V\n", [[0, 0.5], [1, 0.7]]),
        ("a,b\nTrue,1\nFalse,0\n", [[1, 1], [0, 0]]),
        ("12h\n13h\n", [[12], [13]]),
        ("5min,10min\n1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("v\n3,5 m/s\n4,5 m/s\n", [[3.5], [4.5]]),
        ("2 kg\n3 kg\n", [[2], [3]]),
        ('a,b\n"(1,234.50)",1\n"2,000.00",2\n', [[-1234.5, 1], [2000, 2]]),  # accountants
        ("d,n\n2019M01,1\n2019M02,2\n", [[1], [2]]),  # Eurostat
        ("d,n\n2019-W01,1\n2019-W02,2\n", [[1], [2]]),
        ("d,n\n1:30 PM,1\n2:30 p.m.,2\n", [[1], [2]]),
        ("Monat;n\nJan 2019;1\nMär 2019;2\nMai 2019;3\nOkt 2019;4\n", [[1], [2], [3], [4]]),
        ("@relation r\n@attribute a numeric\n@data\n1,2\n3,4\n", [[1, 2], [3, 4]]),  # Weka
        ("'t s';'u'\n'1';'2'\n'3';'4'\n", [[1, 2], [3, 4]]),
        ('{"x": [[1, 2], [3, 4]]}', [[1, 2], [3, 4]]),
        ('{"name": "a", "x": [1, 2, 3]}', [[1], [2], [3]]),
        ('{"data": {"a": [1, 3], "b": [2, 4]}}', [[1, 2], [3, 4]]),
        (
            '{"columns": ["a", "b"], "index": [0, 1], "data": [[1, 2], [3, 4]]}',
            [[1, 2], [3, 4]],
        ),  # pandas, orient="split"
        (
            '{"schema": {"fields": []}, "data": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}',
            [[1, 2], [3, 4]],
        ),  # pandas, orient="table"
        ('[["1", "2"], ["3.5", "4"]]', [[1, 2], [3.5, 4]]),
    ],
)
def test_tables_as_programs_write_them(text: str, rows: list[list[float]]) -> None:
    found, said, _ = table(text)
    assert found == rows
    assert said


@pytest.mark.parametrize(
    ("encoding", "mark", "said"),
    [
        ("utf-8", b"\xef\xbb\xbf", ""),
        ("utf-8", b"", ""),
        ("utf-16-le", b"\xff\xfe", ""),
        ("utf-16-be", b"\xfe\xff", ""),
        ("utf-32-le", b"\xff\xfe\0\0", ""),
        ("utf-16-le", b"", "read as UTF-16, a guess"),
        ("utf-16-be", b"", "read as UTF-16, a guess"),
        ("cp1252", b"", "read as Windows-1252, a guess"),
        ("latin-1", b"", "read as Windows-1252, a guess"),
    ],
)
def test_encodings(encoding: str, mark: bytes, said: str) -> None:
    found, line, _ = table(mark + "größe;y\n1;2\n3;4\n".encode(encoding))
    assert found == [[1, 2], [3, 4]]
    assert said in line


@pytest.mark.parametrize(
    ("encoding", "word", "title"),
    [
        ("cp1251", "время", "Windows-1251"),
        ("koi8_r", "время", "KOI8-R"),
        ("cp1250", "prędkość", "Windows-1250"),
        ("cp932", "時間", "Shift-JIS"),
        ("gb18030", "时间", "GB 18030"),
        ("cp949", "시간", "Windows-949"),
        ("mac_roman", "Größe", "Mac Roman"),
    ],
)
def test_a_guessed_encoding_can_be_another_one_shown_by_a_word(
    encoding: str, word: str, title: str
) -> None:
    content = f"{word};y\n1;2\n3;4\n".encode(encoding)
    opened = sequence.read(content, "a.csv", {})
    assert "It is no UTF-8: read as Windows-1252, a guess." in opened.understood.sentences
    label = f"read as {title}: “{word}”"
    (choice,) = (one for one in opened.understood.choices if one.label == label)
    again = sequence.read(content, "a.csv", {choice.option: choice.value})
    assert f"leave out column {word}" in [one.label for one in again.understood.choices]
    assert f"It is no UTF-8: read as {title}, as you chose." in again.understood.sentences
    assert again.cube == opened.cube
    poem = sequence.read(word.encode(encoding) + b" 1", "poem.txt", {"encoding": encoding})
    assert poem.text == f"{word} 1"


def test_an_encoding_that_does_not_fit_or_is_unknown_is_not_taken() -> None:
    content = "größe;y\n1;2\n3;4\n".encode("cp1252")
    assert table(content, encoding="rot13")[0] == table(content, encoding=["cp932"])[0]
    with pytest.raises(Unread, match="expected Shift-JIS, as you chose, got other") as caught:
        sequence.read(b"\xfc\xfc;y\n1;2\n", "a.csv", {"encoding": "cp932"})
    assert next(one.label for one in caught.value.choices) == "read as Windows-1252: “üü”"
    assert not [label for label in table("größe;y\n1;2\n")[2] if label.startswith("read as")]


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0", b"\0\1\2\3", bytes(range(256))])
def test_other_bytes_are_no_text(content: bytes) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        sequence.read(content, "a.csv", {})
    assert "\n" not in str(caught.value)


def test_characters_that_cannot_be_shown_are_left_out_and_named() -> None:
    text, said = decoding.cleaned("a\u200bb\x0cc\u2009d\u2028e\ufefff")
    assert text == "abc d\nef"
    assert said == (
        "Left out: 1 × form feed (U+000C), 1 × zero width space (U+200B), "
        "1 × zero width no-break space (U+FEFF).",
        "Read as blanks: 1 × thin space (U+2009).",
    )


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


def refused(text: str, name: str = "a.csv", **options: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Unread) as caught:
        sequence.read(text, name, options)
    return str(caught.value), {c.label: {c.option: c.value} for c in caught.value.choices}


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


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("array([[1., 2.],\n       [3., 4.]], dtype=float32)", [[1, 2], [3, 4]]),
        ("Array([[1., 2.], [3., 4.]], dtype=float32)", [[1, 2], [3, 4]]),  # JAX
        (
            "<tf.Tensor: shape=(2, 2), dtype=float32, numpy=\narray([[1., 2.],\n [3., 4.]], "
            "dtype=float32)>",
            [[1, 2], [3, 4]],
        ),
        ("tensor([[1., 2.],\n        [3., 4.]], device='cuda:0')", [[1, 2], [3, 4]]),
        ("tensor([[1., 3.], [2., 4.]]).T", [[1, 2], [3, 4]]),
        ("[[1. 2.]\n [3. 4.]]\n<NDArray 2x2 @cpu(0)>", [[1, 2], [3, 4]]),  # MXNet
        ("In [3]: W\nOut[3]: \narray([[1., 2.],\n       [3., 4.]])", [[1, 2], [3, 4]]),
        ("my weights are [[1, 2], [3, 4]] as trained", [[1, 2], [3, 4]]),
        ("W =\n\n     1     2\n     3     4\n\n", [[1, 2], [3, 4]]),  # MATLAB
        (
            "W =\n\n  Columns 1 through 2\n\n     1     2\n     4     5\n\n  Column 3\n\n"
            "     3\n     6\n",
            [[1, 2, 3], [4, 5, 6]],
        ),
        ("W =\n\n   1.0e-03 *\n\n    0.5000    1.2000\n", [[0.0005, 0.0012]]),
        (
            "     [,1] [,2]\n[1,]    1    2\n[2,]    4    5\n     [,3]\n[1,]    3\n[2,]    6\n",
            [[1, 2, 3], [4, 5, 6]],
        ),
        ("[1] 0.1 0.2 0.3\n[4] 0.4 0.5", [[0.1, 0.2, 0.3, 0.4, 0.5]]),
        ("c(0.1, 0.2, 0.3)", [[0.1, 0.2, 0.3]]),
        ("matrix(c(1, 3, 2, 4), nrow = 2)", [[1, 2], [3, 4]]),
        ("matrix(c(1, 2, 3, 4), ncol = 2, byrow = TRUE)", [[1, 2], [3, 4]]),
        ("3-element Vector{Float64}:\n 0.1\n 0.2\n 0.3", [[0.1], [0.2], [0.3]]),
        (
            "2×2 adjoint(::Matrix{Float64}) with eltype Float64:\n 1.0  2.0\n 3.0  4.0",
            [[1, 2], [3, 4]],
        ),
        ("{{1, 2}, {3, 4}}", [[1, 2], [3, 4]]),  # Mathematica
        ("array([0.1, 0.2,\n       0.3])", [[0.1, 0.2, 0.3]]),
        ("[0.1 0.2 0.3\n 0.4]", [[0.1, 0.2, 0.3, 0.4]]),  # a vector that NumPy wrapped
        ("[np.float64(0.1), np.float64(0.2)]", [[0.1, 0.2]]),  # a list, since NumPy 2
        ("[[np.int64(1), np.int64(2)], [np.int64(3), np.int64(4)]]", [[1, 2], [3, 4]]),
        (" 1  2\n 3  4\n[torch.FloatTensor of size 2x2]\n", [[1, 2], [3, 4]]),  # PyTorch 0.3
        ("\n1.0000e-02 *\n  1.0  2.0\n[torch.DoubleTensor of size 1x2]", [[0.01, 0.02]]),
        ("Variable containing:\n 1  2\n[torch.FloatTensor of size 1x2]", [[1, 2]]),
        (
            "tensor(1.0000e-02 *\n       [[1.0, 3.0],\n        [3.0, 7.0]])",
            [[0.01, 0.03], [0.03, 0.07]],
        ),
        ("Matrix(2, 2, [[1, 2],[3, 4]])", [[1, 2], [3, 4]]),  # Maple
        ("{{1.*^-1, 2}, {3, 4}}", [[0.1, 2], [3, 4]]),  # Mathematica
        ("float W[2][2] = {{0.1f, 2.f}, {3, 4}};", [[0.1, 2], [3, 4]]),  # C
        ("2×2 Matrix{Float32}:\n 0.1f0  2.0f0\n 3.0f0  4.0f0", [[0.1, 2], [3, 4]]),  # Julia
        ("2-element Vector{Vector{Float64}}:\n [1.0, 2.0]\n [3.0, 4.0]", [[1, 2], [3, 4]]),
        ("[ 1  2 ]\n[ 3  4 ]", [[1, 2], [3, 4]]),
        ("| 1  2 |\n| 3  4 |", [[1, 2], [3, 4]]),
        ("⎡1  2⎤\n⎢    ⎥\n⎣3  4⎦", [[1, 2], [3, 4]]),  # SymPy
        ("0.1 * [[1, 3], [3, 4]]", [[0.1, 0.3], [0.3, 0.4]]),
        ("1/4 * [[1, 2], [3, 4]]", [[0.25, 0.5], [0.75, 1]]),
        ("W = -np.array([[1, 2], [3, 4]])", [[-1, -2], [-3, -4]]),
        ("W = -0.5 * [[1, 2], [3, 4]] * 2", [[-1, -2], [-3, -4]]),
        (r"-\frac{1}{4}\begin{bmatrix}1 & 2\end{bmatrix}", [[-0.25, -0.5]]),
        (r"A = -\begin{bmatrix}1 & 2\end{bmatrix}", [[-1, -2]]),
        (r"\left(1/4\begin{bmatrix}1 & 2\end{bmatrix}\right)", [[0.25, 0.5]]),
        ("- [1, 2]\n- [3, 4]\n", [[1, 2], [3, 4]]),  # YAML
        ("np.array([[1, 2], [3, 4]]).astype(np.float32).T", [[1, 3], [2, 4]]),
        ("np.array([[1, 2], [3, 4]]) / 4", [[0.25, 0.5], [0.75, 1]]),
        (r"\tfrac{1}{4}\begin{pmatrix}1 & 2\\3 & 4\end{pmatrix}", [[0.25, 0.5], [0.75, 1]]),
        (r"W = 0.1 \cdot \left[\begin{array}{cc}1 & 3\end{array}\right]", [[0.1, 0.3]]),
        ("  (0, 0)\t1.5\n  (1, 2)\t2.5", [[1.5, 0, 0], [0, 0, 2.5]]),  # SciPy
        (
            "<Compressed Sparse Row sparse matrix of dtype 'float64'\n"
            "\twith 1 stored elements and shape (2, 3)>\n  Coords\tValues\n  (1, 0)\t5.0",
            [[0, 0, 0], [5, 0, 0]],
        ),
        (
            r"\begin{equation}W = \begin{bmatrix}1 & 2\\[2pt]3 & 4\end{bmatrix}\end{equation}",
            [[1, 2], [3, 4]],
        ),
    ],
)
def test_arrays_as_programs_print_them(text: str, rows: list[list[float]]) -> None:
    assert table(text)[0] in (rows, [[n] for row in rows for n in row])
    assert parse_matrix(text) == rows


def test_what_is_done_to_numbers_is_said_with_the_other_way() -> None:
    said = {
        "0.1 * [[1, 2], [3, 4]]": "Every number times 0.1, as written beside them.",
        "[ 1  2 ]\n[ 3  4 ]": "2 vectors read as the rows of one matrix.",
        "(0, 0) 1.5\n(1, 2) 2.5": "2 numbers given by row and column from 0, the others are 0.",
        "p,q\n10%,1\n12%,2\n": "Column “p”: “%” behind the numbers left out.",
        "p,q\n$1,1\n$2,2\n": "Column “p”: “$” before the numbers left out.",
        'a,b\n"(1,234)",1\n"5",2\n': "Column “a”: numbers in parentheses are negative.",
        "a,b\nTrue,1\nFalse,0\n": "Column “a”: true read as 1, false as 0.",
        "sep=;\nx;y\n1;2\n3;4\n": "Line 1 (sep=;) says what separates the cells.",
        '{"name": "a", "x": [1, 2, 3]}': "“x” read, name left out.",
    }
    for text, sentence in said.items():
        assert sentence in table(text)[1]
    assert "read the first one alone" in table("[ 1  2 ]\n[ 3  4 ]")[2]
    assert table("[ 1  2 ]\n[ 3  4 ]", array=0)[0] == [[1, 2]]


@pytest.mark.parametrize(
    "text", ["city,n\n5th,1\n6th,2\n7nd,3\n", "A1,2\nA2,3\n", "h1 0.1\nh2 0.3\n"]
)
def test_names_with_digits_are_no_numbers_with_units(text: str) -> None:
    with pytest.raises(ValueError, match="got words in column"):
        sequence.read(text, "a.csv", {})


@pytest.mark.parametrize(
    "text",
    [
        *(
            "[[1, 2], [3, 4]] ** 2",
            "[[1, 2], [3, 4]] + 1",
            "1 - [[1, 2], [3, 4]]",
            "a * [[1, 2], [3, 4]]",
        ),
        *(
            "[[1, 2], [3, 4]] @ [[1, 0], [0, 1]]",
            "1/np.sqrt(3) * [[1, 2], [3, 4]]",
            "2 ^ [[1, 2], [3, 4]]",
        ),
        *("np.zeros((3, 4))", "np.random.rand(3, 4)", "np.array([1, 2, 3, 4]).reshape(2, 2)"),
        *("x + 3 * [[1, 2], [3, 4]]", r"A + \begin{bmatrix}1 & 2\end{bmatrix}"),
    ],
)
def test_arithmetic_beside_an_array_is_refused_not_passed_over(text: str) -> None:
    with pytest.raises(ValueError, match="expected an array alone, or times a number, got"):
        sequence.read(text, "a.csv", {})


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


def test_the_columns_of_own_sequences_stand_in_any_order() -> None:
    found = sequence.read("y,note,x1,sequence\n,a,2,1\nup,b,3,1\n,c,4,2\ndown,d,1,2\n", "a.csv", {})
    assert [one.x for one in found.given] == [((2,), (3,)), ((4,), (1,))]
    assert [one.y for one in found.given] == [(("up",),), (("down",),)]
    assert "left out: note" in found.understood.line


def test_a_place_of_a_sparse_matrix_is_given_once_and_nothing_is_divided_by_zero() -> None:
    with pytest.raises(ValueError, match="expected each place of a sparse matrix once"):
        sequence.read("(0, 0) 1.0\n(0, 0) 2.0", "a.csv", {})
    with pytest.raises(ValueError, match="expected a number other than 0 to divide by"):
        sequence.read("[[1, 2], [3, 4]] / 0", "a.csv", {})


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


def test_records_named_x_and_y_of_single_numbers_are_a_table() -> None:
    assert table('[{"x": 1, "y": 2}, {"x": 3, "y": 4}]', "a.json")[0] == [[1, 2], [3, 4]]


def test_a_sparse_matrix_that_is_too_large_is_refused_before_it_is_made() -> None:
    with pytest.raises(ValueError, match="got a sparse matrix of 9,000,001 × 9,000,001"):
        sequence.read("(0, 0) 1.0\n(9000000, 9000000) 2.0", "a.csv", {})


@pytest.mark.parametrize(
    "text",
    [
        "tensor([[1., ..., 2.],\n        ...,\n        [3., ..., 4.]])",
        "[[1 2 ... 3]\n [4 5 ... 6]]",
        "3×9 Matrix{Float64}:\n 0.1  0.2  …  0.3\n 0.1  0.2  …  0.3",
        "5-element Vector{Float64}:\n 0.1\n ⋮\n 0.3",
    ],
)
def test_an_array_printed_in_short_is_refused_with_the_way_on(text: str) -> None:
    with pytest.raises(ValueError, match="printed in short, with … in place of some: print all"):
        sequence.read(text, "a.csv", {})


def test_one_of_several_arrays_is_taken_by_name_and_the_others_are_offered() -> None:
    text = (CASES / "paste-row-convention.txt").read_text(encoding="utf-8")
    found, understood = cube(text, "W_hh", {}, field="W_hh")
    assert found[0][0] == [0.5, -0.1, 0.3]
    assert [c.label for c in understood.choices] == ["read x", "read W_xh", "read b_h"]
    assert cube(text, "W_hh", {"array": 3}, field="W_hh")[0] == [[[0.1, 0.2, 0.3]]]


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
