"""The network with φ replaced by a tangent: how far off, over the size of what goes in."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.experiment.value import Experiment
from app.views.without_the_loop.compute.results import difference
from app.views.without_the_loop.compute.ways import Start, start_of
from app.work.caching import cached
from rnn_core import (
    Linearisation,
    block_toeplitz,
    doubling,
    linear_error,
    linearise,
    matrix_powers,
    prefix_scan,
)
from rnn_core.hoisting import project
from rnn_core.linear import SCANS
from rnn_core.recurrence import unroll

Floats = NDArray[np.floating[Any]]

MOST_STEPS = 200
MOST_HIDDEN_STEPS = 1_000_000
"""T·H² up to which matrices of their own at each step are made."""
MOST_DENSE = 400
AROUND = {"zero": "z = 0", "input": "h = 0", "trajectory": "trajectory"}
"""Where a tangent is taken, and what that is called."""

SCALES = tuple(float(scale) for scale in np.round(np.geomspace(0.01, 10, 13), 6))


@dataclass(frozen=True, eq=False)
class Tangent:
    """A linearisation of the sequence shown, and its error over the scale of the input."""

    made: Linearisation
    errors: Floats  # (scales,) largest error over steps and units
    order: float  # the slope in log-log between the two smallest scales that differ
    steps: int


@dataclass(frozen=True)
class Solved:
    """One way to solve the linear recurrence, against its loop."""

    name: str
    difference: float  # largest, relative to the largest |h|
    refused: str = ""


def steps_of(experiment: Experiment) -> int:
    """Return how many steps this section runs."""
    hidden = experiment.hidden
    return max(1, min(experiment.sizes[0], MOST_STEPS, MOST_HIDDEN_STEPS // hidden**2))


@cached
@np.errstate(all="ignore")
def tangent_of(experiment: Experiment, around: str) -> Tangent:
    """Return the network linearised around zero, its input or its own trajectory.

    Raises
    ------
    ValueError
        ReLU has no tangent at 0; or the core refuses.
    """
    start = _shown(experiment)
    settings: dict[str, Any] = {
        "h0": start.h0,
        "activation": start.activation,
        "around": around,
    }
    made = linearise(start.params, start.x, **settings)
    errors = linear_error(start.params, start.x, SCALES, **settings).max(axis=1)
    good = np.flatnonzero(np.isfinite(errors) & (errors > 1e-14))[:2]
    order = float("nan")
    if len(good) == 2:
        first, second = good
        rise = np.log(errors[second]) - np.log(errors[first])
        order = float(rise / (np.log(SCALES[second]) - np.log(SCALES[first])))
    return Tangent(made, errors, order, len(start.x))


def tangents_of(experiment: Experiment) -> tuple[dict[str, Tangent], dict[str, str]]:
    """Return the tangents that there are, by where they are taken, and why there is no other."""
    made, refused = {}, {}
    for around in AROUND:
        try:
            made[around] = tangent_of(experiment, around)
        except ValueError as error:
            refused[around] = str(error)
    return made, refused


@cached
@np.errstate(all="ignore")
def solved_of(experiment: Experiment) -> tuple[Solved, ...]:
    """Return the ways to solve the linear network without a loop, against its loop."""
    start = _shown(experiment)
    A, b = start.params.W_hh, project(start.params, start.x)
    loop = unroll(start.params, start.x, start.h0, "identity")[1]
    size = max(1.0, float(np.abs(loop).max()))
    ways: dict[str, Callable[..., Floats]] = {
        "doubling": doubling,
        **{kind: partial(prefix_scan, kind=kind) for kind in SCANS},
        "toeplitz": _toeplitz,
    }
    found = []
    for name, solve in ways.items():
        try:
            found.append(Solved(name, difference(solve(A, b, start.h0), loop) / size))
        except ValueError as error:
            found.append(Solved(name, 0.0, str(error)))
    return tuple(found)


def power_norms(experiment: Experiment) -> Floats:
    """Return ‖A^k‖₂ for k = 0 … T − 1: how much of an input is left k steps later."""
    steps = steps_of(experiment)
    made = matrix_powers(experiment.parameters().W_hh, steps - 1)
    with np.errstate(all="ignore"):
        finite = np.isfinite(made).all(axis=(1, 2))
        norms = np.full(len(made), np.inf)
        norms[finite] = np.linalg.norm(made[finite], 2, axis=(1, 2))
    return norms


def _toeplitz(A: Floats, b: Floats, h0: Floats) -> Floats:
    if len(b) * len(A) > MOST_DENSE:
        raise ValueError(
            f"its matrix has (T·H)² numbers: made up to T·H = {MOST_DENSE}, here {len(b) * len(A)}"
        )
    return block_toeplitz(A, b, h0)


def _shown(experiment: Experiment) -> Start:
    """Return the sequence shown alone, as many steps of it as this section runs."""
    start, sample, steps = start_of(experiment), experiment.sample, steps_of(experiment)
    return Start(
        start.params,
        np.ascontiguousarray(start.x[:steps, sample : sample + 1]),
        start.h0[sample : sample + 1],
        start.activation,
    )
