"""The backward pass of any cell in a format, every operation watched."""

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core.cells.cell import ADD, BEFORE, INPUT, MATVEC, MULTIPLY, ONE_MINUS
from rnn_core.forms.form import Form
from rnn_core.interpreter.program import Instruction, program_of
from rnn_core.interpreter.run import pull, restored
from rnn_core.precision import places
from rnn_core.precision._backward_pass import BackwardPass
from rnn_core.precision._cell_forward import CellStep, Values
from rnn_core.precision.watch import Watch
from rnn_core.types import Gradients, Parameters, Trace


def backward_cell_pass(trace: Trace, watch: Watch, form: Form, truncate: int | None) -> Gradients:
    """Return the gradients of a run of any cell, as `backward_pass` does of an Elman network."""
    horizon = min(truncate or trace.steps, trace.steps)
    return CellBackward(trace, watch, form).gradients(horizon, truncate)


class CellBackward(BackwardPass):
    """The gradients of any cell: each line's own derivative times what reaches it, watched."""

    def __init__(self, trace: Trace, watch: Watch, form: Form) -> None:
        super().__init__(trace, watch, form)
        self.program = program_of(trace.cell, trace.activation)
        self.by = {name: np.zeros_like(array) for name, array in trace.quantities.items()}
        self.handed = {state: np.zeros_like(trace.h[1:]) for state in trace.cell.states}
        self.values = restored(self.program, trace.params, trace.quantities)

    def gradients(self, horizon: int, truncate: int | None) -> Gradients:
        """Return all gradients, each loss carried back through `horizon` steps."""
        self.run(horizon)
        closed = {name: read_only(array) for name, array in self.by.items()}
        totals = {name: read_only(array) for name, array in self.totals.items()}
        uses = pull(self.program, self.values, {s: closed[s][1:] for s in self.handed}, totals=True)
        return Gradients.trusted(
            trace=self.trace,
            parameters=Parameters.trusted_of(self.trace.cell, totals),
            z=closed.get("z"),
            h=closed["h"],
            logits=read_only(self.d_logits),
            truncate=truncate,
            values=closed,
            kept_handed={state: read_only(array) for state, array in self.handed.items()},
            kept_uses=tuple(uses.uses),
        )

    def run(self, horizon: int) -> None:
        """Go back from the last step; with a horizon, from each readout through its own window."""
        for window, first in self.windows(horizon):
            arrived: Values = {}
            for t in range(window[-1], first - 1, -1):
                if t in window:
                    arrived["h"] = self.entering(t, arrived.get("h"))
                arrived = self.through(t, arrived)
            if first == 1:
                for state, array in arrived.items():
                    self._keep(state, 0, self.by[state], 0, array)

    def from_later(self, t: int) -> str:
        """Say what ∂L/∂h_t has from later steps."""
        return f"what step {t + 1} hands back"

    def through(self, t: int, arrived: Values) -> Values:
        """Carry what has arrived at the states through step t; return what reaches those before."""
        step = CellStep(self.program, self.trace.params, self.watch, t)
        now = {name: array[t - 1] for name, array in self.values.items() if name not in self.totals}
        by = dict(arrived)
        for instruction in reversed(self.program.instructions):
            gradient = by.get(instruction.name)
            if gradient is None:
                continue
            if instruction.is_line:
                first = int(instruction.name in self.handed)
                row = t - 1 + first
                self._keep(instruction.name, t, self.by[instruction.name], row, gradient)
            for slot, operand in enumerate(instruction.operands):
                if not isinstance(operand, str):
                    continue
                arriving = self._passed(step, instruction, slot, gradient, now)
                if operand in self.totals:
                    self._add_terms(operand, places.parameter(operand, t, "backward"), arriving, t)
                elif operand in by:
                    names = (places.called("what has arrived"), places.called("what comes now"))
                    place = step.place(operand, "backward")
                    both = (by[operand], arriving)
                    by[operand] = self.watch.elementwise(place, "add", both, names)
                else:
                    by[operand] = arriving
        if INPUT in by:
            self._keep(INPUT, t, self.by[INPUT], t - 1, by[INPUT])
        found = {}
        for state, handed in self.handed.items():
            if state + BEFORE in by:
                found[state] = by[state + BEFORE]
                handed[t - 1] += found[state]
        return found

    def _passed(
        self, step: CellStep, instruction: Instruction, slot: int, d: FloatArray, now: Values
    ) -> FloatArray:
        """Return what an operand gets of the gradient by the result; (B, n, m) for a matrix."""
        operand, kind = str(instruction.operands[slot]), instruction.op.name
        reached = f"∂L/∂{step.place(instruction.name, 'forward').symbol}"
        place, outer = step.place(operand, "backward"), instruction.op.of_matrix and slot == 0
        if kind == MATVEC:
            matrix, vector = map(str, instruction.operands)
            if not outer:
                names = (places.transposed(matrix), places.called(reached))
                return self.watch.product(place, step.params[matrix].T, d, names)
            place = places.parameter(matrix, step.t, "backward")
            left, right = np.broadcast_arrays(d[:, :, np.newaxis], now[vector][:, np.newaxis, :])
            names = (places.called(reached), places.called(step.operand(vector)))
            return self.watch.elementwise(place, "multiply", (left, right), names)
        if kind == ADD:
            return d
        if kind == ONE_MINUS:
            return -d
        if kind == MULTIPLY:
            for other, factor in enumerate(instruction.operands):
                if other != slot:
                    names = (places.called(reached), places.called(step.operand(factor)))
                    array = step.array(factor, now, d)
                    d = self.watch.elementwise(place, "multiply", (d, array), names)
            return d
        ones = np.ones_like(d)
        slope = np.asarray(
            instruction.op.pull([now[operand]], now[instruction.name], ones, slot), d.dtype
        )
        names = (places.called(f"φ′({step.operand(operand)})"), places.called(reached))
        reaching = np.where(slope == 0, slope, d)  # a unit that passes nothing on: see backward
        return self.watch.elementwise(place, "multiply", (slope, reaching), names)
