"""What stands for each symbol of a cell in a notation of others, as data for a page."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypedDict

from rnn_core.cells.cell import INPUT, Cell
from rnn_core.cells.notation import Notation
from rnn_core.cells.reversed import gate_letter


class Symbol(NamedTuple):
    """A letter in LaTeX, and what stands below and above it besides its step and unit."""

    base: str
    below: str = ""
    above: str = ""


class Renaming(TypedDict):
    """All that is written otherwise: by name of ours, the symbol there.

    `deltas` has the gradients by a sum, by the name of that sum. `parameters` are written as they
    are named; of two biases that are added the second one stands in `second`. `matrices` are those
    of the parameters that are one, and `size_letters` stand alone. Where vectors are `rows`,
    matrices are the transposes of ours, and where steps are `raised` they stand above, in brackets.
    `others` are quantities of other cells: a page may tell of one, but their letters alone can
    mean anything.
    """

    name: str
    title: str
    rows: bool
    raised: bool
    quantities: dict[str, Symbol]
    deltas: dict[str, Symbol]
    parameters: dict[str, Symbol]
    second: dict[str, Symbol]
    matrices: list[str]
    gate: str
    gates: dict[str, str]
    others: list[str]
    size_letters: dict[str, Symbol]


_SCRIPTED = re.compile(r"(?P<base>.*?)(?:\^\{(?P<above>.*?)\})?(?:_\{(?P<below>.*)\})?")
PREDICTIONS = ("p", "ŷ")
"""How ours writes a prediction, by the loss."""


def renaming(cell: Cell, notation: Notation, others: Iterable[Cell] = ()) -> Renaming:
    """Return what a notation writes for each symbol of a cell; ours where it has no name.

    Names that only another cell has are those of the first of the others that has them.
    """
    table = _of_cell(cell, notation)
    for other in others:
        more = _of_cell(other, notation)
        names = [name for name in more["quantities"] if name not in table["quantities"]]
        table["others"] += [name for name in names if "_" not in name]
        table["quantities"] |= {name: more["quantities"][name] for name in names}
        table["deltas"] |= {**more["deltas"], **table["deltas"]}
        new = [name for name in more["parameters"] if name not in table["parameters"]]
        table["parameters"] |= {name: more["parameters"][name] for name in new}
        table["second"] |= {name: more["second"][name] for name in new if name in more["second"]}
        table["matrices"] += [name for name in new if name in more["matrices"]]
        table["gates"] |= {**more["gates"], **table["gates"]}
    return table


def _of_cell(cell: Cell, notation: Notation) -> Renaming:
    letter = gate_letter(cell)
    parameters = {name: _parts(notation, cell, name) for name in (*cell.shapes, *_of_any(letter))}
    return {
        "name": notation.name,
        "title": notation.title,
        "rows": notation.rows,
        "raised": notation.raised,
        "quantities": dict(_quantities(cell, notation)),
        "deltas": {
            name: _delta(notation, cell, name)
            for name in (*cell.sums, "z", f"z_{letter}")
            if name.startswith("z")
        },
        "parameters": {name: each[0] for name, each in parameters.items()},
        "second": {name: each[1] for name, each in parameters.items() if len(each) > 1},
        "matrices": [name for name in parameters if name.startswith("W")],
        "gate": letter,
        "gates": {
            name.partition("_")[2]: _gate(notation, cell, name.partition("_")[2])
            for name in cell.sums
            if "_" in name
        },
        "others": [],
        "size_letters": {name: Symbol(written) for name, written in notation.size_letters.items()},
    }


def _of_any(letter: str) -> tuple[str, ...]:
    """Return the names of parameters that are written once for all gates."""
    return (f"W_x{letter}", f"W_h{letter}", f"b_{letter}")


def _gate(notation: Notation, cell: Cell, gate: str) -> str:
    return notation.gates.get(f"{cell.name} {gate}", notation.gates.get(gate, gate))


def _quantities(cell: Cell, notation: Notation) -> Iterator[tuple[str, Symbol]]:
    for name in (INPUT, *cell.line, "a", "p", "y", "l", "L", f"z_{gate_letter(cell)}"):
        stem, _, gate = name.partition("_")
        written = notation.letter(cell, name)
        if written:
            yield name, Symbol(written)
        elif gate and stem == "z":  # the sum of a gate: as the one of a cell without gates
            own = notation.letter(cell, stem) or notation.instead.get(stem, stem)
            yield name, Symbol(own, _gate(notation, cell, gate))
        else:
            own = notation.instead.get(name, stem)
            yield name, Symbol(notation.instead.get(f"{cell.name} {name}", own), gate)


def _delta(notation: Notation, cell: Cell, name: str) -> Symbol:
    gate = name.partition("_")[2]
    return Symbol(notation.delta_letter, _gate(notation, cell, gate) if gate else "")


def _parts(notation: Notation, cell: Cell, name: str) -> tuple[Symbol, ...]:
    """Return the symbol of a parameter, two of two biases that are added."""
    written = notation.parameter(cell, name)
    return tuple(_symbol(each) for each in written.split(" + "))


def _symbol(latex: str) -> Symbol:
    r"""Return W_{ih}, U^{f} or b^{\prime}_{h} in parts."""
    found = _SCRIPTED.fullmatch(latex)
    if found is None:
        raise ValueError(f"notation: expected a letter with scripts, got {latex!r}")
    return Symbol(found["base"], found["below"] or "", found["above"] or "")


def of_prediction(renamed: Mapping[str, Symbol], letter: str) -> Symbol:
    """Return the symbol of the prediction, which keeps its own letter where it has no name."""
    found = renamed["p"]
    return Symbol(letter) if found.base == "p" else found


__all__ = ["PREDICTIONS", "Renaming", "Symbol", "of_prediction", "renaming"]
