"""What a sweep is, how it is parted, and how its numbers are put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from rnn_core._arrays import FloatArray, read_only, real_array
from rnn_core._checks import check_fields, finite, many, matrix, of, takes, whole, whole_number
from rnn_core._short import Shown
from rnn_core.activations import activation_named
from rnn_core.cells import ELMAN
from rnn_core.frozen import Frozen
from rnn_core.limits import MAX_MULTIPLICATIONS, require_memory, require_work
from rnn_core.types import Parameters

CHUNK_SECONDS = 0.15
"""Estimated work of a chunk, so that it is at least 0.1 s: handing one over costs milliseconds."""

MAX_ROWS = 2000
"""Networks times radii."""

MAX_LENGTHS = 200

MAX_WORK = 10 * MAX_MULTIPLICATIONS
"""Multiplications of a whole sweep: each of its many chunks is far below what one call may take."""


@dataclass(frozen=True, eq=False)
class Sweep(Frozen):
    """What to compute: every network at every radius over the first T steps, for every length T.

    Raises
    ------
    ValueError
        Networks differ in size, a radius is negative or not finite, lengths do not rise from at
        least 1 to at most the steps of `x`, or the work is over the limits.
    """

    networks: tuple[Parameters, ...]  # alike in cell, H and D; W_hh (or each W_h…) gets each radius
    x: FloatArray  # (T, D) one sequence for all, T at least the longest length
    radii: tuple[float, ...]
    lengths: tuple[int, ...]  # rising
    activation: str = "tanh"
    h0: FloatArray | None = None  # (H,); None is zero
    c0: FloatArray | None = None  # (H,), of a cell with a cell state

    def __post_init__(self) -> None:
        activation_named(self.activation)
        check_fields(
            self,
            networks=many(of(Parameters)),
            radii=many(finite(0)),
            lengths=many(whole(1)),
        )
        kinds = [(*network.layout[1::-1], network.cell) for network in self.networks]
        if not kinds or len(set(kinds)) > 1:
            shown = [(hidden, inputs, cell.name) for hidden, inputs, cell in kinds]
            raise ValueError(
                "networks: expected at least one, all of the same H and D and one cell, got "
                f"{shown!r:.60}"
            )
        if not self.radii:
            raise ValueError("radii: expected at least one, got none")
        x = real_array("x", self.x, self.networks[0].dtype)
        if x.ndim != 2 or x.shape[1] != self.networks[0].input_size:
            raise ValueError(
                f"x: expected shape (T, D) with D = {self.networks[0].input_size}, got {x.shape}"
            )
        object.__setattr__(self, "x", x)
        super().__post_init__()
        ends = (0, *self.lengths, len(x) + 1)
        if len(ends) == 2 or any(late <= early for early, late in pairwise(ends)):
            raise ValueError(
                f"lengths: expected whole numbers rising from at least 1 to at most {len(x)} "
                f"steps, got {self.lengths!r:.60}"
            )
        self._require_budget()

    def _require_budget(self) -> None:
        rows, lengths = self.rows, len(self.lengths)
        if rows > MAX_ROWS or lengths > MAX_LENGTHS:
            raise ValueError(
                f"sweep: expected at most {MAX_ROWS} rows (networks times radii) and {MAX_LENGTHS} "
                f"lengths, got {rows} and {lengths}"
            )
        network, steps, size = self.networks[0], self.lengths[-1], self.state_size
        kept = 2 * network.input_size + (len(network.cell.lines) + 1) * network.hidden_size
        if network.cell is not ELMAN:
            kept += size * size
        require_memory("sweep", 8 * (steps * kept + rows * lengths))
        each = steps * (size**3 + network.step_count)
        require_work("sweep", rows * each, MAX_WORK)

    @property
    def state_size(self) -> int:
        """The number of numbers in the states of a step: H, or 2 H of an LSTM."""
        return len(self.networks[0].cell.states) * self.networks[0].hidden_size

    @property
    def rows(self) -> int:
        """The number of rows: all networks at one radius, then at the next in `_spread` order."""
        return len(self.networks) * len(self.radii)


@dataclass(frozen=True, eq=False)
class SweepChunk(Shown):
    """Some rows of a sweep that follow each other, with just what they need."""

    first: int  # the first row, counted over the whole sweep
    rows: tuple[tuple[int, float], ...]  # a network of this chunk and a radius
    sweep: Sweep  # with the networks of this chunk only


@dataclass(frozen=True, eq=False)
class SweepMap(Frozen):
    """log₁₀ ‖J_T‖₂ for each radius and length, the median over the networks.

    −∞ where the Jacobian is exactly 0 (units saturated or shut), NaN where the states of a network
    are not finite. Numbers far beyond float64's range are given all the same: the product is kept
    with an exponent of its own.
    """

    radii: tuple[float, ...]
    lengths: tuple[int, ...]
    networks: int
    log10_norm: FloatArray  # (radii, lengths)
    known: tuple[bool, ...]  # for each radius, whether all its networks are computed


def row_seconds(hidden: int, steps: int, lengths: int) -> float:
    """Estimate the seconds that one row takes on one core (within a factor of 2 on ours)."""
    cube = hidden**3
    return steps * (4e-6 + 9e-11 * cube) + lengths * (15e-6 + 7e-10 * cube) + 1e-4 + 5e-9 * cube


@takes(sweep=of(Sweep))
def sweep_seconds(sweep: Sweep) -> float:
    """Estimate the seconds that a sweep takes on one core.

    Raises
    ------
    ValueError
        It is no sweep.
    """
    return sweep.rows * row_seconds(sweep.state_size, sweep.lengths[-1], len(sweep.lengths))


@takes(sweep=of(Sweep), seconds=finite(0))
def sweep_chunks(sweep: Sweep, seconds: float = CHUNK_SECONDS) -> tuple[SweepChunk, ...]:
    """Part a sweep evenly into chunks of at least so many estimated seconds, or into one.

    Raises
    ------
    ValueError
        The seconds are negative.
    """
    one = row_seconds(sweep.state_size, sweep.lengths[-1], len(sweep.lengths))
    size = max(1, int(np.ceil(seconds / one)))
    count = max(1, sweep.rows // size)
    ends = [place * sweep.rows // count for place in range(count + 1)]
    return tuple(_chunk(sweep, first, stop) for first, stop in pairwise(ends))


def _chunk(sweep: Sweep, first: int, stop: int) -> SweepChunk:
    count, order = len(sweep.networks), _spread(len(sweep.radii))
    needed = sorted({row % count for row in range(first, stop)})
    rows = tuple(
        (needed.index(row % count), sweep.radii[order[row // count]]) for row in range(first, stop)
    )
    networks = tuple(sweep.networks[number] for number in needed)
    return SweepChunk(first, rows, replace(sweep, networks=networks))


def _spread(count: int) -> list[int]:
    """Return 0 … count − 1 from coarse to fine, by reversed bits: a partial map shows the whole."""
    bits = max(1, (count - 1).bit_length())
    return sorted(range(count), key=lambda number: f"{number:0{bits}b}"[::-1])


@takes(sweep=of(Sweep), parts=many(of(SweepChunk)), results=of(Mapping))
def assemble_sweep(
    sweep: Sweep, parts: Sequence[SweepChunk], results: Mapping[int, FloatArray]
) -> SweepMap:
    """Put together the results of some or all chunks, by their place in `parts`.

    Raises
    ------
    ValueError
        A result is of no chunk, or has not the shape (rows, lengths) of its own.
    """
    for place, result in results.items():
        whole_number("results", place, 0, len(parts) - 1)
        wanted = (len(parts[place].rows), len(sweep.lengths))
        if np.shape(result) != wanted:
            raise ValueError(
                f"results: expected shape {wanted} of chunk {place}, got {np.shape(result)}"
            )
    numbers = np.full((sweep.rows, len(sweep.lengths)), np.nan)
    known = np.zeros(sweep.rows, dtype=np.bool_)
    for place, result in results.items():
        first = parts[place].first
        numbers[first : first + len(result)] = result
        known[first : first + len(result)] = True
    shape = (len(sweep.radii), len(sweep.networks))
    place_of = np.argsort(_spread(len(sweep.radii)))
    cells = numbers.reshape(*shape, -1)[place_of]
    return SweepMap(
        sweep.radii,
        sweep.lengths,
        len(sweep.networks),
        read_only(_median(cells)),
        tuple(all(row) for row in known.reshape(shape)[place_of].tolist()),
    )


def _median(cells: FloatArray) -> FloatArray:
    """Return the median over axis 1; of two middle numbers that are both −∞ it is −∞, not NaN."""
    with np.errstate(invalid="ignore"):
        middle = np.median(cells, axis=1)
    both = ~np.isnan(cells).any(axis=1) & np.isnan(middle)
    return np.where(both, -np.inf, middle)


@takes(x=matrix("T", "D", finite=False), steps=whole(0))
def repeat_to_length(x: FloatArray, steps: int) -> FloatArray:
    """Return `steps` rows of a sequence (T, D): repeated if it is shorter, cut if it is longer.

    Raises
    ------
    ValueError
        The sequence has no step, or the number of steps is negative or over `limits`.
    """
    if not len(x):
        raise ValueError("x: expected at least one step, got none")
    require_memory("repeat_to_length", steps * x.shape[1] * x.itemsize)
    return x[np.arange(steps) % len(x)]


@takes(longest=whole(1), count=whole(1))
def spaced_lengths(longest: int, count: int) -> tuple[int, ...]:
    """Return up to `count` different lengths from 1 to `longest`, as evenly in ratio as can be.

    Raises
    ------
    ValueError
        One of them is no positive whole number, or the numbers are over `limits`.
    """
    require_memory("spaced_lengths", 8 * min(count, longest))
    found: list[int] = []
    for length in np.geomspace(1, longest, min(count, longest)).tolist():
        found.append(max(found[-1] + 1 if found else 1, round(length)))
    return (*found[:-1], longest)
