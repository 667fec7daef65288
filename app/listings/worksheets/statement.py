"""What a question bank says of a sheet, in HTML."""

from html import escape

import numpy as np
from numpy.typing import NDArray

from app.listings.worksheets import parts
from app.listings.worksheets.markup import html_math, html_symbol
from rnn_core.cells import Notation
from rnn_core.practice import Sheet, shortest


def statement(sheet: Sheet, notation: Notation | None = None) -> str:
    """Return the network and its numbers."""
    network = sheet.network
    given = "; ".join(
        f"{html_symbol(each.symbol)} = {_shown(each.numbers, notation)}"
        for each in parts.given_of(network, notation)
    )
    if nothing := parts.nothing_of(network, notation):
        given += f"; no bias: {', '.join(map(html_symbol, nothing))} = 0"
    formulas = "<br/>".join(html_math(each) for each in parts.formulas_of(network, notation))
    return (
        f"<p><b>{escape(parts.title_of(sheet))}</b></p><p>{formulas}</p><p>Given: {given}.</p>"
        f"<p>{escape(parts.MARKED_ALONE)} The logarithm is the natural one.</p>"
    )


def entry_of(asked: parts.Asked, place: int, notation: Notation | None = None) -> str:
    """Return how one number is called: ∂L/∂W_hh, row 1, column 2."""
    symbol = html_symbol(asked.symbol)
    name = f"∂{html_symbol(asked.loss)}/∂{symbol}" if asked.of == "gradient" else symbol
    return name + where(asked, place, notation)


def where(asked: parts.Asked, place: int, notation: Notation | None = None) -> str:
    """Return which entry of a quantity a number is; nothing where it has one alone."""
    if len(asked.questions) == 1:
        return ""
    unit = asked.questions[place].unit
    if len(unit) == 1:
        return f", entry {unit[0]}"
    row, column = reversed(unit) if notation is not None and notation.rows else unit
    return f", row {row}, column {column}"


def _shown(numbers: NDArray[np.floating], notation: Notation | None) -> str:
    """Return numbers as a notation has them; a vector is written in one line anyhow."""
    return _numbers(parts.standing(numbers, notation) if numbers.ndim > 1 else numbers)


def _numbers(numbers: NDArray[np.floating]) -> str:
    if not numbers.ndim:
        return shortest(float(numbers))
    if numbers.ndim == 1:
        return f"({', '.join(map(shortest, numbers.tolist()))})"
    return f"({', '.join(_numbers(row) for row in numbers)})"
