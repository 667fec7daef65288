"""What the graph component receives: the graph's shape, which is cached, and its numbers.

Sizes: T time steps, D inputs, H hidden units, K outputs, S steps read out. The topology is text
that changes only with sizes and names; numbers travel as base64 of float64, so every digit, NaN
and infinity arrives, and no time goes into printing them.
"""

import base64
import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from app.graph_view import network
from rnn_core import Gradients, Trace, computation_order, computational_graph, paths

LEVELS = ("rolled", "step", "operation", "scalar")
WHOLE_NODES = {"rolled": 4000, "step": 2000, "operation": 2400, "scalar": 1500}
"""The most nodes sent at once, by level, so that stepping needs no server."""
CHUNK_NODES = 600
"""A longer sequence comes in chunks of about this many nodes around the position."""
ALL_LEVELS_NODES = 400
"""Up to this many nodes over all levels, all are sent, so that changing the level is immediate."""
MOST_PER_STEP = 120
"""A scalar level with more nodes than this at each step cannot be read and is not offered."""
LEDGER_ROWS = 1000
PATHS = 200
CACHED_TOPOLOGIES = 64

Key = tuple[object, ...]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Topology:
    """A level's nodes in computation order and its edges, as sent and as names to gather by."""

    text: str
    nodes: tuple[str, ...]
    edges: tuple[tuple[str, str], ...]
    sized: tuple[tuple[str, str], ...]  # edges whose local derivative is sent


_topologies: OrderedDict[Key, Topology] = OrderedDict()


