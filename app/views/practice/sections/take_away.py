"""The sheet to take away: on paper, and for the platforms of courses."""

import streamlit as st

from app.figures import notation
from app.listings.worksheets import FORMATS
from app.views.shared.bound import choice, whole_number
from rnn_core.cells import Notation
from rnn_core.practice import Sheet, sheet_of

MOST = 30


def render(sheet: Sheet) -> None:
    """Draw the choice of a format, how many sheets, and the download."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = {name: one.title for name, one in FORMATS.items()}
        name = choice("Format", "pr_format", titles, "pdf", width=220)
        chosen, count = FORMATS[name], 1
        if chosen.all is not None and sheet.grade is not None:
            count = whole_number(None, "Sheets", 1, MOST, 1, key="pr_count", width=120)
        written = notation.asked()
        st.download_button(
            "Download",
            lambda: _content(sheet, name, count, written),
            chosen.name_of(sheet, None if sheet.seed is None else sheet.seed + count - 1),
            chosen.mime,
            on_click="ignore",
            key="pr_download",
        )
    st.caption(
        "A course builds as many as it needs with `python -m unrolled worksheet`; the same seed is "
        "the same sheet."
    )


def _content(sheet: Sheet, name: str, count: int, written: Notation | None) -> bytes:
    """Write the file, when it is asked for."""
    sheets = [sheet]
    if sheet.grade is not None and sheet.seed is not None:
        sheets += [sheet_of(sheet.grade, sheet.seed + k) for k in range(1, count)]
    return next(FORMATS[name].files(sheets, written))[1]
