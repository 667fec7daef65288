r"""A cell's lines gone through backwards, in LaTeX: \delta_t = (1 - h_t^2) \odot ….

The gradient of the loss by a sum that weights are added to is called δ. All follows from the lines,
by the chain rule: what comes back to a line reaches each of its operands.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rnn_core._short import Shown
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
from rnn_core.cells.notation import Notation
from rnn_core.cells.written import name_in, named_equations
from rnn_core.forms.form import filled_in, is_sum, templated

MANY_WEIGHTS = 6
"""Of more weights, those of gates that are alike are written once, with a letter for the gate."""
LAST, EARLIER = "last", "earlier"
UNNAMED = r"(\cdot)"
"""The argument of a function, where it has no name."""


class Equation(NamedTuple):
    """An equation, the names of what it says, and of which steps it does: "" for all of them."""

    names: tuple[str, ...]
    latex: str
    steps: str = ""


class _Arrived(NamedTuple):
    """What reaches an operand from a line that reads it; lines count from the last one on."""

    line: int
    place: int
    text: str


def _texts(terms: Sequence[_Arrived]) -> list[str]:
    return [term.text for term in terms]


def forward_equations(cell: Cell, activation: str) -> list[Equation]:
    """Return the equations of a step with the names of the lines that each of them says."""
    return [Equation(names, latex) for names, latex in named_equations(cell, activation)]


def backward_equations(
    cell: Cell,
    activation: str,
    *,
    every: bool,
    by_logit: str,
    by_logit_latex: str,
    notation: Notation | None = None,
) -> list[Equation]:
    """Return the backward pass of a network, in the order in which it is computed.

    Parameters
    ----------
    every
        Whether every step is read out, not the last one alone.
    by_logit, by_logit_latex
        How ∂L/∂a is called, and what it is.
    notation
        That of others, None for ours.

    Raises
    ------
    ValueError
        A line has no name in that notation (`has_names`).
    """
    written = _Written(cell, activation, notation)
    now, later = written.arriving("t"), written.arriving("t+1")
    found = [Equation(("a",), f"{by_logit} = {by_logit_latex}")]
    for line in reversed(cell.lines):
        terms = sorted([*now.get(line.name, []), *later.get(line.name + BEFORE, [])])
        read_out = [written.through("W_hy", by_logit)] if line.name == "h" else []
        if line.name == "h" and not every:
            last = sorted(written.arriving("T").get(line.name, []))
            named = written.named(line.name, "T")
            found.append(Equation(("h",), f"{named} = {_added([*read_out, *_texts(last)])}", LAST))
            named = written.named(line.name)
            found.append(Equation(("h",), f"{named} = {_added(_texts(terms))}", EARLIER))
            continue
        named = written.named(line.name)
        found.append(Equation((line.name,), f"{named} = {_added([*read_out, *_texts(terms)])}"))
    return [*found, *_weights(written, now, every, by_logit)]


def has_names(cell: Cell, notation: Notation) -> bool:
    """Whether each line has a name in a notation, or is a sum that δ is the gradient by."""
    return all(
        (line.name in cell.sums and line.name.startswith("z"))
        or notation.quantity(cell, line.name) is not None
        for line in cell.lines
    )


def _weights(
    written: "_Written", arriving: dict[str, list[_Arrived]], every: bool, by_logit: str
) -> Iterator[Equation]:
    """Yield what ∂L/∂W is for each weight, those of the readout first."""
    cell = written.cell
    total = r"\textstyle\sum_t " if every else ""
    vector = written.symbol("h", "t" if every else "T")
    by = {name: written.by_parameter(name) for name in cell.shapes}
    yield Equation(("W_hy",), rf"{by['W_hy']} = {total}{written.outer(by_logit, vector)}")
    yield Equation(("b_y",), f"{by['b_y']} = {total}{by_logit}")
    names = [name for name in cell.shapes if name in arriving]
    equations = {
        name: f"{by[name]} = \\textstyle\\sum_t {_added(_texts(arriving[name]))}" for name in names
    }
    if len(names) <= MANY_WEIGHTS or written.notation is not None:
        for name, latex in equations.items():
            yield Equation((name,), latex)
        return
    letter = gate_letter(cell)
    alike: dict[str, list[str]] = {}
    for name, latex in equations.items():
        alike.setdefault(_of_any_gate(latex, name, letter), []).append(name)
    for latex, members in alike.items():
        if len(members) == 1:
            yield Equation((members[0],), equations[members[0]])
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


@dataclass(frozen=True)
class _Written(Shown):
    """The lines of a cell gone through backwards, in a notation."""

    cell: Cell
    activation: str
    notation: Notation | None

    def symbol(self, name: str, step: str = "t") -> str:
        return name_in(self.notation, self.cell, name, step)

    def gradient(self, name: str, step: str = "t") -> str:
        """Return how ∂L/∂ of a line is called: δ where that is a sum called z."""
        if name in self.cell.sums and name.startswith("z"):
            if self.notation is not None:
                return self.notation.delta(self.cell, name, step)
            return rf"\delta{self.symbol(name, step)[1:]}"
        return _slope("L", self.symbol(name, step))

    def named(self, name: str, step: str = "t") -> str:
        """Return the same, and what it is short for."""
        own = self.gradient(name, step)
        if self.notation is not None and self.notation.quantity(self.cell, name) is None:
            return own
        full = _slope("L", self.symbol(name, step))
        return own if own == full else f"{own} = {full}"

    def by_parameter(self, name: str) -> str:
        """Return ∂L/∂W; of two biases that are added, each one's is the same."""
        return " = ".join(_slope("L", each) for each in self.symbol(name).split(" + "))

    def outer(self, gradient: str, vector: str) -> str:
        """Return what reaches a matrix: g vᵀ, of rows vᵀ g."""
        if self.notation is not None and self.notation.rows:
            return _turned(vector) + _grouped(gradient)
        return rf"{gradient}\,{_turned(vector)}"

    def through(self, matrix: str, gradient: str, step: str = "t") -> str:
        """Return what reaches the vector that a matrix multiplies: Wᵀ g, of rows g Wᵀ."""
        turned = _turned(self.symbol(matrix, step))
        if self.notation is not None and self.notation.rows:
            return rf"{_grouped(gradient)}\,{turned}"
        return turned + _grouped(gradient)

    def arriving(self, step: str) -> dict[str, list[_Arrived]]:
        """Return by operand what reaches it from each line of a step that reads it.

        What is read of the step before has its name with `BEFORE`.
        """
        found: dict[str, list[_Arrived]] = {}
        for place, line in enumerate(reversed(self.cell.lines)):
            gradient = self.gradient(line.name, step)
            for operand, text in self.pulled(line, line.term, gradient, step):
                if operand != INPUT:
                    found.setdefault(operand, []).append(
                        _Arrived(place, len(found.get(operand, [])), text)
                    )
        return found

    def pulled(self, line: Line, term: Term, g: str, step: str) -> Iterator[tuple[str, str]]:
        """Yield each operand of a term, and those inside it, with what reaches it from g."""
        for place, operand in enumerate(term.operands):
            text = self.by_operand(line, term, place, g, step)
            if isinstance(operand, Term):
                yield from self.pulled(line, operand, text, step)
            elif isinstance(operand, str):
                yield operand, text

    def by_operand(self, line: Line, term: Term, place: int, g: str, step: str) -> str:
        others = [part for k, part in enumerate(term.operands) if k != place]
        if term.op == ADD:
            return g
        if term.op == ONE_MINUS:
            return f"-{g}"
        if term.op == MULTIPLY:
            return (
                self.multiplied(others, step)
                + (r"\," if isinstance(others[-1], float) else r" \odot ")
                + g
            )
        if term.op == MATVEC:
            (other,) = others
            if place:
                return self.through(str(other), g, step)
            return self.outer(g, self.factor(other, step))
        function = ACTIVATIONS[self.activation if term.op == ACTIVATION else term.op]
        if function.is_identity:
            return g
        inner = self.argument(term.operands[0], step)
        is_line = term == line.term
        output = self.symbol(line.name, step) if is_line else f"{function.latex}({inner})"
        slope = filled_in(templated(function.derivative_latex, "zh"), z=inner, h=output)
        slope = slope.replace(r"\,(", r" \odot (")
        wrapped = f"({slope})" if is_sum(function.derivative_latex) else slope
        return rf"{wrapped} \odot {g}"

    def argument(self, operand: Operand, step: str) -> str:
        """Return what a function is taken of, which a slope need not mention."""
        try:
            return self.factor(operand, step)
        except ValueError:
            return UNNAMED

    def factor(self, operand: Operand, step: str) -> str:
        """Return an operand as it stands in a product."""
        if isinstance(operand, str):
            return self.symbol(operand, step)
        if not isinstance(operand, Term):
            return f"{operand:g}"
        parts = [self.factor(part, step) for part in operand.operands]
        if operand.op == ADD:
            return rf"({' + '.join(parts)})"
        if operand.op == ONE_MINUS:
            return f"(1 - {parts[0]})"
        if operand.op == MULTIPLY:
            return self.multiplied(operand.operands, step)
        if operand.op == MATVEC:
            return rf"({parts[0]}\,{parts[1]})"
        function = ACTIVATIONS[self.activation if operand.op == ACTIVATION else operand.op]
        return f"{function.latex}({parts[0]})"

    def multiplied(self, factors: Sequence[Operand], step: str) -> str:
        """Return a product entry by entry."""
        joined = ""
        for factor in factors:
            joined += self.factor(factor, step)
            joined += r"\," if isinstance(factor, float) else r" \odot "
        return joined.removesuffix(r" \odot ").removesuffix(r"\,")


def _turned(text: str) -> str:
    """Return a transpose; behind what stands above a symbol already, as in h^{(t)⊤}."""
    raised = re.fullmatch(r"(.*\^\{[^{}]*)\}", text)
    return rf"{raised[1]}\top}}" if raised else rf"{text}^{{\top}}"


def _slope(of: str, by: str) -> str:
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"


def _grouped(text: str) -> str:
    return rf"({text})" if r"\odot" in text else text


def _added(terms: list[str]) -> str:
    return " + ".join(terms).replace("+ -", "- ") or "0"
