"""What a sheet gives: the equations of the network, and its numbers."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.figures import notation
from app.listings.worksheets import parts
from app.listings.worksheets.markup import latex_symbol
from rnn_core.cells import Notation
from rnn_core.practice import Sheet, shortest


def render(sheet: Sheet) -> None:
    """Draw the equations and the numbers; each stays in one piece on a narrow screen."""
    network, asked = sheet.network, notation.asked()
    given = [
        f"{latex_symbol(each.symbol)} = {_numbers(each.numbers, asked)}"
        for each in parts.given_of(network, asked)
    ]
    if nothing := parts.nothing_of(network, asked):
        given.append(f"{', '.join(map(latex_symbol, nothing))} = 0")
    with st.container(border=True, gap="small"):
        for row in (parts.formulas_of(network, asked), given):
            with st.container(horizontal=True, vertical_alignment="center"):
                for each in row:
                    st.markdown(notation.kept_as_typed(f"${each}$"), width="content")


def _numbers(numbers: NDArray[np.floating], asked: Notation | None) -> str:
    if not numbers.ndim:
        return shortest(float(numbers))
    rows = parts.standing(numbers, asked).tolist()
    written = r" \\ ".join(" & ".join(map(shortest, row)) for row in rows)
    return rf"\begin{{pmatrix}}{written}\end{{pmatrix}}"
