"""The sheet to take away: on paper, and for the platforms of courses."""

import zipfile
from collections.abc import Iterable
from io import BytesIO

import streamlit as st

from app.figures import notation
from app.listings.worksheets import FORMATS, KEYS
from app.views.shared.bound import choice, whole_number
from rnn_core.cells import Notation
from rnn_core.practice import Sheet, sheet_of

MOST = 100
MOST_DRAWN = 30  # of the formats that draw each sheet
KEY_TITLES = {"with": "On its last page", "apart": "In a file of its own", "none": "Left out"}


def render(sheet: Sheet) -> None:
    """Draw the choice of a format, how many sheets, and the download."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = {name: one.title for name, one in FORMATS.items()}
        name = choice("Format", "pr_format", titles, "pdf", width=220)
        chosen, count, key = FORMATS[name], 1, "with"
        if chosen.parts is not None:
            key = choice("Key", "pr_key", KEY_TITLES, key, width=180)
        if sheet.grade is not None:
            most = MOST if chosen.all is not None else MOST_DRAWN
            count = whole_number(
                None,
                "Variants",
                1,
                most,
                1,
                key="pr_count",
                width=120,
                help="Sheets of this grade, from this seed on: the same seed is the same sheet.",
            )
        is_packed = chosen.all is None and count * len(KEYS[key]) > 1
        last = None if sheet.seed is None else sheet.seed + count - 1
        file = chosen.name_of(sheet, last)
        written = notation.asked()
        st.download_button(
            "Download",
            lambda: _content(sheet, name, count, key, written),
            f"{file}.zip" if is_packed else file,
            "application/zip" if is_packed else chosen.mime,
            on_click="ignore",
            key="pr_download",
        )
    st.caption("A course builds as many as it needs with `python -m unrolled worksheet`, too.")


def _content(sheet: Sheet, name: str, count: int, key: str, written: Notation | None) -> bytes:
    """Write the file, when it is asked for."""
    sheets = [sheet]
    if sheet.grade is not None and sheet.seed is not None:
        sheets += [sheet_of(sheet.grade, sheet.seed + k) for k in range(1, count)]
    files = list(FORMATS[name].files(sheets, written, key))
    return files[0][1] if len(files) == 1 else zipped(files)


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a ZIP of some files, each with its name: the same files are the same bytes."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
