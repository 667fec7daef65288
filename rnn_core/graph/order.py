"""The order in which the numbers of a graph are computed."""

import networkx as nx

from rnn_core._checks import of, takes


@takes(graph=of(nx.DiGraph))
def computation_order(graph: "nx.DiGraph[str]") -> list[str]:
    """Return the nodes in a topological order that is local in time.

    Parameters and the initial state come first, then each step from its input to its state, with
    its readout, then the loss. Graphs of `computational_graph` are built in this order; one that
    was changed since is sorted again, as close to it as its edges allow.

    Raises
    ------
    ValueError
        The graph has a cycle, as the rolled network has.
    """
    place = {name: position for position, name in enumerate(graph)}
    if all(place[source] < place[sink] for source, sink in graph.edges):
        return list(graph)
    if not nx.is_directed_acyclic_graph(graph):
        raise ValueError("graph: expected one without cycles, got the rolled network")
    return list(nx.lexicographical_topological_sort(graph, key=place.__getitem__))
