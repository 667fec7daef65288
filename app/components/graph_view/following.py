"""What the browser needs to compute a run again by itself, while a number of it is dragged."""

from typing import Any

import numpy as np

from app.components.shared.packing import packed_numbers
from rnn_core import Gradients, Trace

MOST_WORK = 300_000
"""Products of a number with a weight, in a forward pass, that a browser does between two frames."""


def following(trace: Trace, grads: Gradients | None, sample: int) -> dict[str, Any] | None:
    """Return what the program of a run is given; None where it is too much for a frame."""
    if trace.steps * trace.batch * trace.params.count > MOST_WORK:
        return None
    if grads is not None and grads.upstream is not None:
        return None
    return numbers_of_run(trace, grads, sample)


def numbers_of_run(trace: Trace, grads: Gradients | None, sample: int) -> dict[str, Any]:
    """Return what the program of a run is given, and how long that is.

    `given` holds the parameters, x, the states before the first step and, with a target, y: in the
    order of the program, y last.
    """
    arrays = [array for _, array in trace.params.items()]
    arrays += [trace.x, *(trace[state][0] for state in trace.cell.states)]
    arrays += [] if trace.target is None else [trace.target]
    return {
        "given": packed_numbers(np.asarray(array, float) for array in arrays),
        "steps": trace.steps,
        "batch": trace.batch,
        "sample": sample,
        "target": trace.target is not None,
        "truncate": None if grads is None else grads.truncate,
    }
