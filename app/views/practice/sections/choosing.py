"""Which sheet: a grade and a seed, or the experiment of the sidebar."""

import streamlit as st

from app import state
from app.components.sheet_view.payload import NEXT_GRADE, NEXT_SHEET, PARTS
from app.state import controls
from app.views.shared import narrow, sheets
from app.views.shared.bound import choice, switch, whole_number
from app.views.shared.sheets import FIRST_GRADE, FIRST_SEED, GRADE, OWN, ROUNDED, SEED
from rnn_core.practice import GRADES, MOST_SEED, Sheet

PART = "pr_part"
TITLES = {**{number: grade.title for number, grade in GRADES.items()}, OWN: "My own network"}


def is_own() -> bool:
    """Whether the sheet is of the sidebar's network."""
    chosen = state.control(GRADE)
    return chosen == OWN if chosen is not None else state.remembered(GRADE) == str(OWN)


def render() -> tuple[Sheet, str]:
    """Draw the choice and return the sheet, and which part of it is asked for.

    Raises
    ------
    ValueError
        The experiment makes no sheet; one sentence.
    """
    narrow.switch("pr", "Choose the sheet")
    with narrow.folded("pr").container(horizontal=True, vertical_alignment="bottom"):
        grade = choice("Sheet", GRADE, TITLES, FIRST_GRADE, width=280)
        part = choice("Asked for", PART, PARTS, "all", width=220)
        if grade != OWN:
            seed = whole_number(
                None, "Seed of the sheet", 0, MOST_SEED, FIRST_SEED, key=SEED, width=160
            )
            st.button("Next sheet", on_click=_next, args=(seed,))
        else:
            st.caption(
                "Your network is the experiment of the sidebar: type, paste or open its numbers "
                "there, and your results here.",
                width="stretch",
            )
    if grade == OWN:
        sheet = sheets.own(state.experiment())
        if not sheet.network.is_short and switch(
            None, "Round the given numbers to three digits: its results are others", key=ROUNDED
        ):
            sheet = sheets.own(state.experiment(), rounded=True)
        return sheet, part
    return sheets.drawn(grade, seed), part


def _next(seed: int) -> None:
    chosen = min(seed + 1, MOST_SEED)
    controls.set_controls({SEED: chosen})
    state.say(f"The sheet of seed {chosen} is open.")


def go_on(sheet: Sheet, way: str) -> None:
    """Choose what comes after a part, or a sheet, that is right."""
    if way in PARTS:
        controls.set_controls({PART: way})
        state.say(f"Asked for now: {PARTS[way]}.")
    elif way == NEXT_SHEET and sheet.seed is not None:
        _next(sheet.seed)
    elif way == NEXT_GRADE and sheet.grade is not None:
        controls.set_controls({GRADE: sheet.grade + 1, PART: "all"})
        state.say(f"The sheet “{TITLES[sheet.grade + 1]}” is open.")
