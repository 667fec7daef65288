"""The sweep of the page Gradient flow: what its controls ask for, as a sweep of the core."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.experiment.sources import MAX_SEED, MAX_STEPS, Drawn
from app.experiment.value import Experiment
from app.work.caching import cached
from rnn_core import (
    Parameters,
    Sweep,
    SweepChunk,
    SweepMap,
    assemble_sweep,
    repeat_to_length,
    run_sweep_chunk,
    spaced_lengths,
    sweep_chunks,
    sweep_seconds,
    with_spectral_radius,
)

Floats = NDArray[np.floating[Any]]
FREE_SECONDS = 0.25
"""Estimated work that is done without being asked for."""

COARSE = 12
"""Radii and lengths of the map that stands in for one that takes longer."""

MOST_RADII, MOST_LENGTHS, MOST_NETWORKS, LONGEST = 60, 60, 20, MAX_STEPS
NOISE_SEED = 0


@dataclass(frozen=True)
class Grid:
    """What a sweep goes through: radii evenly spaced, lengths evenly in ratio from 1 step."""

    low: float
    high: float
    radii: int
    longest: int
    lengths: int
    networks: int = 1  # seeds, counted up from the experiment's own
    noise: bool = False  # N(0, 1) from a fixed seed instead of the experiment's own sequence


@cached
def sweep_of(experiment: Experiment, grid: Grid) -> Sweep:
    """Return the sweep over the experiment's network, its shown sequence and its first state.

    Raises
    ------
    ValueError
        The sweep is too much work, or W_hh cannot be scaled.
    """
    networks = _networks(experiment, grid.networks)
    for network in networks:
        with_spectral_radius(network, grid.high)  # raises before any row does
    radii = np.linspace(grid.low, grid.high, grid.radii if grid.high > grid.low else 1)
    h0, c0 = experiment.h0(), experiment.c0()
    return Sweep(
        networks=networks,
        x=_input(experiment, grid),
        radii=tuple(np.round(radii, 10).tolist()),
        lengths=spaced_lengths(grid.longest, grid.lengths),
        activation=experiment.activation,
        h0=None if h0 is None else h0[experiment.sample],
        c0=None if c0 is None else c0[experiment.sample],
    )


def _networks(experiment: Experiment, count: int) -> tuple[Parameters, ...]:
    """Return the experiment's network, and those of the seeds that follow if it is drawn."""
    weights = experiment.weights
    if not isinstance(weights, Drawn):
        return (experiment.parameters(),)
    seeds = ((weights.seed + i) % (MAX_SEED + 1) for i in range(count))
    return tuple(
        experiment.replace(weights=weights.model_copy(update={"seed": seed})).parameters()
        for seed in seeds
    )


def _input(experiment: Experiment, grid: Grid) -> Floats:
    if grid.noise:
        shape = (grid.longest, experiment.sizes[2])
        return np.random.default_rng(NOISE_SEED).normal(size=shape)
    return repeat_to_length(experiment.x()[:, experiment.sample], grid.longest)


def seconds_of(experiment: Experiment, grid: Grid) -> float:
    """Estimate the seconds of work on one core."""
    return sweep_seconds(sweep_of(experiment, grid))


@cached
def parts_of(experiment: Experiment, grid: Grid) -> tuple[SweepChunk, ...]:
    """Return the sweep in chunks."""
    return sweep_chunks(sweep_of(experiment, grid))


@cached
def map_of(experiment: Experiment, grid: Grid) -> SweepMap:
    """Return the whole map, computed here and now."""
    parts = parts_of(experiment, grid)
    return partial_map(experiment, grid, [(i, run_sweep_chunk(p)) for i, p in enumerate(parts)])


def partial_map(
    experiment: Experiment, grid: Grid, results: Iterable[tuple[int, Floats]]
) -> SweepMap:
    """Return the map as far as chunks are computed: (place, result) in any order."""
    return assemble_sweep(sweep_of(experiment, grid), parts_of(experiment, grid), dict(results))


def coarse(experiment: Experiment, grid: Grid) -> Grid:
    """Return a grid over the same radii that is quick enough to compute unasked."""
    found = replace(
        grid,
        radii=min(grid.radii, COARSE),
        lengths=min(grid.lengths, COARSE),
        networks=1,
    )
    while found.longest > 1 and seconds_of(experiment, found) > FREE_SECONDS:
        found = replace(found, longest=found.longest // 2)
    return found
