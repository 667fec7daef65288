"""The recurrence in torch as elementary operations, one line each, with the graph recorded.

One sequence is computed with vectors; a batch with columns, (D, B) and (H, B), so that the same
lines hold and the graph has the same nodes: only their tensors are wider.
"""

from typing import Any

import numpy as np

from app.pytorch import torch_runs
from app.pytorch.autograd_graph.recorder import Recorder, Recording
from rnn_core import Trace, activation_named
from rnn_core.forms.form import put
from rnn_core.graph import names

MOST_NODES = 240
"""The most that are drawn of either graph."""


def steps_that_fit(trace: Trace) -> int:
    """Return how many steps have at most `MOST_NODES` nodes, in torch's graph and in ours."""
    every = trace.readout == "every"
    loss = trace.family  # divided by the batch, where a term spans the outputs
    operations = len(loss.torch_steps or loss.forms.term.steps) + loss.spans_outputs
    theirs = 6 + every * (2 + operations)
    ours = 5 + every * 5
    return max(1, (MOST_NODES - 20) // max(theirs, ours))


def record(trace: Trace, *, first: int = 1, detach_at: int | None = None) -> Recording:
    """Run the steps from `first` to T and back, and return torch's graph of it.

    Parameters
    ----------
    trace
        Gives weights, sequence, target and h_{first-1}; all else is computed by torch.
    detach_at
        The state at this step is detached: the graph ends there. At the step before the first, the
        initial state itself gathers no gradient.
    """
    recorder = Recorder()
    loss = forward(recorder, trace, first=first, detach_at=detach_at)
    recorder.walk(loss)
    return recorder.recording(loss)


def forward(
    recorder: Recorder, trace: Trace, *, first: int = 1, detach_at: int | None = None
) -> Any:
    """Run the forward pass under a recorder and return the loss, a tensor."""
    import torch

    wide = trace.batch > 1
    leaves = {
        name: recorder.leaf(name, _column(array, wide)) for name, array in trace.params.items()
    }
    before = names.node("h", first - 1)
    h = recorder.leaf(before, _columns(trace.h[first - 1], wide))
    if detach_at == first - 1:
        h = h.detach()
    terms = []
    for t in range(first, trace.steps + 1):
        x = recorder.leaf(names.node("x", t), _columns(trace.x[t - 1], wide))
        h = _cell(recorder, leaves, trace.activation, x, h, t)
        if t == detach_at:
            h = recorder.note(f"h[{t}] = h[{t}].detach()", "", h.detach(), step=t, links=())
        if trace.readout == "every" or t == trace.steps:
            terms.append(_readout(recorder, leaves, trace, h, t))
    if trace.readout == "last":
        return terms[0]
    count = trace.steps
    stack = recorder.note("torch.stack(l)", "stack(l)", torch.stack(terms), step=None, links=("L",))
    total = recorder.note("torch.stack(l).sum()", "sum(l)", stack.sum(), step=None, links=("L",))
    return recorder.note(
        f"L = torch.stack(l).sum() / {count}", "L", total / count, step=None, links=("L",)
    )


def _cell(
    recorder: Recorder, leaves: dict[str, Any], activation: str, x: Any, h: Any, t: int
) -> Any:
    """Compute h_t = φ(W_xh x_t + W_hh h_{t-1} + b_h)."""
    z_name, h_name = names.node("z", t), names.node("h", t)
    read, recurrent = f"W_xh x[{t}]", f"W_hh h[{t - 1}]"
    wx = recorder.note(f"W_xh @ x[{t}]", read, leaves["W_xh"] @ x, step=t, links=(read,))
    wh = recorder.note(
        f"W_hh @ h[{t - 1}]", recurrent, leaves["W_hh"] @ h, step=t, links=(recurrent,)
    )
    s = recorder.note(
        f"s = W_xh @ x[{t}] + W_hh @ h[{t - 1}]", f"s[{t}]", wx + wh, step=t, links=(z_name,)
    )
    phi = activation_named(activation)
    same = (z_name, h_name) if phi.is_identity else (z_name,)
    z = recorder.note(f"z[{t}] = s + b_h", z_name, s + leaves["b_h"], step=t, links=same)
    if phi.is_identity:
        return z
    h = torch_runs.line(phi.in_torch("z"), "z")(z)
    written = f"h[{t}] = {phi.in_torch(f'z[{t}]')}"
    return recorder.note(written, h_name, h, step=t, links=(h_name,))


def wx_plus(t: int) -> str:
    """Return the sum of both products of a step, as Python."""
    return f"W_xh @ x[{t}] + W_hh @ h[{t - 1}]"


def _readout(recorder: Recorder, leaves: dict[str, Any], trace: Trace, h: Any, t: int) -> Any:
    """Compute a_t = W_hy h_t + b_y and the loss of the step, a mean over batch and outputs."""
    product, a_name = f"W_hy h[{t}]", names.node("a", t)
    p = recorder.note(f"W_hy @ h[{t}]", product, leaves["W_hy"] @ h, step=t, links=(product,))
    line = f"a[{t}] = W_hy @ h[{t}] + b_y"
    a = recorder.note(line, a_name, p + leaves["b_y"], step=t, links=(a_name,))
    return _loss(recorder, trace, a, t)


def _loss(recorder: Recorder, trace: Trace, a: Any, t: int) -> Any:
    import torch

    assert trace.target is not None  # noqa: S101  # the page asks for nothing else
    row = 0 if trace.readout == "last" else t - 1
    wide = trace.batch > 1
    y = torch.tensor(_columns(trace.target[row], wide))
    term = names.node("l", t)
    last = (term, "L") if trace.readout == "last" else (term,)
    value, written = a, f"a[{t}]"
    steps = _loss_steps(trace)
    for place, step in enumerate(steps):
        final = place == len(steps) - 1
        value = torch_runs.line(put(step, v="v", y="y"), "v, y")(value, y)
        written = put(step, v=written, y=f"y[{t}]")
        value = recorder.note(
            f"l[{t}] = {written}" if final else written,
            term if final else f"{term}.{place + 1}",
            value,
            step=t,
            links=last if final else (term,),
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


def _columns(rows: Any, wide: bool) -> Any:
    """Return (B, N) as the columns of a matrix, or one sequence as a vector."""
    return np.array(rows.T if wide else rows[0])


def _column(array: Any, wide: bool) -> Any:
    """Return a bias as a column, so that it is added to each sequence; a matrix as it is."""
    return np.array(array[:, np.newaxis] if wide and array.ndim == 1 else array)
