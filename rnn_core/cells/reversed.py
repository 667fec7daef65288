r"""A cell's lines gone through backwards, in LaTeX: \delta_t = (1 - h_t^2) \odot ….

The gradient of the loss by a sum that weights are added to is called δ. All follows from the lines,
by the chain rule: what comes back to a line reaches each of its operands.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rnn_core.activations import ACTIVATIONS
from rnn_core.cells.cell import (
    ACTIVATION,
    ADD,
    BEFORE,
    INPUT,
    MATVEC,
    MULTIPLY,
    ONE_MINUS,
    Cell,
    Line,
    Operand,
    Term,
)
from rnn_core.cells.written import named_equations, symbol
from rnn_core.forms.form import put, templated

MANY_WEIGHTS = 6
"""Of more weights, those of gates that are alike are written once, with a letter for the gate."""
LAST, EARLIER = "last", "earlier"


class Equation(NamedTuple):
    """An equation, the names of what it says, and of which steps it does: "" for all of them."""

    names: tuple[str, ...]
    latex: str
    steps: str = ""


def forward_equations(cell: Cell, activation: str) -> list[Equation]:
    """Return the equations of a step with the names of the lines that each of them says."""
    return [Equation(names, latex) for names, latex in named_equations(cell, activation)]


def backward_equations(
    cell: Cell, activation: str, *, every: bool, by_logit: str, by_logit_latex: str
) -> list[Equation]:
    """Return the backward pass of a network, in the order in which it is computed.

    Parameters
    ----------
    every
        Whether every step is read out, not the last one alone.
    by_logit, by_logit_latex
        How ∂L/∂a is called, and what it is.
    """
    found = [Equation(("a",), f"{by_logit} = {by_logit_latex}")]
    arriving = _arriving(cell, activation)
    for line in reversed(cell.lines):
        terms = arriving.get(line.name, [])
        own = _gradient(line.name, cell)
        full = _slope("L", symbol(line.name))
        named = own if own == full else f"{own} = {full}"
        if line.name == "h" and not every:
            now = [text for text, is_later in terms if not is_later]
            last = _added([rf"W_{{hy}}^{{\top}}{by_logit}", *now])
            found.append(Equation(("h",), f"{_at_last(named)} = {_at_last(last)}", LAST))
            found.append(
                Equation(("h",), f"{named} = {_added([text for text, _ in terms])}", EARLIER)
            )
            continue
        first = [rf"W_{{hy}}^{{\top}}{by_logit}"] if line.name == "h" else []
        written = _added([*first, *(text for text, _ in terms)])
        found.append(Equation((line.name,), f"{named} = {written}"))
    return [*found, *_weights(cell, arriving, every, by_logit)]


def _weights(
    cell: Cell, arriving: dict[str, list[tuple[str, bool]]], every: bool, by_logit: str
) -> Iterator[Equation]:
    """Yield what ∂L/∂W is for each weight, those of the readout first."""
    total = r"\textstyle\sum_t " if every else ""
    read = "h_t" if every else "h_T"
    yield Equation(("W_hy",), rf"{_slope('L', 'W_{hy}')} = {total}{by_logit}\,{read}^{{\top}}")
    yield Equation(("b_y",), f"{_slope('L', 'b_y')} = {total}{by_logit}")
    names = [name for name in cell.shapes if name in arriving]
    written = {
        name: f"{_slope('L', symbol(name))} = \\textstyle\\sum_t "
        + _added([text for text, _ in arriving[name]])
        for name in names
    }
    if len(names) <= MANY_WEIGHTS:
        for name, latex in written.items():
            yield Equation((name,), latex)
        return
    letter = gate_letter(cell)
    alike: dict[str, list[str]] = {}
    for name, latex in written.items():
        alike.setdefault(_of_any_gate(latex, name, letter), []).append(name)
    for latex, members in alike.items():
        if len(members) == 1:
            yield Equation((members[0],), written[members[0]])
        else:
            gates = ", ".join(name[-1] for name in members)
            yield Equation(tuple(members), rf"{latex} \;\;({letter} = {gates})")


def gate_letter(cell: Cell) -> str:
    """Return the letter that stands for each gate in turn, where weights are written once."""
    return next(each for each in "kqvw" if each not in cell.line)


def _of_any_gate(latex: str, name: str, letter: str) -> str:
    """Return an equation with a letter for the gate of a weight, the last one of its name."""
    gate = re.escape(name[-1])
    return re.sub(rf"(?<=[{{_xh]){gate}(?=[}},\s]|$|\}})", letter, latex)


def _arriving(cell: Cell, activation: str) -> dict[str, list[tuple[str, bool]]]:
    """Return by name what reaches it from each line that reads it; True: from the next step."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for line in reversed(cell.lines):
        for operand, text in _pulled(line, line.term, _gradient(line.name, cell), activation):
            if operand.endswith(BEFORE):
                found.setdefault(operand.removesuffix(BEFORE), []).append((_later(text), True))
            elif operand != INPUT:
                found.setdefault(operand, []).append((text, False))
    return found


