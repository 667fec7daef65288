"""The forward pass of any cell in a format: its lines one operation at a time, each watched."""

from dataclasses import dataclass

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._short import Shown
from rnn_core.cells.cell import ADD, BEFORE, INPUT, MATVEC, MULTIPLY, ONE_MINUS
from rnn_core.graph import names
from rnn_core.interpreter.program import Instruction, Program, Slot
from rnn_core.precision import places
from rnn_core.precision.watch import Names, Place, Watch
from rnn_core.types import Parameters

Values = dict[str, FloatArray]


@dataclass(frozen=True)
class CellStep(Shown):
    """One step t of a cell, whose quantities are named as in the graph."""

    program: Program
    params: Parameters
    watch: Watch
    t: int

    def forward(self, values: Values) -> Values:
        """Return the values by name of all instructions, x and the states before being there."""
        for instruction in self.program.instructions:
            values[instruction.name] = self._value(instruction, values)
        return values

    def timed(self, name: str) -> tuple[str, int]:
        """Return the letter and the step of x, a line or a state before ("h'")."""
        before = name.endswith(BEFORE)
        return name.removesuffix(BEFORE), self.t - before

    def operand(self, slot: Slot) -> str:
        """Return how an operand is written: "h_2", "W_hh h_2", "0.7"."""
        if not isinstance(slot, str):
            return f"{slot:g}"
        if slot in self.program.cell.shapes:
            return slot
        if (found := self._inner(slot)) is not None:
            return self._written(found)
        letter, t = self.timed(slot)
        return names.timed(letter, t)

    def place(self, name: str, phase: str) -> Place:
        """Return the node of a quantity; what is inside a line is in the node of the line."""
        found = self._inner(name)
        if found is None:
            return places.timed(*self.timed(name), phase)
        if found.op.name == MATVEC:
            matrix, vector = map(str, found.operands)
            if self._inner(vector) is None:
                letter, t = self.timed(vector)
                made = places.product(matrix, letter, t, self.t)
                return Place(made.node, made.symbol, self.t, phase)
        return places.timed(found.line, self.t, phase)

    def entry(self, slot: str) -> Names:
        """Name an entry of a vector by sample and unit."""
        if self._inner(slot) is not None:
            return places.called(self.operand(slot))
        return places.unit(*self.timed(slot))

    def array(self, slot: Slot, values: Values, like: FloatArray) -> FloatArray:
        """Return an operand as numbers of the format, (B, H)."""
        if not isinstance(slot, str):
            return np.full_like(like, slot)
        array = self.params[slot] if slot in self.program.cell.shapes else values[slot]
        return np.broadcast_to(array, like.shape)

    def joined(
        self, operation: str, sign: str, place: Place, slots: list[Slot], arrays: list[FloatArray]
    ) -> FloatArray:
        """Add or multiply operands from left to right."""
        result, text = arrays[0], self.operand(slots[0])
        for slot, array in zip(slots[1:], arrays[1:], strict=True):
            called = (places.called(text), places.called(self.operand(slot)))
            result = self.watch.elementwise(place, operation, (result, array), called)
            text = f"{text}{sign}{self.operand(slot)}"
        return result

    def _value(self, instruction: Instruction, values: Values) -> FloatArray:
        slots, place = list(instruction.operands), self.place(instruction.name, "forward")
        like = np.empty((len(values[INPUT]), self.params.hidden_size), self.watch.dtype)
        if instruction.op.name == MATVEC:
            matrix, vector = map(str, slots)
            called = (places.weight(matrix), self.entry(vector))
            return self.watch.product(place, self.params[matrix], values[vector], called)
        arrays = [self.array(slot, values, like) for slot in slots]
        if instruction.op.name == ADD:
            return self.joined("add", " + ", place, slots, arrays)
        if instruction.op.name == MULTIPLY:
            return self.joined("multiply", "·", place, slots, arrays)
        if instruction.op.name == ONE_MINUS:
            return self.joined(
                "subtract", " − ", place, [1.0, *slots], [np.ones_like(like), *arrays]
            )
        # An activation is finite wherever its argument is, for every one there is.
        return np.asarray(instruction.op.value(arrays), self.watch.dtype)

    def _inner(self, name: str) -> Instruction | None:
        """Return the instruction of an operation without a name of its own, or None."""
        return next(
            (one for one in self.program.instructions if one.name == name and not one.is_line), None
        )

    def _written(self, instruction: Instruction) -> str:
        parts = [self.operand(slot) for slot in instruction.operands]
        signs = {MATVEC: " ", ADD: " + ", MULTIPLY: "·"}
        if instruction.op.name in signs:
            return signs[instruction.op.name].join(parts)
        if instruction.op.name == ONE_MINUS:
            return f"(1 − {parts[0]})"
        return f"{instruction.op.name}({parts[0]})"
