"""A run in torch as elementary operations, one line of Python each, with the graph recorded.

The lines are those of the cell. One sequence is computed with vectors; a batch with columns, (D, B)
and (H, B), so that the same lines hold and the graph has the same nodes: only their tensors are
wider.
"""

from typing import Any

from app.pytorch import torch_runs
from app.pytorch.autograd_graph.recorder import Recorder, Recording
from app.pytorch.autograd_graph.steps import Steps, columns
from rnn_core import Trace
from rnn_core.forms.form import filled_in
from rnn_core.graph import names
from rnn_core.graph.names import Called
from rnn_core.graph.plan import LETTER, plan_of

MOST_NODES = 240
"""The most that are drawn of either graph."""


def steps_that_fit(trace: Trace) -> int:
    """Return how many steps have at most `MOST_NODES` nodes, in torch's graph and in ours."""
    if trace.steps == 1:
        return 1
    theirs = [len(_built(trace, first=trace.steps - before).nodes) for before in (0, 1)]
    plan, every = plan_of(trace.cell, trace.activation), trace.readout == "every"
    read = len(plan.readout) + 3  # with p, y and the loss of a step
    ours = len(plan.program.instructions) + 1 + every * read
    beside = len(plan.cell.parameters) + len(plan.states) + 2 + (not every) * read
    fit = [1 + (MOST_NODES - theirs[0]) // (theirs[1] - theirs[0]), (MOST_NODES - beside) // ours]
    return max(1, min(fit))


def record(trace: Trace, *, first: int = 1, detach_at: int | None = None) -> Recording:
    """Run the steps from `first` to T and back, and return torch's graph of it.

    Parameters
    ----------
    trace
        Gives weights, sequence, target and the states before `first`; all else is computed by
        torch.
    detach_at
        The states at this step are detached: the graph ends there. At the step before the first,
        the initial states themselves gather no gradient.
    """
    recorder = Recorder()
    loss = forward(recorder, trace, first=first, detach_at=detach_at)
    recorder.walk(loss)
    return recorder.recording(loss)


def _built(trace: Trace, *, first: int) -> Recording:
    recorder = Recorder()
    return recorder.recording(forward(recorder, trace, first=first))


def forward(
    recorder: Recorder, trace: Trace, *, first: int = 1, detach_at: int | None = None
) -> Any:
    """Run the forward pass under a recorder and return the loss, a tensor."""
    import torch

    steps = Steps(recorder, trace, first)
    if detach_at == first - 1:
        steps.detach(detach_at, noted=False)
    terms = []
    for t in range(first, trace.steps + 1):
        steps.run(t)
        if t == detach_at:
            steps.detach(t)
        if trace.readout == "every" or t == trace.steps:
            terms.append(_loss(recorder, trace, steps.read_out(t), t))
    if trace.readout == "last":
        return terms[0]
    count = trace.steps

    def noted(line: str, made: str, latex: str, tensor: Any) -> Any:
        return recorder.note(line, Called(made, made, latex), tensor, step=None, links=("L",))

    stack = noted("torch.stack(l)", "stack(l)", r"\text{stack}(l)", torch.stack(terms))
    total = noted("torch.stack(l).sum()", "sum(l)", r"\text{sum}(l)", stack.sum())
    return noted(f"L = torch.stack(l).sum() / {count}", "L", "L", total / count)


def _loss(recorder: Recorder, trace: Trace, a: Any, t: int) -> Any:
    import torch

    assert trace.target is not None  # noqa: S101  # the page asks for nothing else
    row = 0 if trace.readout == "last" else t - 1
    wide = trace.batch > 1
    y = torch.tensor(columns(trace.target[row], wide))
    term = names.quantity("l", t)
    last = (term.id, "L") if trace.readout == "last" else (term.id,)
    value, written = a, names.node(LETTER, t)
    steps = _loss_steps(trace)
    for place, step in enumerate(steps):
        final = place == len(steps) - 1
        value = torch_runs.line(filled_in(step, v="v", y="y"), "v, y")(value, y)
        written = filled_in(step, v=written, y=f"y[{t}]")
        value = recorder.note(
            f"{term.id} = {written}" if final else written,
            term if final else term._replace(id=f"{term.id}.{place + 1}"),
            value,
            step=t,
            links=last if final else (term.id,),
        )
    return value


def _loss_steps(trace: Trace) -> tuple[str, ...]:
    """Return the operations of a step's loss, each of the one before, ⟦v⟧."""
    loss = trace.family
    over_columns = loss.spans_outputs and trace.batch > 1
    if loss.torch_steps:
        return (*loss.torch_steps, f"⟦v⟧ / {trace.batch}") if over_columns else loss.torch_steps
    a, y = ("⟦v⟧.T", "⟦y⟧.T") if over_columns else ("⟦v⟧", "⟦y⟧")
    return (f"({loss.forms.term.written({'a': a, 'y': y}, notation='torch')}).mean()",)
