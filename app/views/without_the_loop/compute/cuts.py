"""The sequence in chunks: the state carried, the gradient cut."""

from dataclasses import dataclass

import networkx as nx
import numpy as np

from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.views.without_the_loop.compute.results import difference, loss_of
from app.views.without_the_loop.compute.ways import WayResult, result_of, start_of
from app.work.caching import cached
from rnn_core import Cut, hoisted_in_chunks, truncation_loss
from rnn_core.truncation import flow

MOST_LENGTHS = 24
MOST_WORK = 3e8
"""Multiply-adds for all lengths together; fewer lengths are tried where they would be more."""


@dataclass(frozen=True)
class Carried:
    """The forward pass in chunks against the loop."""

    chunks: int
    difference: float
    loss: float | None


def carried_of(experiment: Experiment, length: int) -> Carried:
    """Return what becomes of states and loss when the sequence is run chunk by chunk."""
    start = start_of(experiment)
    _, h = hoisted_in_chunks(start.params, start.x, start.h0, start.activation, length)
    loop: WayResult = result_of(experiment, "loop")
    apart = 0.0 if loop.h is None else difference(h, loop.h)
    return Carried(-(-len(start.x) // length), apart, loss_of(experiment, h))


def lengths_of(experiment: Experiment, kind: str) -> tuple[int, ...]:
    """Return the cut lengths to compare: 1 … T, thinned evenly in log T where they are many."""
    steps, batch, inputs, hidden, _ = experiment.sizes
    once = steps * batch * hidden * (hidden + inputs + 1)
    most = MOST_LENGTHS
    while True:
        wanted = np.unique(np.geomspace(1, steps, most).round().astype(int))
        if steps <= most:
            wanted = np.arange(1, steps + 1)
        windows = kind == "window" and experiment.readout == "every"
        passes = int(wanted.sum()) if windows else 3 * len(wanted)
        if once * passes <= MOST_WORK or most <= 6:
            return tuple(int(length) for length in wanted)
        most //= 2


@cached
def cuts_of(experiment: Experiment, lengths: tuple[int, ...], kind: str) -> tuple[Cut, ...]:
    """Return the cut gradients against the full one.

    Raises
    ------
    ValueError
        The core refuses; one sentence.
    """
    return truncation_loss(trace_of(experiment), lengths, kind=kind)


def flow_of(experiment: Experiment, length: int, kind: str) -> "nx.DiGraph[str]":
    """Return how the gradient flows back through the last steps, with the edges that are cut."""
    steps = experiment.sizes[0]
    read = trace_of(experiment).readout_steps
    return flow(steps, read, length, kind=kind)
