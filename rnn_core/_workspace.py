"""The arrays the loops over time work in, and the views the loops go through.

A loop step costs two NumPy calls, a microsecond for a small network; making the three views it
works on costs a quarter of that again. So small workspaces are kept, with their views and bound
`dot` methods made once, and lent to one call at a time; what the call returns is a copy. Large
workspaces are made for one call, make their views as the loop goes, and are the result.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import tee
from operator import attrgetter
from typing import Generic, TypeVar

import numpy as np

from rnn_core._arrays import FLOAT32, FLOATS, FloatArray
from rnn_core.limits import require_memory, require_work

KEPT_ROW = 256
"""Numbers in one time step up to which a workspace is worth keeping: beyond, copies cost more."""

KEPT_BYTES = 4 * 2**20
"""Size up to which one workspace is kept."""

BETWEEN_LOOKS, BETWEEN_LOOKS_KEPT = 16, 64
"""Steps back between two looks at how small gradients are; a look costs a few short steps."""

JACOBIAN_HIDDEN = 8
"""Hidden units up to which a single sequence steps back by Jacobians: beyond, they cost more."""

KEPT_COUNT = 4
"""Workspaces kept of each kind, least recently used first out."""

Dot = Callable[[FloatArray, FloatArray], FloatArray]
StepForward = tuple[Dot, FloatArray, FloatArray, FloatArray]
StepByJacobian = tuple[Dot, FloatArray, FloatArray]
StepBackward = tuple[Dot, FloatArray]
SpaceSizes = tuple[int, int, int, int, int, int]
"""T, B, D, H, K and the bytes of a number (8 for float64, 4 for float32)."""
FLOAT_OF_BYTES = {dtype.itemsize: dtype for dtype in FLOATS}
Key = TypeVar("Key")
Space = TypeVar("Space")
dot_of = attrgetter("dot")


def is_paired(batch: int, itemsize: int) -> bool:
    """Return whether a row is multiplied by a matrix together with another row.

    BLAS takes another routine for a vector than for a matrix, which adds up in another order. So in
    float32, where that shows, one sequence is computed as the first of two; what the other row
    holds does not matter. In float64 numbers are what they always were.
    """
    return batch == 1 and itemsize == FLOAT32.itemsize


def factor_room(shape: tuple[int, int, int], itemsize: int) -> FloatArray:
    """Return room for what steps multiply, (T + 1, B, n)."""
    # A second row is multiplied before it is written: what it holds by chance might be slow.
    room: FloatArray = np.empty(shape, FLOAT_OF_BYTES[itemsize])
    if is_paired(shape[1], itemsize):
        room.fill(0)
    return room


def multiplied(array: FloatArray) -> Iterable[FloatArray]:
    """Return what each of T steps multiplies, or writes its product to: (T + 1, B, n), row by row.

    The last entry of the array is used as a second row alone.
    """
    rows = rows_of(array)
    if is_paired(array.shape[1], array.itemsize):
        return (rows[at : at + 2] for at in range(len(rows) - 1))
    return rows[:-1]


def product_of(
    rows: FloatArray, weights: FloatArray, out: FloatArray | None = None, *, batch: int
) -> FloatArray:
    """Return rows (S·B, n) times weights (n, m); of one sequence what it is of that twice."""
    if is_paired(batch, rows.itemsize):
        found: FloatArray = rows.repeat(2, axis=0).dot(weights)[::2]
        if out is None:
            return found
        out[...] = found
        return out
    return rows.dot(weights, out)


class ForwardSpace:
    """Room for one forward pass: `states` (T + 1, B, D + H + 1) and `z` (T, B, H)."""

    def __init__(self, sizes: SpaceSizes) -> None:
        steps, batch, inputs, hidden, outputs, itemsize = sizes
        rows = (steps + 1) * batch
        require_memory("forward", rows * (2 * hidden + inputs + 1 + 3 * outputs) * itemsize)
        require_work("forward", rows * hidden * (hidden + inputs + outputs))
        self.kept = _worth_keeping(sizes)
        self.states = factor_room((steps + 1, batch, inputs + hidden + 1), itemsize)
        self._products = np.empty((steps + 1, batch, hidden), FLOAT_OF_BYTES[itemsize])
        self.z = self._products[:-1]
        self.states[:, :, -1] = 1
        self.states[-1, :, :inputs] = 0
        self.initial = self.states[0, :, inputs:-1]
        self.inputs = self.states[:-1, :, :inputs]
        self._steps = list(self._views()) if self.kept else None

    def steps(self) -> Iterable[StepForward]:
        """Yield (dot of [x_t, h_{t-1}, 1], its result, z_t, h_t) for t = 1 … T."""
        return self._views() if self._steps is None else self._steps

    def _views(self) -> Iterator[StepForward]:
        inputs = self.inputs.shape[2]
        states = rows_of(self.states)
        # Where a product is z_t itself, one view serves for both: what is kept has to fit a cache.
        products, z = tee(rows_of(self.z))
        if is_paired(self.z.shape[1], self.z.itemsize):
            products = iter(multiplied(self._products))
        dots = map(dot_of, multiplied(self.states))
        return zip(dots, products, z, states[1:, ..., inputs:-1], strict=True)


class Rows(Mapping[str, FloatArray]):
    """The inputs and states of an Elman network's run, "x" and "h", as a loop wrote them.

    They stand side by side, [x_{t+1}, h_t, 1]: what a step multiplies its weights by.
    """

    def __init__(self, rows: FloatArray, inputs: int) -> None:
        self.rows = rows  # (T + 1, B, D + H + 1)
        self.inputs = inputs

    def __getitem__(self, name: str) -> FloatArray:
        if name == "h":
            return self.rows[:, :, self.inputs : -1]
        if name == "x":
            return self.rows[:-1, :, : self.inputs]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(("x", "h"))

    def __len__(self) -> int:
        return 2


def rows_of_run(values: Mapping[str, FloatArray]) -> FloatArray:
    """Return the inputs and states of a run side by side; they are joined where they are not."""
    if isinstance(values, Rows):
        return values.rows
    x, h = values["x"], values["h"]
    rows = np.ones((*h.shape[:2], x.shape[2] + h.shape[2] + 1), h.dtype)
    rows[:-1, :, : x.shape[2]] = x
    rows[-1, :, : x.shape[2]] = 0
    rows[:, :, x.shape[2] : -1] = h
    return rows


class BackwardSpace:
    """Room for one backward pass: `d_z` (T, B, H), at first φ′(z), and the parameters' gradient."""

    def __init__(self, sizes: SpaceSizes) -> None:
        steps, batch, inputs, hidden, outputs, itemsize = sizes
        states = steps * batch * hidden
        require_memory("backward", 3 * states * itemsize)
        require_work("backward", states * (3 * hidden + inputs + 1))
        dtype = FLOAT_OF_BYTES[itemsize]
        self.kept = _worth_keeping(sizes)
        self.between_looks = BETWEEN_LOOKS_KEPT if self.kept else BETWEEN_LOOKS
        self.d_z = np.empty((steps, batch, hidden), dtype)
        self.d_z_rows = self.d_z.reshape(-1, hidden)
        self.last_slope = self.d_z[-1]
        width, read = inputs + hidden + 1, hidden + 1
        self.vector = np.empty(width * hidden + read * outputs, dtype)
        self.joint = self.vector[: width * hidden].reshape(width, hidden)
        self.joint_readout = self.vector[width * hidden :].reshape(read, outputs)
        self.arriving = np.empty((batch, hidden), dtype)
        self.row = self.arriving if batch > 1 else self.arriving[0]
        self._steps = list(self._views(0, steps - 1)) if self.kept else None
        self.by_jacobians = self.kept and batch == 1 and hidden <= JACOBIAN_HIDDEN
        if self.by_jacobians:
            self._jacobian_rows = np.empty((steps, hidden * hidden), dtype)
            jacobians = self._jacobian_rows.reshape(steps, hidden, hidden)
            pairs = zip(jacobians[-2::-1], self._steps or [], strict=True)
            self._jacobian_steps = [(dot, jacobian, d_z) for jacobian, (dot, d_z) in pairs]

    def steps(self, first: int, stop: int) -> Iterable[StepBackward]:
        """Yield (dot of ∂L/∂z_{t+1}, φ′(z_t)) backwards in time.

        Indices are those of `d_z`, from stop − 1 down to first; stop is at most T − 1.
        """
        if self._steps is None:
            return self._views(first, stop)
        last = len(self._steps)
        return self._steps[last - stop : last - first]

    def make_jacobians(self, spread: FloatArray) -> None:
        """Fill in ∂z_{t+1}/∂z_t = W_hh diag(φ′(z_t)), while d_z holds φ′(z)."""
        self.d_z_rows.dot(spread, self._jacobian_rows)

    def jacobian_steps(self, first: int, stop: int) -> Iterable[StepByJacobian]:
        """Yield (dot of ∂L/∂z_{t+1}, ∂z_{t+1}/∂z_t, ∂L/∂z_t) like `steps`."""
        last = len(self._jacobian_steps)
        return self._jacobian_steps[last - stop : last - first]

    def _views(self, first: int, stop: int) -> Iterator[StepBackward]:
        d_z = rows_of(self.d_z)
        later, sooner = d_z[first + 1 : stop + 1], d_z[first:stop]
        return zip(map(dot_of, later[::-1]), sooner[::-1], strict=True)


def rows_of(array: FloatArray) -> FloatArray:
    """Return the array without its batch axis when that has one entry: vectors are faster."""
    return array[:, 0] if array.shape[1] == 1 else array


def _worth_keeping(sizes: SpaceSizes) -> bool:
    steps, batch, inputs, hidden, _, itemsize = sizes
    row = batch * (hidden + inputs + 1)
    return row <= KEPT_ROW and 2 * row * (steps + 1) * itemsize <= KEPT_BYTES


class Pool(Generic[Key, Space]):
    """Workspaces of one kind, each lent to one call at a time, whichever thread it runs in."""

    def __init__(self, make: Callable[[Key], Space]) -> None:
        self._make: Callable[[Key], Space] = make
        self._free: dict[Key, Space] = {}

    def take(self, sizes: Key) -> Space:
        """Return a workspace that nobody else holds (`dict.pop` is atomic)."""
        return self._free.pop(sizes, None) or self._make(sizes)

    def give_back(self, sizes: Key, space: Space) -> None:
        """Keep the workspace for the next call of these sizes."""
        self._free[sizes] = space
        if len(self._free) > KEPT_COUNT:
            for oldest in list(self._free)[:1]:
                self._free.pop(oldest, None)
