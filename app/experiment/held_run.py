"""The run in which some computed numbers are held, beside the run as it is.

A number that is held is no longer computed, so everything before it has no effect through it, and
everything after it follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from app.experiment.holding import Hold, in_vector
from app.experiment.run import gradients_if_any, trace_of
from app.experiment.value import Experiment
from app.work.caching import cached
from rnn_core import (
    Gradients,
    Trace,
    backward,
    computational_graph,
    replay,
    truncated_gradients,
)
from rnn_core.graph.selection import Selection

MOST_NODES = 8000  # of a graph that is run again
MOST_NUMBERS = 8_000_000  # in its Jacobians; either takes a second or two


@dataclass(frozen=True)
class HeldRun:
    """The run with the holds as the graph of a level, "operation" or "scalar"; None for nothing.

    `at` says which entry of which node is held (None: the number that it is), by hold; `unknown`
    are the holds that no level has, `said` is what there is to say of what is not held.
    """

    graph: "nx.DiGraph[str] | None"
    at: Mapping[Hold, tuple[str, int | None]]
    unknown: tuple[Hold, ...]
    loss: float | None
    said: str

    @cached_property
    def values(self) -> Mapping[str, NDArray[np.float64]]:
        """The value of each node."""
        return self._numbers("value")

    @cached_property
    def grads(self) -> Mapping[str, NDArray[np.float64]]:
        """The gradient of each node; empty where there is no loss."""
        return self._numbers("grad")

    def _numbers(self, field: str) -> Mapping[str, NDArray[np.float64]]:
        nodes = [] if self.graph is None else self.graph.nodes(data=True)
        return {
            name: np.asarray(node[field], dtype=np.float64)
            for name, node in nodes
            if node[field] is not None
        }


@cached
def held_run(experiment: Experiment, holds: tuple[Hold, ...], level: str) -> HeldRun:
    """Return the run in which numbers are held, at a level: "operation" or "scalar".

    What cannot be held is left out and said in one sentence.
    """
    trace, grads = trace_of(experiment), gradients_if_any(experiment)
    if too_large := _too_large(trace, level):
        return _nothing(too_large)
    cut = grads is not None and grads.truncate is not None and grads.truncate < trace.steps
    whole = backward(trace) if cut else grads
    graph = computational_graph(trace, whole, level=level, sample=experiment.sample)
    at = {hold: found for hold in holds if (found := _find(graph, hold.place)) is not None}
    lost = [hold for hold in holds if hold not in at]
    unknown = tuple(hold for hold in lost if not _is_elsewhere(experiment, hold, level))
    elsewhere = [hold.place for hold in lost if hold not in unknown]
    try:
        again = _replayed(graph, at)
    except ValueError as error:
        return _nothing(str(error))
    if cut and grads is not None:
        _truncate(again, grads, experiment.sample)
    loss = None if grads is None else float(again.nodes["L"]["value"])
    return HeldRun(
        graph=again,
        at=at,
        unknown=unknown,
        loss=loss if at else None,
        said=f"{', '.join(elsewhere)}: no number of this level; held at another one only."
        if elsewhere
        else "",
    )


def _nothing(sentence: str) -> HeldRun:
    return HeldRun(None, {}, (), None, f"{sentence}; nothing is held.")


def _truncate(graph: "nx.DiGraph[str]", grads: Gradients, sample: int) -> None:
    """Let the losses go back as far as those of `grads` do; other sequences are as they were."""
    steps = grads.trace.steps
    found = truncated_gradients(graph, grads.truncate or steps)
    others = Selection(grads.trace, grads, sample, 1, steps).outside_parameters()
    for name, node in graph.nodes(data=True):
        node["grad"] = found[name]
        if node["kind"] == "parameter":
            place = ... if node["index"] is None else tuple(i - 1 for i in node["index"])
            node["grad"] = node["grad"] + others[node["parameter"]][place]


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
        name, entry = in_vector(place) or ("", None)
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