def _pulled(line: Line, term: Term, g: str, activation: str) -> Iterator[tuple[str, str]]:
    """Yield each operand of a term, and those inside it, with what reaches it when g comes back."""
    for place, operand in enumerate(term.operands):
        text = _by_operand(line, term, place, g, activation)
        if isinstance(operand, Term):
            yield from _pulled(line, operand, text, activation)
        elif isinstance(operand, str):
            yield operand, text


def _by_operand(line: Line, term: Term, place: int, g: str, activation: str) -> str:
    others = [part for k, part in enumerate(term.operands) if k != place]
    if term.op == ADD:
        return g
    if term.op == ONE_MINUS:
        return f"-{g}"
    if term.op == MULTIPLY:
        return _multiplied([*others, g], activation)
    if term.op == MATVEC:
        (other,) = (_factor(part, activation) for part in others)
        return rf"{other}^{{\top}}{_grouped(g)}" if place else rf"{g}\,{other}^{{\top}}"
    function = ACTIVATIONS[activation if term.op == ACTIVATION else term.op]
    if function.is_identity:
        return g
    inner = _factor(term.operands[0], activation)
    output = symbol(line.name) if term == line.term else f"{function.latex}({inner})"
    slope = put(templated(function.derivative_latex, "zh"), z=inner, h=output)
    slope = slope.replace(r"\,(", r" \odot (")
    wrapped = f"({slope})" if slope.startswith("1 -") else slope
    return rf"{wrapped} \odot {g}"


def _factor(operand: Operand, activation: str) -> str:
    """Return an operand as it stands in a product."""
    if isinstance(operand, str):
        return symbol(operand)
    if not isinstance(operand, Term):
        return f"{operand:g}"
    parts = [_factor(part, activation) for part in operand.operands]
    if operand.op == ADD:
        return rf"({' + '.join(parts)})"
    if operand.op == ONE_MINUS:
        return f"(1 - {parts[0]})"
    if operand.op == MULTIPLY:
        return _multiplied(operand.operands, activation)
    if operand.op == MATVEC:
        return rf"({parts[0]}\,{parts[1]})"
    function = ACTIVATIONS[activation if operand.op == ACTIVATION else operand.op]
    return f"{function.latex}({parts[0]})"


def _multiplied(factors: Sequence[Operand], activation: str) -> str:
    """Return a product entry by entry; names that are no quantity are texts already."""
    joined = ""
    for factor in factors:
        is_text = isinstance(factor, str) and "\\" in factor
        text = str(factor) if is_text else _factor(factor, activation)
        joined += text + (r"\," if isinstance(factor, float) else r" \odot ")
    return joined.removesuffix(r" \odot ")


def _gradient(name: str, cell: Cell) -> str:
    """Return how ∂L/∂ of a line is called: δ where that is a sum called z."""
    own = symbol(name)
    if name in cell.sums and own.startswith("z"):
        return rf"\delta{own[1:]}"
    return _slope("L", own)


def _slope(of: str, by: str) -> str:
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"


def _grouped(text: str) -> str:
    return rf"({text})" if r"\odot" in text else text


def _added(terms: list[str]) -> str:
    return " + ".join(terms).replace("+ -", "- ") or "0"


def _later(text: str) -> str:
    """Return a term of a step as it is of the next one."""
    text = re.sub(r"(?<=[_,])t(?=\b|\})", "t+1 ", text)
    text = re.sub(r"_t\+1 ", "_{t+1}", text).replace("t+1 ", "t+1")
    return text.replace("_{t-1}", "_t")


def _at_last(text: str) -> str:
    return re.sub(r"(?<=[_,])t(?=\b|\})", "T", text)
