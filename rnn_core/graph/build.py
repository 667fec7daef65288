"""A trace and its gradients in, the graph of the computation out."""

import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType

import networkx as nx
import numpy as np

from rnn_core._checks import of, optional, sample_of, takes, text
from rnn_core.graph.draft import Draft
from rnn_core.graph.operation import operation_level
from rnn_core.graph.rules import Rules
from rnn_core.graph.scalar import scalar_level
from rnn_core.graph.selection import Selection
from rnn_core.graph.step import rolled_level, step_level
from rnn_core.types import Gradients, Trace, require_gradients_of

LEVELS: Mapping[str, Callable[[Selection], Draft]] = MappingProxyType(
    {
        "rolled": rolled_level,
        "step": step_level,
        "operation": operation_level,
        "scalar": scalar_level,
    }
)

MAX_NODES = 500_000
MAX_JACOBIAN_NUMBERS = 100_000_000


@takes(trace=of(Trace), grads=optional(of(Gradients)), level=text)
def computational_graph(
    trace: Trace,
    grads: Gradients | None,
    *,
    level: str = "operation",
    sample: int = 0,
    steps: tuple[int, int] | None = None,
    jacobians: bool = True,
) -> "nx.DiGraph[str]":
    """Return the graph of one sequence of a run.

    A node has `kind`, `t` (None where it has no time step), `symbol`, `latex`, `op` (None for a
    leaf), `index` (of a scalar, from 1), `value` and `grad`, the total derivative of the loss. What
    it holds is said by `quantity` (a name of the trace; "a", "p", "y", "l" and "L" of the readout;
    None of a term inside a line), `unit` (of a scalar, from 1), `line` (the line of the cell that
    it belongs to), `parameter` (that it is, or that it is a product of), `reads` (what such a
    product multiplies: quantity, step and unit) and `layer` (the operations on the longest way to
    it inside its step). `variable` is what the `program` of the network calls the array that it is
    of, at step t; of a scalar product W[i,j]·v[j] (`index` i, j) the one that it is a term of.
    Numbers in a line are `numbers`, with their places among the operands.

    An edge has `slot`, the place of the operand among the nodes that are read (`slots`, where it is
    read more than once), and `local`, the derivative of its sink's value by its source's: a float
    at level "scalar", above it an array of shape sink + source. For every node n with successors,
    grad(n) = Σ over edges n→m of local · grad(m). The prediction p is a leaf with gradient 0, since
    the loss is computed from the logit. Where the gradients are those of an `upstream` given to
    `backward`, they are not of L: its `grad` is 0, and so is that of everything that leads to L
    alone.

    A parameter is one node that feeds every step. Its gradient sums over the batch, so what is not
    shown is kept in a node "rest" (see `readout.add_loss`): steps outside a window, other sequences
    of the batch, what truncation leaves out (with the opposite sign), and states read from outside.

    Parameters
    ----------
    grads
        The gradients of the same trace; None leaves all `grad` None.
    level
        "rolled": one node a state, with its values over time and the edges between steps;
        "step": one for each state of a step; "operation": one for each line of the cell, and for
        each product, sum and function inside a line;
        "scalar": one for each number.
    sample
        Which sequence of the batch, from 0.
    steps
        First and last step shown, from 1; all unless given.
    jacobians
        False leaves `local` None above the scalar level, except on edges into a loss or the rest:
        a drawing needs no Jacobians, and they are most of the memory.

    Raises
    ------
    ValueError
        The level is unknown, the sample or the steps are out of range, the gradients are of
        another run, the graph is over its budget, or a line is called like a part of the readout.
    """
    if level not in LEVELS:
        raise ValueError(f"level: expected one of {', '.join(LEVELS)}, got {level!r:.40}")
    if grads is not None:
        require_gradients_of(trace, grads)
    first, last = _window(trace, steps) if level != "rolled" else (1, trace.steps)
    shown = Selection(trace, grads, sample_of(trace.batch, sample), first, last)
    _require_budget(shown, level, jacobians)
    with np.errstate(all="ignore"):
        draft = LEVELS[level](shown)
        graph = draft.graph(level=level, steps=(first, last), sample=shown.sample, shown=shown)
        if jacobians and level in ("step", "operation"):
            Rules(graph).differentiate()
    return graph


def _window(trace: Trace, steps: tuple[int, int] | None) -> tuple[int, int]:
    if steps is None:
        return 1, trace.steps
    try:
        first, last = (operator.index(step) for step in steps)
    except (TypeError, ValueError):
        first, last = 0, 0
    if not 1 <= first <= last <= trace.steps:
        raise ValueError(
            f"steps: expected a first and a last step from 1 to {trace.steps}, got {steps}"
        )
    return first, last


def _require_budget(shown: Selection, level: str, jacobians: bool) -> None:
    params, plan = shown.trace.params, shown.plan
    hidden, outputs = params.hidden_size, params.output_size
    if level == "scalar":
        each = params.input_size
        for step in plan.program.instructions:
            each += hidden * (step.name not in plan.spliced)
            each += params[str(step.operands[0])].size if step.op.of_matrix else 0
        size = len(shown.steps) * each + len(shown.read_out) * outputs * (hidden + 4)
        kind, limit = "nodes", MAX_NODES
    elif jacobians and level != "rolled":
        each = sum(
            params[operand].size if operand in plan.cell.shapes else hidden
            for step in plan.program.instructions
            for operand in step.operands
            if isinstance(operand, str)
        )
        size = len(shown.steps) * hidden * each * (len(plan.states) if level == "step" else 1)
        size += len(shown.read_out) * outputs * outputs * (hidden + 4)
        kind, limit = "numbers in Jacobians", MAX_JACOBIAN_NUMBERS
    else:
        size = len(shown.steps) * (len(plan.instructions) + 4)
        kind, limit = "nodes", MAX_NODES
    if size > limit:
        raise ValueError(
            f"graph: expected at most {limit:,} {kind}, got a size that needs {size:,}; "
            "show fewer steps"
        )
