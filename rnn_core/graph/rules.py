"""The operation of each node of a graph, and what it reads."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rnn_core.graph.readout import TOTAL
from rnn_core.graph.states import StateOp
from rnn_core.ops import Op, loss_op, op_named

if TYPE_CHECKING:
    import networkx as nx

    from rnn_core.graph.selection import Selection

Rule = Op | StateOp


CELL = " cell"
"""What ends the name of the operation that is the whole way to a state, at the levels of steps."""


class Rules:
    """The operations of the nodes of one graph."""

    def __init__(self, graph: "nx.DiGraph[str]") -> None:
        shown: Selection = graph.graph["shown"]
        self.graph = graph
        self.loss, self.family = shown.trace.loss_name, shown.trace.family
        self.states: dict[str, StateOp] = {}
        if graph.graph["level"] == "step":
            self.states = {state: StateOp(shown.plan, state) for state in shown.plan.states}

    def of(self, node: Mapping[str, Any]) -> Rule | None:
        """Return the operation of a node; None of a leaf, and of a total."""
        op = node["op"]
        if op is None or op == TOTAL:
            return None
        if node["quantity"] in self.states:
            return self.states[node["quantity"]]
        return loss_op(self.family) if op == self.loss else op_named(op)

    def differentiate(self) -> None:
        """Fill in the local derivatives that are missing."""
        for name, node in self.graph.nodes(data=True):
            edges = self.graph.pred[name]
            rule = self.of(node)
            if rule is not None and any(edge["local"] is None for edge in edges.values()):
                self.renew(name, rule)

    def renew(self, name: str, rule: Rule) -> None:
        """Compute the local derivatives of a node's edges from its operands."""
        graph, node = self.graph, self.graph.nodes[name]
        values = operand_values(graph, name)
        numbers = dict(node.get("numbers", ()))
        places = [place for place in range(len(values)) if place not in numbers]
        if isinstance(rule, StateOp):
            found = rule.locals(values, node["value"])
        else:
            found = [rule.local(values, node["value"], place) for place in places]
        for edge in graph.pred[name].values():
            edge["local"] = sum((found[slot] for slot in slots_of(edge)[1:]), found[edge["slot"]])


def slots_of(edge: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the places at which an edge's sink reads its source: one, if it reads it once."""
    found: tuple[int, ...] = edge.get("slots") or (edge["slot"],)
    return found


def operand_values(graph: "nx.DiGraph[str]", name: str) -> list[Any]:
    """Return what a node is computed from, in the order of its operands; numbers of lines, too."""
    at: dict[int, Any] = {}
    for source, edge in graph.pred[name].items():
        for slot in slots_of(edge):
            at[slot] = graph.nodes[source]["value"]
    values = [at[slot] for slot in sorted(at)]
    for place, number in graph.nodes[name].get("numbers", ()):
        values.insert(place, number)
    return values
