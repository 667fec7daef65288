"""What truncated back-propagation through time loses, parameter by parameter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np

from rnn_core._alignment import cosine, flat, ratio
from rnn_core._arrays import FloatArray, read_only
from rnn_core._checks import many, of, takes, text, whole, whole_number
from rnn_core.backward import backward, carry_back
from rnn_core.frozen import Frozen
from rnn_core.limits import require_work
from rnn_core.types import Gradients, Parameters, Trace, require_gradients_of

TRUNCATIONS = ("chunks", "window")
"""Where the gradient is cut: between chunks of the sequence, or so many steps before each loss."""

WHOLE = "all"
"""The name under which all gradients, taken as one vector, are compared."""


@dataclass(frozen=True)
class Cut(Frozen):
    """The gradient with the flow through time cut to `length` steps, against the full one.

    `cosine` and `ratio` (‖cut‖ / ‖full‖) by parameter, and for all of them under `WHOLE`. The
    cosine is nan where a gradient is zero or not finite, the ratio where the full one is.
    """

    length: int
    gradient: Parameters
    cosine: Mapping[str, float]
    ratio: Mapping[str, float]


def truncated(trace: Trace, full: Gradients, length: int, *, kind: str = "chunks") -> Parameters:
    """Return the gradients of the parameters when the flow back through time is cut.

    "chunks" (Williams and Zipser, 1995, as frameworks do it): the sequence is run in chunks of
    `length` steps, 1 … n, n+1 … 2n and so on. The states are carried from one to the next, so the
    forward pass is exact, but no gradient flows back from the first step of a chunk.
    "window" (Williams and Peng, 1990): the loss at each step read out flows back through `length`
    steps, as `backward(trace, truncate=length)`.

    `full` is `backward(trace)`. W_hy and b_y do not depend on the flow through time.

    Raises
    ------
    ValueError
        The length is not positive, the kind is unknown, there is no target, or `full` is of
        another run.
    """
    _require(length, kind)
    require_gradients_of(trace, full, of_loss=True)
    if length >= trace.steps:
        return full.parameters
    if kind == "window":
        return backward(trace, truncate=length).parameters
    return _in_chunks(trace, full, length)


@takes(trace=of(Trace), lengths=many(whole(1)), kind=text)
def truncation_loss(
    trace: Trace, lengths: Iterable[int], *, kind: str = "chunks"
) -> tuple[Cut, ...]:
    """Compare the cut gradient with the full one for several lengths.

    Raises
    ------
    ValueError
        As `truncated`, or the work for all lengths is over `limits`.
    """
    wanted = tuple(lengths)
    full = backward(trace)
    steps, batch = trace.steps, trace.batch
    rows = sum(min(length, steps) if kind == "window" else 3 for length in wanted)
    require_work("truncation_loss", rows * steps * batch * trace.params.step_count)
    return tuple(
        compared(length, truncated(trace, full, length, kind=kind), full.parameters)
        for length in wanted
    )


def compared(length: int, cut: Parameters, full: Parameters) -> Cut:
    """Return cosine and ratio of norms of each parameter's gradient, and of all together."""
    pairs = {name: (flat(cut[name]), flat(full[name])) for name in full.names}
    pairs[WHOLE] = (
        np.concatenate([pair[0] for pair in pairs.values()]),
        np.concatenate([pair[1] for pair in pairs.values()]),
    )
    return Cut(
        length=length,
        gradient=cut,
        cosine={name: cosine(*pair) for name, pair in pairs.items()},
        ratio={name: ratio(*pair) for name, pair in pairs.items()},
    )


