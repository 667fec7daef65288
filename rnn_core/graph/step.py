"""The levels of whole steps: one node for each state, at each step or for all of them."""

from typing import Any

import numpy as np

from rnn_core.cells import ELMAN
from rnn_core.cells.cell import BEFORE, INPUT
from rnn_core.graph import names
from rnn_core.graph.plan import LETTER
from rnn_core.graph.rules import CELL
from rnn_core.graph.selection import Selection
from rnn_core.graph.vectors import VectorDraft
from rnn_core.interpreter.program import LOGIT
from rnn_core.types import Trace

READOUT = ("W_hy", "h", "b_y")


def step_level(shown: Selection) -> VectorDraft:
    """One node for each state of a step: it reads weights, x, states before, states of the step."""
    draft = VectorDraft(shown)
    draft.parameters()
    draft.states_before()
    trace, plan = shown.trace, draft.plan
    leaves = {state: plan.within(state)[1] for state in plan.states}
    for t in shown.steps:
        draft.input(t)
        for state in plan.states:
            draft.quantity(
                state,
                "activation",
                t,
                trace[state][t, shown.sample],
                shown.grad(state, t),
                op=_whole(trace, state),
                operands=[draft.called[leaf].id for leaf in leaves[state]],
                line=state,
            )
        if t in shown.read_out:
            row = shown.readout_row(t)
            draft.quantity(
                LOGIT,
                "logit",
                t,
                trace.logits[row, shown.sample],
                shown.grad_of_logits(row),
                letter=LETTER,
                op="affine",
                operands=[draft.called[leaf].id for leaf in READOUT],
                line=LETTER,
            )
            draft.outputs(t)
        draft.turn()
    return draft.finish()


def rolled_level(shown: Selection) -> VectorDraft:
    """One node a quantity, with its values over time, and the edges from states to themselves.

    An edge from a state to itself has no local derivative: it is another Jacobian at each step.
    """
    trace, sample, grads = shown.trace, shown.sample, shown.grads
    draft = VectorDraft(shown)
    draft.parameters()
    plan = draft.plan
    top = plan.layers[LOGIT]

    def over_time(
        letter: str, kind: str, value: Any, grad: Any, op: str | None, layer: int, *operands: str
    ) -> None:
        written = trace.family.prediction_symbol if letter == "p" else letter
        draft.node(
            letter,
            kind,
            None,
            value,
            grad,
            symbol=written,
            latex=names.latex_rolled(written),
            op=op,
            quantity=letter,
            variable=LOGIT if letter == LETTER else letter,
            layer=layer,
            operands=operands,
        )
        draft.nodes[letter] |= {"times": True, "at_step": names.quantity(written, "⟦t⟧").latex}

    def of(name: str, rows: slice = slice(None)) -> Any:
        return None if grads is None else grads[name][rows, sample]

    over_time(INPUT, "input", trace.x[:, sample], of(INPUT), None, 0)
    later = slice(1, None)
    for state in plan.states:
        read = dict.fromkeys(leaf.removesuffix(BEFORE) for leaf in plan.within(state)[1])
        value, op = trace[state][1:, sample], _whole(trace, state)
        over_time(state, "activation", value, of(state, later), op, plan.layers[state], *read)
    grad = None if grads is None else grads.logits[:, sample]
    over_time(LETTER, "logit", trace.logits[:, sample], grad, "affine", top, *READOUT)
    zero = None if grads is None else np.zeros_like(trace.prediction[:, sample])
    prediction, op = trace.prediction[:, sample], trace.family.prediction_op
    over_time("p", "probability", prediction, zero, op, top + 1, LETTER)
    if trace.target is not None:
        y = trace.target[:, sample]
        over_time("y", "target", y, _by_targets(shown, y), None, top + 1)
        draft.node(
            "L",
            "loss",
            None,
            trace.loss,
            None if grads is None else float(shown.by_loss),
            symbol="L",
            latex="L",
            op=trace.loss_name,
            quantity="L",
            variable="L",
            layer=top + 3,
            operands=[LETTER, "y"],
        )
    return draft


def _by_targets(shown: Selection, y: Any) -> Any:
    """Return ∂L/∂y of all steps read out, (S, K)."""
    if shown.by_term is None:
        return None
    a = shown.trace.logits[:, shown.sample]
    return shown.by_term * shown.trace.family.by_target(a, y)


def _whole(trace: Trace, state: str) -> str:
    """Return the operation of a state from the leaves of its step: of Elman's cell it says φ."""
    return (trace.activation if trace.cell is ELMAN else f"{state} of {trace.cell.name}") + CELL
