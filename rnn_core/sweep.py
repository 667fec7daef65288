"""How much of a gradient arrives at the other end, for many spectral radii and lengths at once.

The quantity is the end-to-end Jacobian of the recurrence h_t = φ(W_hh h_{t-1} + W_xh x_t + b_h),

    J_T = ∂h_T/∂h_0 = D_T W_hh D_{T-1} W_hh … D_1 W_hh,   D_t = diag φ′(z_t),

(of another cell the product of its `state_jacobians`) and its spectral norm ‖J_T‖₂, the largest
factor by which a gradient can change on its way back: ‖∂L/∂h_0‖ ≤ ‖J_T‖₂ ‖∂L/∂h_T‖ for every loss
read from h_T, with equality for one direction of ∂L/∂h_T (Pascanu, Mikolov and Bengio, 2013,
equation 5). It does not depend on a loss, and J_t extends J_{t-1}, so one pass over the longest
sequence gives every shorter length.

A sweep is a description; `sweep_chunks` parts it into pieces of plain data, `run_sweep_chunk`
computes one anywhere, and `assemble_sweep` puts the numbers together. Each row, one network at one
radius, is computed by itself: its bits do not depend on the chunk or on where that runs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import frexp, isfinite, log10
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray, read_only, real_array
from rnn_core._checks import check_fields, finite, many, matrix, of, takes, whole, whole_number
from rnn_core._short import Shown
from rnn_core.activations import activation_named
from rnn_core.cells import ELMAN
from rnn_core.forward import forward
from rnn_core.frozen import Frozen
from rnn_core.gradient_flow import activation_slopes
from rnn_core.initialisers import with_spectral_radius
from rnn_core.jacobians import state_jacobians
from rnn_core.limits import MAX_MULTIPLICATIONS, require_memory, require_work
from rnn_core.types import Parameters, Trace

CHUNK_SECONDS = 0.15
"""Estimated work of a chunk, so that it is at least 0.1 s: handing one over costs milliseconds."""

MAX_ROWS = 2000
"""Networks times radii."""

MAX_LENGTHS = 200

MAX_WORK = 10 * MAX_MULTIPLICATIONS
"""Multiplications of a whole sweep: each of its many chunks is far below what one call may take."""

LOG2 = log10(2)
TOO_SMALL, TOO_LARGE = 2.0**-400, 2.0**400
"""Squared lengths beyond which the product is scaled back by a power of two, which rounds nothing.
"""


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

    def __post_init__(self) -> None:
        activation_named(self.activation)
        check_fields(
            self,
            networks=many(of(Parameters)),
            radii=many(finite(0)),
            lengths=many(whole(1)),
        )
        kinds = [(*network.sizes[1::-1], network.cell) for network in self.networks]
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


@takes(chunk=of(SweepChunk))
def run_sweep_chunk(chunk: SweepChunk) -> FloatArray:
    """Return log₁₀ ‖J_T‖₂ for each row and length of a chunk, (rows, lengths).

    Raises
    ------
    ValueError
        W_hh (or a W_h…) of a network has only zero eigenvalues and cannot be scaled to a radius
        above 0.
    """
    sweep = chunk.sweep
    return np.array([_row(sweep, sweep.networks[number], radius) for number, radius in chunk.rows])


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


@np.errstate(all="ignore")
def _row(sweep: Sweep, network: Parameters, radius: float) -> list[float]:
    """Return log₁₀ ‖J_T‖₂ for each length, by one pass over the longest."""
    params = with_spectral_radius(network, radius)
    steps = sweep.lengths[-1]
    trace = forward(params, sweep.x[:steps], activation=sweep.activation, h0=sweep.h0)
    finite = np.logical_and.reduce(
        [np.isfinite(trace[state][1:, 0]).all(axis=1) for state in trace.cell.states]
    )
    last = steps if finite.all() else int(finite.argmin())  # steps with finite states
    wanted = set(sweep.lengths)
    found = []
    product = np.eye(sweep.state_size, dtype=params.dtype)  # J_t = product · 2ᵏ
    spare = np.empty_like(product)
    exponent = 0
    for t, step in zip(range(1, last + 1), _steps(trace), strict=False):
        product, spare = step(product, spare)
        flat = product.ravel()
        if not TOO_SMALL < flat.dot(flat) < TOO_LARGE:
            exponent += _scale_back(product)
        if t in wanted:
            found.append(_log10_norm(product, exponent))
    return found + [np.nan] * (len(sweep.lengths) - len(found))


Multiply = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]
"""From the product of the Jacobians so far, and an array like it, to that with one more."""


def _steps(trace: Trace) -> Iterator[Multiply]:
    """Yield what multiplies by J_1, J_2 … from the left."""
    if trace.cell is ELMAN:
        W_hh = trace.params.W_hh
        for slope in activation_slopes(trace)[:, :, np.newaxis]:  # φ′(z_t)

            def by_slope(product: FloatArray, spare: FloatArray, slope: FloatArray = slope) -> Any:
                np.dot(W_hh, product, out=spare)
                return np.multiply(slope, spare, out=product), spare

            yield by_slope
        return
    for jacobian in state_jacobians(trace):

        def by_jacobian(product: FloatArray, spare: FloatArray, J: FloatArray = jacobian) -> Any:
            return np.dot(J, product, out=spare), product

        yield by_jacobian


def _scale_back(product: FloatArray) -> int:
    """Divide by the power of two that brings the largest entry near 1; return its exponent."""
    largest = float(np.abs(product).max())
    if largest == 0 or not isfinite(largest):
        return 0
    exponent = frexp(largest)[1]
    np.ldexp(product, -exponent, out=product)
    return exponent


def _log10_norm(product: FloatArray, exponent: int) -> float:
    if not np.isfinite(product).all():
        return float("nan")
    norm = float(np.linalg.norm(product, 2))
    return log10(norm) + exponent * LOG2 if norm > 0 else -float("inf")
