"""The operations of a graph for another language: what their entries say, as JSON has it."""

from typing import TYPE_CHECKING, Any

from rnn_core.activations import ACTIVATIONS
from rnn_core.cells import ELMAN
from rnn_core.graph.plan import Plan
from rnn_core.graph.rules import CELL
from rnn_core.graph.state_lines import state_lines
from rnn_core.losses import LOSSES

if TYPE_CHECKING:
    import networkx as nx


def operations(graph: "nx.DiGraph[str]") -> dict[str, dict[str, Any]]:
    """Return what redoes and prints the operations of a graph's nodes, by name.

    Operations that are the same in every network, which `described` has nothing of, are left out.
    So is a state of the rolled network that reads another one both at its step and before: there
    these are one node.
    """
    plan = graph.graph["shown"].plan
    found = {}
    for name, node in graph.nodes(data=True):
        op = node["op"]
        if not op or op in found:
            continue
        if op.endswith(CELL) and plan.cell is not ELMAN:
            entry = whole_state(plan, node["quantity"])
            if len(entry["leaves"]) == graph.in_degree(name):
                found[op] = entry
        elif (about := described(op)) is not None:
            found[op] = about
    return dict(sorted(found.items()))


def described(op: str) -> dict[str, Any] | None:
    """Return what redoes and prints an activation, a step of it or a loss, from its entry.

    None for an operation that is the same in every network, a product, a sum or a softmax: these
    every language has.
    """
    if op in LOSSES:
        return {"kind": "loss", **LOSSES[op].described()}
    function = ACTIVATIONS.get(op.removesuffix(CELL))
    if function is None:
        return None
    return {"kind": "cell" if op.endswith(CELL) else "activation", **function.described()}


def whole_state(plan: Plan, state: str) -> dict[str, Any]:
    """Return what redoes and prints a state of a step, from what its step reads: line by line.

    `steps` are the instructions as [result, operation, operands, line] with the `leaves` as
    operands, `ops` what their operations are; see `state_lines` for the rest.
    """
    steps, leaves = plan.within(state)
    names = {step.op.name for step in steps}
    return {
        "kind": "state",
        "state": state,
        "leaves": leaves,
        "steps": [[step.name, step.op.name, list(step.operands), step.line] for step in steps],
        "ops": {name: about for name in sorted(names) if (about := described(name)) is not None},
        **state_lines(plan, state),
    }
