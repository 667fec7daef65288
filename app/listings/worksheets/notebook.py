"""A sheet as a Jupyter notebook: the network in NumPy, the questions, and asserts that mark them.

The network is run by the script of `listings`, which shares no code with this app.
"""

import json
from typing import Any

from app.listings.worksheets import parts
from app.listings.worksheets.given_script import forward_script
from app.listings.worksheets.markup import latex_symbol
from app.listings.worksheets.statement import where
from rnn_core.cells import Notation
from rnn_core.practice import TOLERANCE, Sheet

MARKED = '''\
def near(found, answer):
    """Whether a number is within {tolerance:.0%} of the answer, which 0 alone is for 0."""
    return found is None or abs(found - answer) <= {tolerance} * abs(answer) + 1e-12


def check(question, found, answer):
    assert near(found, answer), f"{{question}}: {{found}} is not it"
    print("not answered yet:" if found is None else "right:", question)
'''


def notebook(sheet: Sheet, notation: Notation | None = None) -> bytes:
    """Return a notebook of nbformat 4.5; who runs it unanswered sees what is still asked for."""
    cells = [
        _markdown(
            f"# {_plain(parts.title_of(sheet))}\n\n{parts.PURPOSE} {parts.MARKED_ALONE}"
            f"{_names(sheet, notation)}"
        ),
        _code(forward_script(sheet.network)),
        _code(MARKED.format(tolerance=TOLERANCE)),
    ]
    for block in parts.blocks_of(sheet, notation):
        cells.append(_markdown(f"## {block.title}"))
        for asked in block.asked:
            cells += [_markdown(f"${_symbol(asked)}$"), _code(_questions(asked))]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    found = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


def _names(sheet: Sheet, notation: Notation | None) -> str:
    """Say what the code calls the parameters, whose names there are ours."""
    if notation is None:
        return ""
    pairs = (
        (name, parts.in_notation(parts.symbol_of(name), sheet.network.cell, notation))
        for name in sheet.network.cell.shapes
    )
    named = ", ".join(f"`{name}` is ${latex_symbol(symbol)}$" for name, symbol in pairs)
    turned = ", and a matrix is the transpose" if notation.rows else ""
    return f"\n\nIn the code {named}{turned}."


def _symbol(asked: parts.Asked) -> str:
    symbol = latex_symbol(asked.symbol)
    return (
        rf"\partial {latex_symbol(asked.loss)} / \partial {symbol}"
        if asked.of == "gradient"
        else symbol
    )


def _questions(asked: parts.Asked) -> str:
    letter = ("d" if asked.of == "gradient" else "") + asked.symbol.letter
    name = "_".join(part for part in (letter, asked.symbol.below.replace(",", "_")) if part)
    lines = []
    for place, text in enumerate(asked.texts):
        one = name + "".join(f"_{k}" for k in asked.questions[place].unit)
        one = name if len(asked.questions) == 1 else one
        lines.append(f"{one} = None  # your number")
        lines.append(f"check({name + where(asked, place)!r}, {one}, {text})")
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Return a text in which Markdown finds no markup, HTML or mathematics."""
    shown = "".join(each if each.isprintable() else " " for each in text)
    return "".join(f"&#{ord(each)};" if each in "\\`*_{}[]<>()#+!|$&~" else each for each in shown)


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def _code(text: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": text,
    }
