"""Watch torch build its graph, operation by operation, and walk it back.

Nothing here is invented: a node is noted when the operation that made it has run, found through
`grad_fn` and `next_functions`; a visit is noted by a hook that autograd calls before it runs a
node.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnn_core.frozen import Frozen
from rnn_core.graph.names import Called

Array = NDArray[Any]
LEAF = "AccumulateGrad"


@dataclass(frozen=True)
class Node(Frozen):
    """A node of torch's graph: a backward function, or the AccumulateGrad of a leaf."""

    id: str
    symbol: str  # the tensor it belongs to, as a line of Python has it: "z[3]"
    latex: str
    name: str  # as torch says: "AddBackward0"
    line: str  # the Python line that made it
    step: int | None  # time step, from 1
    frame: int  # the operation that made it, from 1
    number: int | None  # torch's sequence number, from 0 for this run; a leaf's node has none
    links: tuple[str, ...]  # nodes of our graph that stand for the same, the closest one first
    value: Array | None  # the tensor that the operation returned; None: torch does not give it
    saved: tuple[tuple[str, tuple[int, ...]], ...]  # names and shapes kept for the backward pass
    next: tuple[str, ...]  # the nodes its gradients go to
    shared: bool = False  # a parameter's leaf, which feeds every step

    @property
    def is_leaf(self) -> bool:
        """Whether it adds a gradient to a leaf's `.grad`."""
        return self.name == LEAF


@dataclass(frozen=True)
class Frame:
    """One operation of the forward pass, with the nodes that it made."""

    line: str
    step: int | None
    new: tuple[str, ...]


@dataclass(frozen=True)
class Visit(Frozen):
    """Autograd runs a node: the gradient that it hands it."""

    node: str
    gradient: Array


@dataclass(frozen=True)
class Recording(Frozen):
    """A graph as it was built and, where there was a backward pass, walked."""

    nodes: Mapping[str, Node]  # in the order in which they were made
    frames: tuple[Frame, ...]
    visits: tuple[Visit, ...]
    loss: float
    gradients: Mapping[str, Array]  # `.grad` of each leaf by its name, afterwards

    @property
    def edges(self) -> list[tuple[str, str]]:
        """From each node to where its gradients go."""
        return [(node.id, after) for node in self.nodes.values() for after in node.next]


class _Leaf(NamedTuple):
    """A tensor that gathers a gradient; its step is None where it is a parameter."""

    made: Called
    tensor: Any
    step: int | None


class _Noted(NamedTuple):
    """An operation that has run: its line, and the tensor that it made."""

    line: str
    made: Called
    tensor: Any
    step: int | None
    links: tuple[str, ...]


