r"""A cell's lines in LaTeX: z_t = W_{xh}\,x_t + W_{hh}\,h_{t-1} + b_h."""

from collections import Counter
from collections.abc import Iterator

from rnn_core.activations import ACTIVATIONS
from rnn_core.cells.cell import (
    ACTIVATION,
    ADD,
    BEFORE,
    MATVEC,
    MULTIPLY,
    ONE_MINUS,
    Cell,
    Line,
    Operand,
    Term,
    leaves,
)


def equations(cell: Cell, activation: str, *, joined: bool = True) -> list[str]:
    """Return the equations of a step, in the order of the computation.

    Where a cell has more than one sum that a single function takes, each is written inside it;
    unless `joined`, every line has an equation of its own.
    """
    return [latex for _, latex in named_equations(cell, activation, joined=joined)]


def named_equations(
    cell: Cell, activation: str, *, joined: bool = True
) -> list[tuple[tuple[str, ...], str]]:
    """Return the same, each with the names of the lines that it says, its own first."""
    read = Counter(name for line in cell.lines for name in leaves(line.term))
    sums = [line for line in cell.lines if line.op == ADD and line.name not in cell.states]
    inside = {line.name: line for line in sums if read[line.name] == 1}
    if len(inside) < 2 or not joined:
        inside = {}
    return [
        (
            tuple(_said(line, inside)),
            f"{symbol(line.name)} = {_written(line.term, cell, activation, inside)}",
        )
        for line in cell.lines
        if line.name not in inside
    ]


def _said(line: Line, inside: dict[str, Line]) -> Iterator[str]:
    """Yield the names of a line and of those that are written inside it."""
    yield line.name
    for name in leaves(line.term):
        if name in inside:
            yield from _said(inside[name], inside)


def symbol(name: str) -> str:
    """Return how a quantity or a parameter is written: h_{t-1}, z_{i,t}, W_{xh}, b_h."""
    if name.endswith(BEFORE):
        return f"{name.removesuffix(BEFORE)}_{{t-1}}"
    stem, _, sub = name.partition("_")
    if stem in ("W", "b"):
        return f"{stem}_{_braced(sub)}"
    return f"{stem}_{_braced(f'{sub},t' if sub else 't')}"


def _braced(text: str) -> str:
    return text if len(text) == 1 else f"{{{text}}}"


def _written(operand: Operand, cell: Cell, activation: str, inside: dict[str, Line]) -> str:
    if isinstance(operand, str):
        if operand in inside:
            return _written(inside[operand].term, cell, activation, inside)
        return symbol(operand)
    if not isinstance(operand, Term):
        return f"{operand:g}"
    parts = [_written(part, cell, activation, inside) for part in operand.operands]
    if operand.op == MATVEC:
        return rf"{parts[0]}\,{parts[1]}"
    if operand.op == ADD:
        return " + ".join(parts)
    if operand.op == ONE_MINUS:
        return f"(1 - {parts[0]})"
    if operand.op == MULTIPLY:
        joined = parts[0]
        for before, part, written in zip(
            operand.operands, operand.operands[1:], parts[1:], strict=False
        ):
            sums = isinstance(part, Term) and part.op == ADD
            wrapped = rf"\left({written}\right)" if sums or _is_sum(part, inside) else written
            joined += (r"\," if isinstance(before, float) else r" \odot ") + wrapped
        return joined
    function = ACTIVATIONS[activation if operand.op == ACTIVATION else operand.op]
    return f"{function.latex}({parts[0]})"


def _is_sum(operand: Operand, inside: dict[str, Line]) -> bool:
    return isinstance(operand, str) and operand in inside


__all__ = ["equations", "named_equations", "symbol"]
