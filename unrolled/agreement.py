"""Whether what is computed here is what a live network computes: it is run, on copies, in float64.

Whoever has a module has loaded PyTorch, so all of it is reached through the module.
"""

import copy
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnn_core import Gradients, Trace, to_torch
from unrolled.modules import LAYERS, Array, Live, kind_of, numbers

CANCELLED = 1e-6
"""Gradients this much smaller than the largest one are compared on that scale."""
SAME = 1e-6  # outputs that differ by no more than float32 does


@dataclass(frozen=True)
class Agreement:
    """The largest relative difference to the module's own numbers, and of what it is."""

    difference: float
    of: str
    same_output: bool | None  # whether the whole module's output is ours; None: not compared


def agreement(network: Live, trace: Trace, grads: Gradients | None) -> Agreement:
    """Run copies of the modules in float64, and compare states and gradients with ours."""
    torch = sys.modules[next(network.recurrent.parameters()).__class__.__module__.partition(".")[0]]
    with torch.enable_grad():
        recurrent, linear = (_copied(module) for module in (network.recurrent, network.linear))
        x = torch.tensor(np.array(trace.x))
        states = _states(recurrent, x, network.batch_first, torch)
        logits = states if linear is None else linear(states)
        read = logits[-len(trace.logits) :]
        found = {"the states": _apart(trace.h[1:], numbers(states))}
        found["the logits"] = _apart(trace.logits, numbers(read))
        if grads is not None and trace.target is not None:
            target = torch.tensor(np.array(trace.target))
            _loss(torch.nn.functional, trace.loss_name, read, target).backward()
            found |= _gradients(recurrent, linear, grads)
    of = max(found, key=lambda name: found[name])
    return Agreement(found[of], of, _same_output(network, x, trace))


def _copied(module: Any) -> Any:
    if module is None:
        return None
    made = copy.deepcopy(module).cpu().double()
    return made.requires_grad_(True)


def _states(recurrent: Any, x: Any, batch_first: bool, torch: Any) -> Any:
    """Return h_1 … h_T, (T, B, H)."""
    if kind_of(recurrent, LAYERS):
        states, _ = recurrent(x.transpose(0, 1) if batch_first else x)
        return states.transpose(0, 1) if batch_first else states
    found, state = [], None
    for step in x:
        state = recurrent(step, state)
        found.append(state[0] if isinstance(state, tuple) else state)
    return torch.stack(found)


def _loss(functional: Any, name: str, a: Any, y: Any) -> Any:
    """Return PyTorch's own of one of our losses."""
    if name == "binary_cross_entropy":
        return functional.binary_cross_entropy_with_logits(a, y)
    if name == "softmax_cross_entropy":
        return functional.cross_entropy(a.flatten(0, 1), y.flatten(0, 1))
    if name == "huber":
        return functional.huber_loss(a, y)
    if name == "squared_error":
        return functional.mse_loss(a, y) / 2
    if name == "mean_squared_error":
        return functional.mse_loss(a, y)
    raise ValueError(f"loss: expected one that PyTorch has, got {name!r}")


def _gradients(recurrent: Any, linear: Any, grads: Gradients) -> dict[str, float]:
    ours, found = to_torch(grads), {}
    for name, gradient in ours.items():
        part, _, own = name.partition(".")
        module = recurrent if part == "rnn" else linear
        tensor = getattr(module, own, getattr(module, own.removesuffix("_l0"), None))
        if tensor is not None:
            found[f"the gradient of {name}"] = (gradient, numbers(tensor.grad))
    largest = max(float(np.abs(theirs).max()) for _, theirs in found.values())
    return {name: _apart(*pair, floor=CANCELLED * largest) for name, pair in found.items()}


def _apart(ours: Any, theirs: Array, floor: float = 0.0) -> float:
    """Return the largest difference over the largest size, or over `floor` where that is more."""
    size = max(float(np.abs(theirs).max()), floor)
    apart = float(np.abs(np.asarray(ours, float) - theirs).max())
    return apart / size if size else apart


def _same_output(network: Live, x: Any, trace: Trace) -> bool | None:
    """Whether the module that holds both gives the logits; None where it gives something else."""
    if network.whole is None:
        return None
    try:
        given = (
            copy.deepcopy(network.whole)
            .cpu()
            .double()(x.transpose(0, 1) if network.batch_first else x)
        )
    except (RuntimeError, TypeError, ValueError, AttributeError, IndexError):
        return None  # it takes something else
    output = given[0] if isinstance(given, tuple) else given
    if not hasattr(output, "detach") or output.numel() != trace.logits.size:
        return None
    found, logits = numbers(output).ravel(), np.asarray(trace.logits, float)
    ways = (logits, np.moveaxis(logits, 0, 1))
    return any(_apart(way.ravel(), found) < SAME for way in ways)
