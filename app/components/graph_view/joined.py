"""What is read from the logits stands around its loss, which saves two rows."""

from collections.abc import Mapping
from typing import Any

import networkx as nx

from app.figures.spacing import BESIDE, READOUT

Place = tuple[float, float]

AROUND_LOSS = {"p": -1, "l": 0, "y": 1}
FEW = 3  # places between two logits that leave room for what is read from them


def joined(graph: "nx.DiGraph[str]", places: Mapping[str, Place]) -> dict[str, Place]:
    """Return the places, with the rows together that fit beside each other.

    Of several steps that are read out, the loss L stands over the last: there the forward pass ends
    and the first look goes.
    """
    found = dict(places)
    timed = {name: node for name, node in graph.nodes(data=True) if node["kind"] != "parameter"}
    stems = {name: stem_of(node) for name, node in timed.items()}
    if any(node["index"] is not None for node in timed.values()):
        logits = sorted(timed[name]["t"] for name, stem in stems.items() if stem == "a")
        middles = {timed[name]["t"]: found[name][0] for name, stem in stems.items() if stem == "a"}
        one_each = len(middles) == len(logits)
        apart = middles[logits[1]] - middles[logits[0]] if one_each and len(logits) > 1 else None
        if one_each and (apart is None or apart >= FEW * BESIDE):
            _together(found, timed, stems, middles, BESIDE)
    else:
        middles = {
            node["t"]: found[name][0] for name, node in timed.items() if node["quantity"] == "h"
        }
        _together(found, timed, stems, middles, READOUT)
    _loss_over_last(found, timed, stems)
    for name, other in aside(graph).items():
        found[name] = (found[other][0] - BESIDE, found[other][1])
    return found


def _together(
    found: dict[str, Place],
    timed: Mapping[str, Mapping[str, Any]],
    stems: Mapping[str, str],
    middles: Mapping[int, float],
    beside: float,
) -> None:
    """Set prediction, loss and target into the lowest of their rows, around their step."""
    members = [name for name, stem in stems.items() if stem in AROUND_LOSS]
    row = max((found[name][1] for name in members), default=0.0)
    for name in members:
        found[name] = (middles[timed[name]["t"]] + AROUND_LOSS[stems[name]] * beside, row)


def _loss_over_last(
    found: dict[str, Place], timed: Mapping[str, Mapping[str, Any]], stems: Mapping[str, str]
) -> None:
    terms = [name for name, stem in stems.items() if stem == "l"]
    if "L" not in stems.values() or not terms:
        return
    last = max(timed[name]["t"] for name in terms)
    above = [found[name][0] for name in terms if timed[name]["t"] == last]
    loss = next(name for name, stem in stems.items() if stem == "L")
    found[loss] = (sum(above) / len(above), found[loss][1])


def aside(graph: "nx.DiGraph[str]") -> dict[str, str]:
    """Return what stands just to the left of another, taking no width of its column.

    Vectors that are read out once: the prediction to the left of its loss, and the target above it,
    to the left of L, where its edge crosses none.
    """
    named = {"a": [], "p": [], "y": [], "l": [], "L": []}  # type: dict[str, list[str]]
    for name, node in graph.nodes(data=True):
        if node["kind"] != "parameter" and node["quantity"] in named:
            named[node["quantity"]].append(name)
    of_units = any(
        node["index"] is not None
        for _, node in graph.nodes(data=True)
        if node["kind"] != "parameter"
    )
    once = all(len(named[each]) == 1 for each in ("a", "p", "y", "L")) and named["l"]
    if graph.graph["level"] == "rolled" or of_units or not once:
        return {}
    return {named["p"][0]: named["l"][0], named["y"][0]: named["L"][0]}


def stem_of(node: Mapping[str, Any]) -> str:
    """Return what a node is in its step: the quantity, or the parameter that it is a product of."""
    return str(node["parameter"] or node["quantity"])
