"""A step of any cell as lines of Python: forward for NumPy and PyTorch, and back by hand.

In these lines `x` is the input of the step, `h_before` a state before it, and every quantity of the
cell has its own name; the gradient by it is called `dh`, and what a parameter gets is added to `G`.
"""

import re
from collections.abc import Iterator, Mapping

from rnn_core import ACTIVATIONS, Cell, activation_named
from rnn_core.cells import ADD, MATVEC
from rnn_core.cells.cell import ACTIVATION, BEFORE, INPUT, MULTIPLY, ONE_MINUS, Operand, Term

INDIVISIBLE = re.compile(r"[\w.]+(\(([^()]|\([^()]*\))*\))?")
"""A name, a number or a call, which needs no brackets around it."""


def before(state: str) -> str:
    """Return what a state before the step is called."""
    return f"{state}_before"


def forward_lines(cell: Cell, activation: str, notation: str = "numpy") -> list[str]:
    """Return the lines of a step, for "numpy" or "torch"; `activation` is what φ stands for."""
    writer = _Writer(cell, activation, notation)
    return [f"{line.name} = {writer.written(line.term)}" for line in cell.lines]


def backward_lines(cell: Cell, activation: str, *, by_input: bool = False) -> list[str]:
    """Return the lines that carry the gradients `dh`, … by the states back through a step.

    They add what each parameter gets to the array of its name in `G`, and end with the gradients
    `dh_before`, … by the states before the step; `by_input` asks for `dx`, too.
    """
    back = _Back(cell, activation, by_input)
    lines = [made for line in reversed(cell.lines) for made in back.through(line.name, line.term)]
    wanted = [before(state) for state in cell.states] + [INPUT] * by_input
    none = [f"d{name} = np.zeros_like({name})" for name in wanted if name not in back.begun]
    return lines + none


class _Writer:
    """Writes operands as expressions."""

    def __init__(self, cell: Cell, activation: str, notation: str) -> None:
        self.cell, self.activation, self.notation = cell, activation, notation

    def written(self, operand: Operand) -> str:
        """Return an operand as Python."""
        if isinstance(operand, str):
            stem = operand.removesuffix(BEFORE)
            return operand if stem == operand else before(stem)
        if not isinstance(operand, Term):
            return repr(operand)
        if operand.op == MATVEC:
            matrix, vector = operand.operands
            return f"{self.inner(vector)} @ {self.inner(matrix)}.T"
        if operand.op == ADD:
            return " + ".join(map(self.written, operand.operands))
        if operand.op == MULTIPLY:
            return " * ".join(map(self.inner, operand.operands))
        if operand.op == ONE_MINUS:
            return f"1 - {self.inner(operand.operands[0])}"
        function = ACTIVATIONS[self.function(operand.op)]
        written = function.in_torch if self.notation == "torch" else function.in_numpy
        return written(self.inner(operand.operands[0]))

    def inner(self, operand: Operand) -> str:
        """Return an operand as a part of a larger expression."""
        return bracketed(self.written(operand))

    def function(self, op: str) -> str:
        """Return the activation function that an operation is."""
        return activation_named(self.activation if op == ACTIVATION else op).name


class _Back:
    """Writes what each operation passes back; `begun` are the names that have got a gradient."""

    def __init__(self, cell: Cell, activation: str, by_input: bool) -> None:
        self.writer = _Writer(cell, activation, "numpy")
        self.shapes: Mapping[str, tuple[str, ...]] = cell.shapes
        self.by_input = by_input
        self.begun = set(cell.states)

    def through(self, name: str, term: Term) -> Iterator[str]:
        """Write the way back through a line from d{name}; nothing where nothing reads it."""
        if name in self.begun:
            yield from self._to(term, f"d{name}", self.writer.written(name))

    def _to(self, operand: Operand, gradient: str, value: str) -> Iterator[str]:
        """Give an operand its gradient; `value` is how the operand's own value is written."""
        if isinstance(operand, str):
            yield from self._add(operand, gradient)
        elif isinstance(operand, Term):
            yield from self._inside(operand, gradient, value)

    def _inside(self, term: Term, gradient: str, value: str) -> Iterator[str]:
        g, inner = bracketed(gradient), self.writer.inner
        if term.op == MATVEC:
            matrix, vector = term.operands
            yield f'G["{matrix}"] += {g}.T @ {inner(vector)}'
            yield from self._to(vector, f"{g} @ {inner(matrix)}", inner(vector))
        elif term.op == ADD:
            for part in term.operands:
                yield from self._to(part, gradient, inner(part))
        elif term.op == MULTIPLY:
            for slot, part in enumerate(term.operands):
                rest = [*term.operands[:slot], *term.operands[slot + 1 :]]
                product = " * ".join([g, *map(inner, rest)])
                yield from self._to(part, product, inner(part))
        elif term.op == ONE_MINUS:
            yield from self._to(term.operands[0], f"-{g}", inner(term.operands[0]))
        else:
            (z,) = term.operands
            function = activation_named(self.writer.function(term.op))
            yield from self._to(z, function.passed_in_numpy(inner(z), value, g), inner(z))

    def _add(self, name: str, gradient: str) -> Iterator[str]:
        if name in self.shapes:
            yield f'G["{name}"] += {bracketed(gradient)}.sum(axis=0)'
            return
        written = self.writer.written(name)
        if name == INPUT and not self.by_input:
            return
        first = written not in self.begun
        self.begun.add(written)
        yield f"d{written} = {gradient}" if first else f"d{written} = d{written} + {gradient}"


def bracketed(text: str) -> str:
    """Return an expression as it can stand beside an operator."""
    return text if INDIVISIBLE.fullmatch(text) else f"({text})"
