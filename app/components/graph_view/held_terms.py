"""The ledger of a parameter in a run with numbers held, which only its graph knows."""

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np

from app.components.shared.packing import as_json
from rnn_core.graph import names

LEDGER_ROWS = 1000


def held_terms(graph: "nx.DiGraph[str]", name: str, index: tuple[int, ...]) -> dict[str, Any]:
    """Return the terms of a parameter's gradient in a replayed graph of a sequence, as in `ledger`.

    The graph is that of the level of operations, or of single numbers. What arrives at a number
    that is held goes no further: its term is 0.
    """
    source = name if name in graph else names.parameter(name, *(k + 1 for k in index))
    entry = index[0] if source == name else None
    rows, others = [], 0.0
    for sink, edge in graph[source].items():
        node = graph.nodes[sink]
        if node["kind"] == "rest":
            others += float(np.asarray(edge["local"])[index if source == name else ...])
            continue
        upstream = _passed(node, entry)
        factor = _factor(graph, source, sink, index if source == name else None)
        rows.append(
            {
                "t": node["t"],
                "upstream": as_json(upstream),
                "factor": None if factor is None else as_json(factor),
                "term": as_json(upstream if factor is None else _product(upstream, factor)),
            }
        )
    rows.sort(key=lambda row: row["t"])
    left_out = sum(float(row["term"]) for row in rows[:-LEDGER_ROWS])
    grad = graph.nodes[source]["grad"]
    total = float(np.asarray(grad)[index if source == name else ...])
    batch = graph.graph["shown"].trace.batch
    if batch > 1:
        others = total - sum(float(row["term"]) for row in rows)
    return {
        "rows": rows[-LEDGER_ROWS:],
        "before": as_json(left_out) if len(rows) > LEDGER_ROWS else None,
        "others": as_json(others) if batch > 1 else None,
        "total": as_json(total),
    }


def _passed(node: Mapping[str, Any], entry: int | None) -> float:
    """Return what of a node's gradient goes on to what it is computed from."""
    held = node.get("held_at", () if not node.get("held") else (entry,))
    if entry in held or (entry is None and node.get("held")):
        return 0.0
    return float(node["grad"] if entry is None else node["grad"][entry])


def _factor(
    graph: "nx.DiGraph[str]", source: str, sink: str, index: tuple[int, ...] | None
) -> float | None:
    """Return what the parameter is multiplied by; None of a summand."""
    if graph.nodes[sink]["kind"] != "product":
        return None
    other = next((each for each in graph.pred[sink] if each != source), source)
    value = graph.nodes[other]["value"]
    return float(value if index is None else value[index[1]])


def _product(upstream: float, factor: float) -> float:
    return 0.0 if upstream == 0 else upstream * factor
