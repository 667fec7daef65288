"""A sheet as PDF, by Typst, with the fonts that come with the app and without any other file."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from app.listings.worksheets.typst_source import typst_source
from rnn_core.cells import Notation
from rnn_core.practice import Sheet

FONTS = Path(__file__).resolve().parents[3] / "assets" / "vendor" / "noto"


@cache
def _compiler() -> Any:
    """Return Typst with our fonts alone; they are read once."""
    import typst

    return typst.Compiler(font_paths=[str(FONTS)], ignore_system_fonts=True)


def pdf(
    sheet: Sheet, notation: Notation | None = None, keys: Sequence[bool] = (False, True)
) -> bytes:
    """Return the pages of a sheet and its key, as `typst_source` does."""
    made: bytes = _compiler().compile(typst_source(sheet, notation, keys).encode(), format="pdf")
    return made
