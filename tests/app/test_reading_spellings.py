"""Numbers in other spellings and in tables of HTML; what looks like them is refused by name."""

import numpy as np
import pytest

from app.experiment.reading import own, sequence
from app.experiment.reading.arrays import cube
from app.experiment.reading.notice import Unread


def rows(text: str, name: str = "a.csv", **options: object) -> list[list[float]]:
    return [step[0] for step in sequence.read(text, name, options).cube]


def refused(text: str, name: str = "a.csv") -> str:
    with pytest.raises(ValueError, match="expected") as caught:
        sequence.read(text, name, {})
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0x1F 0x2A 0x00", [[31], [42], [0]]),
        ("x\n0x1F\n0xff\n-0X10", [[31], [255], [-16]]),
        ("0x1F,0x20", [[31], [32]]),  # and not 31.32
        ("[[0xff, 0b101], [0o17, 1]]", [[255, 5], [15, 1]]),
        (f"[{(0.1).hex()}, {(-1 / 3).hex()}]", [[0.1], [-1 / 3]]),
        ("½\n¼\n1½", [[0.5], [0.25], [1.5]]),
        ("[½, -¾]", [[0.5], [-0.75]]),
        ("⅓,⅔", [[1 / 3], [2 / 3]]),
        ("1⁄3\n2⁄3", [[1 / 3], [2 / 3]]),
        ("1½ kg\n2¼ kg", [[1.5], [2.25]]),
        ("10⁻³\n10²", [[0.001], [100]]),
        ("1.2×10⁻³ 1,5·10^4 2 * 10^{2}", [[0.0012], [15000], [200]]),
        ("10^−3\n2×10^−3", [[0.001], [0.002]]),
        (r"$1.5 \times 10^{-3}$", [[0.0015]]),
        ("1_000,2_500.5", [[1000], [2500.5]]),
        ("5 m²\n6 m²", [[5], [6]]),
        ("1 000,5\n2 000,5", [[1000.5], [2000.5]]),
        ("1 000,5;2 000,5", [[1000.5], [2000.5]]),
        ("1,2,3;4,5,6", [[1, 2, 3], [4, 5, 6]]),
        ("1,234,567;2,345,678", [[1234567], [2345678]]),
    ],
)
def test_other_spellings_are_the_numbers_they_mean(text: str, expected: list[list[float]]) -> None:
    found = rows(text)
    if len(found) == 1 and len(expected) > 1:
        found = [[number] for number in found[0]]
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    "text", ["0x", "0xZZ", "0b12", "0o8", "1.5½", "½½", "2_0", "12³", "0xF\n0xG"]
)
def test_what_only_looks_like_one_is_no_number_with_a_unit(text: str) -> None:
    assert f"got '{text.rsplit(maxsplit=1)[-1]}" in refused(text)


TABLE = (
    "<table border=1><thead><tr><th></th><th>a</th><th>b</th></tr></thead><tbody>"
    "<tr><td>0</td><td><b>1</b>.5</td><td>&minus;2</td></tr>"
    "<tr><td>1</td><td>3</td><td>4&nbsp;000</td></tr></tbody></table>"
)


@pytest.mark.parametrize(
    "text",
    [
        TABLE.replace("</b>.5", ".5</b>"),
        "<!DOCTYPE html><html><style>td{}</style><script>let a='<td>9</td>'</script><p>1 2</p>"
        + TABLE.replace("<b>1</b>.5", "1.5"),
        "<TABLE><TR><TD>1.5<TD>-2<TR><TD>3<TD>4000</TABLE>",
        "<tr><td>1.5</td><td>−2</td></tr><tr><td>3</td><td>4e3</td></tr>",
    ],
)
def test_a_table_of_html_is_read_from_a_file_and_from_the_clipboard(text: str) -> None:
    expected = [[1.5, -2], [3, 4000]]
    for name in ("page.html", "page.txt"):
        opened = sequence.read(text, name, {})
        assert [step[0] for step in opened.cube] == expected
        assert "Read from a table of HTML." in opened.understood.sentences
    pasted, understood = cube(text, "x", {})
    assert [step[0] for step in pasted] == expected
    assert "Read from a table of HTML." in understood.line


def test_of_several_tables_the_largest_is_read_and_the_others_are_a_click_away() -> None:
    text = "<table><tr><td>1</td></tr></table><table><tr><td>2</td></tr><tr><td>3</td></tr></table>"
    opened = sequence.read(text, "a.html", {})
    assert opened.understood.sentences[0] == (
        "2 tables of HTML: number 2 read, the others left out."
    )
    (choice,) = opened.understood.choices
    assert rows(text, "a.html", **{choice.option: choice.value}) == [[1]]


def test_sequences_with_answers_are_read_from_a_table_of_html() -> None:
    lines = ["sequence,x1,y", "1,.5,1", "1,.25,1", "2,.5,0", "2,.1,0"]
    table = "".join(f"<tr><td>{line.replace(',', '</td><td>')}</td></tr>" for line in lines)
    given, understood = own.sequences(f"<table>{table}</table>", {})
    assert given == own.sequences("\n".join(lines), {})[0]
    assert understood.sentences[0] == "Read from a table of HTML."


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<pre>1 2\n3 4</pre>", "HTML without a table"),
        ("<html><body><p>1</p></body></html>", "HTML without a table"),
        ("<svg/>", "XML"),
        ('<?xml version="1.0"?><v>1</v>', "XML"),
    ],
)
def test_other_markup_is_named_with_what_to_do(text: str, kind: str) -> None:
    assert f"got {kind}: copy the numbers out of it and paste them" in refused(text, "a.html")
    assert sequence.read(text, "a.txt", {}).kind == "text"


def test_a_table_of_html_is_bounded_before_it_is_read() -> None:
    with pytest.raises(ValueError, match=r"at most 200,000 characters, got 200,012") as caught:
        sequence.read("<table><tr>" + "<td>" * 50_000 + " ", "a.html", {})
    assert not isinstance(caught.value, Unread)
