"""What a replay needs of the run that its graph does not show."""

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np

from rnn_core.backward import backward
from rnn_core.cells import ELMAN
from rnn_core.forward import forward
from rnn_core.graph.selection import Selection
from rnn_core.interpreter.forward import forward_cell
from rnn_core.types import Trace

REFUSAL = (
    "replay: expected a change whose effect the graph shows, got one that reaches {}; "
    "run forward and backward anew instead"
)


def rerun(graph: "nx.DiGraph[str]", changed: Mapping[str, Any]) -> Selection | None:
    """Run the whole batch again with the changed leaves; None where "rest" stays as it is.

    Raises
    ------
    ValueError
        The rest would have to change in a way that is not known here.
    """
    shown: Selection = graph.graph["shown"]
    trace, grads = shown.trace, shown.grads
    cut = shown.cut
    shared = any(graph.nodes[name]["kind"] == "parameter" for name in changed)
    if not cut and not (shared and trace.batch > 1):
        return None
    if grads is not None and not shown.by_loss and grads.upstream is None:
        raise ValueError(REFUSAL.format("gradients of a loss that is not in the run"))
    if cut and any(graph.nodes[name]["op"] for name in changed):
        raise ValueError(REFUSAL.format("what truncation leaves out"))
    again = _forward(graph, changed, trace, shown.sample)
    redone = None
    if grads is not None:
        redone = backward(again, upstream=grads.upstream, truncate=grads.truncate)
    return Selection(again, redone, shown.sample, shown.first, shown.last)


def _forward(
    graph: "nx.DiGraph[str]", changed: Mapping[str, Any], trace: Trace, sample: int
) -> Trace:
    arrays = {name: np.array(array) for name, array in trace.params.items()}
    x = np.array(trace.x)
    initial = {state: np.array(trace[state][0]) for state in trace.cell.states}
    target = None if trace.target is None else np.array(trace.target)
    for name, value in changed.items():
        node = graph.nodes[name]
        t, kind = node["t"], node["kind"]
        if node["op"] is not None:
            continue  # held in the shown sequence, and unknown to the others
        if kind == "parameter":
            array = arrays[node["parameter"]]
        elif kind == "input":
            array = x[t - 1, sample]
        elif kind == "target" and target is not None:
            array = target[t - trace.readout_steps.start, sample]
        else:
            array = initial[node["quantity"]][sample]
        array[_place(node)] = value
    params = trace.params.replace(**arrays)
    if trace.cell is not ELMAN:
        return forward_cell(
            params,
            x,
            initial,
            activation=trace.activation,
            family=trace.family,
            readout=trace.readout,
            target=target,
        )
    return forward(
        params,
        x,
        target,
        activation=trace.activation,
        loss=trace.loss_name,
        readout=trace.readout,
        h0=initial["h"],
    )


def _place(node: Mapping[str, Any]) -> Any:
    """Where a node's value stands in its array: one entry at the scalar level, else everything."""
    return ... if node["index"] is None else tuple(i - 1 for i in node["index"])
