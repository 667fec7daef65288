"""The level of operations: one node for each product, sum and function of a step."""

from rnn_core.graph.numbers import gradients_at, readout_at, values_at
from rnn_core.graph.selection import Selection
from rnn_core.graph.vectors import VectorDraft


def operation_level(shown: Selection) -> VectorDraft:
    """One node for each line of the cell, and for each term inside a line."""
    draft = VectorDraft(shown)
    draft.parameters()
    draft.states_before()
    trace, grads, plan = shown.trace, shown.grads, draft.plan
    values = values_at(plan, trace, shown.sample, shown.rows)
    found = None
    if grads is not None:
        found = gradients_at(plan, values, grads, shown.sample, shown.rows)
    read_values, read_found = readout_at(trace, grads, shown.sample, shown.read_out)
    for k, t in enumerate(shown.steps):
        draft.input(t)
        for step in plan.program.instructions:
            grad = None if found is None else found[step.name][k]
            draft.computed(step, t, values[step.name][k], grad)
        if t in shown.read_out:
            row = t - shown.read_out[0]
            for step in plan.readout:
                grad = None if read_found is None else read_found[step.name][row]
                draft.computed(step, t, read_values[step.name][row], grad)
            draft.outputs(t)
        draft.turn()
    return draft.finish()
