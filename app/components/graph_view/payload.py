"""What the graph component receives: the graph's shape, which is cached, and its numbers.

Sizes: T time steps, D inputs, H hidden units, K outputs, S steps read out. The topology is text
that changes only with sizes and names; numbers travel as base64 of float64, so every digit, NaN
and infinity arrives, and no time goes into printing them.
"""

from collections.abc import Callable, Mapping
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from app.components.graph_view.detail import detail
from app.components.graph_view.extent import (
    level_shown,
    levels_offered,
    node_count,
    step_of,
)
from app.components.graph_view.levels import Levels
from app.components.graph_view.packing import packed
from app.components.graph_view.topology import in_order
from app.experiment.holding import HeldRun
from app.figures.common import DEFAULT_LEVEL
from rnn_core import Gradients, Trace
from rnn_core.graph import names

ALL_LEVELS_NODES = 400
"""Up to this many nodes over all levels, all are sent, so that changing the level is immediate."""

HeldAt = Callable[[str], HeldRun | None]
Array = NDArray[np.float64]


def payload(
    trace: Trace,
    grads: Gradients | None,
    *,
    level: str = DEFAULT_LEVEL,
    sample: int = 0,
    at: str = "end",
    selected: str | None = None,
    held: HeldAt | None = None,
) -> dict[str, Any]:
    """Return the data of the component: one level, or all where they are small.

    Parameters
    ----------
    level
        One of LEVELS; a level that is too large to draw falls back to the usual one.
    at
        Position of the player ("start", "end", "f:<node>", "b:<node>"): long sequences are sent
        around it.
    selected
        Id of the selected node: a parameter gets its ledger, a scalar node its paths to the loss.
    held
        Gives the run with numbers held, by the level ("operation" or "scalar"); None where nothing
        can be.
    """
    offered = levels_offered(trace)
    shown = level_shown(trace, level)
    every = sum(node_count(trace, name) for name in offered) <= ALL_LEVELS_NODES
    step = step_of(trace, shown, at)
    drawn = Levels(trace, grads, sample, step)
    levels = {}
    for name in offered if every else [shown]:
        run = held("scalar" if name == "scalar" else "operation") if held else None
        levels[name] = drawn.sent(name)
        levels[name]["held"] = None if run is None else _held(drawn.graph(name), trace, run)
    return {
        "T": trace.steps,
        "level": shown,
        "offered": offered,
        "levels": levels,
        "overview": _overview(trace, grads, sample),
        "initial": {state: packed([trace[state][0, sample]]) for state in trace.cell.states},
        "detail": None
        if selected is None
        else detail(drawn.graph(shown), trace, grads, shown, sample, selected),
    }


def _held(graph: "nx.DiGraph[str]", trace: Trace, run: HeldRun) -> dict[str, Any] | None:
    """Return the numbers of the nodes in the run with holds, NaN for what it does not have."""
    at = [
        {"place": hold.place, "value": hold.value, "id": name, "entry": entry or 0}
        for hold, (name, entry) in run.at.items()
    ]
    order = in_order(graph)
    return {
        "at": at,
        "said": run.said,
        "loss": run.loss,
        "value": packed(_again(graph, trace, name, run.values) for name in order) if at else None,
        "grad": packed(_again(graph, trace, name, run.grads) for name in order)
        if at and run.grads
        else None,
    }


def _again(
    graph: "nx.DiGraph[str]", trace: Trace, name: str, found: Mapping[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Return a node's numbers of another run of it; rolled nodes hold those of all their steps."""
    node = graph.nodes[name]
    shape = np.shape(node["value"])
    called = [name]
    if node.get("times"):
        steps = range(trace.steps - shape[0] + 1, trace.steps + 1)
        called = [names.node(node["quantity"], t) for t in steps]
    parts = [found[part] for part in called if part in found and node["kind"] != "rest"]
    again = np.stack(parts) if len(parts) == len(called) else np.empty(0)
    again = again if node.get("times") or not parts else again[0]
    if again.shape == shape:
        return again
    return np.full(shape, np.nan)


def _overview(trace: Trace, grads: Gradients | None, sample: int) -> dict[str, str | None]:
    """One number per step for the strip: the mean state and the length of its gradient."""
    with np.errstate(all="ignore"):
        return {
            "value": packed([trace.h[1:, sample].mean(axis=1)]),
            "grad": None
            if grads is None
            else packed([np.linalg.norm(grads.h[1:, sample], axis=1)]),
        }
