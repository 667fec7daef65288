"""Where torch's nodes are drawn: beside the place of the node of ours that stands for the same.

So both graphs have one shape, and what is at the same place is the same thing. Units are pixels.
"""

from collections.abc import Mapping

import networkx as nx

from app.components.graph_view.layout import positions
from app.components.graph_view.spacing import BESIDE, ROW
from app.pytorch.autograd_graph import Recording

Place = tuple[float, float]

NARROW, FLAT = 0.8, 0.66  # boxes are smaller here than on the page of ours alone
READOUT = 124.0
"""Between the middles of a prediction and its target, whose boxes are 102 wide."""
RECURRENT = 1.9  # rows from the bottom, as in ours but for the two additions of a step
ROWS = {"s": 2.6, "z": 3.3, "h": 4.0}
LOSS_ROW = 7.0
STACKED = 0.7  # of a row, between nodes that ours has one of


def our_places(graph: "nx.DiGraph[str]") -> dict[str, Place]:
    """Return the place of each node of our graph, y growing downwards."""
    places = {name: (x * NARROW, y * FLAT) for name, (x, y) in positions(graph).items()}
    for name, (x, y) in places.items():
        stem, _, step = name.partition("[")
        if stem in ("p", "y"):
            middle, _ = places[f"a[{step}"]
            places[name] = (middle + (x - middle) * READOUT / (BESIDE * NARROW), y)
    return places


def torch_places(recording: Recording, ours: Mapping[str, Place]) -> dict[str, Place]:
    """Return the place of each node of torch's graph."""
    placed: dict[str, Place] = {}
    row, step = LOSS_ROW, None
    for node in recording.nodes.values():
        link = next((name for name in node.links if name in ours), None)
        x, y = ours[link] if link is not None else (0.0, 0.0)
        stem = node.id.partition("[")[0]
        if not node.is_leaf:
            if stem == "l":
                row = row + STACKED if node.step == step else LOSS_ROW
                step = node.step
                y = -row * ROW * FLAT
            elif node.links == ("L",):
                row += STACKED
                y = -row * ROW * FLAT
            elif stem == "W_hh h":
                y = -RECURRENT * ROW * FLAT
            elif stem in ROWS:
                y = -ROWS[stem] * ROW * FLAT
        placed[node.id] = (x, y)
    return placed
