"""A graph with the symbols of another notation, for pictures; data keep ours, and say so."""

from typing import TYPE_CHECKING

import numpy as np

from rnn_core.cells import Rewriter

if TYPE_CHECKING:
    import networkx as nx


NOTATION = "notation"


def explained(graph: "nx.DiGraph[str]", legend: str) -> "nx.DiGraph[str]":
    """Return the graph with a sentence on what its names are in another notation, if any."""
    if not legend:
        return graph
    made = graph.copy()
    made.graph[NOTATION] = legend
    return made


def in_notation(graph: "nx.DiGraph[str]", writer: Rewriter | None) -> "nx.DiGraph[str]":
    """Return the graph as a notation writes it: its names stay, by which nodes are told apart.

    Where vectors are rows, the numbers of a matrix stand in the rows that it has there.
    """
    if writer is None or writer.table is None:
        return graph
    made = graph.copy()
    for _, node in made.nodes(data=True):
        node["symbol"] = writer.plain(node["symbol"])
        node["latex"] = writer.latex(node["latex"])
        if writer.table["rows"] and node["kind"] == "parameter":
            for numbers in ("value", "grad"):
                if np.ndim(node[numbers]) == 2:
                    node[numbers] = node[numbers].T
    return made
