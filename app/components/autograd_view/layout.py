"""Where both graphs are drawn: what is at the same place is the same thing. Units are pixels.

A place of ours holds all nodes of torch's that stand for it: the one that finishes it there, those
before it underneath. So a row is as high as the most of them need, in both graphs.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

import networkx as nx

from app.components.graph_view.layout import positions
from app.components.graph_view.spacing import ROW
from app.pytorch.autograd_graph import Recording

Place = tuple[float, float]

NARROW, FLAT = 0.8, 0.66  # boxes are smaller here than on the page of ours alone
ASIDE = 124.0
"""Between the middles of two boxes side by side, which are 102 wide and more."""
STACKED = 0.7 * ROW * FLAT
"""Between nodes that ours has one of."""


def places_of(
    graph: "nx.DiGraph[str]", recordings: Iterable[Recording]
) -> tuple[dict[str, Place], list[dict[str, Place]]]:
    """Return the place of each node of our graph, y growing downwards, and of each of torch's."""
    ours = _narrowed(graph)
    stacks = [_stacks(recording, ours) for recording in recordings]
    needed: dict[float, int] = defaultdict(int)
    for stack in stacks:
        for name, nodes in stack.items():
            _, y = ours[name]
            needed[y] = max(needed[y], len(nodes) - 1)
    raised, by = {}, 0.0
    for y in sorted({y for _, y in ours.values()}, reverse=True):
        by += needed[y] * STACKED
        raised[y] = y - by
    ours = {name: (x, raised[y]) for name, (x, y) in ours.items()}
    theirs = [
        {
            node: (ours[name][0], ours[name][1] + below * STACKED)
            for name, nodes in stack.items()
            for below, node in enumerate(reversed(nodes))
        }
        for stack in stacks
    ]
    return ours, theirs


def _stacks(recording: Recording, ours: Mapping[str, Place]) -> dict[str, list[str]]:
    """Return torch's nodes for each node of ours that they stand for first, as they were made."""
    stacks: dict[str, list[str]] = defaultdict(list)
    for node in recording.nodes.values():
        stacks[next(name for name in node.links if name in ours)].append(node.id)
    return stacks


def _narrowed(graph: "nx.DiGraph[str]") -> dict[str, Place]:
    """Return the places of our graph, closer: boxes in a row just do not touch."""
    places = positions(graph)
    logits = {node["t"]: places[n] for n, node in graph.nodes(data=True) if node["quantity"] == "a"}
    rows: dict[float, list[float]] = defaultdict(list)
    beside = {n for n, node in graph.nodes(data=True) if node["quantity"] in ("p", "y")}
    for name, (x, y) in places.items():
        if name not in beside:
            rows[y].append(x)
    closest = min(
        (right - left for row in rows.values() for left, right in pairwise(sorted(row))),
        default=ASIDE,
    )
    narrow = max(NARROW, ASIDE / closest)
    found = {}
    for name, (x, y) in places.items():
        middle = logits[graph.nodes[name]["t"]][0] if name in beside else x
        aside = 0.0 if x == middle else ASIDE / 2 if x > middle else -ASIDE / 2
        found[name] = (middle * narrow + aside, y * FLAT)
    return found
