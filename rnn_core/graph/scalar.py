"""The level whose nodes hold one number each."""

from rnn_core.cells.cell import INPUT
from rnn_core.graph.numbers import gradients_at, readout_at, values_at
from rnn_core.graph.readout import add_loss
from rnn_core.graph.scalar_draft import Lists, ScalarDraft
from rnn_core.graph.scalar_outputs import outputs
from rnn_core.graph.selection import Selection


def scalar_level(shown: Selection) -> ScalarDraft:
    """One node for each number; products and sums are nodes of their own."""
    draft = ScalarDraft(shown)
    trace, grads, plan = shown.trace, shown.grads, shown.plan
    draft.parameters()
    for state in plan.cell.states:
        draft.vector(state, "state", shown.first - 1, shown.first - 1)
    draft.turn()
    values = values_at(plan, trace, shown.sample, shown.rows)
    found = None
    if grads is not None:
        found = gradients_at(plan, values, grads, shown.sample, shown.rows)
    lists = Lists(plan.program.instructions, plan.spliced, values, found)
    of_readout = readout_at(trace, grads, shown.sample, shown.read_out)
    read = Lists(plan.readout, plan.spliced, *of_readout)
    terms: list[str] = []
    for k, t in enumerate(shown.steps):
        draft.vector(INPUT, "input", t, t - 1)
        for step in plan.program.instructions:
            draft.computed(step, t, lists, k)
        if t in shown.read_out:
            for step in plan.readout:
                draft.computed(step, t, read, t - shown.read_out[0])
            terms += outputs(draft, t)
        draft.turn()
    count = 1 if trace.family.spans_outputs else trace.params.output_size
    add_loss(draft, shown, terms, shown.terms * count)
    return draft
