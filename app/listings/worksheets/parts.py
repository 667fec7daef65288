"""What is on a sheet, for every format: what is given, what is asked for, and how it is called."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from rnn_core import loss_named
from rnn_core.cells import Cell, Notation, equations, rewriter
from rnn_core.practice import GRADES, LOSS, PREDICTION, TOLERANCE, Network, Question, Sheet, written

PURPOSE = "Compute the forward pass, the loss, and every gradient by hand."
DIGITS = "Give three significant digits."
HOW_MARKED = (
    f"{DIGITS} An entry counts as right within {TOLERANCE:.0%} of the number, or of what follows "
    "from your own earlier numbers."
)
MARKED_ALONE = (
    f"{DIGITS} Carry five or more from one entry to the next: each counts as right within "
    f"{TOLERANCE:.0%} of the number."
)
"""Where nothing knows what follows from a learner's earlier numbers: question banks, notebooks."""


@dataclass(frozen=True)
class Symbol:
    """A letter with what stands below it: z and "1,2", W and "hh"."""

    letter: str
    below: str = ""
    written: str = ""
    """The same in LaTeX, in a notation of others."""


@dataclass(frozen=True)
class GivenArray:
    """A quantity with its numbers: a matrix, a vector (one axis), or a number (none)."""

    symbol: Symbol
    numbers: NDArray[np.floating]


@dataclass(frozen=True)
class Asked:
    """A quantity that is asked for: its questions in the order of its entries, and the answers."""

    symbol: Symbol
    of: str  # "value" or "gradient"
    shape: tuple[int, ...]
    questions: tuple[Question, ...]
    answers: tuple[float, ...]
    loss: Symbol = Symbol("L")
    """That a gradient is of."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The answers as the key has them."""
        pairs = zip(self.questions, self.answers, strict=True)
        return tuple(written(answer, question.digits) for question, answer in pairs)


@dataclass(frozen=True)
class Block:
    """A part of the pass, with its title."""

    title: str
    asked: tuple[Asked, ...]


def title_of(sheet: Sheet) -> str:
    """Return the title of a sheet, which may be a user's text, for who works through it."""
    return sheet.title or "Worksheet"


def entry_title(sheet: Sheet) -> str:
    """Return the title of a key, or of an entry of a bank: it says which sheet it is."""
    if sheet.grade is None:
        return title_of(sheet)
    return f"{title_of(sheet)} · grade {sheet.grade}, seed {sheet.seed}"


def foot_of(sheet: Sheet) -> str:
    """Return what stands small at the foot of a sheet, so that its key is found."""
    return "" if sheet.seed is None else f"seed {sheet.seed}"


def identifier(sheet: Sheet, last_seed: int | None = None) -> str:
    """Return a name for files and for entries of a bank, of letters, digits and hyphens alone.

    Names of sheets up to a last seed sort by their seeds.
    """
    if sheet.grade is None or sheet.seed is None:
        return "worksheet"
    kind = "-".join(re.findall("[a-z0-9]+", GRADES[sheet.grade].title.lower()))
    width = len(str(max(sheet.seed, last_seed or 0)))
    return f"worksheet-{kind}-{sheet.seed:0{width}}"


def symbol_of(quantity: str, t: int | None = None) -> Symbol:
    """Return the symbol of a quantity, at a step if it has one: z_i at 2 is z with "i,2"."""
    letter, _, below = quantity.partition("_")
    parts = [part for part in (below, "" if t is None else str(t)) if part]
    return Symbol(letter, ",".join(parts))


def in_notation(symbol: Symbol, cell: Cell, notation: Notation | None) -> Symbol:
    """Return a symbol with how it is written in a notation of others."""
    if notation is None:
        return symbol
    ours = f"{symbol.letter}_{{{symbol.below}}}" if symbol.below else symbol.letter
    return replace(symbol, written=rewriter(cell, notation).latex(ours))


def standing(numbers: NDArray[np.floating], notation: Notation | None) -> NDArray[np.floating]:
    """Return a vector or matrix as rows: a vector is a column, or a row where vectors are rows."""
    rows = numbers if numbers.ndim > 1 else numbers[:, np.newaxis]
    return rows.T if notation is not None and notation.rows else rows


