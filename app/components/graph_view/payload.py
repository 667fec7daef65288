"""What the graph component receives: the graph's shape, which is cached, and its numbers.

Sizes: T time steps, D inputs, H hidden units, K outputs, S steps read out. The topology is text
that changes only with sizes and names; numbers travel as base64 of float64, so every digit, NaN
and infinity arrives, and no time goes into printing them.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from app.components.graph_view import network
from app.components.graph_view.detail import detail
from app.components.graph_view.extent import (
    level_shown,
    levels_offered,
    node_count,
    step_of,
    window,
)
from app.components.graph_view.packing import packed
from app.experiment.holding import HeldRun
from app.work.caching import STORE
from rnn_core import Gradients, Trace, computation_order, computational_graph
from rnn_core.graph.described import operations
from rnn_core.graph.rules import slots_of

ALL_LEVELS_NODES = 400
"""Up to this many nodes over all levels, all are sent, so that changing the level is immediate."""

Key = tuple[object, ...]
HeldAt = Callable[[str], HeldRun | None]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Topology:
    """A level's nodes in computation order and its edges, as sent and as names to gather by."""

    text: str
    nodes: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    sized: tuple[tuple[str, str], ...]  # edges whose local derivative is sent


def payload(
    trace: Trace,
    grads: Gradients | None,
    *,
    level: str = "operation",
    sample: int = 0,
    at: str = "end",
    selected: str | None = None,
    held: HeldAt | None = None,
) -> dict[str, Any]:
    """Return the data of the component: one level, or all where they are small.

    Parameters
    ----------
    level
        One of LEVELS; a level that is too large to draw falls back to "operation".
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
    step = step_of(at, trace.steps)
    graphs = {
        name: _graph(trace, grads, name, sample, step) for name in (offered if every else [shown])
    }
    levels = {}
    for name, graph in graphs.items():
        run = held("scalar" if name == "scalar" else "operation") if held else None
        levels[name] = _level(graph, trace, grads, name, step)
        levels[name]["held"] = None if run is None else _held(graph, trace, name, run)
    return {
        "T": trace.steps,
        "level": shown,
        "offered": offered,
        "levels": levels,
        "overview": _overview(trace, grads, sample),
        "initial": {state: packed([trace[state][0, sample]]) for state in trace.cell.states},
        "detail": detail(graphs[shown], trace, grads, shown, sample, selected),
    }


def _graph(
    trace: Trace, grads: Gradients | None, level: str, sample: int, step: int
) -> "nx.DiGraph[str]":
    steps = window(trace, level, step)
    return computational_graph(
        trace, grads, level=level, sample=sample, steps=steps, jacobians=False
    )


def _level(
    graph: "nx.DiGraph[str]", trace: Trace, grads: Gradients | None, level: str, step: int
) -> dict[str, Any]:
    topology = _topology(graph, trace, grads, level, step)
    nodes = [graph.nodes[name] for name in topology.nodes]
    values = (node["value"] for node in nodes)
    locals_ = (graph.edges[edge]["local"] for edge in topology.sized)
    return {
        "topology": topology.text,
        "value": packed(values),
        "grad": None if grads is None else packed(node["grad"] for node in nodes),
        "local": packed(locals_) if topology.sized else None,
        "terms": len(trace.logits) * trace.batch,
    }


def _held(
    graph: "nx.DiGraph[str]", trace: Trace, level: str, run: HeldRun
) -> dict[str, Any] | None:
    """Return the numbers of the nodes in the run with holds, NaN for what it does not have."""
    at = [
        {"place": hold.place, "value": hold.value, "id": name, "entry": entry or 0}
        for hold, (name, entry) in run.at.items()
    ]
    order = list(graph.nodes) if level == "rolled" else list(computation_order(graph))
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
    names = [name]
    if node.get("times"):
        names = [f"{name}[{t}]" for t in range(trace.steps - shape[0] + 1, trace.steps + 1)]
    parts = [found[part] for part in names if part in found and name != "rest"]
    again = np.stack(parts) if len(parts) == len(names) else np.empty(0)
    again = again if node.get("times") or not parts else again[0]
    if again.shape == shape:
        return again
    return np.full(shape, np.nan)


def _topology(
    graph: "nx.DiGraph[str]", trace: Trace, grads: Gradients | None, level: str, step: int
) -> Topology:
    steps = window(trace, level, step)
    params = trace.params
    key = (
        level,
        steps,
        trace.steps,
        len(trace.logits),
        (params.input_size, params.hidden_size, params.output_size),
        (trace.cell.name, trace.activation, trace.loss_name, trace.readout),
        trace.target is None,
        grads is None,
        tuple(graph.pred["rest"]) if "rest" in graph else None,  # only what differs from zero
    )
    return STORE.get(
        (_describe, key),
        lambda: _describe(graph, level, steps or (1, trace.steps), trace.steps, key),
    )


def _describe(
    graph: "nx.DiGraph[str]", level: str, window: tuple[int, int], steps: int, key: Key
) -> Topology:
    """Turn pyvis' nodes and edges into the component's, in computation order."""
    drawn = network.build(graph)
    places = {node["id"]: node for node in drawn.nodes}
    order = list(graph.nodes) if level == "rolled" else list(computation_order(graph))
    numbered = {name: i for i, name in enumerate(order)}
    nodes = []
    for name in order:
        node = graph.nodes[name]
        shape = list(np.shape(node["value"]))
        times = 0
        if level == "rolled" and node.get("times"):
            times, shape = shape[0], shape[1:]
        nodes.append(
            {
                "id": name,
                "kind": node["kind"],
                "title": _title(graph, node),
                "t": node["t"],
                "index": node["index"],
                "symbol": node["symbol"],
                "latex": node["latex"],
                "op": node["op"],
                "variable": node["variable"],
                "shape": shape,
                "times": times,
                "x": round(places[name]["x"], 1),
                "y": round(places[name]["y"], 1),
                **({"numbers": node["numbers"]} if "numbers" in node else {}),
            }
        )
    edges, sized = [], []
    for source, sink, attributes in graph.edges(data=True):
        local = attributes.get("local")
        sends = level == "scalar" or graph.nodes[sink]["op"] == "total"
        size = int(np.size(local)) if sends and local is not None else 0
        slots = slots_of(attributes)
        at = slots[0] if len(slots) == 1 else slots
        edges.append([numbered[source], numbered[sink], at, size])
        if size:
            sized.append((source, sink))
    text = json.dumps(
        {
            "key": "|".join(map(str, key)),
            "level": level,
            "first": window[0],
            "last": window[1],
            "T": steps,
            "nodes": nodes,
            "edges": edges,
            "ops": operations(graph),
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return Topology(text, tuple(order), tuple(graph.edges), tuple(sized))


def _title(graph: "nx.DiGraph[str]", node: Mapping[str, Any]) -> str:
    """Return what a node is called in words, where the cell says more than its kind."""
    line = graph.graph["shown"].trace.cell.line.get(node["quantity"])
    if line is not None and node["op"] is not None:
        return str(line.title)
    return "activation" if node["kind"] == "activation" else ""


def _overview(trace: Trace, grads: Gradients | None, sample: int) -> dict[str, str | None]:
    """One number per step for the strip: the mean state and the length of its gradient."""
    with np.errstate(all="ignore"):
        return {
            "value": packed([trace.h[1:, sample].mean(axis=1)]),
            "grad": None
            if grads is None
            else packed([np.linalg.norm(grads.h[1:, sample], axis=1)]),
        }
