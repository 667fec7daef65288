"""An experiment that was pinned, for its run to stand beside that of what it was changed into."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.experiment.run import gradients_if_any, trace_of
from app.experiment.value import Experiment
from rnn_core import ACTIVATIONS, CELLS, LOSSES, Gradients, Trace

Array = NDArray[np.float64]
MOST_NAMED = 3


@dataclass(frozen=True)
class Pinned:
    """The pinned experiment, and what of it is another one now, in words."""

    experiment: Experiment
    changes: str

    @property
    def trace(self) -> Trace:
        """Its forward pass."""
        return trace_of(self.experiment)

    @property
    def grads(self) -> Gradients | None:
        """Its backward pass; None where it has no target."""
        return gradients_if_any(self.experiment)


def changes(before: Experiment, now: Experiment) -> str:
    """Return what is different in an experiment: "activation tanh → ReLU, W_hh"."""
    found = [
        f"{name} {old} → {new}"
        for name, old, new in (
            ("cell", CELLS[before.cell].title, CELLS[now.cell].title),
            ("activation", _symbol(before), _symbol(now)),
            ("loss", LOSSES[before.loss].title, LOSSES[now.loss].title),
            *zip(("T", "B", "D", "H", "K"), before.sizes, now.sizes, strict=True),
            ("sequence shown", before.sample + 1, now.sample + 1),
            ("truncated after", before.truncate or "∞", now.truncate or "∞"),
            ("outputs", before.readout, now.readout),
        )
        if old != new
    ]
    old, new = _given(before), _given(now)
    found += [name for name in new if name in old and not _same(old[name], new[name])]
    more = len(found) - MOST_NAMED
    shown = ", ".join(found[:MOST_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown


def _symbol(experiment: Experiment) -> str:
    return ACTIVATIONS[experiment.activation].symbol


def _given(experiment: Experiment) -> dict[str, Array | None]:
    """Return all numbers that are given, by what they are called."""
    trace = trace_of(experiment)
    states = {f"{state}_0": trace[state][0] for state in trace.cell.states}
    return {"x": trace.x, "y": experiment.target(), **states, **dict(trace.params.items())}


def _same(old: Array | None, new: Array | None) -> bool:
    if old is None or new is None:
        return old is new
    return old.shape != new.shape or np.array_equal(old, new)  # other sizes are said already
