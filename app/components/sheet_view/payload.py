"""What the component of a sheet receives: the graph without answers, the fields, the marking."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from app.components.graph_view.levels import Levels
from app.components.graph_view.network_program import program_text
from app.components.shared.packing import packed_numbers
from app.components.sheet_view.hints import Hints
from app.components.sheet_view.marking import marking
from app.figures.common import DEFAULT_LEVEL
from app.listings.worksheets import parts
from app.listings.worksheets.markup import latex_symbol, plain_symbol
from app.listings.worksheets.statement import where
from app.work.caching import cached
from rnn_core.practice import GRADES, LOSS, PREDICTION, Network, Sheet

PARTS = {
    "all": "All of it",
    "forward": "Forward",
    "loss": "Loss",
    "backward": "Backward",
    "weights": "Gradients of the weights",
}
"""The parts of the pass, by name, in their order; each is asked for alone, or all are."""
NEXT_SHEET, NEXT_GRADE = "next", "grade"
"""Ways on from a sheet that is done."""


@dataclass(frozen=True)
class Told:
    """Numbers that fields get from the address, or pasted; `n` counts what was told."""

    n: int = 0
    sheet: str = ""
    texts: Mapping[int, str] = field(default_factory=dict)  # by question


def payload(
    sheet: Sheet, name: str, *, part: str = "all", told: Told | None = None
) -> dict[str, Any]:
    """Return the data of the component.

    Parameters
    ----------
    name
        What the sheet is called: under it the browser keeps what was written.
    part
        One of PARTS: what is asked for. What comes before it is given, with the answers.
    told
        Numbers for the fields; each telling is taken once.
    """
    asked, given = _asked(sheet, part)
    return {
        "name": name,
        "part": part,
        "questions": len(sheet.questions),
        "graph": graph(sheet.network),
        "formulas": parts.formulas_of(sheet.network),
        "marking": _marking(sheet),
        "key": [
            text for block in parts.blocks_of(sheet) for each in block.asked for text in each.texts
        ],
        "blocks": asked,
        "given": given,
        "next": asdict(after(sheet, part)),
        "told": None
        if told is None
        else {
            "n": told.n,
            "sheet": told.sheet,
            "texts": {str(k): t for k, t in told.texts.items()},
        },
    }


@dataclass(frozen=True)
class Next:
    """What is said when all that is asked for is right, and the ways on, each a button."""

    said: str
    ways: Mapping[str, str]
    """What each is called, by its name: a part, `next` or `grade`."""


def after(sheet: Sheet, part: str) -> Next:
    """Return the way on when a part of a sheet, or all of it, is right."""
    names = list(PARTS)
    if part not in ("all", names[-1]):
        following = names[names.index(part) + 1]
        return Next("All right.", {following: f"Next: {PARTS[following]}"})
    if sheet.grade is None:
        return Next("All right: this network is done by hand.", {})
    ways = {NEXT_SHEET: "Next sheet"}
    if sheet.grade + 1 in GRADES:
        ways[NEXT_GRADE] = f"Next kind: {GRADES[sheet.grade + 1].title}"
    return Next("All right: this sheet is done.", ways)


@cached
def _marking(sheet: Sheet) -> dict[str, Any]:
    return marking(sheet)


def part_of(asked: parts.Asked) -> str:
    """Return the part of the pass that a quantity belongs to."""
    question = asked.questions[0]
    if asked.of == "gradient":
        return "weights" if question.t is None else "backward"
    return "loss" if question.quantity in (PREDICTION, LOSS, "a") else "forward"


def _asked(sheet: Sheet, part: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what is asked for, by block, and what of the sheet comes before it."""
    names = list(PARTS)
    hints = Hints(sheet)
    found: list[dict[str, Any]] = []
    given: list[dict[str, Any]] = []
    for block, described in _blocks(sheet, hints):
        own = part_of(block.asked[0])
        if part in ("all", own):
            found.append({"title": block.title, "asked": described})
        elif names.index(own) < names.index(part):
            given += described
    return found, given


def _blocks(sheet: Sheet, hints: Hints) -> Iterator[tuple[parts.Block, list[dict[str, Any]]]]:
    first = 0
    for block in parts.blocks_of(sheet):
        described = []
        for asked in block.asked:
            described.append(_described(asked, first, hints))
            first += len(asked.questions)
        yield block, described


def _described(asked: parts.Asked, first: int, hints: Hints) -> dict[str, Any]:
    question = asked.questions[0]
    symbol = latex_symbol(asked.symbol)
    spoken = plain_symbol(asked.symbol).replace(",", "_")
    is_gradient = asked.of == "gradient"
    places = [where(asked, k).removeprefix(", ") for k in range(len(asked.questions))]
    return {
        "of": asked.of,
        "quantity": question.quantity,
        "t": question.t,
        "latex": rf"\frac{{\partial L}}{{\partial {symbol}}}" if is_gradient else symbol,
        "spoken": f"gradient by {spoken}" if is_gradient else spoken,
        "written": f"∂L/∂{spoken}" if is_gradient else spoken,
        "shape": asked.shape,
        "places": places,
        "first": first,
        "hint": hints.of(asked),
    }


def graph(network: Network) -> dict[str, Any]:
    """Return the graph of a network with the numbers that are given, and no computed one."""
    trace = network.trace
    drawn = Levels(trace, None, 0, 1)
    sent = drawn.sent(DEFAULT_LEVEL)
    nodes = drawn.graph(DEFAULT_LEVEL).nodes
    order: Sequence[str] = json.loads(sent["topology"])["names"]["id"]
    values = [
        np.full(np.shape(nodes[name]["value"]), np.nan)
        if nodes[name]["op"]
        else nodes[name]["value"]
        for name in order
    ]
    return {
        "level": {**sent, "value": packed_numbers(values), "local": None},
        "program": program_text(trace),
        "initial": {state: packed_numbers([trace[state][0, 0]]) for state in trace.cell.states},
    }
