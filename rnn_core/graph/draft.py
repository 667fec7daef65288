"""A graph being written down: nodes and edges in computation order, added to networkx at once."""

from typing import Any

import networkx as nx


class Draft:
    """Collects nodes and edges; networkx takes two long lists far faster than single calls."""

    def __init__(self) -> None:
        self.nodes: list[tuple[str, dict[str, Any]]] = []
        self.edges: list[tuple[str, str, dict[str, Any]]] = []

    def node(
        self,
        name: str,
        kind: str,
        t: int | None,
        symbol: str,
        latex: str,
        op: str | None,
        value: Any,
        grad: Any,
        index: tuple[int, ...] | None = None,
    ) -> str:
        """Write one node down and return its id."""
        self.nodes.append(
            (
                name,
                {
                    "kind": kind,
                    "t": t,
                    "symbol": symbol,
                    "latex": latex,
                    "op": op,
                    "index": index,
                    "value": value,
                    "grad": grad,
                },
            )
        )
        return name

    def edge(self, source: str, sink: str, slot: int, local: Any) -> None:
        """Write one edge down."""
        self.edges.append((source, sink, {"local": local, "slot": slot}))

    def cut_edge(self, source: str, sink: str, slot: int, local: Any) -> None:
        """Write an edge down that carries values forward but no gradient back."""
        marked = {"local": 0 * local, "slot": slot, "cut": True, "uncut_local": local}
        self.edges.append((source, sink, marked))

    def graph(self, **attributes: Any) -> "nx.DiGraph[str]":
        """Return what was written down as a graph."""
        made = nx.DiGraph(**attributes)
        made.add_nodes_from(self.nodes)
        made.add_edges_from(self.edges)
        return made


def latex_of(name: str) -> str:
    """W_hh → W_{hh}: a parameter in LaTeX."""
    stem, _, sub = name.partition("_")
    return f"{stem}_{{{sub}}}"
