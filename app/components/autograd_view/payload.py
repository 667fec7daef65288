"""What the component receives: two graphs, what links them, and the frames of the player.

`places` are the nodes of ours where they stand on its own page; a node of a pane stands `at` one of
them, what is at the same place being the same thing. A node is born at a frame and felt at another
(null: never). Frames are counted from 1, forward and then backward; at 0 nothing has run. Numbers
that JSON has no form for travel as strings.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import ArrayLike

from app.components.autograd_view.facts import our_facts, torch_facts
from app.components.autograd_view.timeline import Timeline
from app.components.autograd_view.words import numbers_text, ordinal
from app.components.graph_view.joined import aside
from app.components.graph_view.layout import positions
from app.components.shared.packing import as_json
from app.figures.words import short
from app.pytorch.autograd_graph import Node, Recording

WRITTEN = 4096
"""The most numbers of one node that travel: those of the largest weight matrix."""
DIGITS = 8

Pane = dict[str, Any]


def payload(
    theirs: Recording, ours: "nx.DiGraph[str]", *, sample: int, batch: int, whole: bool
) -> dict[str, Any]:
    """Return torch's graph beside ours, with the frames of its building and of its walk."""
    timeline = Timeline(theirs)
    shown = _Sample(sample, batch)
    back = _inverse(theirs, ours)
    return {
        **_places(ours),
        "panes": [
            _torch_pane(theirs, ours, timeline, shown),
            _our_pane(theirs, ours, timeline, back, shown, whole),
        ],
        "frames": timeline.frames,
        "forward": timeline.forward,
    }


def side_by_side(
    panes: Sequence[tuple[str, Recording, Mapping[str, str]]], ours: "nx.DiGraph[str]"
) -> dict[str, Any]:
    """Return torch graphs of a demonstration beside each other: built, with nothing to play.

    Parameters
    ----------
    panes
        Title, recording, and what became of some of its nodes, in a word or a number.
    ours
        Our graph of the same steps, for the places.
    """
    made = []
    for place, (title, recording, marks) in enumerate(panes):
        others = panes[1 - place][1].nodes if len(panes) == 2 else {}
        pane = _torch_pane(recording, ours, Timeline(recording), _Sample(0, 1))
        for node in pane["nodes"]:
            node["links"] = [node["id"]] if node["id"] in others else []
            node["mark"] = marks.get(node["id"], "")
        made.append(pane | {"title": title})
    return {**_places(ours), "panes": made, "frames": [], "forward": 0}


def _places(ours: "nx.DiGraph[str]") -> dict[str, Any]:
    """Return the nodes of ours, with what says how they are arranged."""
    places = positions(ours)
    numbered = {name: i for i, name in enumerate(ours)}
    nodes = [
        {
            "id": name,
            **{field: node.get(field) for field in ("kind", "op", "latex")},
            "shape": list(np.shape(node["value"])),
            "x": round(places[name][0], 1),
            "y": round(places[name][1], 1),
        }
        for name, node in ours.nodes(data=True)
    ]
    beside = [[numbered[name], numbered[other]] for name, other in aside(ours).items()]
    return {"places": nodes, "aside": beside}


class _Sample:
    """The column of a batch that is shown."""

    def __init__(self, sample: int, batch: int) -> None:
        self.sample, self.wide = sample, batch > 1

    def of(self, array: ArrayLike, *, parameter: bool) -> Any:
        """Return the numbers of the sequence shown; parameters belong to all."""
        whole = np.asarray(array)
        if parameter:
            return whole[:, 0] if self.wide and whole.ndim == 2 and whole.shape[1] == 1 else whole
        return whole[:, self.sample] if self.wide and whole.ndim == 2 else whole


def rounded_numbers(array: ArrayLike) -> list[float | str]:
    """Return the numbers, rounded for drawing, or none where they are too many."""
    flat = np.ravel(np.asarray(array, dtype=float))
    if flat.size > WRITTEN:
        return []
    return [as_json(float(f"{value:.{DIGITS}g}")) for value in flat.tolist()]


