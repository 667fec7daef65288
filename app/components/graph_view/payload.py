"""What the graph component receives: the graph's shape, which is cached, and its numbers.

Sizes: T time steps, D inputs, H hidden units, K outputs, S steps read out. The topology is text
that changes only with sizes and names; numbers travel as base64 of float64, so every digit, NaN
and infinity arrives, and no time goes into printing them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.components.graph_view.detail import detail
from app.components.graph_view.extent import (
    level_shown,
    levels_offered,
    node_count,
    step_of,
)
from app.components.graph_view.held_data import base_of, held_data
from app.components.graph_view.levels import Levels
from app.components.graph_view.network_program import program_text
from app.components.graph_view.pinned_data import PinnedLevels
from app.components.shared.packing import packed_numbers
from app.experiment.held_run import HeldRun
from app.experiment.pinned import Pinned
from app.figures.common import DEFAULT_LEVEL
from rnn_core import Gradients, Trace

ALL_LEVELS_NODES = 400
"""Up to this many nodes over all levels, all are sent, so that changing the level is immediate."""

HeldAt = Callable[[str], HeldRun | None]
Array = NDArray[np.float64]


def payload(
    trace: Trace,
    grads: Gradients | None,
    *,
    level: str = DEFAULT_LEVEL,
    sample: int = 0,
    at: str = "end",
    selected: str | None = None,
    held: HeldAt | None = None,
    pinned: Pinned | None = None,
) -> dict[str, Any]:
    """Return the data of the component: one level, or all where they are small.

    Parameters
    ----------
    level
        One of LEVELS; a level that is too large to draw falls back to the usual one.
    at
        Position of the player ("start", "end", "f:<node>", "b:<node>"): long sequences are sent
        around it.
    selected
        Id of the selected node: a parameter gets its ledger, a scalar node its paths to the loss.
    held
        Gives the run with numbers held, by the level ("operation" or "scalar"); None where nothing
        can be.
    pinned
        A run for its numbers to stand beside these, where nothing is held.
    """
    offered = levels_offered(trace)
    shown = level_shown(trace, level)
    every = sum(node_count(trace, name) for name in offered) <= ALL_LEVELS_NODES
    step = step_of(trace, shown, at)
    drawn = Levels(trace, grads, sample, step)
    before = PinnedLevels(pinned, step) if pinned else None
    levels = {}
    for name in offered if every else [shown]:
        run = held(base_of(name)) if held else None
        levels[name] = drawn.sent(name)
        levels[name]["held"] = before.data(name, drawn) if before else None
        if run is not None:
            levels[name]["held"] = held_data(drawn.graph(name), drawn.sized(name), run)
    return {
        "T": trace.steps,
        "level": shown,
        "offered": offered,
        "levels": levels,
        "program": program_text(trace),
        "overview": _overview(trace, grads, sample),
        "initial": {
            state: packed_numbers([trace[state][0, sample]]) for state in trace.cell.states
        },
        "detail": None
        if selected is None
        else detail(
            drawn.graph(shown),
            trace,
            grads,
            shown,
            sample,
            selected,
            held(base_of(shown)) if held else None,
        ),
    }


def _overview(trace: Trace, grads: Gradients | None, sample: int) -> dict[str, str | None]:
    """One number per step for the strip: the mean state and the length of its gradient."""
    with np.errstate(all="ignore"):
        return {
            "value": packed_numbers([trace.h[1:, sample].mean(axis=1)]),
            "grad": None
            if grads is None
            else packed_numbers([np.linalg.norm(grads.h[1:, sample], axis=1)]),
        }
