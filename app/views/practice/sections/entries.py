"""The sheet itself, a component that marks in the browser, and results that are pasted into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256

import streamlit as st

from app import state
from app.components.sheet_view.component import KEY, sheet_view
from app.components.sheet_view.payload import Told, after, payload
from app.figures.words import plural
from app.listings.worksheets.parts import Block
from app.state import controls
from app.views.practice.compute.results import MAX_CHARACTERS, pasted, titles
from app.views.practice.sections import choosing
from app.views.shared import scene, told
from rnn_core.practice import Question, Sheet

PROGRESS = "pr_n"
BETWEEN = "~"
PASTED, FILE = "pr_pasted", "pr_file"


@dataclass
class _Telling:
    now: Told = field(default_factory=Told)
    filled: str = ""  # what was made of the results that were pasted last


def _telling() -> _Telling:
    return state.kept_in_session(PROGRESS, _Telling)


def _tell(sheet: str, texts: Mapping[int, str]) -> None:
    kept = _telling()
    kept.now = Told(kept.now.n + 1, sheet, texts)


def render(sheet: Sheet, part: str) -> None:
    """Draw the graph and the fields of a part of the sheet."""
    name = _name(sheet)
    _restore(sheet, name)
    sheet_view(
        payload(sheet, name, part=part, told=_telling().now),
        large=scene.is_large(),
        on_way=partial(_go_on, sheet, part),
    )
    st.caption(
        "A right number is marked at once, a wrong one when you leave its field; a well-known "
        "mistake is called by its name. In a node the value stands above, the gradient of the loss "
        "by it below. Three digits are "
        "enough (1 %); `1/3` and `0,5` are numbers. What you write stays in the address of this "
        "page and nowhere else."
    )


def _go_on(sheet: Sheet, part: str) -> None:
    """Go the way that was pressed beneath a part that is right."""
    way = getattr(controls.control(KEY), "way", None)
    if way in after(sheet, part).ways:
        choosing.go_on(sheet, str(way))


def _name(sheet: Sheet) -> str:
    """Return what a sheet is called: under it the browser keeps what was written."""
    if sheet.grade is None:
        return sha256(repr(sheet.answers).encode()).hexdigest()[:12]
    return f"{sheet.grade}_{sheet.seed}"


def _restore(sheet: Sheet, name: str) -> None:
    """Tell the fields what the address holds, when it was just opened."""
    asked = controls.asked(PROGRESS)
    if not asked:
        return
    texts = asked.split(BETWEEN)
    if len(texts) > len(sheet.questions):
        controls.not_taken(
            PROGRESS,
            f"Practice: expected at most {len(sheet.questions)} numbers in the address, "
            f"got {len(texts)}.",
        )
        return
    _tell(name, dict(enumerate(texts)))


def render_results(sheet: Sheet, blocks: Sequence[Block]) -> None:
    """Draw the place for results that are pasted, or opened as a file."""
    with st.expander("Paste or open your results"):
        st.caption(
            "A line for each quantity, as CSV or with brackets: "
            "`dW_hh = [[0.1, 0.2], [0.3, 0.4]]`, or `h1: 0,46; -0,29`."
        )
        st.text_area("Results", key=PASTED, max_chars=MAX_CHARACTERS, height=120)
        st.file_uploader("or a file of such lines", type=["csv", "txt"], key=FILE)
        st.button("Fill in", on_click=_fill, args=(sheet, blocks))
        if problem := controls.control("pr_problem"):
            told.refuse(problem)
        elif _telling().now.sheet == _name(sheet) and (filled := _telling().filled):
            told.inform(filled)


def _fill(sheet: Sheet, blocks: Sequence[Block]) -> None:
    """Fill in what stands there now: a click may come before the page has heard what was typed."""
    text, file = str(controls.control(PASTED) or ""), controls.control(FILE)
    try:
        if file is not None:
            text = file.getvalue()[: 4 * MAX_CHARACTERS + 1].decode("utf-8", "replace")  # refused
        found: Mapping[Question, str] = pasted(text, blocks)
    except ValueError as error:
        controls.set_controls({"pr_problem": str(error)})
        return
    controls.set_controls({"pr_problem": ""})
    places = {question: k for k, question in enumerate(sheet.questions)}
    _tell(_name(sheet), {places[question]: number for question, number in found.items()})
    left_out = "; ".join(titles(text))
    _telling().filled = f"{plural(len(found), 'number')} filled in above." + (
        f" Taken as titles, without a number: “{left_out:.80}”." if left_out else ""
    )