def _torch_pane(
    theirs: Recording,
    ours: "nx.DiGraph[str]",
    timeline: Timeline,
    shown: _Sample,
) -> Pane:
    received = {visit.node: visit.gradient for visit in theirs.visits}
    order = {visit.node: place for place, visit in enumerate(theirs.visits, start=1)}
    nodes = []
    for node in theirs.nodes.values():
        value = None if node.value is None else shown.of(node.value, parameter=node.shared)
        gradient = received.get(node.id)
        later = []
        part: Any = 0.0
        numbers: list[float | str] | None = None
        if gradient is not None:
            part = shown.of(gradient, parameter=node.shared)
            numbers = rounded_numbers(part)
            where = "added to .grad" if node.is_leaf else "gradient received"
            later = [
                ["visited", f"{ordinal(order[node.id])} of {len(order)}"],
                [where, numbers_text(part)],
            ]
        nodes.append(
            {
                "id": node.id,
                "at": next(name for name in node.links if name in ours),
                "kind": "leaf" if node.is_leaf else "function",
                "shared": node.shared,
                "name": node.name,
                "latex": node.latex,
                "symbol": node.symbol,
                "shape": list(np.shape(part if value is None else value)),
                "value": [] if value is None else rounded_numbers(value),
                "grad": numbers,
                "born": timeline.born[node.id],
                "felt": timeline.felt.get(node.id),
                "links": [name for name in node.links if name in ours],
                "facts": torch_facts(theirs, node, value),
                "later": later,
            }
        )
    return {"title": "PyTorch", "nodes": nodes, "edges": [list(edge) for edge in theirs.edges]}


def _our_pane(
    theirs: Recording,
    ours: "nx.DiGraph[str]",
    timeline: Timeline,
    back: Mapping[str, list[str]],
    shown: _Sample,
    whole: bool,
) -> Pane:
    received = {visit.node: visit.gradient for visit in theirs.visits}
    nodes = []
    for name, node in ours.nodes(data=True):
        linked = back.get(name, [])
        born = max((timeline.born[each] for each in linked), default=None)
        felt = [timeline.felt[each] for each in linked if each in timeline.felt]
        gradient = node["grad"]
        later = [["gradient", numbers_text(gradient)]] if felt and gradient is not None else []
        # What enters from outside the steps drawn has only their part of the gradient here.
        shared = node["kind"] == "parameter" or node["t"] == ours.graph["steps"][0] - 1
        averaged = shown.wide and node["quantity"] == "l"  # torch's is the mean over the batch
        if felt and gradient is not None and (whole or not shared) and not averaged:
            apart = _apart(received[linked[0]], gradient, theirs.nodes[linked[0]], shown)
            if apart is not None:
                text = "none, to the last bit" if apart == 0 else short(apart, 2)
                later.append(["difference to PyTorch’s", text])
        nodes.append(
            {
                "id": name,
                "at": name,
                "kind": node["kind"],
                "shared": node["kind"] == "parameter",
                "name": "",
                "latex": node["latex"],
                "symbol": node["symbol"],
                "shape": list(np.shape(node["value"])),
                "value": rounded_numbers(np.nan if node["value"] is None else node["value"]),
                "grad": rounded_numbers(gradient) if felt and gradient is not None else None,
                "born": born if born is not None else _born_with(name, ours, timeline, back),
                "felt": min(felt, default=None),
                "links": linked,
                "facts": our_facts(node, len(ours.pred[name]), linked),
                "later": later,
            }
        )
    return {"title": "Ours", "nodes": nodes, "edges": [list(edge) for edge in ours.edges]}


def _born_with(
    name: str, ours: "nx.DiGraph[str]", timeline: Timeline, back: Mapping[str, list[str]]
) -> int:
    """Return when a node without a counterpart appears: p, y with the logit of their step."""
    node = ours.nodes[name]
    if node["kind"] == "rest":
        return timeline.forward
    if node["kind"] in ("probability", "target"):
        with_it = [
            n
            for n, each in ours.nodes(data=True)
            if (each["quantity"], each["t"]) == ("a", node["t"])
        ]
    else:
        with_it = list(ours.pred[name])
    return max((timeline.born[each] for n in with_it for each in back.get(n, [])), default=0)


def _apart(received: Any, gradient: Any, node: Node, shown: _Sample) -> float | None:
    """Return the largest difference between both gradients, None where they mean another thing."""
    theirs = shown.of(received, parameter=node.shared)
    if np.shape(theirs) != np.shape(gradient):
        return None
    with np.errstate(all="ignore"):
        apart = float(np.max(np.abs(np.subtract(theirs, gradient)), initial=0.0))
    return apart if np.isfinite(apart) else None


def _inverse(theirs: Recording, ours: "nx.DiGraph[str]") -> dict[str, list[str]]:
    """Return torch's nodes for each node of ours, the one that finishes it first."""
    back: dict[str, list[str]] = defaultdict(list)
    for node in theirs.nodes.values():
        for name in node.links:
            if name in ours:
                back[name].insert(0, node.id)
    return back