class Recorder:
    """Runs beside a forward pass: `note` after each operation, then `walk` from the loss."""

    def __init__(self) -> None:
        self._ids: dict[Any, str] = {}  # torch's nodes, held so that they stay the same objects
        self._leaves: dict[str, _Leaf] = {}
        self._nodes: dict[str, Node] = {}
        self._frames: list[Frame] = []
        self._visits: list[Visit] = []
        self._origin: int | None = None

    def leaf(self, made: Called, array: Array, *, step: int | None) -> Any:
        """Return a tensor that gathers a gradient; its node is made when it is first used.

        A leaf without a step is a parameter.
        """
        import torch

        tensor = torch.nn.Parameter(torch.tensor(np.array(array)))
        self._leaves[made.id] = _Leaf(made, tensor, step)
        return tensor

    def note(
        self, line: str, made: Called, tensor: Any, *, step: int | None, links: tuple[str, ...]
    ) -> Any:
        """Note the nodes that the operation on this line has just made; return its tensor.

        `made` is what the tensor is called: its `id` as Python has it.
        """
        new: list[str] = []
        if tensor.grad_fn is not None:
            self._collect(tensor.grad_fn, _Noted(line, made, tensor, step, links), new)
        self._frames.append(Frame(line, step, tuple(new)))
        return tensor

    def walk(self, loss: Any, *, retain_graph: bool = False) -> None:
        """Run the backward pass and note each node that autograd runs, in its order."""
        hooks = [
            node.register_prehook(partial(self._visit, name)) for node, name in self._ids.items()
        ]
        self._visits.clear()
        try:
            loss.backward(retain_graph=retain_graph)
        finally:
            for hook in hooks:
                hook.remove()

    def freed(self) -> frozenset[str]:
        """Return the nodes whose saved tensors are gone: reading them is refused."""
        gone = set()
        for node, name in self._ids.items():
            for attribute in _saved_attributes(node):
                try:
                    getattr(node, attribute)
                except RuntimeError:
                    gone.add(name)
        return frozenset(gone)

    def leaves(self) -> list[Any]:
        """Return the leaves, in the order in which they were made."""
        return [leaf.tensor for leaf in self._leaves.values()]

    def recording(self, loss: Any, *, reachable_from_loss: bool = True) -> Recording:
        """Return what was noted so far.

        Nodes that cannot be reached from the loss are left out: torch itself frees them, since
        nothing but this recorder refers to them.
        """
        kept = self._reachable(loss) if reachable_from_loss else set(self._nodes)
        return Recording(
            nodes=MappingProxyType({name: n for name, n in self._nodes.items() if name in kept}),
            frames=tuple(self._frames),
            visits=tuple(self._visits),
            loss=float(loss.item()),
            gradients=MappingProxyType(
                {
                    name: leaf.tensor.grad.numpy().copy()
                    for name, leaf in self._leaves.items()
                    if leaf.tensor.grad is not None
                }
            ),
        )

    def _collect(self, node: Any, noted: "_Noted", new: list[str]) -> str:
        """Note a node after those its gradients go to, unless it is known."""
        if node in self._ids:
            return self._ids[node]
        after = [
            self._collect(following, noted, new)
            for following, _ in node.next_functions
            if following is not None
        ]
        variable = getattr(node, "variable", None)
        made, step, links, value = noted.made, noted.step, noted.links, noted.tensor
        if variable is not None:
            leaf = next(each for each in self._leaves.values() if each.tensor is variable)
            made, step, links, value = leaf.made, leaf.step, (leaf.made.id,), leaf.tensor
        elif node is not noted.tensor.grad_fn:
            value = None  # a step on the way of one line, whose tensor nobody has
        name = made.id if variable is None else f"leaf {made.id}"
        while name in self._nodes:  # one line that made several nodes
            name += "'"
        self._ids[node] = name
        self._nodes[name] = Node(
            id=name,
            symbol=made.id,
            latex=made.latex,
            name=node.name().rpartition("::")[2],
            line=noted.line,
            step=step,
            frame=len(self._frames) + 1,
            number=None if variable is not None else self._numbered(node),
            links=links,
            value=None if value is None else value.detach().numpy().copy(),
            saved=tuple(_saved(node)),
            next=tuple(after),
            shared=variable is not None and step is None,
        )
        new.append(name)
        return name

    def _numbered(self, node: Any) -> int:
        """Count torch's sequence numbers from the first node of this run."""
        number: int = node._sequence_nr()
        if self._origin is None:
            self._origin = number
        return number - self._origin

    def _visit(self, name: str, gradients: tuple[Any, ...]) -> None:
        (gradient,) = gradients  # every operation here has one output
        self._visits.append(Visit(name, gradient.numpy().copy()))

    def _reachable(self, loss: Any) -> set[str]:
        found: set[str] = set()
        waiting = [self._ids[loss.grad_fn]] if loss.grad_fn is not None else []
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self._nodes[name].next
        return found


def _saved_attributes(node: Any) -> list[str]:
    return [name for name in dir(node) if name.startswith("_saved_")]


def _saved(node: Any) -> list[tuple[str, tuple[int, ...]]]:
    """Return the tensors that a node keeps for its backward formula."""
    kept = []
    for attribute in _saved_attributes(node):
        value = getattr(node, attribute)
        if hasattr(value, "shape"):
            kept.append((attribute.removeprefix("_saved_"), tuple(value.shape)))
    return kept
