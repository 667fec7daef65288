"""What is told of a user's text: one way to do it, and Markdown that has nothing left to read."""

import ast
import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.views.shared.told import plain
from tests.conftest import ROOT

BOXES = {"error", "warning", "info", "success", "toast", "exception"}
SPAN = re.compile(r"(`+)( ?)(.*?)\2\1(?!`)")


def read_back(markdown: str) -> str:
    """The text that a reader of Markdown shows: code spans as they are, entities outside them."""
    shown, at = "", 0
    for span in SPAN.finditer(markdown):
        shown += html.unescape(markdown[at : span.start()]) + span[3]
        at = span.end()
    return shown + html.unescape(markdown[at:])


@pytest.mark.parametrize(
    "sentence",
    [
        "link: expected an experiment shared from this app, got something else",
        "W_hh row 1 column 2: expected a number, got 'abc'",
        "file: expected at most 1,000,000 bytes, got 1,200,000. The default is used.",
    ],
)
def test_a_sentence_without_signs_stays_as_it_is(sentence: str) -> None:
    assert plain(sentence) == sentence


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("got [a](b) and so on", "got `[a](b)` and so on"),
        ("got 'x y' <b>, or http://a.b", "got 'x y' `<b>, or http://a.b`"),
        ("`tick`", "`` `tick` ``"),
        ("a `` b", "a ``` `` ``` b"),
        ("_so_ and *so*", "`_so_ and *so*`"),
        (":material/home:", "`:material`&#47;`home:`"),
        ("1. no list", "`1.` no list"),
        ("# no heading", "`#` no heading"),
        ("two\nlines", "`two↵lines`"),
        ("turned \u202e round", "turned `�` round"),
    ],
)
def test_signs_of_markdown_stand_in_a_code_span(text: str, markdown: str) -> None:
    assert plain(text) == markdown


@given(st.text(alphabet="ab 1`*_[](){}<>!#&$:/.w-+=~|\\@'\"", max_size=40))
def test_nothing_of_a_text_is_lost(text: str) -> None:
    assert read_back(plain(text)).strip() == text.strip()


def test_boxes_are_drawn_in_one_place_only() -> None:
    for path in sorted((ROOT / "app").rglob("*.py")):
        if path.name == "told.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in BOXES:
                assert isinstance(node.value, ast.Name), f"{path}:{node.lineno}"
                assert node.value.id != "st", (
                    f"{path}:{node.lineno}: say it with app.views.shared.told"
                )
