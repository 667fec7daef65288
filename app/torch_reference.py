"""The same computation in PyTorch, as an independent witness beside `rnn_core`.

PyTorch is optional: the app runs without it and then says that this comparison was not made.
"""

from __future__ import annotations

import gc
import importlib.util
from dataclasses import dataclass
from functools import cache
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np

from rnn_core import NAMES

if TYPE_CHECKING:
    from rnn_core import Gradients, Trace

CANCELLED = 1e-6
"""Gradients this much smaller than the largest one are compared on that scale."""


@dataclass(frozen=True)
class Comparison:
    """The largest difference to PyTorch over all quantities, and where it was found.

    Differences are normwise: the largest absolute difference of a quantity over its largest
    absolute value.
    """

    culprit: str
    difference: float


def available() -> bool:
    """Whether PyTorch is installed, found without importing it (the import takes seconds)."""
    return importlib.util.find_spec("torch") is not None


@cache
def warm_up() -> Thread | None:
    """Start importing PyTorch in the background, once a process; None where it is not installed."""
    if not available():
        return None
    thread = Thread(target=_import_and_freeze, name="import-torch", daemon=True)
    thread.start()
    return thread


def _import_and_freeze() -> None:
    import torch

    torch.set_num_threads(1)  # the networks shown here are far too small to share out
    gc.freeze()  # as at start-up: see shell._settle_memory


def compare(trace: Trace, grads: Gradients) -> Comparison:
    """Recompute the loss, the states and every gradient with autograd in float64.

    The trace must have a target, and the gradients must not be truncated: autograd follows every
    path.
    """
    if (thread := warm_up()) is not None:
        thread.join()
    reference = _autograd(trace)
    ours: dict[str, Any] = {
        "h": trace.h,
        "loss": trace.loss,
        "dL/dx": grads.x,
        "dL/dh_0": grads.h[0],
        **{f"dL/d{name}": getattr(grads.parameters, name) for name in NAMES},
    }
    # A gradient whose terms cancel is rounding noise, whatever its own size: hence the floor.
    largest = max(float(np.abs(reference[name]).max()) for name in ours if name.startswith("dL"))
    differences = {
        name: normwise(ours[name], reference[name], floor=CANCELLED * largest) for name in ours
    }
    culprit = max(differences, key=lambda name: differences[name])
    return Comparison(culprit, differences[culprit])


def normwise(ours: Any, theirs: Any, *, floor: float = 0.0) -> float:
    """Return the largest absolute difference over the largest absolute value, or infinity.

    Below `floor`, that is taken for the size.
    """
    a, b = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    scale = max(float(np.max(np.abs(b), initial=0.0)), floor)
    difference = float(np.max(np.abs(a - b), initial=0.0))
    if not np.isfinite(difference) or not np.isfinite(scale):
        return float("inf")
    return difference / scale if scale > 0.0 else difference


def _autograd(trace: Trace) -> dict[str, Any]:
    """Run the recurrence and its gradients in torch, in float64, keyed as in `compare`."""
    import torch
    from torch.nn import functional

    def leaf(array: Any) -> Any:
        return torch.tensor(np.asarray(array, dtype=np.float64), requires_grad=True)

    parameters = {name: leaf(getattr(trace.params, name)) for name in NAMES}
    x, h0 = leaf(trace.x), leaf(trace.h[0])
    activation = {"tanh": torch.tanh, "relu": torch.relu, "identity": lambda z: z}[trace.activation]

    inputs = x @ parameters["W_xh"].T + parameters["b_h"]
    states = [h0]
    for step in range(trace.steps):
        states.append(activation(inputs[step] + states[-1] @ parameters["W_hh"].T))
    read_out = states[-1:] if trace.readout == "last" else states[1:]
    logits = torch.stack(read_out) @ parameters["W_hy"].T + parameters["b_y"]

    target = torch.tensor(np.asarray(trace.target, dtype=np.float64))
    if trace.loss_name == "binary_cross_entropy":
        loss = functional.binary_cross_entropy_with_logits(logits, target)
    elif trace.loss_name == "softmax_cross_entropy":
        loss = -(target * functional.log_softmax(logits, dim=-1)).sum(dim=-1).mean()
    else:
        loss = 0.5 * functional.mse_loss(logits, target)
    loss.backward()
    return {
        "h": torch.stack(states).detach().numpy(),
        "loss": loss.item(),
        "dL/dx": x.grad.numpy(),
        "dL/dh_0": h0.grad.numpy(),
        **{f"dL/d{name}": value.grad.numpy() for name, value in parameters.items()},
    }
