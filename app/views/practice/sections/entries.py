"""The fields of a sheet, and beneath each what is said of the number in it."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import streamlit as st

from app.experiment.parsing import parse_number
from app.listings.worksheets.markup import latex_symbol
from app.listings.worksheets.parts import Asked, Block
from app.listings.worksheets.statement import where
from app.state import controls
from app.views.practice.compute import sheets
from app.views.practice.compute.results import MAX_CHARACTERS, name_of, pasted
from app.views.shared import heading, told
from app.views.shared.bound import switch
from rnn_core.practice import Mark, Question, Sheet

PROGRESS = "pr_n"
LONGEST = 16  # characters of a number
BETWEEN = "~"
AT_ONCE = 4
"""Quantities that stand side by side, of one number each."""


def render(sheet: Sheet, blocks: Sequence[Block]) -> None:
    """Draw all fields with their marks, and how far the sheet is."""
    keys = _keys(sheet)
    _restore(keys)
    said = st.empty()
    shown = switch(None, "Show the answers", key=f"pr_key_{_name(sheet)}")
    texts = {question: str(controls.control(key) or "") for question, key in keys.items()}
    numbers, problems = _read(texts)
    marks = sheets.marks_of(sheet, numbers)
    for block in blocks:
        heading.part(block.title)
        widest = max(len(asked.questions) for asked in block.asked)
        count = AT_ONCE if widest < 3 else 3
        for start in range(0, len(block.asked), count):
            places = st.columns(count)
            for place, asked in zip(places, block.asked[start : start + count], strict=False):
                with place:
                    _asked(asked, keys, marks, problems, shown)
    _summary(said, marks, len(sheet.questions))
    _results(blocks, keys)
    _keep(keys)


def _keys(sheet: Sheet) -> dict[Question, str]:
    """Return the key of each field: a sheet has fields of its own."""
    return {question: f"pr_{_name(sheet)}_{k}" for k, question in enumerate(sheet.questions)}


def _name(sheet: Sheet) -> str:
    if sheet.grade is None:
        return sha256(repr(sheet.answers).encode()).hexdigest()[:12]
    return f"{sheet.grade}_{sheet.seed}"


def _restore(keys: Mapping[Question, str]) -> None:
    """Fill the fields with what the address holds, when it was just opened."""
    asked = controls.asked(PROGRESS)
    if asked is None:
        return
    texts = asked.split(BETWEEN) if asked else []
    if len(texts) > len(keys):
        controls.not_taken(
            PROGRESS,
            f"Practice: expected at most {len(keys)} numbers in the address, got {len(texts)}.",
        )
        return
    filled = [text[:LONGEST] for text in texts] + [""] * (len(keys) - len(texts))
    controls.set_controls(dict(zip(keys.values(), filled, strict=True)))


def _keep(keys: Mapping[Question, str]) -> None:
    texts = [str(controls.control(key) or "").replace(BETWEEN, "") for key in keys.values()]
    controls.keep_control(PROGRESS, tuple(texts), BETWEEN.join(texts).rstrip(BETWEEN))


def _read(texts: Mapping[Question, str]) -> tuple[dict[Question, float], dict[Question, str]]:
    numbers: dict[Question, float] = {}
    problems: dict[Question, str] = {}
    for question, text in texts.items():
        if text.strip():
            try:
                numbers[question] = parse_number(text, question.quantity)
            except ValueError as error:
                problems[question] = str(error)
    return numbers, problems


def _asked(
    asked: Asked,
    keys: Mapping[Question, str],
    marks: Mapping[Question, Mark],
    problems: Mapping[Question, str],
    shown: bool,
) -> None:
    symbol = latex_symbol(asked.symbol)
    st.markdown(rf"$\partial L / \partial {symbol}$" if asked.of == "gradient" else f"${symbol}$")
    width = asked.shape[1] if len(asked.shape) > 1 else 1
    for start in range(0, len(asked.questions), width):
        for place, column in enumerate(st.columns(width, gap="xsmall"), start=start):
            with column.container(gap="xxsmall"):
                _field(asked, place, keys, marks, problems, shown)


def _field(
    asked: Asked,
    place: int,
    keys: Mapping[Question, str],
    marks: Mapping[Question, Mark],
    problems: Mapping[Question, str],
    shown: bool,
) -> None:
    question = asked.questions[place]
    st.text_input(
        name_of(asked) + where(asked, place),
        key=keys[question],
        max_chars=LONGEST,
        label_visibility="collapsed",
        placeholder=where(asked, place).removeprefix(", ") or None,
        persist_state="session",
    )
    if question in problems:
        st.caption(told.plain(problems[question]))
    elif question in marks:
        st.caption(_said(marks[question]))
    if shown:
        st.caption(f"answer {asked.texts[place]}")


def _said(mark: Mark) -> str:
    """Return what is said of a number, in words and with a sign."""
    if mark.status == "right":
        return ":green[✓ right]"
    if mark.status == "follows":
        return ":green[✓ follows] from your own earlier numbers"
    named = " — or ".join(mistake.says for mistake in mark.mistakes)
    return f":red[✗ not yet]{': ' + named if named else ''}"


def _summary(
    place: st.delta_generator.DeltaGenerator, marks: Mapping[Question, Mark], size: int
) -> None:
    right = sum(mark.status != "wrong" for mark in marks.values())
    wrong = len(marks) - right
    with place.container():
        st.progress(
            right / size, f"{right} of {size} right" + (f", {wrong} not yet" if wrong else "")
        )


def _results(blocks: Sequence[Block], keys: Mapping[Question, str]) -> None:
    with st.expander("Paste or open your results"):
        st.caption(
            "A line for each quantity, as CSV or with brackets: `dW_hh = [[0.1, 0.2], [0.3, 0.4]]`."
        )
        text = st.text_area("Results", key="pr_pasted", max_chars=MAX_CHARACTERS, height=120)
        file = st.file_uploader("or a file of such lines", type=["csv", "txt"], key="pr_file")
        st.button("Fill in", on_click=_fill, args=(text, file, blocks, keys))
        if problem := controls.control("pr_problem"):
            told.refuse(problem)


def _fill(
    text: str,
    file: "st.runtime.uploaded_file_manager.UploadedFile | None",
    blocks: Sequence[Block],
    keys: Mapping[Question, str],
) -> None:
    try:
        if file is not None:
            text = file.getvalue()[: 4 * MAX_CHARACTERS + 1].decode("utf-8", "replace")  # refused
        found = pasted(text, blocks)
    except ValueError as error:
        controls.set_controls({"pr_problem": str(error)})
        return
    controls.set_controls({"pr_problem": "", **{keys[q]: number for q, number in found.items()}})
