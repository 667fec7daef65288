"""How nodes are called: as an id, as a symbol in plain text, and in LaTeX.

Steps and units are counted from 1. What a name says stands in the node's fields as well; only an
address has nothing else, and is read here.
"""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rnn_core._short import Shown
from rnn_core.activations import ACTIVATIONS
from rnn_core.cells.cell import NAME

_MENTION = re.compile(rf"({NAME.pattern})(?:\[(\d{{1,9}}(?:,\d{{1,9}})*)\])?")


@dataclass(frozen=True)
class Named(Shown):
    """What a name says, as the fields of its node have it; `index` counts from 1, and may be short.

    Of a product of a parameter with a quantity, `reads` is the quantity and its step; `steps` are
    those that any other term mentions, which need not be the one that it belongs to.
    """

    quantity: str | None = None
    t: int | None = None
    parameter: str | None = None
    index: tuple[int, ...] = ()
    reads: tuple[str, int] | None = None
    steps: tuple[int, ...] = ()


class Called(NamedTuple):
    """The three names of a node, or of a number in a line.

    `whole` says that they need no brackets inside a product.
    """

    id: str
    symbol: str
    latex: str
    whole: bool = True
    is_number: bool = False


def _stem(name: str) -> tuple[str, str]:
    """Return what stands in front of the subscript, and the subscript with a comma: W, "hh,"."""
    stem, _, sub = name.partition("_")
    return stem, sub.replace("_", r"\_") + "," if sub else ""


def latex_parameter(name: str, *index: int) -> str:
    """Return W_{hh}, or W_{hh,2,1} with an index."""
    stem, sub = _stem(name)
    inside = (sub + ",".join(map(str, index))).rstrip(",")
    return f"{stem}_{{{inside}}}" if inside else stem


def parameter(name: str, *index: int) -> str:
    """Return W_hh, or W_hh[2,1] with an index."""
    return f"{name}[{','.join(map(str, index))}]" if index else name


def latex_rolled(letter: str) -> str:
    """Return h_t, or z_{i,t} of a name with a subscript."""
    stem, sub = _stem(letter)
    return f"{stem}_{{{sub}t}}" if sub else f"{stem}_t"


def timed(letter: str, *index: int | str) -> str:
    """Return h_3, or h_3,1 with a unit, or z_i,3: the symbol in plain text."""
    return quantity(letter, *index).symbol


def node(letter: str, *index: int) -> str:
    """Return h[3], or h[3,1] with a unit: the name of the node."""
    return f"{letter}[{','.join(map(str, index))}]"


def prediction(symbol: str, *index: int) -> Called:
    """Return the names of the prediction, p[3] as an id, written with the symbol of its loss."""
    return quantity("p", *index)._replace(
        symbol=quantity(symbol, *index).symbol, latex=quantity(symbol, *index).latex
    )


@lru_cache(maxsize=256)
def _beginnings(letter: str) -> tuple[str, str, str]:
    """Return what the names of a quantity begin with, before its step."""
    stem, sub = _stem(letter)
    return f"{letter}[", f"{letter}{',' if sub else '_'}", f"{stem}_{{{sub}"


def quantity(letter: str, *index: int | str) -> Called:
    """Return the names of a quantity at a step, and of a unit of it."""
    name, symbol, latex = _beginnings(letter)
    place = ",".join(map(str, index))
    return Called(f"{name}{place}]", symbol + place, f"{latex}{place}}}")


def number(value: float) -> Called:
    """Return the names of a number that a cell has in a line."""
    text = f"{value:g}".replace("-", "−")
    return Called(text, text, text.replace("−", "-"), is_number=True)


def term(op: str, parts: Sequence[Called], *, entries: bool) -> Called:
    """Return the names of an operation on what has the names `parts`.

    A matrix stands beside its vector; of entries, and with numbers, a product is written with a
    dot. What is not written with a sign of its own is a function.
    """
    if op == "matvec":
        matrix, vector = parts[0], _bracketed(parts[1])
        return Called(
            f"{matrix.id} {vector.id}",
            f"{matrix.symbol} {vector.symbol}",
            rf"{matrix.latex}\,{vector.latex}",
            whole=False,
        )
    if op == "mul":
        factors = [_bracketed(part) for part in parts]
        plain = entries or any(part.is_number for part in parts)
        sign, latex = ("·", r"\,") if plain else ("⊙", r"\odot ")
        return Called(
            sign.join(each.id for each in factors),
            f" {sign} ".join(each.symbol for each in factors),
            latex.join(each.latex for each in factors),
            whole=False,
        )
    if op == "add":
        return Called(
            "+".join(each.id for each in parts),
            " + ".join(each.symbol for each in parts),
            " + ".join(each.latex for each in parts),
            whole=False,
        )
    if op == "one_minus":
        part = _bracketed(parts[0])
        return Called(f"1−{part.id}", f"1 − {part.symbol}", f"1 - {part.latex}", whole=False)
    written = ACTIVATIONS.get(op)
    symbol, latex = (
        (op, rf"\operatorname{{{op}}}") if written is None else (written.symbol, written.latex)
    )
    return Called(
        f"{op}({', '.join(each.id for each in parts)})",
        f"{symbol}({', '.join(each.symbol for each in parts)})",
        rf"{latex}\left({', '.join(each.latex for each in parts)}\right)",
    )


def read(name: str, parameters: Container[str]) -> Named:
    """Return what a name says that came from an address: `h[3,1]`, `W_hh[2,1]`, `W_hh h[2]`, `L`.

    Its node, where there is one, says the same and more: this is for a node of another level, or of
    steps that are not here. What is no name says nothing.
    """
    found = [
        (each[1], tuple(map(int, each[2].split(","))) if each[2] else ())
        for each in _MENTION.finditer(name)
    ]
    if len(found) == 1 and _MENTION.fullmatch(name):
        ((own, index),) = found
        if own in parameters:
            return Named(parameter=own, index=index)
        steps = index[:1]
        return Named(quantity=own, t=index[0] if index else None, index=index[1:], steps=steps)
    timed = [(own, index) for own, index in found if index and own not in parameters]
    steps = tuple(index[0] for _, index in timed)
    if len(found) == 2 and len(timed) == 1 and found[0][0] in parameters:
        (own, index), reads = found[0], (timed[0][0], steps[0])
        return Named(parameter=own, index=index, reads=reads, steps=steps)
    return Named(steps=steps)


def copy(called: Called, number: int) -> Called:
    """Return the names of the second, third … node of one name: its id says which it is."""
    return called._replace(id=f"{called.id}#{number + 1}") if number else called


def _bracketed(part: Called) -> Called:
    if part.whole:
        return part
    return Called(f"({part.id})", f"({part.symbol})", rf"\left({part.latex}\right)")
