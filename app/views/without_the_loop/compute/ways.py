"""Each way to compute the states of the current experiment: its result, and what it costs.

The ways are compared on the whole batch of the experiment; the loop is what all are compared with.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import ceil, sqrt
from time import perf_counter
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.views.without_the_loop.compute.results import difference, loss_of
from app.work.caching import cached
from rnn_core import (
    ITERATIVE_METHODS,
    Cost,
    Parameters,
    Sizes,
    Solution,
    block_toeplitz,
    doubling,
    forward,
    forward_cost,
    hoisted,
    hoisted_in_chunks,
)
from rnn_core.hoisting import project
from rnn_core.recurrence import unroll

Floats = NDArray[np.floating[Any]]

MOST_ITERATIONS = 100
"""Iterations of a way that improves a guess, before the loop does the rest: the page's cap."""
SHORT_S = 0.02
MOST_DENSE = 400
"""T·H up to which the block-Toeplitz matrix, (T·H)² numbers, is made."""


@dataclass(frozen=True, eq=False)
class Start:
    """What every way starts from."""

    params: Parameters
    x: Floats  # (T, B, D)
    h0: Floats  # (B, H)
    activation: str


@dataclass(frozen=True)
class Way:
    """One way: `run` makes the states (T + 1, B, H), or a solution that tells how it came there.

    `exact` says whether it computes this network, or another one in its place. `cost` names the
    dependency graph.
    """

    name: str
    title: str
    exact: bool
    run: Callable[[Start], Floats | Solution]
    cost: str


@dataclass(frozen=True, eq=False)
class WayResult:
    """What a way gave for an experiment; `refused` is one sentence where it cannot be done."""

    way: Way
    h: Floats | None = None
    loss: float | None = None
    difference: float = 0.0  # largest |h − h of the loop|
    solution: Solution | None = None
    cost: Cost | None = None
    sizes: Sizes | None = None
    seconds: float = 0.0  # of this one run
    refused: str = ""


def _tuned(start: Start) -> Floats:
    run = forward(start.params, start.x, activation=start.activation, h0=start.h0)
    return run.h


def _loop(start: Start) -> Floats:
    with np.errstate(all="ignore"):
        return unroll(start.params, start.x, start.h0, start.activation)[1]


def _hoisted(start: Start) -> Floats:
    return hoisted(start.params, start.x, start.h0, start.activation)[1]


def _chunks(start: Start) -> Floats:
    length = chunk_length(len(start.x))
    return hoisted_in_chunks(start.params, start.x, start.h0, start.activation, length)[1]


def _other_activation(start: Start) -> Floats:
    return hoisted(start.params, start.x, start.h0, other(start.activation))[1]


def linear_network(start: Start) -> tuple[Floats, Floats]:
    """Return A (H, H) and b (T, B, H) of h_t = A h_{t-1} + b_t: the network without its φ.

    For tanh and the identity it is the tangent at z = 0, where φ = 0 and φ′ = 1; ReLU has none.
    """
    return start.params.W_hh, project(start.params, start.x)


def _doubling(start: Start) -> Floats:
    return doubling(*linear_network(start), start.h0)


def _toeplitz(start: Start) -> Floats:
    size = len(start.x) * start.params.hidden_size
    if size > MOST_DENSE:
        raise ValueError(
            f"block-Toeplitz: expected T·H of at most {MOST_DENSE}, since the matrix has (T·H)² "
            f"numbers, got {size}"
        )
    return block_toeplitz(*linear_network(start), start.h0)


def _method(name: str, start: Start) -> Solution:
    cap = min(MOST_ITERATIONS, len(start.x))
    return ITERATIVE_METHODS[name].solve(
        start.params,
        start.x,
        h0=start.h0,
        activation=start.activation,
        max_iterations=cap,
    )


def _iterative(name: str) -> Way:
    return Way(name, ITERATIVE_METHODS[name].title, True, partial(_method, name), name)


WAYS: Mapping[str, Way] = MappingProxyType(
    {
        way.name: way
        for way in (
            Way("loop", "Loop, as written", True, _loop, "loop"),
            Way("hoisted", "Input projection hoisted", True, _hoisted, "hoisted"),
            Way("tuned", "Loop of this app", True, _tuned, "loop"),
            Way("chunks", "In chunks, state carried", True, _chunks, "hoisted"),
            Way("other", "Another activation", False, _other_activation, "hoisted"),
            Way("doubling", "Linear, powers by doubling", False, _doubling, "doubling"),
            Way("toeplitz", "Linear, block-Toeplitz", False, _toeplitz, "toeplitz"),
            *map(_iterative, ITERATIVE_METHODS),
        )
    }
)


def other(activation: str) -> str:
    """Return what φ is exchanged for: ReLU in place of tanh, tanh in place of the others."""
    return "relu" if activation == "tanh" else "tanh"


def chunk_length(steps: int) -> int:
    """Return the steps in a chunk that the comparison uses: about √T."""
    return max(1, ceil(sqrt(steps)))


@cached
def start_of(experiment: Experiment) -> Start:
    """Return weights, input and initial state as every way takes them."""
    trace = trace_of(experiment)
    return Start(
        trace.params,
        np.ascontiguousarray(trace.x),
        np.ascontiguousarray(trace.h0),
        trace.activation,
    )


@cached
def result_of(experiment: Experiment, name: str) -> WayResult:
    """Return what one way gives for the experiment, compared with the loop."""
    way, start = WAYS[name], start_of(experiment)
    try:
        found, seconds = _run(way, start)
        if seconds < SHORT_S:  # the first call pays for what is prepared once: look again
            found, seconds = _run(way, start)
    except ValueError as error:
        return WayResult(way, refused=str(error))
    solution = found if isinstance(found, Solution) else None
    h = found.h if isinstance(found, Solution) else found
    reference = h if name == "loop" else result_of(experiment, "loop").h
    sizes = sizes_of(experiment, solution)
    return WayResult(
        way,
        h=h,
        loss=loss_of(experiment, h),
        difference=0.0 if reference is None else difference(h, reference),
        solution=solution,
        cost=_cost(way.cost, sizes, solution),
        sizes=sizes,
        seconds=seconds,
    )


def results_of(experiment: Experiment, names: Sequence[str]) -> tuple[WayResult, ...]:
    """Return what several ways give, without their states: to come from another process."""
    return tuple(_without_states(result_of(experiment, name)) for name in names)


def _without_states(result: WayResult) -> WayResult:
    solution = result.solution
    if solution is not None:
        solution = replace(solution, h=solution.h[:0], z=solution.z[:0], iterates=None)
    return replace(result, h=None, solution=solution)


def _run(way: Way, start: Start) -> tuple[Floats | Solution, float]:
    began = perf_counter()
    found = way.run(start)
    return found, perf_counter() - began


def sizes_of(experiment: Experiment, solution: Solution | None) -> Sizes:
    """Return the sizes that work and depth of a way depend on."""
    steps, batch, inputs, hidden, _ = experiment.sizes
    return Sizes(
        steps,
        inputs,
        hidden,
        batch,
        iterations=max(1, solution.iterations) if solution else 1,
        chunk=(solution.chunk or 1) if solution else 1,
    )


def _cost(way: str, sizes: Sizes, solution: Solution | None) -> Cost:
    """Return the cost of a way, with the steps that the loop did where the way gave up."""
    found = forward_cost(way, sizes)
    if solution is None or not solution.fell_back:
        return found
    left = sizes.steps - solution.final
    return Cost(found.work + left * sizes.state, found.depth + left)
