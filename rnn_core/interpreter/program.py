"""A cell's lines as a list of instructions, each an operation on named values.

Operations inside a line get names of their own ("c.0"), so that every instruction has one result.
What the initial state has no part in can be computed for all steps at once; the rest is the loop.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rnn_core._short import Shown
from rnn_core.activations import ACTIVATIONS, Activation
from rnn_core.cells.cell import ACTIVATION, ADD, BEFORE, INPUT, MATVEC, Cell, Operand, Term
from rnn_core.ops import Op, op_named

Slot = str | float
"""What an instruction reads: a name, or a number."""


@dataclass(frozen=True)
class Instruction(Shown):
    """One operation: `name` is its result, `line` the quantity it belongs to."""

    name: str
    op: Op
    operands: tuple[Slot, ...]
    line: str

    @property
    def is_line(self) -> bool:
        """Whether the result is the line itself, not something inside it."""
        return self.name == self.line


LOGIT = "readout"
"""The logits, as they are called among the instructions."""

READ = "readout.0"
"""W_hy h inside a logit."""

READOUT_LINES = (
    Instruction(READ, op_named(MATVEC), ("W_hy", "h"), LOGIT),
    Instruction(LOGIT, op_named(ADD), (READ, "b_y"), LOGIT),
)
"""a = W_hy h + b_y, which every network ends with."""

READOUTS = ("last", "every")
"""Where the logits are read: after the last step, or after every step."""


@dataclass(frozen=True, eq=False)
class Program(Shown):
    """The instructions of one step, in the order of the computation.

    `at_once` are those that no state before the step has a part in, `in_turn` all others.
    """

    cell: Cell
    activation: str
    instructions: tuple[Instruction, ...]
    at_once: tuple[Instruction, ...]
    in_turn: tuple[Instruction, ...]
    recurrent: frozenset[str]  # the names that depend on a state before the step
    functions: tuple[tuple[str, Activation], ...]  # the activations among the operations

    @property
    def before(self) -> tuple[str, ...]:
        """The names of the states one step before."""
        return tuple(state + BEFORE for state in self.cell.states)


def program_of(cell: Cell, activation: str) -> Program:
    """Return the program of a cell whose φ is the activation of that name.

    It is kept, and made anew where an activation of its names is another one by now.
    """
    kept = _kept(cell, activation)
    if not kept or any(ACTIVATIONS.get(name) is not entry for name, entry in kept[0].functions):
        kept[:] = [_made(cell, activation)]
    return kept[0]


@lru_cache(maxsize=64)
def _kept(cell: Cell, activation: str) -> list[Program]:
    return []


def _made(cell: Cell, activation: str) -> Program:
    instructions = tuple(_instructions(cell, activation))
    recurrent = {state + BEFORE for state in cell.states}
    for each in instructions:
        if recurrent.intersection(each.operands):
            recurrent.add(each.name)
    names = {each.op.name for each in instructions}
    return Program(
        cell=cell,
        activation=activation,
        instructions=instructions,
        at_once=tuple(each for each in instructions if each.name not in recurrent),
        in_turn=tuple(each for each in instructions if each.name in recurrent),
        recurrent=frozenset(recurrent),
        functions=tuple((name, ACTIVATIONS[name]) for name in names if name in ACTIVATIONS),
    )


def _instructions(cell: Cell, activation: str) -> Iterator[Instruction]:
    for line in cell.lines:
        inner: list[Instruction] = []
        slots = tuple(_slot(operand, line.name, activation, inner) for operand in line.operands)
        yield from inner
        yield Instruction(line.name, _op(line.op, activation), slots, line.name)


def _slot(operand: Operand, line: str, activation: str, inner: list[Instruction]) -> Slot:
    """Return what an operand is read as; an operation's instructions are added to `inner`."""
    if not isinstance(operand, Term):
        return operand
    slots = tuple(_slot(part, line, activation, inner) for part in operand.operands)
    name = f"{line}.{len(inner)}"
    inner.append(Instruction(name, _op(operand.op, activation), slots, line))
    return name


def _op(name: str, activation: str) -> Op:
    return op_named(activation if name == ACTIVATION else name)


__all__ = [
    "INPUT",
    "LOGIT",
    "READ",
    "READOUTS",
    "READOUT_LINES",
    "Instruction",
    "Program",
    "Slot",
    "program_of",
]
