"""A sweep in chunks, what it comes to, and waiting, for the tests of where it is computed."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from rnn_core import Sweep, SweepChunk, initialise, run_sweep_chunk, spaced_lengths, sweep_chunks

PATIENCE = 60  # seconds until a test gives up: nothing comes near it


def never() -> bool:
    return False


def as_bytes(results: Iterator[tuple[int, Any]]) -> dict[int, bytes]:
    return {place: result.tobytes() for place, result in results}


def until(happened: Callable[[], bool]) -> None:
    stop = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < stop
        time.sleep(0.02)


def sweep_parts() -> tuple[SweepChunk, ...]:
    """A sweep of two networks in some chunks."""
    networks = tuple(initialise("xavier_normal", 3, 9, seed=seed) for seed in range(2))
    x = np.random.default_rng(3).normal(size=(300, 3))
    sweep = Sweep(networks, x, tuple(np.linspace(0.3, 1.8, 12)), spaced_lengths(300, 10))
    return sweep_chunks(sweep, 0.004)


def one_by_one(parts: tuple[SweepChunk, ...]) -> dict[int, bytes]:
    """What the chunks come to, computed one after the other."""
    assert len(parts) > 6
    return {place: run_sweep_chunk(part).tobytes() for place, part in enumerate(parts)}
