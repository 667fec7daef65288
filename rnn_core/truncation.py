"""What truncated back-propagation through time loses, parameter by parameter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np

from rnn_core._alignment import cosine, flat, ratio
from rnn_core._arrays import FloatArray, read_only
from rnn_core._checks import many, of, takes, text, whole
from rnn_core.backward import backward
from rnn_core.frozen import Frozen
from rnn_core.limits import require_work
from rnn_core.recurrence import unroll_back
from rnn_core.types import PARAMETER_NAMES, Gradients, Parameters, Trace, require_gradients_of

TRUNCATIONS = ("chunks", "window")
"""Where the gradient is cut: between chunks of the sequence, or so many steps before each loss."""

WHOLE = "all"
"""The name under which all five gradients, taken as one vector, are compared."""


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
    `length` steps, 1 … n, n+1 … 2n and so on. The state is carried from one to the next, so the
    forward pass is exact, but ∂L/∂z_{t+1} does not flow back from the first step of a chunk.
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
    steps, batch, hidden = trace.z.shape
    rows = sum(min(length, steps) if kind == "window" else 3 for length in wanted)
    require_work("truncation_loss", rows * steps * batch * hidden * trace.states.shape[2])
    return tuple(
        compared(length, truncated(trace, full, length, kind=kind), full.parameters)
        for length in wanted
    )


def compared(length: int, cut: Parameters, full: Parameters) -> Cut:
    """Return cosine and ratio of norms of each parameter's gradient, and of all together."""
    pairs = {
        name: (flat(getattr(cut, name)), flat(getattr(full, name))) for name in PARAMETER_NAMES
    }
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
    """Run all whole chunks as one batch, since each starts from a state that is known."""
    direct = np.zeros_like(trace.z)
    direct[np.asarray(trace.readout_steps) - 1] = full.logits @ trace.params.W_hy
    whole = trace.steps // length * length
    total = {name: np.zeros_like(getattr(trace.params, name)) for name in ("W_xh", "W_hh", "b_h")}
    for start, stop, size in ((0, whole, length), (whole, trace.steps, trace.steps - whole)):
        if not direct[start:stop].any():
            continue  # no loss enters these chunks, so they have no gradient
        z, entering, x, h = (
            _side_by_side(rows[start:stop], size) for rows in (trace.z, direct, trace.x, trace.h)
        )
        d_z, _ = unroll_back(trace.params, z, entering, trace.activation)
        d_rows = d_z.reshape(-1, d_z.shape[2])
        total["W_xh"] += d_rows.T @ x.reshape(len(d_rows), -1)
        total["W_hh"] += d_rows.T @ h.reshape(len(d_rows), -1)
        total["b_h"] += d_rows.sum(axis=0)
    return Parameters.trusted(
        **{name: read_only(array) for name, array in total.items()},
        W_hy=full.parameters.W_hy,
        b_y=full.parameters.b_y,
    )


def _side_by_side(rows: FloatArray, length: int) -> FloatArray:
    """Return (length, C·B, …) for rows (C·length, B, …): chunk after chunk along the batch."""
    steps, batch, width = rows.shape
    chunks = rows.reshape(steps // length, length, batch, width).swapaxes(0, 1)
    return np.ascontiguousarray(chunks.reshape(length, -1, width))


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
    if length < 1:
        raise ValueError(f"length: expected a positive integer, got {length!r}")
