"""Compare the ways without the loop over time with the project's own loop, on one thread.

Run it with `python -m benchmarks.loop_free_speed`. It prints a table of ratios, in CPU time and in
elapsed time, and fails on nothing. The two runs of a line take turns in one process, so that
whatever else the machine does hits both; medians count.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks._one_thread import on_one_thread

SECONDS_PER_CASE = 2.0
MIN_ROUNDS, MAX_ROUNDS = 5, 200
TARGET = 0.3
"""For chunks at T = 10 000, H ≤ 8 and a spectral radius up to 1."""


@dataclass(frozen=True)
class Case:
    """One way to the states, and the network it is tried on; D = B = 1."""

    way: str
    steps: int
    hidden: int
    radius: float

    @property
    def target(self) -> float | None:
        """The ratio to stay under, if one was set."""
        wanted = self.steps >= 10_000 and self.hidden <= 8 and self.radius <= 1
        return TARGET if wanted and self.way == "chunked_jacobi" else None


CASES = (
    *(
        Case("chunked_jacobi", steps, hidden, radius)
        for steps, hidden, radius in (
            (10_000, 4, 0.9),
            (10_000, 4, 1.0),
            (10_000, 8, 0.9),
            (10_000, 8, 1.0),
            (10_000, 16, 1.0),
            (10_000, 32, 1.0),
            (1000, 4, 0.9),
            (1000, 8, 1.0),
            (50, 4, 0.9),
            # from here on the loop takes over, sooner or later
            (10_000, 4, 1.2),
            (10_000, 8, 1.2),
            (1000, 8, 1.2),
            (50, 4, 1.2),
            (10_000, 32, 3.0),
        )
    ),
    *(
        Case(way, steps, 4, 0.9)
        for way in ("fixed_point", "newton", "quasi_newton", "elk")
        for steps in (50, 1000)
    ),
    *(
        Case(way, steps, hidden, 0.9)
        for way in ("scan, hillis_steele", "scan, blelloch", "doubling")
        for steps, hidden in ((50, 4), (1000, 4), (10_000, 4), (10_000, 8))
    ),
)


def main() -> None:
    """Print the table, in a process that was started with one thread."""
    on_one_thread()
    print("All states without the loop over time, against `forward` with it: time / the loop's")
    print(f"{'way':22}{'T':>7}{'H':>4}{'radius':>8}{'loop ms':>9}{'CPU':>8}{'wall':>8}  outcome")
    for case in CASES:
        loop, other, outcome = prepared(case)
        (loop_cpu, loop_wall), (cpu, wall) = take_turns(loop, other)
        missed = case.target is not None and cpu / loop_cpu > case.target
        print(
            f"{case.way:22}{case.steps:7}{case.hidden:4}{case.radius:8.1f}{loop_cpu * 1e3:9.3f}"
            f"{cpu / loop_cpu:8.3f}{wall / loop_wall:8.3f}  {outcome}{', missed' * missed}",
            flush=True,
        )


def prepared(case: Case) -> tuple[Callable[[], object], Callable[[], object], str]:
    """Return the loop, the other way, and what comes of it."""
    import numpy as np

    from rnn_core import ITERATIVE_METHODS, Parameters, doubling, forward, prefix_scan

    x = np.random.default_rng(0).normal(size=(case.steps, 1, 1))
    params = Parameters.random(1, case.hidden, seed=0, spectral_radius=case.radius)
    if case.way in ITERATIVE_METHODS:
        economical = {"economical": True} if case.way == "chunked_jacobi" else {}
        found = ITERATIVE_METHODS[case.way].solve(params, x, **economical)
        outcome = f"{found.iterations} iterations" + ", then the loop" * found.fell_back
        return (
            lambda: forward(params, x),
            lambda: forward(params, x, solver=case.way),
            outcome,
        )
    name, _, kind = case.way.partition(", ")
    A = params.W_hh

    def linear() -> object:
        b = x @ params.W_xh.T + params.b_h
        return prefix_scan(A, b, kind=kind) if name == "scan" else doubling(A, b)

    off = np.abs(np.asarray(linear()) - forward(params, x, activation="identity").h).max()
    return lambda: forward(params, x, activation="identity"), linear, f"off by {off:.0e}"


def take_turns(
    first: Callable[[], object], second: Callable[[], object]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the medians of CPU and elapsed seconds of one call of each."""
    times: tuple[list[tuple[float, float]], ...] = ([], [])
    for run in (first, second):
        run()
    deadline = time.perf_counter() + SECONDS_PER_CASE
    rounds = 0
    while rounds < MIN_ROUNDS or (rounds < MAX_ROUNDS and time.perf_counter() < deadline):
        for run, found in zip((first, second), times, strict=True):
            cpu, wall = time.process_time(), time.perf_counter()
            run()
            found.append((time.process_time() - cpu, time.perf_counter() - wall))
        rounds += 1
    cpu_first, wall_first = map(statistics.median, zip(*times[0], strict=True))
    cpu_second, wall_second = map(statistics.median, zip(*times[1], strict=True))
    return (cpu_first, wall_first), (cpu_second, wall_second)


if __name__ == "__main__":
    main()
