"""The state space of the experiment shown: its field, its fixed points, its main directions."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.work.caching import cached
from rnn_core import (
    FixedPoints,
    Principal,
    Trace,
    find_fixed_points,
    fixed_point_starts,
    principal_components,
    vector_field,
)

Floats = NDArray[np.floating[Any]]

INPUTS = ("zero", "mean", "step")
"""Which input is held: none, the mean of the sequence, or that of one step."""

STARTS, STARTS_OF_MANY = 200, 60
MANY_UNITS = 16


@cached
def states_of(experiment: Experiment) -> Floats:
    """Return the states of the sequence shown, (T + 1, H)."""
    return np.asarray(trace_of(experiment).h[:, experiment.sample])


def input_of(experiment: Experiment, held: str, step: int) -> Floats:
    """Return the input that is held, (D,); `step` counts from 1."""
    x: Floats = experiment.x()[:, experiment.sample]
    if held == "mean":
        mean: Floats = x.mean(axis=0)
        return mean
    return x[step - 1] if held == "step" else np.zeros(x.shape[1])


@cached
def fixed_points_of(experiment: Experiment, held: str, step: int) -> FixedPoints:
    """Return fixed and slow points with the input held, from states of the sequence and a grid.

    Raises
    ------
    ValueError
        No state is finite.
    """
    h = states_of(experiment)
    if not np.isfinite(h).all(axis=1).any():
        raise ValueError("h: expected at least one state that is finite, got none")
    count = STARTS if experiment.hidden < MANY_UNITS else STARTS_OF_MANY
    return find_fixed_points(
        experiment.parameters(),
        input_of(experiment, held, step),
        fixed_point_starts(h, count=count),
        activation=experiment.activation,
    )


@dataclass(frozen=True, eq=False)
class Plane:
    """The path of all states of a cell along two of their numbers, or two directions of them."""

    path: Floats  # (T + 1, 2)
    names: list[str]
    shares: Floats | None  # of the variance, (2,); None where the states have two numbers only


def plane_of(trace: Trace, sample: int) -> Plane | None:
    """Return the plane in which the states move most; None of a single number, or none finite."""
    states, hidden = trace.cell.states, trace.params.hidden_size
    path = np.concatenate([trace[name][:, sample] for name in states], axis=1)
    finite = np.isfinite(path).all(axis=1)
    if path.shape[1] == 1 or not finite.any():
        return None
    if path.shape[1] == 2:
        return Plane(
            path, [f"{name}, unit {i + 1}" for name in states for i in range(hidden)], None
        )
    main = principal_components(path[finite])
    along, shares = np.full_like(path, np.nan), main.shares[:2]
    along[finite] = main.project(path[finite])
    return Plane(
        along[:, :2], [f"direction {i + 1} ({s:.0%})" for i, s in enumerate(shares)], shares
    )


@dataclass(frozen=True, eq=False)
class Slice:
    """F(h) − h on a grid over two units, the others held: places and steps, both (N, 2)."""

    places: Floats
    moves: Floats


def slice_of(
    experiment: Experiment,
    x: Floats,
    units: tuple[int, int],
    ranges: tuple[list[float], list[float]],
    side: int,
) -> Slice:
    """Return the field over two units; the others are as in the last state."""
    grid = np.stack(
        np.meshgrid(*[np.linspace(low, high, side + 2)[1:-1] for low, high in ranges]), axis=-1
    ).reshape(-1, 2)
    states = np.repeat(states_of(experiment)[-1:], len(grid), axis=0)
    states[:, units] = grid
    moves = vector_field(experiment.parameters(), x, states, experiment.activation)
    return Slice(grid, moves[:, units])


def map_of(experiment: Experiment, x: Floats, states: Floats) -> Floats:
    """Return F(h) of a network with one unit, for states (N,)."""
    column = states[:, np.newaxis]
    moved = vector_field(experiment.parameters(), x, column, experiment.activation)
    return (column + moved)[:, 0]


@cached
def principal_of(experiment: Experiment) -> Principal:
    """Return the principal components of the states up to the first that is not finite.

    Raises
    ------
    ValueError
        No state is finite.
    """
    return principal_components(finite_states(experiment))


def finite_states(experiment: Experiment) -> Floats:
    """Return the states before the first that is not finite, (n, H)."""
    h = states_of(experiment)
    bad = np.flatnonzero(~np.isfinite(h).all(axis=1))
    return h[: int(bad[0])] if bad.size else h
