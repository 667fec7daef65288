"""Gradients of a graph in which each loss goes back through some steps and no further."""

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np

from rnn_core._checks import of, takes, whole
from rnn_core.graph.order import computation_order
from rnn_core.graph.plan import LETTER
from rnn_core.graph.replay import pulled_back
from rnn_core.graph.rules import Rules

OUTPUTS = frozenset({LETTER, "p", "y", "l", "L"})
"""What is read from the states: no step of the recurrence, so truncation does not touch it."""


@takes(graph=of(nx.DiGraph), truncate=whole(1))
def truncated_gradients(graph: "nx.DiGraph[str]", truncate: int) -> dict[str, Any]:
    """Return the gradients of a graph's nodes where each loss goes back through `truncate` steps.

    The loss of step t reaches steps t, t − 1, … t − truncate + 1, their inputs and weights, and the
    initial state if the first of all steps is among them (Williams and Peng, 1990). What nothing
    reaches has 0. The graph is that of a whole run, of one sequence, with Jacobians and with full
    gradients, as a replay leaves it: edges of nodes that are held carry nothing. What the
    "rest" stands for, the other sequences of a batch, is not counted.
    """
    rules = Rules(graph)
    order = computation_order(graph)
    outputs = {name: graph.nodes[name]["grad"] for name in order if _is_output(graph.nodes[name])}
    found = {
        name: outputs[name] if name in outputs else np.zeros(np.shape(node["value"]))
        for name, node in graph.nodes(data=True)
    }
    by_step: dict[int, list[str]] = {}
    for name in order:
        if name not in outputs and graph.nodes[name]["kind"] != "rest":
            by_step.setdefault(graph.nodes[name]["t"] or 0, []).append(name)
    for name in by_step.get(0, []):  # weights of the readout: all that it gives them
        found[name] = found[name] + _arriving(graph, rules, name, outputs)
    for last in sorted(by_step, reverse=True):
        first = max(1, last - truncate + 1)
        flow: dict[str, Any] = {}
        for name in reversed([each for t in range(first, last + 1) for each in by_step[t]]):
            own = _arriving(graph, rules, name, flow)
            if graph.nodes[name]["t"] == last:
                own = own + _arriving(graph, rules, name, outputs)
            flow[name] = own
            found[name] = found[name] + own
        for name in by_step.get(0, []):
            if first == 1 or graph.nodes[name]["kind"] != "state":
                found[name] = found[name] + _arriving(graph, rules, name, flow)
    return {name: grad if np.ndim(grad) else float(grad) for name, grad in found.items()}


def _is_output(node: Mapping[str, Any]) -> bool:
    return node["kind"] != "rest" and (node["quantity"] in OUTPUTS or node["line"] == LETTER)


def _arriving(graph: "nx.DiGraph[str]", rules: Rules, name: str, grads: Mapping[str, Any]) -> Any:
    """Return what reaches a node from those of its sinks whose gradients are given."""
    total = np.zeros(np.shape(graph.nodes[name]["value"]))
    with np.errstate(all="ignore"):
        for sink, edge in graph[name].items():
            if sink in grads:
                node = graph.nodes[sink]
                there = {**node, "grad": grads[sink]}
                total = total + pulled_back(edge["local"], there, rules.of(node))
    return total
