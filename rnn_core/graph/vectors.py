"""What the levels rolled, step and operation share: nodes that hold vectors and matrices."""

from typing import Any

import numpy as np

from rnn_core.cells.cell import BEFORE, INPUT
from rnn_core.graph import names
from rnn_core.graph.draft import Draft, Operand
from rnn_core.graph.names import Called
from rnn_core.graph.plan import LETTER
from rnn_core.graph.readout import add_loss
from rnn_core.graph.selection import Selection
from rnn_core.interpreter.program import LOGIT, Instruction


class VectorDraft(Draft):
    """A draft that knows how what a step has computed so far is called."""

    def __init__(self, shown: Selection) -> None:
        super().__init__()
        self.shown = shown
        self.plan = shown.plan
        self.called: dict[str, Called] = {}

    def parameters(self) -> None:
        """Add one node for each parameter, which feeds every step."""
        for name, array in self.shown.trace.params.items():
            latex = names.latex_parameter(name)
            self.called[name] = Called(name, name, latex)
            self.node(
                name,
                "parameter",
                None,
                array,
                self.shown.gradient(name),
                symbol=name,
                latex=latex,
                variable=name,
                layer=self.plan.layers[name],
                parameter=name,
            )

    def states_before(self) -> None:
        """Add the states that the first step shown reads."""
        before = self.shown.first - 1
        for state in self.plan.cell.states:
            value = self.shown.trace[state][before, self.shown.sample]
            self.quantity(state, "state", before, value, self.shown.grad(state, before))
        self.turn()

    def input(self, t: int) -> None:
        """Add x of step t."""
        value = self.shown.trace.x[t - 1, self.shown.sample]
        self.quantity(INPUT, "input", t, value, self.shown.grad(INPUT, t - 1))

    def quantity(
        self,
        slot: str,
        kind: str,
        t: int,
        value: Any,
        grad: Any,
        *,
        letter: str | None = None,
        layer: int | None = None,
        **rest: Any,
    ) -> str:
        """Add a named quantity of step t."""
        letter = letter or slot
        called = self.called[slot] = self.shown.named(letter, t)
        return self.node(
            called.id,
            kind,
            t,
            value,
            grad,
            symbol=called.symbol,
            latex=called.latex,
            quantity=letter,
            variable=slot,
            layer=self.plan.layers[slot] if layer is None else layer,
            **rest,
        )

    def computed(self, step: Instruction, t: int, value: Any, grad: Any) -> None:
        """Add the result of an instruction of step t: a line, or a term inside a line."""
        name, op, called = step.name, step.op, self.called
        parts = [
            called[each] if isinstance(each, str) else names.number(each) for each in step.operands
        ]
        operands: list[Operand] = [
            each if part.is_number else part.id
            for part, each in zip(parts, step.operands, strict=True)
        ]
        letter = LETTER if step.line == LOGIT else step.line
        called[name] = own = self.plan.name_of(step, t, called)
        place = self.plan.weights.get(name)
        parameter = reads = None
        if place is not None:
            parameter = str(step.operands[place])
            read = self.nodes.get(str(operands[1 - place]), {})
            reads = (read["quantity"], read["t"]) if read.get("quantity") else None
        self.node(
            own.id,
            "logit" if name == LOGIT else op.kind,
            t,
            value,
            grad,
            symbol=own.symbol,
            latex=own.latex,
            op=op.name,
            quantity=letter if step.is_line else None,
            variable=name,
            line=letter,
            layer=self.plan.layers[name],
            parameter=parameter,
            reads=reads,
            operands=operands,
        )

    def turn(self) -> None:
        """Go to the next step: its states before are those of this one."""
        for state in self.plan.cell.states:
            self.called[state + BEFORE] = self.called[state]

    def outputs(self, t: int) -> None:
        """Add what is read from the logits of step t: p, y and the loss of the step."""
        shown = self.shown
        trace, row = shown.trace, shown.readout_row(t)
        family = trace.family
        a = trace.logits[row, shown.sample]
        logit, layer = self.called[LOGIT].id, self.plan.layers[LOGIT]
        none = None if shown.grads is None else np.zeros_like(a)
        prediction = trace.prediction[row, shown.sample]
        self.quantity(
            "p",
            "probability",
            t,
            prediction,
            none,
            layer=layer + 1,
            op=family.prediction_op,
            operands=[logit],
        )
        if trace.target is None:
            return
        y, scale = shown.target(t), shown.scale
        row = t - shown.read_out[0]
        by_target = shown.losses.by_target[row]
        grad = None if shown.by_term is None else shown.by_term * by_target
        target = self.quantity("y", "target", t, y, grad, layer=layer + 1)
        self.quantity(
            "l",
            "loss",
            t,
            shown.term(t),
            scale,
            layer=layer + 2,
            op=trace.loss_name,
            operands=[logit, target],
            locals_=[shown.losses.by_logit[row] / shown.each, by_target / shown.each],
        )

    def finish(self) -> "VectorDraft":
        """Add L, and what is not shown of it."""
        shown = self.shown
        terms = [names.node("l", t) for t in shown.read_out if shown.trace.target is not None]
        add_loss(self, shown, terms, shown.terms)
        return self
