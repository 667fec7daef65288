"""Computed numbers held at a value: the run with them, beside the run as it is.

A number that is held is no longer computed, so everything before it has no effect through it, and
everything after it follows. Its place has one name at all levels where there is one: `h[2,1]` for a
number of a quantity, `W_hh h[1]#2` for one of a vector that only the level of operations has.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from app.experiment.parsing import parse_number
from app.experiment.run import gradients_if_any, trace_of
from app.experiment.value import Experiment
from app.work.caching import cached
from rnn_core import Trace, computational_graph, replay
from rnn_core.graph import names

MOST_HELD = 8
LONGEST_PLACE = 80
MOST_NODES = 8000  # of a graph that is run again
MOST_NUMBERS = 8_000_000  # in its Jacobians; either takes a second or two
_ENTRY = re.compile(r"(.+)#(\d{1,9})", re.DOTALL)


@dataclass(frozen=True)
class Hold:
    """A place, and the number that is put there."""

    place: str
    value: float


@dataclass(frozen=True)
class HeldRun:
    """What the graph of a level, "operation" or "scalar", holds in the run with the holds.

    `at` says which entry of which node is held (None: the number that it is), by hold; `unknown`
    are the holds that no level has, `said` is what there is to say of what is not held.
    """

    values: Mapping[str, NDArray[np.float64]]
    grads: Mapping[str, NDArray[np.float64]]
    at: Mapping[Hold, tuple[str, int | None]]
    unknown: tuple[Hold, ...]
    loss: float | None
    said: str


def place_of(node: str, unit: int | None) -> str:
    """Return the name of a node's number; `unit` counts the numbers of a vector from 1."""
    if unit is None:
        return node
    said = names.read(node, ())
    if said.quantity is not None and said.t is not None and not said.index:
        return names.node(said.quantity, said.t, unit)
    return f"{node}#{unit}"


def written(holds: Sequence[Hold]) -> str:
    """Return holds as a text for the address."""
    return ",".join(f"{hold.place}:{hold.value!r}" for hold in holds)


def read(text: str) -> tuple[list[Hold], str]:
    """Return what a text for the address holds, and a sentence about what of it cannot be."""
    found: dict[str, Hold] = {}
    unread: list[str] = []
    for part in re.findall(r"[^:]*:[^:,]*(?:,|$)|.+$", text):
        place, _, number = part.removesuffix(",").partition(":")
        try:
            hold = made(place, number)
        except ValueError:
            unread.append(part)
        else:
            found[hold.place] = hold
    holds = list(found.values())
    said = ""
    if unread:
        said = f"Hold: expected places with numbers, as h[2,1]:0.5, got {unread[0][:60]!r}"
        said += " in the address; it is left out."
    if len(holds) > MOST_HELD:
        said = f"Hold: expected at most {MOST_HELD} numbers, got {len(holds)} in the address; "
        said += f"the first {MOST_HELD} are held."
    return holds[:MOST_HELD], said


def made(place: str, text: str) -> Hold:
    """Return a hold of a number that was typed.

    Raises
    ------
    ValueError
        It is no finite number, or the place is not a name.
    """
    if not 0 < len(place) <= LONGEST_PLACE or not place.isprintable() or ":" in place:
        raise ValueError(f"Hold: expected the name of a node, got {place[:60]!r}")
    return Hold(place, parse_number(text, f"Hold {place} at"))


