"""What a step of a run computes, as nodes: the instructions of its cell, and those of the readout.

A line inside the sum of a scalar graph is no node: its products feed the sum. So a plan says which
instructions are `spliced`, how far each stands from the inputs, and which one of several terms with
equal names a term is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rnn_core._short import Shown
from rnn_core.cells.cell import ADD, INPUT, Cell
from rnn_core.graph import names
from rnn_core.graph.names import Called
from rnn_core.interpreter.program import (
    LOGIT,
    READOUT_LINES,
    Instruction,
    Program,
    program_of,
)

LETTER = "a"
"""What everyone but the instructions calls the logits."""


@dataclass(frozen=True, eq=False)
class Plan(Shown):
    """The instructions of a step, `readout` after those of the cell.

    `layers` counts, for every operand and result, the operations on the longest way to it inside a
    step; a parameter stands in the layer of what reads it. `weights` has, of each product of a
    parameter with something else, the place of the parameter among the two operands.
    """

    program: Program
    readout: tuple[Instruction, ...]
    spliced: frozenset[str]
    layers: Mapping[str, int]
    weights: Mapping[str, int]
    copies: Mapping[str, int]

    @property
    def cell(self) -> Cell:
        """The cell of the network."""
        return self.program.cell

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        """All of them, in the order of the computation."""
        return (*self.program.instructions, *self.readout)

    @cached_property
    def by_name(self) -> Mapping[str, Instruction]:
        """All instructions by the names of their results."""
        return {step.name: step for step in self.instructions}

    def name_of(self, step: Instruction, t: int, called: Mapping[str, Called]) -> Called:
        """Return the names of the result of an instruction at step t.

        `called` has those of what it reads. A term inside a line is named after its operands.
        """
        if step.is_line:
            return names.quantity(LETTER if step.line == LOGIT else step.line, t)
        parts = [
            called[each] if isinstance(each, str) else names.number(each) for each in step.operands
        ]
        return names.copy(names.term(step.op.name, parts, entries=False), self.copies[step.name])

    @property
    def states(self) -> list[str]:
        """The states in the order of the computation."""
        return [line.name for line in self.cell.lines if line.name in self.cell.states]

    def within(self, state: str) -> tuple[list[Instruction], list[str]]:
        """Return the instructions from which a state follows inside its step, and what they read.

        That is weights, the input, states before the step, and other states of the step.
        """
        made = {step.name: step for step in self.program.instructions}
        needed, waiting = set[str](), [state]
        while waiting:
            name = waiting.pop()
            if name in made and name not in needed and (name == state or name not in self.states):
                needed.add(name)
                waiting += [each for each in made[name].operands if isinstance(each, str)]
        steps = [step for step in self.program.instructions if step.name in needed]
        read = (operand for step in steps for operand in step.operands)
        leaves = dict.fromkeys(each for each in read if isinstance(each, str))
        return steps, [leaf for leaf in leaves if leaf not in needed]


def plan_of(cell: Cell, activation: str) -> Plan:
    """Return the plan of a cell whose φ is the activation of that name."""
    return _plan(program_of(cell, activation))


@lru_cache(maxsize=32)
def _plan(program: Program) -> Plan:
    instructions = (*program.instructions, *READOUT_LINES)
    return Plan(
        program=program,
        readout=READOUT_LINES,
        spliced=frozenset(_spliced(instructions)),
        layers=_layers(program, instructions),
        weights=_weights(program, instructions),
        copies=_copies(program, instructions),
    )


def _spliced(instructions: tuple[Instruction, ...]) -> Iterator[str]:
    """Yield the products of a matrix inside a line that are summands."""
    products = {step.name for step in instructions if step.op.of_matrix and not step.is_line}
    for step in instructions:
        if step.op.name == ADD:
            yield from (str(operand) for operand in step.operands if operand in products)


def _layers(program: Program, instructions: tuple[Instruction, ...]) -> dict[str, int]:
    layers = {INPUT: 0}
    for step in instructions:
        read = [layers.get(operand, 0) for operand in step.operands if isinstance(operand, str)]
        layers[step.name] = 1 + max(read, default=0)
        for operand in step.operands:
            if operand in program.cell.shapes:
                layers.setdefault(str(operand), layers[step.name])
    return layers


def _weights(program: Program, instructions: tuple[Instruction, ...]) -> dict[str, int]:
    found = {}
    for step in instructions:
        places = [k for k, each in enumerate(step.operands) if each in program.cell.shapes]
        if step.op.kind == "product" and len(step.operands) == 2 and len(places) == 1:
            found[step.name] = places[0]
    return found


def _copies(program: Program, instructions: tuple[Instruction, ...]) -> dict[str, int]:
    """Return, for each term, how many before it have the same name."""
    called = {
        name: Called(name, name, name)
        for name in (*program.cell.shapes, INPUT, *program.cell.line, *program.before)
    }
    seen: dict[str, int] = {}
    copies = {}
    for step in instructions:
        if not step.is_line:
            parts = [
                called[operand] if isinstance(operand, str) else names.number(operand)
                for operand in step.operands
            ]
            called[step.name] = names.term(step.op.name, parts, entries=False)
            copies[step.name] = seen.get(called[step.name].id, 0)
            seen[called[step.name].id] = copies[step.name] + 1
    return copies
