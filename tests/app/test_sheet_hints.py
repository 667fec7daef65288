"""Hints: the formula with the right numbers in its places gives the answer."""

import json
import re
from itertools import product
from math import log, tanh

import numpy as np
import pytest

from app.components.sheet_view.hints import Hints, Part
from app.components.sheet_view.payload import payload
from app.listings.worksheets import FORMATS
from app.listings.worksheets.parts import Asked, blocks_of
from rnn_core import Parameters, forward
from rnn_core.practice import Network, Sheet, questions_of, sheet_of
from tests.core.graph_cells import CASES

FUNCTIONS = {"log": log, "tanh": tanh, "sigma": lambda z: 1 / (1 + np.exp(-z))}


def evaluated(latex: str) -> float:
    """Compute a line of LaTeX in which only numbers are left."""
    text = re.sub(r"\\t?frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", latex)
    text = re.sub(r"\\(left|right)", "", text)
    text = re.sub(r"\\(cdot|odot)", "*", text)
    text = re.sub(r"(?<=[\d)])\s*\\(log)", r"*\\\1", text)
    text = re.sub(r"(?<=\))\s*(?=\()", "*", text)
    text = re.sub(r"\\(\w+)", r"\1", text).replace("^", "**").replace("{", "(").replace("}", ")")
    assert not re.search(r"[a-z]_|\bt\b", text), latex
    return float(eval(text, {"__builtins__": {}}, FUNCTIONS))  # noqa: S307  # of our own making


def filled(sheet: Sheet, parts: list[Part]) -> str:
    return "".join(
        part if isinstance(part, str) else rf"\left({sheet.answers[part['at']]!r}\right)"
        for part in parts
    )


def hints_of(sheet: Sheet) -> list[tuple[Asked, dict]]:
    hints = Hints(sheet)
    return [(each, hints.of(each)) for block in blocks_of(sheet) for each in block.asked]


def small(cell: str, readout: str, loss: str) -> Sheet:
    params = Parameters.random(1, 1, 1, seed=3, cell=CASES[cell])
    x = np.array([0.5, -1.0, 0.7])[:, None, None]
    y = np.ones((3 if readout == "every" else 1, 1, 1))
    network = Network.of_trace(forward(params, x, y, loss=loss, readout=readout))
    return Sheet(network.rounded(4), questions_of(network))


SHEETS = {
    **{f"grade {grade}": sheet_of(grade, 7) for grade in (1, 2, 5)},
    **{
        f"{cell} {readout} {loss}": small(cell, readout, loss)
        for (cell, readout), loss in zip(
            product(
                ("elman", "leaky", "gru", "gru_reset_before", "lstm", "min_gru"), ("last", "every")
            ),
            ("binary_cross_entropy", "squared_error", "mean_squared_error") * 4,
            strict=False,
        )
    },
}


@pytest.mark.parametrize("name", SHEETS)
def test_a_hint_with_the_right_numbers_in_it_gives_the_answer(name: str) -> None:
    sheet = SHEETS[name]
    for asked, hint in hints_of(sheet):
        assert "_t" not in hint["formula"].replace(r"\sum_t", "") or r"\sum" in hint["formula"]
        if asked.questions[0].quantity == "L" and "every" in name:
            continue  # the formula sums over t
        answer = asked.answers[0]
        found = evaluated(filled(sheet, hint["put"]))
        assert found == pytest.approx(answer, rel=2e-3, abs=1e-6), (name, asked, hint)


@pytest.mark.parametrize("cell", ["min_gru", "odd"])
def test_a_planted_cell_is_a_sheet_on_the_page_and_in_every_format(cell: str) -> None:
    sheet = small(cell, "last", "binary_cross_entropy")
    sent = json.loads(json.dumps(payload(sheet, cell, part="weights")))
    assert sent["blocks"][0]["asked"][0]["quantity"] == "b_y"
    assert len(sent["key"]) == len(sheet.questions)
    for one in FORMATS.values():
        assert all(content for _, content in one.files([sheet]))


def test_matrices_and_vectors_stand_in_their_shapes_and_turned_where_they_are_transposed() -> None:
    sheet = sheet_of(4, 7)
    W = sheet.network.parameters["W_hh"].tolist()
    hints = {(a.of, a.questions[0].quantity, a.questions[0].t): h for a, h in hints_of(sheet)}
    rows = [" & ".join(f"{number:g}" for number in row) for row in W]
    turned = [" & ".join(f"{number:g}" for number in column) for column in zip(*W, strict=True)]
    assert (
        rf"\begin{{pmatrix}}{rows[0]} \\ {rows[1]}\end{{pmatrix}}" in hints["value", "z", 2]["put"]
    )
    back = hints["gradient", "h", 2]["put"]
    assert rf"\begin{{pmatrix}}{turned[0]} \\ {turned[1]}\end{{pmatrix}}" in back
    W_hh = hints["gradient", "W_hh", None]["put"]
    assert [part["turned"] for part in W_hh if not isinstance(part, str)].count(True) == 2
