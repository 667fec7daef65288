"""Torch's graph as a pyvis network, drawn like ours: fixed places, no physics."""

from collections.abc import Mapping

from pyvis.network import Network

from app.components.graph_view.network import OPTIONS
from app.pytorch.autograd_graph import Recording


def build(recording: Recording, places: Mapping[str, tuple[float, float]]) -> Network:
    """Return the network of a recording.

    Ids are those of the recording; an edge runs the way of the gradient, from a node to those in
    its `next_functions`.
    """
    drawn = Network(directed=True, height="100%", width="100%", cdn_resources="in_line")
    drawn.set_options(OPTIONS)
    for node in recording.nodes.values():
        x, y = places[node.id]
        drawn.add_node(
            node.id,
            label=node.name,
            group="leaf" if node.is_leaf else "function",
            shape="box",
            x=float(x),
            y=float(y),
            fixed=True,
            physics=False,
        )
    drawn.edges.extend({"from": a, "to": b, "arrows": "to"} for a, b in recording.edges)
    return drawn
