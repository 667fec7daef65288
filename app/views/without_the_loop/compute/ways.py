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
class Problem:
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
    run: Callable[[Problem], Floats | Solution]
    cost: str


@dataclass(frozen=True, eq=False)
class Outcome:
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


def _tuned(problem: Problem) -> Floats:
    run = forward(problem.params, problem.x, activation=problem.activation, h0=problem.h0)
    return run.h


def _loop(problem: Problem) -> Floats:
    with np.errstate(all="ignore"):
        return unroll(problem.params, problem.x, problem.h0, problem.activation)[1]


def _hoisted(problem: Problem) -> Floats:
    return hoisted(problem.params, problem.x, problem.h0, problem.activation)[1]


def _chunks(problem: Problem) -> Floats:
    length = chunk_length(len(problem.x))
    return hoisted_in_chunks(problem.params, problem.x, problem.h0, problem.activation, length)[1]


def _other_activation(problem: Problem) -> Floats:
    return hoisted(problem.params, problem.x, problem.h0, other(problem.activation))[1]


def linear_network(problem: Problem) -> tuple[Floats, Floats]:
    """Return A (H, H) and b (T, B, H) of h_t = A h_{t-1} + b_t: the network without its φ.

    For tanh and the identity it is the tangent at z = 0, where φ = 0 and φ′ = 1; ReLU has none.
    """
    return problem.params.W_hh, project(problem.params, problem.x)


def _doubling(problem: Problem) -> Floats:
    return doubling(*linear_network(problem), problem.h0)


def _toeplitz(problem: Problem) -> Floats:
    size = len(problem.x) * problem.params.hidden_size
    if size > MOST_DENSE:
        raise ValueError(
            f"block-Toeplitz: expected T·H of at most {MOST_DENSE}, since the matrix has (T·H)² "
            f"numbers, got {size}"
        )
    return block_toeplitz(*linear_network(problem), problem.h0)


def _method(name: str, problem: Problem) -> Solution:
    cap = min(MOST_ITERATIONS, len(problem.x))
    return ITERATIVE_METHODS[name].solve(
        problem.params,
        problem.x,
        h0=problem.h0,
        activation=problem.activation,
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
def problem_of(experiment: Experiment) -> Problem:
    """Return weights, input and initial state as every way takes them."""
    trace = trace_of(experiment)
    return Problem(
        trace.params,
        np.ascontiguousarray(trace.x),
        np.ascontiguousarray(trace.h0),
        trace.activation,
    )


@cached
def outcome_of(experiment: Experiment, name: str) -> Outcome:
    """Return what one way gives for the experiment, compared with the loop."""
    way, problem = WAYS[name], problem_of(experiment)
    try:
        found, seconds = _run(way, problem)
        if seconds < SHORT_S:  # the first call pays for what is prepared once: look again
            found, seconds = _run(way, problem)
    except ValueError as error:
        return Outcome(way, refused=str(error))
    solution = found if isinstance(found, Solution) else None
    h = found.h if isinstance(found, Solution) else found
    reference = h if name == "loop" else outcome_of(experiment, "loop").h
    sizes = sizes_of(experiment, solution)
    return Outcome(
        way,
        h=h,
        loss=loss_of(experiment, h),
        difference=0.0 if reference is None else difference(h, reference),
        solution=solution,
        cost=_cost(way.cost, sizes, solution),
        sizes=sizes,
        seconds=seconds,
    )


def outcomes_of(experiment: Experiment, names: Sequence[str]) -> tuple[Outcome, ...]:
    """Return what several ways give, without their states: to come from another process."""
    return tuple(_without_states(outcome_of(experiment, name)) for name in names)


def _without_states(outcome: Outcome) -> Outcome:
    solution = outcome.solution
    if solution is not None:
        solution = replace(solution, h=solution.h[:0], z=solution.z[:0], iterates=None)
    return replace(outcome, h=None, solution=solution)


def _run(way: Way, problem: Problem) -> tuple[Floats | Solution, float]:
    start = perf_counter()
    found = way.run(problem)
    return found, perf_counter() - start


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
