"""A run of the experiment in PyTorch: as a loop of tensor operations, and through its own module.

Both take a trace for its numbers alone (weights, sequence, target, first states, in its precision)
and compute everything anew. Sizes: T steps, B sequences, D inputs, H hidden units, K outputs, S
steps read out.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, reduce
from operator import add, mul
from typing import Any

import numpy as np

from rnn_core import Loss, Trace, activation_named, to_torch
from rnn_core.cells.cell import (
    ACTIVATION,
    ADD,
    BEFORE,
    INPUT,
    MATVEC,
    MULTIPLY,
    ONE_MINUS,
    Operand,
    Term,
    terms,
)

Tensor = Any  # torch.Tensor; the library is not there at import
Tensors = dict[str, Tensor]
Unrolled = dict[str, list[Tensor]]
"""By name each quantity of every step, and the states with the one before the first step."""

Unroll = Callable[[int, int, Tensors], Unrolled]
"""First step (from 0), one past the last, and the states before it."""


@lru_cache(maxsize=256)
def line(expression: str, names: str) -> Callable[..., Tensor]:
    """Return the function of tensors that an expression of PyTorch is, as the scripts print it.

    Parameters
    ----------
    expression
        Of an entry of the core's registries: a line of this project's code, never a user's text.
    names
        The arguments, "a, y".
    """
    import torch
    from torch.nn import functional

    known = {**vars(functional), "torch": torch, "functional": functional}
    source = f"lambda {names}: {expression}"
    function: Callable[..., Tensor] = eval(source, known)  # noqa: S307  # what is shown runs
    return function


def by_loop(trace: Trace, *, truncate: int | None = None, inner: bool = True) -> dict[str, Any]:
    """Run the lines of the cell as a loop of tensor operations, and their gradients with autograd.

    Parameters
    ----------
    truncate
        The loss at a step flows back through this many steps: each step read out has a graph of
        its own, from states that are detached.
    inner
        Whether to return every line of the cell, such as z (T, B, H), and the gradients by all
        lines, "dL/dz" (T, B, H) and "dL/dh" (T+1, B, H), as well.

    Returns
    -------
    dict
        h and other states (T+1, B, H), logits and prediction (S, B, K), loss, "dL/d…" of
        parameters, x and the states before the first step, "dL/dh_0".
    """
    leaves = _leaves(trace)
    names = {term.op for each in trace.cell.lines for term in terms(each.term)}
    functions = {
        name: line(
            activation_named(trace.activation if name == ACTIVATION else name).in_torch("v"), "v"
        )
        for name in names - {ADD, MULTIPLY, MATVEC, ONE_MINUS}
    }

    lines = [(each.name, each.term) for each in trace.cell.lines]

    def unroll(first: int, last: int, states: Tensors) -> Unrolled:
        made: Unrolled = {name: [] for name in trace.cell.line}
        for state, tensor in states.items():
            made[state].append(tensor)
        for row in leaves[INPUT][first:last]:
            now = {**leaves, INPUT: row}
            now |= {state + BEFORE: made[state][-1] for state in states}
            for name, term in lines:
                now[name] = _value(term, now, functions)
                made[name].append(now[name])
        return made

    found = _run(trace, leaves, unroll, truncate, inner)
    return {**found, **{f"dL/d{name}": _gradient(leaves[name]) for name in trace.params.names}}


def _value(operand: Operand, now: Tensors, functions: Mapping[str, Callable[..., Tensor]]) -> Any:
    """Return an operand of a line as tensor operations compute it."""
    if isinstance(operand, str):
        return now[operand]
    if not isinstance(operand, Term):
        return operand
    parts = [_value(part, now, functions) for part in operand.operands]
    if operand.op == MATVEC:
        return parts[1] @ parts[0].T
    if operand.op == ADD:
        return reduce(add, parts)
    if operand.op == MULTIPLY:
        return reduce(mul, parts)
    return 1 - parts[0] if operand.op == ONE_MINUS else functions[operand.op](*parts)


def has_module(trace: Trace) -> bool:
    """Whether `torch.nn` has a module that computes this run."""
    layout = trace.cell.torch
    return layout is not None and trace.activation in layout.activations


def by_module(trace: Trace, *, truncate: int | None = None) -> dict[str, Any]:
    """Run the same through `torch.nn.RNN`, `GRU` or `LSTM`, which keep their sums to themselves.

    A cell with one state is one call for all steps; one with several is called step by step, since
    a call returns h of all steps, but the other states of the last alone.

    Returns
    -------
    dict
        As `by_loop` without `inner`, cut out of what the module holds for all gates together, and
        that by PyTorch's names: "rnn.weight_ih_l0" and so on.

    Raises
    ------
    ValueError
        PyTorch has no module for the cell, or the module has not the activation.
    """
    import torch

    layout, cell, params = trace.cell.torch, trace.cell, trace.params
    if layout is None or not has_module(trace):
        module = "a module" if layout is None else f"nn.{layout.module}"
        known = "of PyTorch" if layout is None else " or ".join(layout.activations)
        what = cell.name if layout is None else trace.activation
        raise ValueError(f"{module}: expected {known}, got {what}")
    leaves = _leaves(trace)
    kind = {"nonlinearity": trace.activation} if layout.module == "RNN" else {}
    rnn = getattr(torch.nn, layout.module)(
        params.input_size, params.hidden_size, dtype=leaves[INPUT].dtype, **kind
    )
    with torch.no_grad():
        for name, array in to_torch(params).items():
            if name.startswith("rnn."):
                getattr(rnn, name.removeprefix("rnn.")).copy_(torch.tensor(array))

    def unroll(first: int, last: int, states: Tensors) -> Unrolled:
        if len(states) == 1:
            ((state, tensor),) = states.items()
            return {state: [tensor, *rnn(leaves[INPUT][first:last], tensor[None])[0]]}
        made = {state: [tensor] for state, tensor in states.items()}
        for row in leaves[INPUT][first:last]:
            now = tuple(made[state][-1][None] for state in cell.states)
            for state, tensor in zip(cell.states, rnn(row[None], now)[1], strict=True):
                made[state].append(tensor[0])
        return made

    found = _run(trace, leaves, unroll, truncate, inner=False)
    found |= {f"dL/d{name}": _gradient(leaves[name]) for name in ("W_hy", "b_y")}
    theirs = {f"rnn.{name}": _gradient(tensor) for name, tensor in rnn.named_parameters()}
    hidden = params.hidden_size
    for number, gate in enumerate(layout.gates):
        rows = slice(number * hidden, (number + 1) * hidden)
        for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            if (name := getattr(gate, part)) is not None:
                found[f"dL/d{name}"] = theirs[f"rnn.{part}_l0"][rows]
    return {**found, **theirs}


def _run(
    trace: Trace, leaves: Tensors, unroll: Unroll, truncate: int | None, inner: bool
) -> dict[str, Any]:
    """Return all but the gradients by parameters, which have then been added up in the leaves."""
    import torch

    steps, target, states = trace.steps, torch.tensor(np.array(trace.target)), trace.cell.states
    read = [steps] if trace.readout == "last" else list(range(1, steps + 1))
    by = {name: np.zeros_like(trace[name]) for name in trace.cell.line} if inner else {}

    def read_out(h: Sequence[Tensor]) -> Tensor:
        return torch.stack(list(h)) @ leaves["W_hy"].T + leaves["b_y"]

    def go_back(loss: Tensor, first: int, made: Unrolled) -> None:
        computed = [
            (by[name][first + (name in states) + place], tensor)
            for name in by
            for place, tensor in enumerate(made[name][name in states :])
        ]
        for _, tensor in computed:
            if tensor.requires_grad:
                tensor.retain_grad()
        loss.backward()
        for total, tensor in computed:
            np.add(total, _gradient(tensor), out=total)

    made = unroll(0, steps, {state: leaves[f"{state}_0"] for state in states})
    logits = read_out([made["h"][t] for t in read])
    loss = loss_of(trace.family, logits, target)
    if truncate is None or truncate >= steps:
        go_back(loss, 0, made)
    else:
        for row, end in enumerate(read):
            first = max(0, end - truncate)
            start = {
                state: made[state][first].detach() if first else leaves[f"{state}_0"]
                for state in states
            }
            part = unroll(first, end, start)
            term = loss_of(trace.family, read_out(part["h"][-1:]), target[row : row + 1])
            go_back(term / len(read), first, part)
    initial = {f"dL/d{state}_0": _gradient(leaves[f"{state}_0"]) for state in states}
    for state in states if inner else ():
        by[state][0] = initial[f"dL/d{state}_0"]
    return {
        **{name: _array(torch.stack(tensors)) for name, tensors in made.items()},
        "logits": _array(logits),
        "prediction": _array(_prediction(trace.family.prediction_op, logits)),
        "loss": loss.item(),
        "dL/dx": _gradient(leaves[INPUT]),
        **initial,
        **{f"dL/d{name}": array for name, array in by.items()},
    }


def _leaves(trace: Trace) -> Tensors:
    """Return what gradients are taken with respect to: the parameters, x and the first states."""
    import torch

    arrays = {**dict(trace.params.items()), INPUT: trace.x}
    arrays |= {f"{state}_0": trace[state][0] for state in trace.cell.states}
    return {
        name: torch.tensor(np.array(array), requires_grad=True) for name, array in arrays.items()
    }


def loss_of(loss: Loss, logits: Tensor, target: Tensor) -> Tensor:
    """Return the mean loss, written so that autograd's gradient keeps its digits.

    The usual calls have the same values, but gradients of 0 where the prediction rounds to the
    target: no witness of how small ours are.
    """
    return line(loss.in_torch(), "a, y")(logits, target)


def _prediction(operation: str, logits: Tensor) -> Tensor:
    if operation == "softmax":
        return logits.softmax(dim=-1)
    return line(activation_named(operation).in_torch("a"), "a")(logits)


def _array(tensor: Tensor) -> Any:
    return tensor.detach().numpy()


def _gradient(leaf: Tensor) -> Any:
    """Return the gradient, zero where the backward pass did not come."""
    return np.zeros(tuple(leaf.shape)) if leaf.grad is None else leaf.grad.numpy()
