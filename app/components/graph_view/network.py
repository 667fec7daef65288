"""The core's graph as a pyvis network: fixed places, plain Python types, no physics."""

import networkx as nx
import numpy as np
from pyvis.network import Network
from pyvis.node import Node

from app.components.graph_view.layout import positions
from app.figures.words import short

OPTIONS = """{
  "physics": {"enabled": false},
  "interaction": {"dragNodes": false, "hover": true, "keyboard": false, "tooltipDelay": 100},
  "nodes": {"shape": "box", "margin": 8, "font": {"face": "monospace", "size": 16}},
  "edges": {"smooth": false, "arrows": {"to": {"enabled": true, "scaleFactor": 0.6}}}
}"""
SHOWN_ENTRIES = 4


def build(graph: "nx.DiGraph[str]") -> Network:
    """Return the network of a graph of any level.

    Nodes keep the graph's names as ids, its kinds as groups, and their values in the label.
    """
    drawn = Network(directed=True, height="100%", width="100%", cdn_resources="in_line")
    drawn.set_options(OPTIONS)
    places = positions(graph)
    # Network.add_node and add_edge compare each with all before it, which a graph has no need of.
    for name, node in graph.nodes(data=True):
        x, y = places[name]
        made = Node(
            name,
            shape="box",  # pyvis would write "dot" at each node, which options cannot change
            label=label(node["symbol"], node["value"]),
            group=node["kind"],
            x=float(x),
            y=float(y),
            fixed=True,
            physics=False,
        )
        drawn.nodes.append(made.options)
        drawn.node_ids.append(name)
        drawn.node_map[name] = made.options
    drawn.edges.extend({"from": source, "to": sink, "arrows": "to"} for source, sink in graph.edges)
    return drawn


def label(symbol: str, value: object) -> str:
    """Return the symbol over its value: a number, a short vector, or a shape."""
    if value is None:
        return symbol
    array = np.asarray(value, dtype=float)
    if array.size > SHOWN_ENTRIES:
        return f"{symbol}\n{' × '.join(map(str, array.shape))}"
    return f"{symbol}\n" + "  ".join(map(short, array.ravel().tolist()))
