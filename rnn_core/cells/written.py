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
    READOUT,
    Cell,
    Line,
    Operand,
    Term,
    leaves,
    terms,
)
from rnn_core.cells.notation import Notation


def equations(
    cell: Cell, activation: str, *, joined: bool = True, notation: Notation | None = None
) -> list[str]:
    """Return the equations of a step, in the order of the computation.

    Where a cell has more than one sum, those that go into a function are written inside it; unless
    `joined`, every line has an equation of its own. In a notation of others, what has no name there
    is written inside what reads it.
    """
    if notation is None:
        return [latex for _, latex in named_equations(cell, activation, joined=joined)]
    inside = {line.name: line for line in cell.lines if notation.quantity(cell, line.name) is None}
    return [
        f"{name_in(notation, cell, line.name)} = "
        f"{_written(line.term, cell, activation, inside, notation)}"
        for line in cell.lines
        if line.name not in inside
    ]


def named_equations(
    cell: Cell, activation: str, *, joined: bool = True
) -> list[tuple[tuple[str, ...], str]]:
    """Return the same, each with the names of the lines that it says, its own first."""
    inside = _into_functions(cell) if joined else {}
    return [
        (
            tuple(_said(line, inside)),
            f"{symbol(line.name)} = {_written(line.term, cell, activation, inside)}",
        )
        for line in cell.lines
        if line.name not in inside
    ]


def _into_functions(cell: Cell) -> dict[str, Line]:
    """Return the sums that are read once, on the way into a function; none of a cell's only sum.

    One that only a product takes, such as a candidate without a function, stays a line.
    """
    sums = [line.name for line in cell.lines if line.op == ADD and line.name not in cell.states]
    if len(sums) < 2:
        return {}
    read = Counter(name for line in cell.lines for name in leaves(line.term))
    inside: dict[str, Line] = {}
    for line in reversed(cell.lines):  # what reads a line stands behind it
        whole = [line.term] if line.name in inside else list(_functions(line.term))
        for name in {name for term in whole for name in leaves(term)}:
            if name in sums and read[name] == 1:
                inside[name] = cell.line[name]
    return inside


def _functions(term: Term) -> Iterator[Term]:
    """Yield the functions of a term: what is neither a sum nor a product."""
    return (part for part in terms(term) if part.op not in (ADD, MULTIPLY, MATVEC, ONE_MINUS))


def readout_equation(cell: Cell, notation: Notation, *, every: bool) -> str:
    """Return a = W_hy h + b_y in a notation, of every step or of the last one."""
    step = "t" if every else "T"
    matrix, bias = (notation.parameter(cell, name) for name in READOUT)
    vector = notation.quantity(cell, "h", step)
    product = rf"{vector}\,{matrix}" if notation.rows else rf"{matrix}\,{vector}"
    terms = (bias, product) if notation.bias_first else (product, bias)
    return f"{notation.quantity(cell, 'a', step)} = {' + '.join(terms)}"


def _said(line: Line, inside: dict[str, Line]) -> Iterator[str]:
    """Yield the names of a line and of those that are written inside it."""
    yield line.name
    for name in leaves(line.term):
        if name in inside:
            yield from _said(inside[name], inside)


def symbol(name: str, step: str = "t") -> str:
    """Return how a quantity or a parameter is written: h_{t-1}, z_{i,t}, W_{xh}, b_h."""
    stem, _, sub = name.removesuffix(BEFORE).partition("_")
    if stem in ("W", "b"):
        return f"{stem}_{_braced(sub)}"
    step = before(step) if name.endswith(BEFORE) else step
    return f"{stem}_{_braced(f'{sub},{step}' if sub else step)}"


def before(step: str) -> str:
    """Return the step before one: t−1 of t, and t of t+1."""
    return step.removesuffix("+1") if step.endswith("+1") else f"{step}-1"


def name_in(notation: Notation | None, cell: Cell, name: str, step: str = "t") -> str:
    """Return how a quantity or a parameter is written in a notation, None for ours.

    Raises
    ------
    ValueError
        It has no name there.
    """
    if notation is None:
        return symbol(name, step)
    if name in cell.shapes:
        return notation.parameter(cell, name)
    found = notation.quantity(
        cell, name.removesuffix(BEFORE), before(step) if name.endswith(BEFORE) else step
    )
    if found is None:
        raise ValueError(f"{notation.name}: expected a name for {name} of {cell.name}, got none")
    return found


def _braced(text: str) -> str:
    return text if len(text) == 1 else f"{{{text}}}"


def _written(
    operand: Operand,
    cell: Cell,
    activation: str,
    inside: dict[str, Line],
    notation: Notation | None = None,
) -> str:
    if isinstance(operand, str):
        if operand in inside:
            return _written(inside[operand].term, cell, activation, inside, notation)
        return name_in(notation, cell, operand)
    if not isinstance(operand, Term):
        return f"{operand:g}"
    operands = _ordered(operand, cell, notation)
    parts = [_written(part, cell, activation, inside, notation) for part in operands]
    if operand.op == MATVEC:
        matrix, vector = parts
        if _unnamed(operands[1], inside, (ADD, MULTIPLY)):
            vector = rf"\left({vector}\right)"
        first, second = (vector, matrix) if notation and notation.rows else (matrix, vector)
        return rf"{first}\,{second}"
    if operand.op == ADD:
        return " + ".join(parts)
    if operand.op == ONE_MINUS:
        (part,) = operands
        return f"(1 - {_grouped(part, parts[0], inside)})"
    if operand.op == MULTIPLY:
        joined = ""
        for part, written in zip(operands, parts, strict=True):
            joined += _grouped(part, written, inside)
            joined += r"\," if isinstance(part, float) else r" \odot "
        return joined.removesuffix(r" \odot ")
    function = ACTIVATIONS[activation if operand.op == ACTIVATION else operand.op]
    return f"{function.latex}({parts[0]})"


def _ordered(term: Term, cell: Cell, notation: Notation | None) -> tuple[Operand, ...]:
    """Return the operands in the order of a notation: its biases may stand first."""
    if term.op != ADD or notation is None or not notation.bias_first:
        return term.operands
    return tuple(sorted(term.operands, key=lambda part: part not in cell.shapes))


def _grouped(operand: Operand, written: str, inside: dict[str, Line]) -> str:
    """Return an operand in brackets where it is a sum."""
    is_sum = (isinstance(operand, Term) and operand.op == ADD) or _unnamed(operand, inside, (ADD,))
    return rf"\left({written}\right)" if is_sum else written


def _unnamed(operand: Operand, inside: dict[str, Line], ops: tuple[str, ...]) -> bool:
    """Whether what has no name of its own is such an operation."""
    return isinstance(operand, str) and operand in inside and inside[operand].op in ops


__all__ = ["before", "equations", "name_in", "named_equations", "readout_equation", "symbol"]
