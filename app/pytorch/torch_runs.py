"""A run of the experiment in PyTorch: as a loop of tensor operations, and through `nn.RNN`.

Both take a trace for its numbers alone (weights, sequence, target, h_0, in its precision) and
compute everything anew. Sizes: T steps, B sequences, D inputs, H hidden units, K outputs, S steps
read out.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from rnn_core import PARAMETER_NAMES, Loss, Trace, activation_named

Tensor = Any  # torch.Tensor; the library is not there at import
Unroll = Callable[[int, int, Tensor], tuple[list[Tensor], list[Tensor]]]
"""First step (from 0), one past the last, h before it -> z of each step, and h with the first."""

IN_RNN = {"W_xh": "weight_ih_l0", "W_hh": "weight_hh_l0", "b_h": "bias_ih_l0"}
"""Where nn.RNN keeps our parameters; its other bias, `bias_hh_l0`, is set to 0."""


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
    """Run the recurrence as a loop of tensor operations, and its gradients with autograd.

    Parameters
    ----------
    truncate
        The loss at a step flows back through this many steps: each step read out has a graph of
        its own, from a state that is detached.
    inner
        Whether to return z (T, B, H), "dL/dz" (T, B, H) and "dL/dh" (T+1, B, H) as well.

    Returns
    -------
    dict
        h (T+1, B, H), logits and prediction (S, B, K), loss, "dL/d…" of parameters, x and h_0.
    """
    leaves = _leaves(trace)
    activation = line(activation_named(trace.activation).in_torch("z"), "z")

    def unroll(first: int, last: int, h: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        inputs = leaves["x"][first:last] @ leaves["W_xh"].T + leaves["b_h"]
        z, states = [], [h]
        for row in inputs:
            z.append(row + states[-1] @ leaves["W_hh"].T)
            states.append(activation(z[-1]))
        return z, states

    return _run(trace, leaves, unroll, truncate, inner)


def by_rnn(trace: Trace, *, truncate: int | None = None) -> dict[str, Any]:
    """Run the same through `torch.nn.RNN`: one call for all steps, which keeps z to itself.

    nn.RNN adds two biases, b_ih + b_hh. Here b_ih is b_h and b_hh is 0.

    Returns
    -------
    dict
        As `by_loop` without `inner`, and "dL/db_hh", the gradient of the other bias.

    Raises
    ------
    ValueError
        nn.RNN does not know the activation.
    """
    import torch

    if not activation_named(trace.activation).in_rnn:
        raise ValueError(f"nn.RNN: expected tanh or relu, got {trace.activation}")
    leaves = _leaves(trace)
    params = trace.params
    rnn = torch.nn.RNN(
        params.input_size,
        params.hidden_size,
        nonlinearity=trace.activation,
        dtype=leaves["x"].dtype,
    )
    with torch.no_grad():
        for name, theirs in IN_RNN.items():
            getattr(rnn, theirs).copy_(leaves[name])
        rnn.bias_hh_l0.zero_()
    leaves |= {name: getattr(rnn, theirs) for name, theirs in IN_RNN.items()}

    def unroll(first: int, last: int, h: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        states, _ = rnn(leaves["x"][first:last], h[None])
        return [], [h, *states]

    found = _run(trace, leaves, unroll, truncate, inner=False)
    return {**found, "dL/db_hh": _gradient(rnn.bias_hh_l0)}


def _run(
    trace: Trace, leaves: dict[str, Tensor], unroll: Unroll, truncate: int | None, inner: bool
) -> dict[str, Any]:
    import torch

    steps, target = trace.steps, torch.tensor(np.array(trace.target))
    read = [steps] if trace.readout == "last" else list(range(1, steps + 1))
    d_z, d_h = np.zeros_like(trace.z), np.zeros_like(trace.h)

    def read_out(states: Sequence[Tensor]) -> Tensor:
        return torch.stack(list(states)) @ leaves["W_hy"].T + leaves["b_y"]

    def go_back(loss: Tensor, first: int, z: list[Tensor], states: list[Tensor]) -> None:
        for tensor in (*z, *states) if inner else ():
            if tensor.requires_grad:
                tensor.retain_grad()
        loss.backward()
        for place, tensor in enumerate(z if inner else ()):
            d_z[first + place] += _gradient(tensor)
            d_h[first + place + 1] += _gradient(states[place + 1])

    z, states = unroll(0, steps, leaves["h_0"])
    logits = read_out([states[t] for t in read])
    loss = loss_of(trace.family, logits, target)
    if truncate is None or truncate >= steps:
        go_back(loss, 0, z, states)
    else:
        for row, end in enumerate(read):
            first = max(0, end - truncate)
            start = leaves["h_0"] if first == 0 else states[first].detach()
            z_part, h_part = unroll(first, end, start)
            part = loss_of(trace.family, read_out(h_part[-1:]), target[row : row + 1])
            go_back(part / len(read), first, z_part, h_part)
    found = {
        "h": _array(torch.stack(states)),
        "logits": _array(logits),
        "prediction": _array(_prediction(trace.family.prediction_op, logits)),
        "loss": loss.item(),
        "dL/dx": _gradient(leaves["x"]),
        "dL/dh_0": _gradient(leaves["h_0"]),
        **{f"dL/d{name}": _gradient(leaves[name]) for name in PARAMETER_NAMES},
    }
    if inner:
        d_h[0] = found["dL/dh_0"]
        found |= {"z": _array(torch.stack(z)), "dL/dz": d_z, "dL/dh": d_h}
    return found


def _leaves(trace: Trace) -> dict[str, Tensor]:
    """Return what gradients are taken with respect to: the parameters, x and h_0."""
    import torch

    arrays = {**dict(trace.params.items()), "x": trace.x, "h_0": trace.h[0]}
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
