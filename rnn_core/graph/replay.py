"""The graph run again: it is the computation, and not a drawing of it."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import networkx as nx
import numpy as np

from rnn_core._arrays import FLOAT64, unchecked_array
from rnn_core._checks import of, optional, takes
from rnn_core.activations import passed_on
from rnn_core.graph.draft import Draft
from rnn_core.graph.order import computation_order
from rnn_core.graph.outside import rerun
from rnn_core.graph.readout import REST, RESTS, add_rest
from rnn_core.graph.rules import Rule, Rules, operand_values, slots_of
from rnn_core.graph.selection import Selection
from rnn_core.graph.window import replay_window


@takes(graph=of(nx.DiGraph), changed=of(Mapping), at=optional(of(Mapping)))
def replay(
    graph: "nx.DiGraph[str]",
    changed: Mapping[str, Any],
    *,
    at: Mapping[str, Sequence[int]] | None = None,
) -> "nx.DiGraph[str]":
    """Return the graph with some nodes' values replaced and everything downstream recomputed.

    A changed node that has operands is held at its new value: this is an intervention, and its
    edges from its operands count no more (their local derivative is 0), also in a replay of the
    result; it is marked `held=True`. Local derivatives and
    gradients are recomputed too, so the rule grad(n) = Σ local · grad(m) holds in the result.

    Of a changed vector that has operands, `at` says which entries are held (from 0; all unless
    given): the others are computed, and pass their gradients on. They are kept as `held_at`.

    Where the graph has a "rest", what it stands for is computed again as well: the steps outside a
    window (see `window.replay_window`), the other sequences of a batch when a parameter changes,
    and what truncation leaves out. Gradients given from outside (the `upstream` of `backward`) stay
    as they were given: they are derivatives of something that is not known here.

    A held node of a truncated run is refused, since the rest is then full minus truncated gradient,
    and `backward`, which alone knows how far each loss flows back, runs no network with a node cut
    out of it.

    Raises
    ------
    ValueError
        A node is unknown, a value has another shape or is not finite, the graph is that of the
        rolled network or was made without Jacobians, `at` names an entry that is not there, or the
        change is one of those refused.
    """
    if graph.graph.get("level") == "rolled":
        raise ValueError('replay: expected a graph without cycles, got level "rolled"')
    order = computation_order(graph)
    values = {name: _checked(graph, name, value) for name, value in changed.items()}
    shown: Selection | None = graph.graph.get("shown")
    if shown is None:
        raise ValueError("replay: expected a graph of computational_graph, got another")
    if len(shown.steps) < shown.trace.steps:
        return replay_window(graph, values, partial(replay, at=at))
    if any(edge["local"] is None for _, _, edge in graph.edges(data=True)):
        raise ValueError("replay: expected a graph with Jacobians, got one made without")
    entries = _entries(graph, values, at or {})
    again = rerun(graph, values) if REST in graph else None
    made = graph.copy()
    if again is not None:
        _renew_rest(made, again)
    rules = Rules(made)
    stale = set(values) | (set(RESTS) if again is not None else set())
    for name in order:
        node, edges = made.nodes[name], made.pred[name]
        if name in entries:
            stale.add(name)
            _hold(made, name, rules, values[name], entries[name])
        elif name in values:
            node.pop("held_at", None)
            node["value"] = values[name]
            node["held"] = bool(edges)
            for edge in edges.values():
                edge["local"] = edge["local"] * 0.0
        elif name not in RESTS and not node.get("held") and not stale.isdisjoint(edges):
            stale.add(name)
            rule = rules.of(node)
            if rule is None:
                node["value"] = _total(made, name)
                continue
            with np.errstate(all="ignore"):
                node["value"] = rule.value(operand_values(made, name))
                rules.renew(name, rule)
    _propagate(made, order, rules)
    return made


def _entries(
    graph: "nx.DiGraph[str]", values: dict[str, Any], at: Mapping[str, Sequence[int]]
) -> dict[str, list[int]]:
    """Return which entries are held of nodes that are held in part, also by a replay before."""
    found = {name: list(entries) for name, entries in at.items() if name in values}
    for name, entries in found.items():
        shape, op = np.shape(values[name]), graph.nodes[name]["op"]
        size = shape[0] if len(shape) == 1 and op is not None else 0
        if not entries or not all(0 <= entry < size for entry in entries):
            raise ValueError(
                f"{name}: expected entries of a computed vector, from 0 to {size - 1}, "
                f"got {entries!r:.60}"
                if size
                else f"{name}: expected a computed vector, of which entries can be held, "
                f"got shape {shape}"
            )
    for name, node in graph.nodes(data=True):
        if "held_at" in node and name not in values:
            found[name], values[name] = node["held_at"], node["value"]
    return found


def _hold(
    graph: "nx.DiGraph[str]", name: str, rules: Rules, value: Any, entries: list[int]
) -> None:
    """Compute a vector anew, but for the entries that are held."""
    node, rule = graph.nodes[name], rules.of(graph.nodes[name])
    if rule is None:
        raise ValueError(f"replay: expected an operation whose entries can be held, got {name!r}")
    with np.errstate(all="ignore"):
        computed = np.array(rule.value(operand_values(graph, name)))
        rules.renew(name, rule)
    computed[entries] = value[entries]
    node.update(value=computed, held=True, held_at=entries)
    for edge in graph.pred[name].values():
        edge["local"] = np.array(edge["local"])
        edge["local"][entries] = 0.0


def _total(graph: "nx.DiGraph[str]", name: str) -> Any:
    """Return the sum of what a total reads, with the weights of its edges."""
    parts = sorted(graph.pred[name].items(), key=lambda part: slots_of(part[1]))
    return sum(edge["local"] * graph.nodes[source]["value"] for source, edge in parts)


def _propagate(graph: "nx.DiGraph[str]", order: list[str], rules: Rules) -> None:
    """Recompute the gradients from the loss backwards, where the graph has any."""
    if not order or graph.nodes[order[-1]]["grad"] is None:
        return
    with np.errstate(all="ignore"):
        for name in reversed(order):
            node = graph.nodes[name]
            if graph.out_degree(name):
                node["grad"] = sum(
                    pulled_back(edge["local"], graph.nodes[sink], rules.of(graph.nodes[sink]))
                    for sink, edge in graph[name].items()
                )


def pulled_back(local: Any, sink: Mapping[str, Any], rule: Rule | None) -> Any:
    """Return local · grad: the sum over the axes of the sink's value.

    A unit whose φ′ is 0, and a node that is held, pass nothing on, be their gradient infinite.
    """
    grad = sink["grad"]
    closes = sink.get("held") or (rule is not None and rule.closes)
    if not np.ndim(local):
        return local * grad if local or not closes else 0.0
    if rule is not None and rule.entrywise:
        slopes = np.diagonal(local)
        return passed_on(grad, slopes) if closes else grad * slopes
    if closes:
        passes = local.reshape(*np.shape(grad), -1).any(axis=-1)
        grad = np.where(passes, grad, 0.0)
    return np.tensordot(grad, local, axes=np.ndim(grad))


def _checked(graph: "nx.DiGraph[str]", name: str, value: Any) -> Any:
    if name not in graph:
        raise ValueError(f"replay: expected a node of the graph, got {name!r:.60}")
    if name in RESTS:
        raise ValueError(f"replay: expected a node with a value of its own, got {name!r}")
    before = graph.nodes[name]["value"]
    array = unchecked_array(name, value, FLOAT64).copy()
    if array.shape != np.shape(before):
        raise ValueError(f"{name}: expected shape {np.shape(before)}, got {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: expected finite numbers, got {value!r:.60}")
    return array if array.ndim else float(array)


def _renew_rest(graph: "nx.DiGraph[str]", again: Selection) -> None:
    """Let the rest stand for another run."""
    graph.remove_edges_from(list(graph.in_edges(REST)))
    draft = Draft()
    draft.nodes = {name: dict(node) for name, node in graph.nodes(data=True)}
    with np.errstate(all="ignore"):
        add_rest(draft, again)
    for name in RESTS:
        if name in draft.nodes:
            graph.nodes[name].update(draft.nodes[name])
    graph.add_edges_from((source, REST, edge) for source, edge in draft.pred[REST].items())
    graph.graph["shown"] = again
