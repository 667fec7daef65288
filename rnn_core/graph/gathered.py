"""The numbers of a graph without the graph: where each of them stands among the arrays of a run.

Nearly all the time that a graph takes goes into names and formulas, which are those of every run of
its kind. So of a graph of a whole run it is found once where its numbers stand; of another run with
the same sizes they are gathered from there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from rnn_core.cells.cell import ADD, INPUT
from rnn_core.frozen import Frozen
from rnn_core.graph.numbers import Numbers, gradients_at, readout_at, slopes_of, values_at
from rnn_core.graph.rules import slots_of
from rnn_core.graph.scalar_outputs import prediction_slopes
from rnn_core.graph.selection import Selection
from rnn_core.interpreter.program import LOGIT, READ
from rnn_core.types import Gradients, Trace

Key = str | tuple[str, str]
Indices = NDArray[np.intp]
PRODUCTS, SLOPES, MEAN = "products", "slopes", "mean"
BY_LOGIT, BY_TARGET = "by logit", "by target"
READOUT = (READ, LOGIT, "p", "y", "l")  # has rows for the steps that are read out alone


class Pool:
    """Arrays, one after the other, with the place of each."""

    def __init__(self) -> None:
        self.at: dict[Key, tuple[int, tuple[int, ...]]] = {}
        self._parts: list[Any] = []
        self._size = 0

    def add(self, key: Key, array: Any) -> None:
        """Append an array, or a number."""
        part = np.asarray(array)
        self.at[key] = self._size, part.shape
        self._size += part.size
        self._parts.append(part.ravel())

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """All of them."""
        return np.concatenate(self._parts, dtype=np.float64)

    def places(self, key: Key, *index: int) -> range:
        """Return the places of an array, or of the part of it that the first indices name."""
        start, shape = self.at[key]
        for size, i in zip(shape, index, strict=False):
            if not 0 <= i < size:
                raise IndexError(f"{key}: expected a place within {shape}, got {index}")
        size = int(np.prod(shape[len(index) :], dtype=int))
        offset = 0
        for k, i in enumerate(index):
            offset += i * int(np.prod(shape[k + 1 :], dtype=int))
        return range(start + offset, start + offset + size)


class Run:
    """All numbers of a run that graphs of it hold, for one sequence: values, and gradients."""

    def __init__(self, trace: Trace, grads: Gradients | None, sample: int) -> None:
        shown = Selection(trace, grads, sample, 1, trace.steps)
        self.shown = shown
        with np.errstate(all="ignore"):
            inside = values_at(shown.plan, trace, sample, shown.rows)
            of_readout = readout_at(trace, grads, sample, shown.read_out)
            self.values = _values(shown, inside, of_readout[0])
            self.grads = None if grads is None else _grads(shown, grads, inside, of_readout[1])


def shows_all(trace: Trace, grads: Gradients | None, sample: int) -> bool:
    """Whether a graph of all steps shows all that adds to its gradients, so that it has no rest."""
    return not Selection(trace, grads, sample, 1, trace.steps).partial


def _values(shown: Selection, inside: Numbers, read: Numbers) -> Pool:
    trace, plan, sample = shown.trace, shown.plan, shown.sample
    pool = Pool()
    for name, array in trace.params.items():
        pool.add(name, array)
    pool.add(INPUT, trace.x[:, sample])
    for state in plan.cell.states:
        pool.add(state, trace[state][:, sample])
    for step in plan.instructions:
        values = read if step.name in READOUT else inside
        if step.name not in plan.cell.states:
            pool.add(step.name, values[step.name])
        if step.op.of_matrix:
            W, v = (values[str(operand)] for operand in step.operands)
            pool.add((step.name, PRODUCTS), W * v[:, np.newaxis, :])
        elif step.op.name != ADD:
            pool.add((step.name, SLOPES), np.stack(slopes_of(step, values), axis=-1))
    a, p = trace.logits[:, sample], trace.prediction[:, sample]
    pool.add("p", p)
    pool.add(("p", SLOPES), [prediction_slopes(shown, *each) for each in zip(a, p, strict=True)])
    if trace.target is not None:
        terms, by_logit, by_target = shown.losses
        pool.add("y", trace.target[:, sample])
        pool.add("l", terms)
        pool.add(("l", MEAN), [shown.term(t) for t in shown.read_out])
        pool.add(("l", BY_LOGIT), by_logit)
        pool.add(("l", BY_TARGET), by_target)
        pool.add("L", np.nan if trace.loss is None else trace.loss)
    pool.add("1", 1.0)
    pool.add("1/n", 1.0 / (shown.terms * shown.each))
    return pool


def _grads(shown: Selection, grads: Gradients, inside: Numbers, read: Numbers | None) -> Pool:
    trace, plan, sample = shown.trace, shown.plan, shown.sample
    found = gradients_at(plan, inside, grads, sample, shown.rows)
    pool = Pool()
    for name, array in grads.parameters.items():
        pool.add(name, array)
    pool.add(INPUT, grads[INPUT][:, sample])
    for state in plan.cell.states:
        pool.add(state, grads[state][:, sample])
    for step in plan.instructions:
        if step.name not in plan.cell.states:
            by = read if read is not None and step.name in READOUT else found
            pool.add(step.name, by[step.name])
    pool.add("p", np.zeros_like(trace.prediction[:, sample]))
    if trace.target is not None and shown.by_term is not None:
        terms, _, by_target = shown.losses
        pool.add("y", shown.by_term * by_target)
        pool.add("l", np.full(terms.shape, shown.by_term))
        pool.add(("l", MEAN), np.full(len(terms), shown.scale))
        pool.add("L", float(shown.by_loss))
    return pool


@dataclass(frozen=True)
class Places(Frozen):
    """Where the numbers of a graph stand: of its nodes in an order, and of some of its edges."""

    values: Indices
    grads: Indices | None
    locals: Indices

    def read(self, run: Run) -> "Read":
        """Return the numbers of a run of the same sizes."""
        values = run.values.numbers
        grads = None if self.grads is None or run.grads is None else run.grads.numbers[self.grads]
        return Read(values[self.values], grads, values[self.locals])


@dataclass(frozen=True)
class Read(Frozen):
    """Values, gradients and local derivatives, each one after the other."""

    values: NDArray[np.float64]
    grads: NDArray[np.float64] | None
    locals: NDArray[np.float64]


def places_of(
    graph: "nx.DiGraph[str]", nodes: Sequence[str], edges: Sequence[tuple[str, str]], run: Run
) -> Places | None:
    """Find where the numbers of a graph of a whole run stand, `run` being that one.

    None where one is in none of the arrays. What is found is compared with what the graph holds,
    digit by digit.
    """
    held = [graph.nodes[name] for name in nodes]
    try:
        values = _flat(_place(node, run.values, run, "value") for node in held)
        grads = None
        if run.grads is not None:
            grads = _flat(_place(node, run.grads, run, "grad") for node in held)
        locals_ = _flat(_local(graph, source, sink, run) for source, sink in edges)
    except (KeyError, IndexError, ValueError):
        return None
    found = Places(values, grads, locals_)
    read = found.read(run)
    same = _same(read.values, (node["value"] for node in held))
    same = same and _same(read.locals, (graph.edges[edge]["local"] for edge in edges))
    if read.grads is not None:
        same = same and _same(read.grads, (node["grad"] for node in held))
    return found if same else None


def _place(node: Mapping[str, Any], pool: Pool, run: Run, side: str) -> range:
    """Return where the numbers of a node stand among the values, or among the gradients."""
    variable, t = node["variable"], node["t"]
    units = tuple(i - 1 for i in node["index"] or ())
    if node["kind"] == "parameter" or variable == "L":
        return pool.places(variable, *units)
    states = run.shown.trace.cell.states
    if node.get("times"):
        everything = pool.places(variable)
        # A state without the one before the first step.
        return everything[len(pool.places(variable, 0)) if variable in states else 0 :]
    key: Key = variable
    if node["kind"] == "product" and len(units) == 2:
        if side == "value":
            key = (variable, PRODUCTS)
        else:  # that of the sum it feeds
            units = units[:1]
    elif not units and (variable, MEAN) in pool.at:
        key = (variable, MEAN)
    before = key in states  # which have a row for the state before the first step
    return pool.places(key, _row(variable, t, run) + before, *units)


def _row(variable: str, t: int, run: Run) -> int:
    """Return how many steps with that variable come before step t."""
    return t - (run.shown.read_out[0] if variable in READOUT else 1)


def _local(graph: "nx.DiGraph[str]", source: str, sink: str, run: Run) -> range:
    """Return where the local derivative of an edge between two numbers stands."""
    node, pool, variable = graph.nodes[sink], run.values, graph.nodes[sink]["variable"]
    (slot,) = slots_of(graph.edges[source, sink])
    if variable == "L":
        return pool.places("1/n")
    if node["op"] == ADD:
        return pool.places("1")
    if node["kind"] == "product" and len(node["index"]) == 2:  # by one factor: the other one
        (other,) = (name for name in graph.pred[sink] if name != source)
        return _place(graph.nodes[other], pool, run, "value")
    row = _row(variable, node["t"], run)
    if variable == "l":
        read = graph.nodes[source]
        side = BY_TARGET if read["variable"] == "y" else BY_LOGIT
        return pool.places((variable, side), row, read["unit"] - 1)
    return pool.places((variable, SLOPES), row, node["unit"] - 1, slot)


def _flat(places: Iterable[range]) -> Indices:
    parts = [np.arange(part.start, part.stop, dtype=np.intp) for part in places]
    return np.concatenate(parts) if parts else np.empty(0, np.intp)


def _same(read: NDArray[np.float64], held: Iterable[Any]) -> bool:
    parts = [np.ravel(np.asarray(array, np.float64)) for array in held]
    return np.array_equal(read, np.concatenate(parts) if parts else np.empty(0), equal_nan=True)
