"""The levels of a run's graph as they are sent: their shapes, which are cached, and their numbers.

Where a graph shows all there is of a run, it is built once for runs of that kind: of the others the
numbers are gathered from where they stand. So an edit builds no graph.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import networkx as nx

from app.components.graph_view.extent import window
from app.components.graph_view.topology import Topology, kind_of, topology_of
from app.components.shared.packing import packed_numbers
from app.work.caching import STORE
from rnn_core import Gradients, Trace, computational_graph
from rnn_core.graph.gathered import Places, Run, places_of, shows_all

MOST_GATHERED = 100_000
"""Steps times weights of a run whose numbers are gathered: the products of all are computed."""


class Levels:
    """The graphs of one sequence of a run, around a step of it, built when they are needed."""

    def __init__(self, trace: Trace, grads: Gradients | None, sample: int, step: int) -> None:
        self.trace, self.grads, self.sample, self.step = trace, grads, sample, step
        self._built: dict[str, nx.DiGraph[str]] = {}

    def graph(self, level: str) -> "nx.DiGraph[str]":
        """Return the graph of a level, or of the part of it that is sent."""
        if level not in self._built:
            self._built[level] = computational_graph(
                self.trace,
                self.grads,
                level=level,
                sample=self.sample,
                steps=window(self.trace, level, self.step),
                jacobians=False,
            )
        return self._built[level]

    def sent(self, level: str) -> dict[str, Any]:
        """Return the shape and the numbers of a level."""
        topology, values, grads, locals_ = self._numbers(level)
        return {
            "topology": topology.text,
            "value": packed_numbers(values),
            "grad": None if grads is None else packed_numbers(grads),
            "local": packed_numbers(locals_) if topology.sized else None,
            "terms": len(self.trace.logits) * self.trace.batch,
        }

    def numbers_for(self, level: str, other: "Levels") -> dict[str, Any]:
        """Return these numbers in the order of another run's nodes; none where its nodes differ."""
        topology, values, grads, _ = self._numbers(level)
        before, now = (f"{each.trace.activation}(" for each in (self, other))
        nodes = tuple(name.replace(before, now) for name in topology.nodes)  # φ(c) is called by φ
        if not self._alike(other) or nodes != tuple(other._numbers(level)[0].nodes):
            return {"value": None, "grad": None}
        return {
            "value": packed_numbers(values),
            "grad": None if grads is None else packed_numbers(grads),
        }

    def _alike(self, other: "Levels") -> bool:
        sizes = [
            (level.trace.x.shape, level.trace.logits.shape, level.trace.h.shape)
            for level in (self, other)
        ]
        return sizes[0] == sizes[1]

    def sized(self, level: str) -> tuple[tuple[str, str], ...]:
        """Return the edges of a level whose local derivatives are sent."""
        steps = window(self.trace, level, self.step)
        return topology_of(self.graph(level), self.trace, self.grads, steps).sized

    def _numbers(
        self, level: str
    ) -> tuple[Topology, Iterable[Any], Iterable[Any] | None, Iterable[Any]]:
        steps = window(self.trace, level, self.step)
        if steps is None and self._is_whole:
            kind = (Places, *kind_of(level, self.trace, self.grads, None))
            topology, places = STORE.get(kind, lambda: self._placed(level))
            if places is not None:
                read = places.read(self._run)
                grads = None if read.grads is None else [read.grads]
                return topology, [read.values], grads, [read.locals]
        graph = self.graph(level)
        topology = topology_of(graph, self.trace, self.grads, steps)
        nodes = [graph.nodes[name] for name in topology.nodes]
        return (
            topology,
            (node["value"] for node in nodes),
            None if self.grads is None else (node["grad"] for node in nodes),
            (graph.edges[edge]["local"] for edge in topology.sized),
        )

    def _placed(self, level: str) -> tuple[Topology, Places | None]:
        graph = self.graph(level)
        topology = topology_of(graph, self.trace, self.grads, None)
        return topology, places_of(graph, topology.nodes, topology.sized, self._run)

    @cached_property
    def _is_whole(self) -> bool:
        size = self.trace.steps * self.trace.params.count
        return size <= MOST_GATHERED and shows_all(self.trace, self.grads, self.sample)

    @cached_property
    def _run(self) -> Run:
        return Run(self.trace, self.grads, self.sample)
