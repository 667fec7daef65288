"""All that is said of every node, at four levels, is said in the notation that is asked for."""

import math
import re
from itertools import chain, product
from typing import Any

import numpy as np
import pytest

from app.figures.common import common
from rnn_core import CELLS, Parameters, backward, forward
from rnn_core.cells import NOTATIONS, Cell, Notation, rewriter, symbol
from tests.app.in_node import answer
from tests.app.test_front_names import sent_of
from tests.conftest import ROOT

SCRIPT = ROOT / "tests" / "app" / "walk_notation.js"
OF_OTHERS = re.compile(
    r"\\(?:mathbf|boldsymbol|text|tilde|hat)\{(?:[^{}]|\{[^{}]*\})*\}"
    r"(?:[_^](?:\{(?:[^{}]|\{[^{}]*\})*\}|\w))*"
)
SYMBOL = re.compile(r"(?<![\\a-zA-Z])(?P<letter>[a-zA-Zŷ])_(?:\{(?P<below>[^{}]*)\}|(?P<one>\w))")
ZEROS = re.compile(r" \+ (?:0|\\begin\{bmatrix\}0(?:\\\\0|&0)*\\end\{bmatrix\})(?= =|\\right)")
ARRAY = re.compile(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}")
PRODUCT = re.compile(
    rf"{ARRAY.pattern}\\,{ARRAY.pattern} = {ARRAY.pattern}$".replace("(.*?)", r"((?:(?!\\end).)*)")
)


def names_of(cell: Cell) -> tuple[str, ...]:
    return (*cell.shapes, "x", *cell.line, "a", "y")


def left(latex: str, cell: Cell, notation: Notation) -> list[str]:
    """Return symbols of ours in a formula that the notation writes otherwise."""
    write = rewriter(cell, notation).latex
    changed = {name for name in names_of(cell) if write(symbol(name)) != symbol(name)}
    theirs = {write(symbol(name)) for name in names_of(cell)}
    found = []
    for match in SYMBOL.finditer(OF_OTHERS.sub(" ", latex)):
        first = (match["below"] or match["one"]).split(",")[0]
        whole = f"{match['letter']}_{first}"
        name = whole if whole in names_of(cell) else match["letter"]
        if name in changed and symbol(name) not in theirs:
            found.append(match[0])
    return found


def array(text: str) -> np.ndarray[Any, Any]:
    return np.array([[float(each) for each in row.split("&")] for row in text.split(r"\\")])


@pytest.fixture(scope="module")
def said() -> dict[tuple[str, str], Any]:
    """Return by cell and notation what the page says, by level."""
    asked = [*product(("elman", "lstm", "gru"), NOTATIONS)]
    lines = []
    for cell, name in asked:
        params = Parameters.random(2, 3, 1, seed=0, cell=cell)
        series = np.random.default_rng(0).normal(size=(2, 1, 2))
        trace = forward(params, series, 1, readout="every")
        table = rewriter(trace.cell, NOTATIONS[name]).table
        lines.append(
            {"sent": sent_of(trace, backward(trace)), "notation": {"table": table, "own": []}}
        )
    return dict(zip(asked, answer(SCRIPT, [common(), *lines]), strict=True))


def test_no_formula_has_a_symbol_that_the_notation_writes_otherwise(
    said: dict[tuple[str, str], Any],
) -> None:
    for (cell, name), levels in said.items():
        for level in levels:
            assert len(level["formulas"]) > 20
            for latex in {*level["formulas"]}:
                assert left(latex, CELLS[cell], NOTATIONS[name]) == [], (cell, name, latex)
                assert latex.count("{") == latex.count("}")


TEXTS = {  # of an Elman network: what is gone
    "pytorch": r"\bW_xh|\bW_hy|\bb_y|\bb_h\b|\ba_\d",
    "goodfellow": r"\bW_[a-z]|\bb_[a-z]|\b[zhxya]_[\dt₀-₉]|[zhxya][₀-₉]",
    "d2l": r"\bW_hy|\bb_y|\b[hxya]_[\dt]|\b[hxya][₀-₉]",
    "keras": r"\bW_[a-z]|\bb_[a-z]|\ba_\d|\ba[₀-₉]|∂L",
}


def test_no_name_caption_or_label_has_one_either(said: dict[tuple[str, str], Any]) -> None:
    for name, gone in TEXTS.items():
        for level in said["elman", name]:
            texts = [text for text in level["texts"] if re.search(gone, text)]
            assert texts == [], (name, level["level"])


def test_two_biases_that_are_added_stand_in_symbols_numbers_lines_and_caption_alike(
    said: dict[tuple[str, str], Any],
) -> None:
    known = {name: getattr(math, name) for name in ("tanh", "exp", "log", "log1p")}
    checked = 0
    for cell in ("elman", "lstm", "gru"):
        for each in chain.from_iterable(level["sums"] for level in said[cell, "pytorch"]):
            first, second = (
                re.findall(name, each["symbols"]) for name in (r"b_{i(?!n)", r"b_{h(?!n)")
            )
            # The candidate of a GRU has two of its own.
            assert len(first) == len(second), each["symbols"]
            named = (re.findall(rf"b_{i}(?!n)", each["caption"]) for i in "ih")
            assert len({len(names) for names in named}) == 1, each["caption"]
            for line, value in each["lines"]:
                found = float(eval(line, known))  # noqa: S307 - a line of arithmetic
                assert found == pytest.approx(float(value), rel=2e-3, abs=1e-9), line
            if not second:
                continue
            checked += 1
            added = [" + 0" in line for line, _ in each["lines"]]
            assert any(added)
            if each["numbers"]:  # one line of the cell, not all of a step
                assert all(added)
                assert ZEROS.search(each["numbers"]), each["numbers"]
    assert checked > 20


def test_of_rows_grids_are_transposes_and_products_with_numbers_hold(
    said: dict[tuple[str, str], Any],
) -> None:
    checked = 0
    for (cell, name), levels in said.items():
        rows = NOTATIONS[name].rows
        for level in levels:
            for grid in level["grids"]:
                cells = np.array(grid["cells"])
                turned = CELLS[cell].shapes.get(grid["id"]) and rows
                own = cells.T if turned else cells
                assert own.ravel().tolist() == list(range(own.size))
                assert grid["places"][1 if cells.shape[1] > 1 else 0].startswith("row 1")
            for latex in level["formulas"]:
                if match := PRODUCT.search(latex):
                    first, second, result = (array(each) for each in match.groups())
                    assert np.allclose(first @ second, result, atol=2e-3), latex
                    assert (len(result) == 1) == (rows or len(first) == 1)
                    checked += 1
    assert checked > 50
