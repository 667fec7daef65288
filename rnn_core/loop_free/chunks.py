"""Chunks of time side by side: each sweep runs all chunks through their steps as one batch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FloatArray
from rnn_core._checks import whole_number
from rnn_core.activations import Activation
from rnn_core.limits import MAX_BYTES
from rnn_core.loop_free._economy import TOO_SLOW, TOO_SMALL, ChunkSizes, Economy
from rnn_core.loop_free.solution import NOT_FINITE, Problem, Solution, gap, rounding
from rnn_core.types import Parameters

largest_of = np.maximum.reduce

CHECKED_STEPS = 16
"""Steps between two looks whether a sweep repeats the last: a look costs about two steps."""


@np.errstate(all="ignore")
def chunked_jacobi(
    params: Parameters,
    x: ArrayLike,
    *,
    chunk: int | None = None,
    h0: ArrayLike | None = None,
    activation: str = "tanh",
    tolerance: float | None = None,
    max_iterations: int | None = None,
    keep_iterates: bool = False,
    economical: bool = False,
) -> Solution:
    """Solve for all states by Jacobi iteration over chunks of time.

    The T steps are cut into C chunks of `chunk` steps (the last may be shorter). A sweep runs
    all chunks side by side, as C·B columns of one batch, through their steps; each starts from
    the state its predecessor ended in at the last sweep (at first: from h_0). A chunk whose
    start did not change is final; and once all chunks are in the states of the last sweep at the
    same step, the rest of the sweep would repeat it and is left out. So a recurrence that forgets
    where it started within m steps needs about chunk + m steps of C·B columns instead of T. After
    k sweeps the first k chunks are final.

    Parameters
    ----------
    params, x, h0, activation
        As for `forward`: x is (T, B, D), (T, D), or (T,) for D = 1; h0 (B, H) or (H,).
    chunk
        Steps in a chunk, 1 … T; about the cheapest for T and H unless given. 1 is fixed-point
        iteration, T is the loop.
    tolerance
        States within `tolerance`·max(1, |h_t|) count as the same: H + D + 1 units of the last
        place unless given, the rounding of one step. Zero: until a sweep reproduces every bit,
        which from H ≈ 16 on may take all C.
    max_iterations
        Give up after so many sweeps and do what is not final by the loop; C, the default and the
        most that can be needed.
    economical
        Give up also as soon as the loop is estimated to be quicker: before the first sweep for a
        short sequence or a wide network, or when differences shrink too slowly.
    keep_iterates
        Keep the states after every sweep, for showing them: the memory for max_iterations + 1 of
        them must be within `limits`.

    Returns
    -------
    Solution
        h = φ(z) and read-only arrays; `iterations` counts sweeps.

    Raises
    ------
    ValueError
        As `forward`, or `chunk` is not from 1 to T, the tolerance is negative, or max_iterations
        is not positive.
    """
    problem = Problem.of(params, x, h0, activation, tolerance)
    steps, batch, inputs = problem.x.shape
    sizes = ChunkSizes(steps, batch, problem.hidden, inputs)
    chunk = sizes.cheapest_chunk if chunk is None else whole_number("chunk", chunk, 1, steps)
    problem = problem.limited(max_iterations, -(-steps // chunk), keep_iterates)
    residuals: list[float] = []
    iterates = [problem.guess()]
    drive = problem.drive()

    def watch(chunks: Chunks) -> None:
        h = np.empty_like(iterates[0])
        chunks.write(h, np.empty_like(drive))
        residuals.append(float(np.abs(problem.step_all(h, drive)[1] - h[1:]).max()))
        if keep_iterates:
            iterates.append(h)

    economy = Economy(sizes, chunk, problem.tolerance) if economical else None
    if economy is not None and not economy.promising:
        h, z, reason = iterates[0], np.zeros_like(drive), TOO_SMALL
    else:
        chunks = Chunks(problem.params, problem.x, problem.h0, problem.phi, chunk)
        reason = _solve(chunks, problem.tolerance, problem.cap, economy, watch)
        h, z = np.empty_like(iterates[0]), np.empty_like(drive)
        chunks.write(h, z)
    return problem.finish(
        "chunked_jacobi",
        h,
        z,
        residuals,
        iterates,
        reason=reason,
        final=min(len(residuals) * chunk, steps) if reason else steps,
        chunk=chunk,
    )


def fill_by_chunks(params: Parameters, phi: Activation, states: FloatArray, z: FloatArray) -> bool:
    """Write h_1 … h_T and z_1 … z_T where that is quicker than the loop; return whether it was.

    The rows of states (T + 1, B, D + H + 1) are [x_{t+1}, h_t, 1], with x and h_0 filled in;
    z is (T, B, H).
    """
    steps, batch, hidden = z.shape
    inputs = params.input_size
    h, x = states[..., inputs:-1], states[:-1, :, :inputs]
    sizes = ChunkSizes(steps, batch, hidden, inputs)
    chunk = sizes.cheapest_chunk
    tolerance = rounding(params)
    economy = Economy(sizes, chunk, tolerance)
    needed = 3 * states.nbytes  # chunks keep copies of nearly everything
    if not economy.promising or needed > MAX_BYTES:
        return False
    chunks = Chunks(params, x, h[0], phi, chunk)
    if _solve(chunks, tolerance, chunks.count, economy):
        return False
    chunks.write(h, z)
    return True


class Chunks:
    """The states of all chunks at one step side by side: (H, C·B), chunk by chunk.

    As in the loop of `forward`, the state stands between the input and a one, so that a step is one
    product and one activation; columns here, because then all that is written is contiguous.
    """

    def __init__(
        self, params: Parameters, x: FloatArray, h0: FloatArray, phi: Activation, chunk: int
    ) -> None:
        self.steps, self.batch, inputs = x.shape
        self.count = -(-self.steps // chunk)
        hidden = params.hidden_size
        columns = self.count * self.batch
        states = np.empty((chunk + 1, inputs + hidden + 1, columns), x.dtype)
        padded = np.zeros((self.count * chunk, self.batch, inputs), x.dtype)
        padded[: self.steps] = x
        by_chunk = padded.reshape(self.count, chunk, self.batch, inputs).transpose(1, 3, 0, 2)
        states[:-1, :inputs].reshape(by_chunk.shape)[...] = by_chunk
        states[:, -1] = 1
        states[0, inputs:-1] = np.tile(h0.T, self.count)
        self._h = states[:, inputs:-1]
        self._z = np.empty((chunk, hidden, columns), x.dtype)
        self._starts = self._h[0, :, self.batch :]
        self._ends = self._h[-1, :, : columns - self.batch]
        self._dot = np.ascontiguousarray(params.joint.T).dot
        self._activate = phi.kernel(x.dtype)
        self._views = list(zip(states[:-1], self._z, self._h[1:], strict=True))

    def first_sweep(self) -> None:
        """Run all chunks from h_0."""
        self._run(self._views)

    def moved(self) -> float:
        """Return how far the ends are from the starts of the next chunks."""
        return gap(self._ends, self._starts) if self.count > 1 else 0.0

    def sweep(self, tolerance: float, economy: Economy | None) -> bool:
        """Run all chunks from the ends of the one before; return whether it was gone through."""
        largest = max(1.0, float(np.abs(self._ends).max()))
        self._starts[...] = self._ends
        for first in range(0, len(self._views), CHECKED_STEPS):
            views = self._views[first : first + CHECKED_STEPS]
            last = views[-1][2]
            before = last.copy()
            self._run(views)
            difference = last - before
            distance = float(largest_of(np.abs(difference, difference), None)) / largest
            if distance <= tolerance and (largest == 1 or gap(last, before) <= tolerance):
                break
            if economy is not None and not economy.worth_going_on(distance, len(views)):
                return False
        return True

    def _run(self, views: list[tuple[FloatArray, FloatArray, FloatArray]]) -> None:
        dot, activate = self._dot, self._activate
        for state, z, h in views:
            dot(state, z)
            activate(z, h)

    def write(self, h: FloatArray, z: FloatArray) -> None:
        """Write the states into h (T + 1, B, H) and z (T, B, H), step after step."""
        h[0] = self._h[0, :, : self.batch].T
        for found, wanted in ((self._h[1:], h[1:]), (self._z, z)):
            chunk, hidden, _ = found.shape
            parted = found.reshape(chunk, hidden, self.count, self.batch).transpose(2, 0, 3, 1)
            whole = self.steps - self.steps % chunk
            full = wanted[:whole].reshape(-1, chunk, self.batch, hidden)
            full[...] = parted[: len(full)]
            wanted[whole:] = parted[-1, : self.steps - whole]


def _solve(
    chunks: Chunks,
    tolerance: float,
    cap: int,
    economy: Economy | None,
    watch: Callable[[Chunks], None] | None = None,
) -> str:
    """Sweep until nothing moves; return why that was given up, or nothing."""
    chunks.first_sweep()
    sweeps = 1
    while True:
        if watch is not None:
            watch(chunks)
        distance = chunks.moved()
        if not np.isfinite(distance):
            return NOT_FINITE
        if distance <= tolerance or sweeps == chunks.count:
            return ""
        if sweeps == cap:
            return f"{cap} sweeps were not enough."
        if economy is not None and sweeps == 1:
            economy.begin(distance)
        if not chunks.sweep(tolerance, economy):
            return TOO_SLOW
        sweeps += 1