def given_of(network: Network, notation: Notation | None = None) -> list[GivenArray]:
    """Return what the sheet gives: the sequence, the target, the states before, the parameters.

    Biases that are all zero are left out, and `nothing_of` says so. The numbers are ours, and stand
    as `standing` says.
    """
    found = [GivenArray(symbol_of("x", t + 1), row) for t, row in enumerate(network.x)]
    if len(network.y) == 1:
        found.append(GivenArray(Symbol("y"), network.y[0]))
    else:
        found += [
            GivenArray(symbol_of("y", t), row)
            for t, row in zip(network.read, network.y, strict=True)
        ]
    found += [
        GivenArray(symbol_of(state, 0), network.initial(state)) for state in network.cell.states
    ]
    for name, array in network.parameters.items():
        if array.ndim > 1 or array.any():
            found.append(GivenArray(symbol_of(name), array))
    return [
        GivenArray(in_notation(each.symbol, network.cell, notation), _plain(each.numbers))
        for each in found
    ]


def nothing_of(network: Network, notation: Notation | None = None) -> list[Symbol]:
    """Return the biases that are zero, and the second ones of a notation that has two."""
    items = network.parameters.items()
    zero = [symbol_of(name) for name, array in items if array.ndim == 1 and not array.any()]
    found = [in_notation(each, network.cell, notation) for each in zero]
    table = rewriter(network.cell, notation).table
    second = {} if table is None else table["second"]
    return found + [
        Symbol(each.base, each.below, f"{each.base}_{{{each.below}}}")
        for name, each in second.items()
        if name in network.cell.shapes
    ]


def formulas_of(network: Network, notation: Notation | None = None) -> list[str]:
    """Return the equations of the forward pass, in LaTeX."""
    family = loss_named(network.loss)
    below = "T" if network.readout == "last" else "t"
    found = equations(network.cell, network.activation, joined=False)
    found.append(rf"a_{below} = W_{{hy}}\,h_{below} + b_y")
    predicted = "a" if family.prediction_op == "identity" else "p"
    if predicted == "p":
        function = family.prediction_latex.removesuffix("(a)")
        found.append(f"p_{below} = {function}(a_{below})")
    count = "" if network.readout == "last" else r"\frac{1}{T} \sum_t "
    found.append(f"L = {count}{family.written(family.latex, predicted)}")
    write = rewriter(network.cell, notation).latex
    return [write(each) for each in found]


def blocks_of(sheet: Sheet, notation: Notation | None = None) -> list[Block]:
    """Return what is asked for, in the parts of the pass."""
    named: dict[str, list[Asked]] = {}
    for title, asked in _asked(sheet, notation):
        named.setdefault(title, []).append(asked)
    return [Block(title, tuple(parts)) for title, parts in named.items()]


def begins_back(block: Block) -> bool:
    """Whether a part is where the way back begins, which gets a page of its own on paper."""
    return block.asked[0].of == "gradient" and block.asked[0].questions[0].quantity == "a"


def heading_of(block: Block) -> str:
    """Return the title of a part, with what it is worth: a point for each number."""
    points = sum(len(asked.questions) for asked in block.asked)
    return f"{block.title} ({points} {'point' if points == 1 else 'points'})"


def _asked(sheet: Sheet, notation: Notation | None) -> Iterator[tuple[str, Asked]]:
    pairs = zip(sheet.questions, sheet.answers, strict=True)
    for place, group in groupby(pairs, lambda pair: pair[0].place):
        of, quantity, t = place
        questions, answers = zip(*group, strict=True)
        if of == "value":
            title = "Loss" if quantity in (PREDICTION, LOSS, "a") else f"Forward, step {t}"
        elif t is None:
            title = "Gradients of the parameters"
        else:
            title = f"Backward, step {t}"
        shape = tuple(max(each) for each in zip(*(q.unit for q in questions), strict=True))
        symbol = in_notation(symbol_of(quantity, t), sheet.network.cell, notation)
        loss = in_notation(Symbol("L"), sheet.network.cell, notation)
        yield title, Asked(symbol, of, shape, questions, answers, loss)


def _plain(numbers: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return a vector or matrix of one number as the number."""
    return numbers.reshape(()) if numbers.size == 1 else numbers
