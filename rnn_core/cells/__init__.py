"""The recurrent cells, by name: a new one is one file here and one entry below."""

from rnn_core._arrays import choose
from rnn_core.cells.cell import (
    ACTIVATION,
    ADD,
    MATVEC,
    READOUT,
    Cell,
    Line,
    Term,
    Weight,
    leaves,
    product,
    terms,
    times,
    weights,
)
from rnn_core.cells.elman import ELMAN
from rnn_core.cells.gru import GRU, GRU_RESET_BEFORE
from rnn_core.cells.leaky import LEAKY, leaky_cell
from rnn_core.cells.lstm import LSTM
from rnn_core.cells.notation import Notation, spoken
from rnn_core.cells.notations import NOTATIONS
from rnn_core.cells.reversed import (
    Equation,
    backward_equations,
    forward_equations,
    gate_letter,
    has_names,
)
from rnn_core.cells.rewriting import Rewriter, rewriter_of
from rnn_core.cells.written import equations, readout_equation, symbol

__all__ = [
    "ACTIVATION",
    "ADD",
    "CELLS",
    "ELMAN",
    "MATVEC",
    "NOTATIONS",
    "READOUT",
    "Cell",
    "Equation",
    "Line",
    "Notation",
    "Rewriter",
    "Term",
    "Weight",
    "backward_equations",
    "cell_named",
    "equations",
    "forward_equations",
    "gate_letter",
    "has_names",
    "leaky_cell",
    "leaves",
    "product",
    "readout_equation",
    "rewriter",
    "spoken",
    "symbol",
    "terms",
    "times",
    "weights",
]

CELLS: dict[str, Cell] = {cell.name: cell for cell in (ELMAN, LEAKY, GRU, GRU_RESET_BEFORE, LSTM)}


def rewriter(cell: Cell, notation: Notation | None, own: frozenset[str] = frozenset()) -> Rewriter:
    """Return what writes texts about a cell in a notation, None for ours.

    `own` are symbols that mean something else where the text stands, and stay. Symbols that other
    cells have alone are written as those are.
    """
    return rewriter_of(cell, notation, own, tuple(CELLS.values()))


def cell_named(cell: str | Cell) -> Cell:
    """Return the cell of that name, or the cell itself; ValueError lists the known names."""
    return cell if isinstance(cell, Cell) else choose("cell", CELLS, cell)
