"""A graph in the making: dicts that become a NetworkX graph in one go."""

from collections.abc import Sequence
from typing import Any

import networkx as nx

Fields = dict[str, Any]

Operand = str | float
"""What a node reads: the name of another node, or a number."""


class Draft:
    """Nodes and edges in the order of the computation."""

    def __init__(self) -> None:
        self.nodes: dict[str, Fields] = {}
        self.succ: dict[str, dict[str, Fields]] = {}  # by source, then by sink
        self.pred: dict[str, dict[str, Fields]] = {}  # by sink, then by source

    def node(
        self,
        name: str,
        kind: str,
        t: int | None,
        value: Any,
        grad: Any,
        *,
        symbol: str,
        latex: str,
        op: str | None = None,
        index: tuple[int, ...] | None = None,
        quantity: str | None = None,
        variable: str | None = None,
        line: str | None = None,
        layer: int | None = None,
        parameter: str | None = None,
        reads: tuple[Any, ...] | None = None,
        operands: Sequence[Operand] = (),
        locals_: Sequence[Any] | None = None,
    ) -> str:
        """Add a node and the edges from its operands; return its name.

        Without `locals_` (one for each operand that is a node) the local derivatives are None.
        """
        made = {
            "kind": kind,
            "t": t,
            "symbol": symbol,
            "latex": latex,
            "op": op,
            "index": index,
            "value": value,
            "grad": grad,
            "quantity": quantity,
            "variable": variable,
            "unit": None if index is None or kind == "parameter" else index[0],
            "parameter": parameter,
            "reads": reads,
            "line": line,
            "layer": layer,
        }
        self.nodes[name] = made
        succ = self.succ
        pred = self.pred[name] = dict[str, Fields]()
        succ.setdefault(name, {})
        numbers = [place for place, each in enumerate(operands) if type(each) is not str]
        if numbers:
            made["numbers"] = tuple((place, operands[place]) for place in numbers)
            operands = [each for each in operands if type(each) is str]
        for slot, operand in enumerate(map(str, operands)):
            local = None if locals_ is None else locals_[slot]
            if operand in pred:  # u ⊙ u reads u twice
                edge = pred[operand]
                edge["slots"] = (*edge.get("slots", (edge["slot"],)), slot)
                edge["local"] = None if local is None else edge["local"] + local
            else:
                edge = {"local": local, "slot": slot}
                pred[operand] = succ.setdefault(operand, {})[name] = edge
        return name

    def edge(self, source: str, sink: str, local: Any, slot: int) -> None:
        """Add one more operand to a node."""
        edge = {"local": local, "slot": slot}
        self.succ.setdefault(source, {})[sink] = self.pred.setdefault(sink, {})[source] = edge

    def graph(self, **about: Any) -> "nx.DiGraph[str]":
        """Return the NetworkX graph, with `about` as its attributes.

        The dicts are handed over as they are: to add them would copy each one.
        """
        made: nx.DiGraph[str] = nx.DiGraph(**about)
        made._node.update(self.nodes)
        made._adj.update(self.succ)
        made._pred.update(self.pred)
        return made
