"""Steps that are one node of a graph, for another language, as JSON has it.

What their operations are, and all others, stands in the network's `program`.
"""

from typing import TYPE_CHECKING, Any

from rnn_core.cells import ELMAN
from rnn_core.graph.plan import Plan
from rnn_core.graph.rules import CELL
from rnn_core.graph.state_lines import state_lines

if TYPE_CHECKING:
    import networkx as nx


def whole_steps(graph: "nx.DiGraph[str]") -> dict[str, dict[str, Any]]:
    """Return what redoes and prints the nodes that are a whole step of a cell, by operation.

    Left out is a state of the rolled network that reads another one both at its step and before:
    there these are one node.
    """
    plan = graph.graph["shown"].plan
    found: dict[str, dict[str, Any]] = {}
    for name, node in graph.nodes(data=True):
        op = node["op"]
        if not op or not op.endswith(CELL) or op in found:
            continue
        if plan.cell is ELMAN:
            found[op] = {"kind": "cell", "of": op.removesuffix(CELL)}
            continue
        entry = whole_state(plan, node["quantity"])
        if len(entry["leaves"]) == graph.in_degree(name):
            found[op] = entry
    return dict(sorted(found.items()))


def whole_state(plan: Plan, state: str) -> dict[str, Any]:
    """Return what redoes and prints a state of a step, from what its step reads: line by line.

    `steps` are the instructions as [result, operation, operands, line] with the `leaves` as
    operands; see `state_lines` for the rest.
    """
    steps, leaves = plan.within(state)
    return {
        "kind": "state",
        "state": state,
        "leaves": leaves,
        "steps": [[step.name, step.op.name, list(step.operands), step.line] for step in steps],
        **state_lines(plan, state),
    }
