"""What the levels rolled, step and operation share: nodes that hold vectors and matrices."""

from typing import Any

import numpy as np

from rnn_core.cells.cell import BEFORE, INPUT
from rnn_core.graph import names
from rnn_core.graph.draft import Draft, Operand
from rnn_core.graph.names import Called
from rnn_core.graph.plan import LETTER, LOGIT
from rnn_core.graph.readout import add_loss
from rnn_core.graph.selection import Selection
from rnn_core.interpreter.program import Instruction


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
        called = self.called[slot] = names.quantity(letter, t)
        return self.node(
            called.id,
            kind,
            t,
            value,
            grad,
            symbol=called.symbol,
            latex=called.latex,
            quantity=letter,
            layer=self.plan.layers[slot] if layer is None else layer,
            **rest,
        )

    def computed(self, step: Instruction, t: int, value: Any, grad: Any) -> None:
        """Add the result of an instruction of step t: a line, or a term inside a line."""
        parts = [
            self.called[operand] if isinstance(operand, str) else names.number(operand)
            for operand in step.operands
        ]
        operands: list[Operand] = [
            part.id if isinstance(operand, str) else operand
            for part, operand in zip(parts, step.operands, strict=True)
        ]
        about: dict[str, Any] = {"op": step.op.name, "operands": operands}
        if step.op.kind == "product":
            about |= self._of_parameter(step, operands)
        if step.name == LOGIT:
            self.quantity(LOGIT, "logit", t, value, grad, letter=LETTER, line=LETTER, **about)
        elif step.is_line:
            self.quantity(step.name, step.op.kind, t, value, grad, line=step.line, **about)
        else:
            called = names.term(step.op.name, parts, entries=False)
            called = self.called[step.name] = names.copy(called, self.plan.copies[step.name])
            self.node(
                called.id,
                step.op.kind,
                t,
                value,
                grad,
                symbol=called.symbol,
                latex=called.latex,
                line=LETTER if step.line == LOGIT else step.line,
                layer=self.plan.layers[step.name],
                **about,
            )

    def _of_parameter(self, step: Instruction, operands: list[Operand]) -> dict[str, Any]:
        """Return the parameter that a product is one of, and the quantity that it multiplies."""
        for place, operand in enumerate(step.operands):
            if operand in self.plan.cell.shapes:
                others = [each for k, each in enumerate(operands) if k != place]
                read = self.nodes[others[0]] if others and isinstance(others[0], str) else {}
                known = read.get("quantity") is not None
                reads = (read["quantity"], read["t"]) if known else None
                return {"parameter": operand, "reads": reads}
        return {}

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
        count = 1 if family.spans_outputs else len(a)
        by_target = family.by_target(a, y) / count
        grad = None if scale is None else scale * by_target
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
            locals_=[family.delta(a, y) / count, by_target],
        )

    def finish(self) -> "VectorDraft":
        """Add L, and what is not shown of it."""
        shown = self.shown
        terms = [names.node("l", t) for t in shown.read_out if shown.trace.target is not None]
        add_loss(self, shown, terms, shown.terms)
        return self