def payload(
    trace: Trace,
    grads: Gradients | None,
    *,
    level: str = "operation",
    sample: int = 0,
    at: str = "end",
    selected: str | None = None,
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
    """
    offered = levels_offered(trace)
    shown = level_shown(trace, level)
    every = sum(_count(trace, name) for name in offered) <= ALL_LEVELS_NODES
    step = step_of(at, trace.steps)
    graphs = {
        name: _graph(trace, grads, name, sample, step) for name in (offered if every else [shown])
    }
    return {
        "T": trace.steps,
        "level": shown,
        "offered": offered,
        "levels": {name: _level(graph, trace, grads, name, step) for name, graph in graphs.items()},
        "overview": _overview(trace, grads, sample),
        "initial": _packed([trace.h[0, sample]]),
        "detail": _detail(graphs[shown], trace, grads, shown, sample, selected),
    }


def step_of(at: str, steps: int) -> int:
    """Return the time step (1 … T) that a position of the player belongs to."""
    if found := re.search(r"\[(\d{1,9})[,\]]", at):
        return min(max(int(found[1]), 1), steps)
    return steps if at in ("end", "f:L", "b:L") else 1


def chunk(steps: int, per_step: int, whole: int, step: int) -> tuple[int, int] | None:
    """Return the first and last step to send around `step`, None for the whole sequence.

    A sequence of at most `whole` nodes is sent whole.

    Chunks overlap by half and start at fixed places, so that walking along a sequence changes
    chunk rarely, and no nearer than a quarter of its length to its border.
    """
    length = max(8, CHUNK_NODES // max(per_step, 1))
    if steps * per_step <= whole or steps <= length:
        return None
    hop = length // 2
    start = round((step - length / 2) / hop) * hop
    start = min(max(start, 0), steps - length)
    return start + 1, start + length


def levels_offered(trace: Trace) -> list[str]:
    """Return the levels that can be read at this size."""
    return [
        name for name in LEVELS if name != "scalar" or nodes_per_step(trace, name) <= MOST_PER_STEP
    ]


def level_shown(trace: Trace, level: str) -> str:
    """Return the level, or the finest that is always offered in place of one that is not."""
    return level if level in levels_offered(trace) else "operation"


def nodes_per_step(trace: Trace, level: str) -> int:
    """Return how many nodes each time step has at a level."""
    hidden, inputs = trace.params.hidden_size, trace.params.input_size
    outputs = trace.params.output_size if len(trace.logits) > 1 else 0
    if level == "rolled":
        return 0
    if level == "step":
        return 2 + 4 * bool(outputs)
    if level == "operation":
        return 5 + 5 * bool(outputs)
    return hidden * (hidden + inputs + 2) + inputs + outputs * (hidden + 4)


def _count(trace: Trace, level: str) -> int:
    parameters = trace.params.count if level == "scalar" else 5
    return trace.steps * nodes_per_step(trace, level) + parameters + 12


def _window(trace: Trace, level: str, step: int) -> tuple[int, int] | None:
    if level == "rolled":
        return None
    return chunk(trace.steps, nodes_per_step(trace, level), WHOLE_NODES[level], step)


def _graph(
    trace: Trace, grads: Gradients | None, level: str, sample: int, step: int
) -> "nx.DiGraph[str]":
    window = _window(trace, level, step)
    return computational_graph(
        trace, grads, level=level, sample=sample, steps=window, jacobians=False
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
        "value": _packed(values),
        "grad": None if grads is None else _packed(node["grad"] for node in nodes),
        "local": _packed(locals_) if topology.sized else None,
    }


def _topology(
    graph: "nx.DiGraph[str]", trace: Trace, grads: Gradients | None, level: str, step: int
) -> Topology:
    window = _window(trace, level, step)
    params = trace.params
    key = (
        level,
        window,
        trace.steps,
        len(trace.logits),
        (params.input_size, params.hidden_size, params.output_size),
        (trace.activation, trace.loss_name, trace.readout),
        trace.target is None,
        grads is None,
    )
    if key in _topologies:
        _topologies.move_to_end(key)
        return _topologies[key]
    made = _describe(graph, level, window or (1, trace.steps), trace.steps, key)
    _topologies[key] = made
    if len(_topologies) > CACHED_TOPOLOGIES:
        _topologies.popitem(last=False)
    return made


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
                "t": node["t"],
                "index": node["index"],
                "symbol": node["symbol"],
                "latex": node["latex"],
                "op": node["op"],
                "shape": shape,
                "times": times,
                "x": round(places[name]["x"], 1),
                "y": round(places[name]["y"], 1),
            }
        )
    edges, sized = [], []
    for source, sink, attributes in graph.edges(data=True):
        local = attributes.get("local")
        sends = level == "scalar" or graph.nodes[sink]["op"] == "total"
        size = int(np.size(local)) if sends and local is not None else 0
        edges.append([numbered[source], numbered[sink], attributes.get("slot", 0), size])
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
        },
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return Topology(text, tuple(order), tuple(graph.edges), tuple(sized))


def _packed(arrays: Iterable[Any]) -> str:
    """Return the numbers of the arrays, one after the other, as base64 of little-endian float64."""
    parts = [np.ravel(np.nan if array is None else array) for array in arrays]
    joined = np.concatenate(parts) if parts else np.empty(0)
    return base64.b64encode(joined.astype("<f8").tobytes()).decode("ascii")


def _overview(trace: Trace, grads: Gradients | None, sample: int) -> dict[str, str | None]:
    """One number per step for the strip: the mean state and the length of its gradient."""
    with np.errstate(all="ignore"):
        return {
            "value": _packed([trace.h[1:, sample].mean(axis=1)]),
            "grad": None
            if grads is None
            else _packed([np.linalg.norm(grads.h[1:, sample], axis=1)]),
        }


def _detail(
    graph: "nx.DiGraph[str]",
    trace: Trace,
    grads: Gradients | None,
    level: str,
    sample: int,
    selected: str | None,
) -> Mapping[str, Any] | None:
    if grads is None or selected is None:
        return None
    detail: dict[str, Any] = {"selected": selected, "level": level}
    if found := re.fullmatch(r"(W_xh|W_hh|b_h|W_hy|b_y)(?:\[([\d,]{1,20})\])?", selected):
        detail["ledger"] = ledger(trace, grads, found[1], _index(trace, found[1], found[2]), sample)
    if level == "scalar" and selected in graph and "L" in graph and selected != "L":
        detail["paths"] = _paths(graph, selected)
    return detail if len(detail) > 2 else None


def _index(trace: Trace, name: str, text: str | None) -> tuple[int, ...]:
    """Return the 0-based index that a link or click names, the first number if it does not fit."""
    shape = getattr(trace.params, name).shape
    wanted = [int(part) - 1 for part in (text or "").split(",") if part]
    fits = len(wanted) == len(shape) and all(
        0 <= i < size for i, size in zip(wanted, shape, strict=True)
    )
    return tuple(wanted) if fits else (0,) * len(shape)


def ledger(
    trace: Trace, grads: Gradients, name: str, index: tuple[int, ...], sample: int
) -> dict[str, Any]:
    """Return one row per time step that adds up to the gradient of one number of a parameter.

    Each term is an upstream gradient times what the parameter was multiplied by at that step (1
    for a bias).
    """
    place_in_step: tuple[Any, ...] = (slice(None), sample, *index)
    terms = grads.contribution(name)[place_in_step]
    steps: Iterable[int] = range(1, trace.steps + 1)
    if name in ("W_hy", "b_y"):
        steps = trace.readout_steps
    rows = []
    for t in list(steps)[-LEDGER_ROWS:]:
        upstream, factor = _factors(trace, grads, name, index, sample, t)
        rows.append(
            {
                "t": t,
                "upstream": _json(upstream),
                "factor": None if factor is None else _json(factor),
                "term": _json(float(terms[t - 1])),
            }
        )
    left_out = terms[: trace.steps - LEDGER_ROWS] if len(terms) > LEDGER_ROWS else terms[:0]
    i = index[0] + 1
    j = index[1] + 1 if len(index) > 1 else 0
    delta, factor_name = {
        "W_xh": (rf"z_{{t,{i}}}", f"x_t,{j}"),
        "W_hh": (rf"z_{{t,{i}}}", f"h_t−1,{j}"),
        "b_h": (rf"z_{{t,{i}}}", ""),
        "W_hy": (rf"a_{{t,{i}}}", f"h_t,{j}"),
        "b_y": (rf"a_{{t,{i}}}", ""),
    }[name]
    factor_latex = {
        "W_xh": rf"\,x_{{t,{j}}}",
        "W_hh": rf"\,h_{{t-1,{j}}}",
        "W_hy": rf"\,h_{{t,{j}}}",
    }
    stem, sub = name.split("_")
    place = ",".join(str(k + 1) for k in index)
    return {
        "name": f"∂L/∂{name}[{place}]",
        "latex": rf"\frac{{\partial L}}{{\partial {stem}_{{{sub},{place}}}}} = \sum_t "
        rf"\frac{{\partial L}}{{\partial {delta}}}{factor_latex.get(name, '')}",
        "upstream_name": f"∂L/∂{delta[0]}_t,{i}",
        "factor_name": factor_name,
        "rows": rows,
        "before": _json(float(left_out.sum())) if left_out.size else None,
        "total": _json(float(terms.sum())),
    }


def _factors(
    trace: Trace, grads: Gradients, name: str, index: tuple[int, ...], sample: int, t: int
) -> tuple[float, float | None]:
    if name in ("W_hy", "b_y"):
        upstream = grads.logits[t - trace.readout_steps.start, sample, index[0]]
        factor = None if name == "b_y" else trace.h[t, sample, index[1]]
    else:
        upstream = grads.z[t - 1, sample, index[0]]
        source = {"W_xh": trace.x[t - 1], "W_hh": trace.h[t - 1]}.get(name)
        factor = None if source is None else source[sample, index[1]]
    return float(upstream), None if factor is None else float(factor)


def _paths(graph: "nx.DiGraph[str]", source: str) -> dict[str, Any]:
    found = paths(graph, source, "L", limit=PATHS)
    listed = sorted(found.paths, key=lambda path: -abs(path.product))
    return {
        "list": [
            {
                "symbols": [graph.nodes[name]["symbol"] for name in path.nodes],
                "product": _json(path.product),
            }
            for path in listed
        ],
        "complete": not found.truncated,
        "sum": _json(sum(path.product for path in listed)),
    }


def _json(value: float) -> float | str:
    """JSON has no NaN or infinity: they travel as words."""
    if np.isfinite(value):
        return float(value)
    return "NaN" if np.isnan(value) else "Infinity" if value > 0 else "-Infinity"
