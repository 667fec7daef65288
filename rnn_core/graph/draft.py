"""A graph in the making: lists that become a NetworkX graph in one go."""

from collections.abc import Sequence
from typing import Any

import networkx as nx

from rnn_core.graph.rules import rule_of


class Draft:
    """Nodes and edges in the order of the computation."""

    def __init__(self) -> None:
        self.nodes: dict[str, dict[str, Any]] = {}
        self.edges: list[tuple[str, str, dict[str, Any]]] = []

    def node(
        self,
        name: str,
        kind: str,
        t: int | None,
        value: Any,
        grad: Any,
        *,
        symbol: str,
        latex: str,
        op: str | None = None,
        index: tuple[int, ...] | None = None,
        operands: Sequence[str] = (),
        locals_: Sequence[Any] | None = None,
    ) -> str:
        """Add a node and the edges from its operands; return its name.

        Without `locals_` the local derivatives are None until `differentiate`.
        """
        self.nodes[name] = {
            "kind": kind,
            "t": t,
            "symbol": symbol,
            "latex": latex,
            "op": op,
            "index": index,
            "value": value,
            "grad": grad,
        }
        for slot, operand in enumerate(operands):
            local = None if locals_ is None else locals_[slot]
            self.edges.append((operand, name, {"local": local, "slot": slot}))
        return name

    def differentiate(self) -> None:
        """Fill in the local derivatives that are still missing, by the rules of the operations."""
        values: dict[str, list[Any]] = {}
        for source, sink, _ in self.edges:
            values.setdefault(sink, []).append(self.nodes[source]["value"])
        for _, sink, edge in self.edges:
            node = self.nodes[sink]
            if edge["local"] is None and node["op"] not in (None, "total"):
                rule = rule_of(node["op"])
                edge["local"] = rule.local(values[sink], node["value"], edge["slot"])

    def graph(self, **about: Any) -> "nx.DiGraph[str]":
        """Return the NetworkX graph, with `about` as its attributes."""
        made: nx.DiGraph[str] = nx.DiGraph(**about)
        made.add_nodes_from(self.nodes.items())
        made.add_edges_from(self.edges)
        return made