@np.errstate(all="ignore")
def _in_chunks(trace: Trace, full: Gradients, length: int) -> Parameters:
    """Run all whole chunks as one batch, since each starts from states that are known."""
    params = trace.params
    direct = np.zeros_like(trace.h[1:])
    direct[np.asarray(trace.readout_steps) - 1] = full.logits @ params.W_hy
    whole = trace.steps // length * length
    total = {name: np.zeros_like(array) for name, array in params.items()}
    for start, stop, size in ((0, whole, length), (whole, trace.steps, trace.steps - whole)):
        if not direct[start:stop].any():
            continue  # no loss enters these chunks, so they have no gradient
        entering = _side_by_side(direct[start:stop], size)
        found = carry_back(_chunks(trace, start, stop, size), entering, None).parameters
        for name, array in found.items():
            total[name] += array
    read = {"W_hy": full.parameters.W_hy, "b_y": full.parameters.b_y}
    closed = {name: read_only(array) for name, array in total.items()}
    return Parameters.trusted_of(params.cell, {**closed, **read})


def _chunks(trace: Trace, start: int, stop: int, length: int) -> Trace:
    """Return steps start + 1 … stop of a run as one of `length` steps, chunks as sequences."""
    values = {}
    for name, rows in trace.quantities.items():
        first = int(name in trace.cell.states)  # a state has its value before each chunk, too
        values[name] = _side_by_side(rows[start : stop + first], length, first)
    read = _side_by_side(trace.h[start + 1 : stop + 1], length)[-1:]
    return Trace.of_quantities(
        values,
        params=trace.params,
        activation=trace.activation,
        family=trace.family,
        readout="last",
        logits=read @ trace.params.W_hy.T + trace.params.b_y,
    )


def _side_by_side(rows: FloatArray, length: int, first: int = 0) -> FloatArray:
    """Return (length + first, C·B, …) for rows (C·length + first, B, …): chunks along the batch.

    With `first` = 1 each chunk begins with the row before it.
    """
    starts = np.arange(0, len(rows) - first, length)
    chunks = rows[np.arange(length + first)[:, np.newaxis] + starts]
    return np.ascontiguousarray(chunks.reshape(length + first, -1, rows.shape[2]))


def flow(steps: int, readout: Iterable[int], length: int, *, kind: str) -> "nx.DiGraph[str]":
    """Return how the gradient flows back from the losses, with the edges that are cut.

    Nodes are L[t] for each step read out and ∂h[t] for t = 0 … T; an edge ∂h[t] → ∂h[t−1] is the
    way through z_t. Edges have `cut`, nodes `t` and `reached`: whether a way without a cut leads
    there. In the kind "window" each loss has a cut of its own: the graph is that of the last one.

    Raises
    ------
    ValueError
        As `truncated`, or a step read out is not from 1 to `steps`.
    """
    _require(length, kind)
    read = sorted(readout)
    if not read or read[0] < 1 or read[-1] > steps:
        raise ValueError(f"readout: expected steps from 1 to {steps}, got {read!r:.60}")
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from((f"∂h[{t}]", {"t": t}) for t in range(steps + 1))
    shown = read if kind == "chunks" else read[-1:]
    for t in shown:
        graph.add_node(f"L[{t}]", t=t)
        graph.add_edge(f"L[{t}]", f"∂h[{t}]", cut=False)
    for t in range(1, steps + 1):
        at_start = t > 1 and (t - 1) % length == 0
        beyond = t == read[-1] + 1 - length
        graph.add_edge(f"∂h[{t}]", f"∂h[{t - 1}]", cut=at_start if kind == "chunks" else beyond)
    whole = nx.subgraph_view(graph, filter_edge=lambda a, b: not graph.edges[a, b]["cut"])
    reached = set().union(*(nx.descendants(whole, f"L[{t}]") | {f"L[{t}]"} for t in shown))
    nx.set_node_attributes(graph, {node: node in reached for node in graph}, "reached")
    return graph


def _require(length: int, kind: str) -> None:
    if kind not in TRUNCATIONS:
        raise ValueError(f"kind: expected one of {', '.join(TRUNCATIONS)}, got {kind!r}")
    whole_number("length", length, 1)
