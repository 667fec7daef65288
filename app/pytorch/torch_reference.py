"""The same computation in PyTorch, as an independent witness beside `rnn_core`.

PyTorch is optional: the app runs without it and then says that this comparison was not made.
"""

import gc
import importlib.util
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from threading import Thread
from typing import Any

import numpy as np

from app.pytorch.torch_runs import by_loop, by_module, has_module
from rnn_core import Gradients, Trace
from rnn_core.cells import ELMAN

INSTALL = "pip install torch==2.13.0"
"""The release that the tests run with."""

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


def version() -> str:
    """Return the installed release, without its build: "2.13.0"."""
    return metadata.version("torch").partition("+")[0]


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


def wait() -> None:
    """Wait until PyTorch is imported, where it is installed."""
    if (thread := warm_up()) is not None:
        thread.join()


def compare(trace: Trace, grads: Gradients) -> Comparison:
    """Recompute the loss, the states and every gradient with autograd.

    The trace must have a target, and the gradients must not be truncated: autograd follows every
    path.
    """
    wait()
    by_lines = trace.cell is ELMAN or not has_module(trace)
    reference = by_loop(trace, inner=False) if by_lines else by_module(trace)
    ours: dict[str, Any] = {
        "h": trace.h,
        "loss": trace.loss,
        "dL/dx": grads.x,
        **{f"dL/d{name}_0": grads[name][0] for name in trace.cell.states},
        **{f"dL/d{name}": array for name, array in grads.parameters.items()},
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
