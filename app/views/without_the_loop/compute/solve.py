"""A method without the loop with all its iterates, for the sequence that is shown."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.experiment.value import Experiment
from app.views.without_the_loop.compute.ways import start_of
from app.work.caching import cached
from rnn_core import ITERATIVE_METHODS, Solution
from rnn_core.recurrence import unroll

Floats = NDArray[np.floating[Any]]

MOST_STEPS = 400
MOST_CAP = 200
AGREES = 1e-12
"""Relative to max(1, |h|): a state this near to the loop's counts as agreeing."""


@dataclass(frozen=True, eq=False)
class Played:
    """The iterates of one sequence, its first `steps` steps, and the loop's states."""

    solution: Solution
    iterates: Floats  # (I + 1, T + 1, H)
    loop: Floats  # (T + 1, H)
    differences: Floats  # (I + 1, T + 1) largest over the units, relative to max(1, |h|)
    fronts: tuple[int, ...]  # for each iterate, the last step up to which all agree
    left_out: str


@cached
@np.errstate(all="ignore")
def played_of(experiment: Experiment, method: str, cap: int, chunk: int | None) -> Played:
    """Return every iterate of a method on the sequence that is shown.

    Raises
    ------
    ValueError
        The core refuses; one sentence.
    """
    start, sample = start_of(experiment), experiment.sample
    steps = min(len(start.x), MOST_STEPS)
    x = np.ascontiguousarray(start.x[:steps, sample : sample + 1])
    h0 = start.h0[sample : sample + 1]
    extra = {"chunk": min(chunk, steps)} if method == "chunked_jacobi" and chunk else {}
    solution = ITERATIVE_METHODS[method].solve(
        start.params,
        x,
        h0=h0,
        activation=start.activation,
        max_iterations=min(cap, steps),
        keep_iterates=True,
        **extra,
    )
    loop = unroll(start.params, x, h0, start.activation)[1][:, 0]
    kept = solution.iterates
    iterates = np.empty((0, *loop.shape)) if kept is None else kept[:, :, 0]
    apart = np.where(iterates == loop, 0.0, np.abs(iterates - loop) / np.maximum(1, np.abs(loop)))
    differences = apart.max(axis=2)
    left_out = ""
    if steps < len(start.x):
        left_out = f"The first {steps} of {len(start.x)} steps: every iterate of them is kept."
    fronts = tuple(_front(row) for row in differences)
    return Played(solution, iterates, loop, differences, fronts, left_out)


def _front(differences: Floats) -> int:
    """Return the last step up to which every state agrees with the loop; h_0 always does."""
    wrong = ~(differences <= AGREES)  # nan does not agree
    return int(wrong.argmax()) - 1 if wrong.any() else len(differences) - 1
