"""What a question bank says of a sheet, in HTML."""

from html import escape

import numpy as np
from numpy.typing import NDArray

from app.listings.worksheets import parts
from app.listings.worksheets.markup import html_math, html_symbol
from rnn_core.practice import Sheet, shortest


def statement(sheet: Sheet) -> str:
    """Return the network and its numbers."""
    network = sheet.network
    given = "; ".join(
        f"{html_symbol(each.symbol)} = {_numbers(each.numbers)}" for each in parts.given_of(network)
    )
    if nothing := parts.nothing_of(network):
        given += f"; no bias: {', '.join(map(html_symbol, nothing))} = 0"
    formulas = "<br/>".join(html_math(each) for each in parts.formulas_of(network))
    return (
        f"<p><b>{escape(parts.title_of(sheet))}</b></p><p>{formulas}</p><p>Given: {given}.</p>"
        f"<p>{escape(parts.MARKED_ALONE)} The logarithm is the natural one.</p>"
    )


def entry_of(asked: parts.Asked, place: int) -> str:
    """Return how one number is called: ∂L/∂W_hh, row 1, column 2."""
    symbol = html_symbol(asked.symbol)
    name = f"∂<i>L</i>/∂{symbol}" if asked.of == "gradient" else symbol
    return name + where(asked, place)


def where(asked: parts.Asked, place: int) -> str:
    """Return which entry of a quantity a number is; nothing where it has one alone."""
    if len(asked.questions) == 1:
        return ""
    unit = asked.questions[place].unit
    if len(unit) == 1:
        return f", entry {unit[0]}"
    return f", row {unit[0]}, column {unit[1]}"


def _numbers(numbers: NDArray[np.floating]) -> str:
    if not numbers.ndim:
        return shortest(float(numbers))
    if numbers.ndim == 1:
        return f"({', '.join(map(shortest, numbers.tolist()))})"
    return f"({', '.join(_numbers(row) for row in numbers)})"