@cached
def held_run(experiment: Experiment, holds: tuple[Hold, ...], level: str) -> HeldRun:
    """Return the run in which numbers are held, at a level: "operation" or "scalar".

    What cannot be held is left out and said in one sentence.
    """
    trace, grads = trace_of(experiment), gradients_if_any(experiment)
    if experiment.truncate is not None and experiment.truncate < trace.steps:
        return _nothing("Hold: expected gradients over all steps, got truncated ones")
    if too_large := _too_large(trace, level):
        return _nothing(too_large)
    graph = computational_graph(trace, grads, level=level, sample=experiment.sample)
    at = {hold: found for hold in holds if (found := _find(graph, hold.place)) is not None}
    lost = [hold for hold in holds if hold not in at]
    unknown = tuple(hold for hold in lost if not _is_elsewhere(experiment, hold, level))
    elsewhere = [hold.place for hold in lost if hold not in unknown]
    try:
        again = _replayed(graph, at)
    except ValueError as error:
        return _nothing(str(error))
    loss = None if grads is None else float(again.nodes["L"]["value"])
    return HeldRun(
        values=_numbers(again, "value"),
        grads={} if grads is None else _numbers(again, "grad"),
        at=at,
        unknown=unknown,
        loss=loss if at else None,
        said=f"{', '.join(elsewhere)}: no number of this level; held at another one only."
        if elsewhere
        else "",
    )


def _nothing(sentence: str) -> HeldRun:
    return HeldRun({}, {}, {}, (), None, f"{sentence}; nothing is held.")


def _numbers(graph: "nx.DiGraph[str]", field: str) -> dict[str, NDArray[np.float64]]:
    return {
        name: np.asarray(node[field], dtype=np.float64)
        for name, node in graph.nodes(data=True)
        if node[field] is not None
    }


def _too_large(trace: Trace, level: str) -> str:
    """Return why a run is not run again as a graph, empty where it is."""
    hidden, lines = trace.params.hidden_size, len(trace.cell.lines)
    if level == "scalar":
        size, most, what = trace.steps * (trace.params.count + 2 * hidden * lines), MOST_NODES, ""
    else:
        size, most, what = trace.steps * 4 * lines, MOST_NODES, ""
        numbers = trace.steps * hidden * (trace.params.count + 2 * hidden * lines)
        if size <= most:
            size, most, what = numbers, MOST_NUMBERS, " in its Jacobians"
    if size <= most:
        return ""
    kind = "numbers" if what else "nodes"
    return (
        f"Hold: expected a graph of at most {most:,} {kind}{what}, got one of about {size:,} at "
        f"level {level}"
    )


def _find(graph: "nx.DiGraph[str]", place: str) -> tuple[str, int | None] | None:
    """Return the node of a place, and which entry of it (from 0; None of a number)."""
    name, entry = place, None
    if place not in graph:
        said = names.read(place, ())
        if said.quantity is not None and said.t is not None and len(said.index) == 1:
            name, entry = names.node(said.quantity, said.t), said.index[0] - 1
        elif part := _ENTRY.fullmatch(place):
            name, entry = part[1], int(part[2]) - 1
        if name not in graph or entry is None:
            return None
    shape = np.shape(graph.nodes[name]["value"])
    computed = graph.nodes[name]["op"] is not None and graph.nodes[name]["kind"] != "rest"
    fits = shape == () if entry is None else len(shape) == 1 and 0 <= entry < shape[0]
    return (name, entry) if computed and fits else None


def _is_elsewhere(experiment: Experiment, hold: Hold, level: str) -> bool:
    """Whether the other level has a place."""
    trace, other = trace_of(experiment), "operation" if level == "scalar" else "scalar"
    if _too_large(trace, other):
        return False
    graph = computational_graph(trace, None, level=other, sample=experiment.sample, jacobians=False)
    return _find(graph, hold.place) is not None


def _replayed(
    graph: "nx.DiGraph[str]", at: Mapping[Hold, tuple[str, int | None]]
) -> "nx.DiGraph[str]":
    changed: dict[str, Any] = {}
    entries: dict[str, list[int]] = {}
    for hold, (name, entry) in at.items():
        if entry is None:
            changed[name] = hold.value
            continue
        changed.setdefault(name, np.array(graph.nodes[name]["value"], dtype=np.float64))
        changed[name][entry] = hold.value
        entries.setdefault(name, []).append(entry)
    for name, value in changed.items():
        if name in entries:  # what is computed anew need not be finite before
            value[[k for k in range(len(value)) if k not in entries[name]]] = 0.0
    return replay(graph, changed, at=entries)
