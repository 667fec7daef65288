"""A kernel's loops over a whole sequence, stretch by stretch.

A step of a loop is some NumPy calls, each of a third of a microsecond for a small network; making
the views that it works on costs as much again. So a small network goes through room for some steps
that is kept from call to call with its views, however long the sequence is. On the way back every
network does, so that the factors of a stretch are still in the processor's cache when its loop
reads them.
"""

from collections.abc import Mapping
from itertools import repeat
from math import isfinite
from typing import NamedTuple

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._parameters import Parameters
from rnn_core._scaling import Scale, divide
from rnn_core._workspace import Pool, rows_of
from rnn_core.activations import Activation
from rnn_core.kernels.jacobians import (
    loop_by_jacobians,
    views_by_jacobians,
    with_jacobians,
)
from rnn_core.kernels.kernel import Kernel, KernelRun, StepSizes

STEPS = 64
"""Steps of a stretch."""

STEPS_BACK = 32
"""Steps of a stretch on the way back, at most: halved at each of them, a gradient is still a normal
number when it is looked at again (`_scaling.MARGIN`)."""

SMALL = 1024
"""Numbers in a step up to which a run goes through kept room: beyond, copies cost more."""

CACHED_BYTES = 2 * 2**20
"""Bytes that a stretch may take on the way back, if that is more than a step."""

Key = tuple[Kernel, StepSizes, int]


class Room:
    """Arrays of a run for one stretch, and the views of its loop."""

    def __init__(self, key: Key) -> None:
        kernel, sizes, steps = key
        self.arrays = kernel.arrays(sizes, steps)
        self.views = list(kernel.views(self.arrays, sizes))


class RoomBack:
    """Factors and totals of one stretch, and the views of its loop, from the last step."""

    def __init__(self, key: Key) -> None:
        kernel, sizes, steps = key
        batch, _, hidden, itemsize = sizes
        self.factors = kernel.factors(sizes, steps)
        shape = (len(kernel.cell.states), steps + 1, batch, hidden)
        self.totals = np.empty(shape, f"f{itemsize}")
        self.jacobians = np.empty((steps, hidden, hidden), self.totals.dtype)
        self.by_jacobians = with_jacobians(kernel, sizes)
        self.views = list(
            views_by_jacobians(self.totals, self.jacobians)
            if self.by_jacobians is not None
            else kernel.views_back(self.factors, self.totals, sizes)
        )


ROOMS: Pool[Key, Room] = Pool(Room)
ROOMS_BACK: Pool[Key, RoomBack] = Pool(RoomBack)


def unroll(
    kernel: Kernel,
    params: Parameters,
    x: FloatArray,
    initial: Mapping[str, FloatArray],
    phi: Activation,
) -> KernelRun:
    """Return the run of x (T, B, D) from the initial states, (B, H) each."""
    steps, batch, inputs = x.shape
    sizes = (batch, inputs, params.hidden_size, x.itemsize)
    weights, activate = kernel.weights(params), phi.kernel(x.dtype)
    if kernel.width(sizes) > SMALL:
        arrays = kernel.arrays(sizes, steps)
        kernel.begin(arrays, params, x, initial)
        kernel.loop(kernel.views(arrays, sizes), weights, activate)
        return KernelRun(arrays, kernel.quantities, params.hidden_size)
    key = (kernel, sizes, STEPS)
    room = ROOMS.take(key)
    if steps <= STEPS:
        now = [array[: steps + len(array) - STEPS] for array in room.arrays]
        kernel.begin(now, params, x, initial)
        kernel.loop(room.views[:steps], weights, activate)
        arrays = [array.copy() for array in now]
    else:
        arrays = kernel.arrays(sizes, steps)
        kernel.begin(arrays, params, x, initial)
        for first in range(0, steps, STEPS):
            count = min(STEPS, steps - first)
            # An array of states has an entry more: what follows the stretch.
            now = [array[first : first + count + len(array) - steps] for array in arrays]
            rooms = [array[: len(part)] for array, part in zip(room.arrays, now, strict=True)]
            for number in kernel.given:
                rooms[number][...] = now[number]
            kernel.loop(room.views[:count], weights, activate)
            for part, array in zip(now, rooms, strict=True):
                part[...] = array
    ROOMS.give_back(key, room)
    return KernelRun(arrays, kernel.quantities, params.hidden_size)


class Carried(NamedTuple):
    """What a gradient was worth on its way back: ∂L/∂state (T, B, H), and that by the weights."""

    totals: dict[str, FloatArray]
    parameters: dict[str, FloatArray]


def carry_back(
    kernel: Kernel, run: KernelRun, params: Parameters, entering: FloatArray, phi: Activation
) -> Carried | None:
    """Carry back what enters at the last steps, (n, B, H); None if not all comes out finite.

    Numbers that vanish are carried at another scale from stretch to stretch (see `_scaling`).
    """
    steps = len(run["h"]) - 1
    ahead = steps - len(entering)
    batch, hidden = entering.shape[1:]
    sizes = (batch, params.input_size, hidden, entering.itemsize)
    totals = np.empty((len(kernel.cell.states), steps, batch, hidden), entering.dtype)
    handed = np.zeros((len(totals), batch, hidden), entering.dtype)
    by_h = kernel.weights_back(params)
    scale = Scale(entering.dtype, steps)
    length = _stretch(kernel, sizes)
    key = (kernel, sizes, length)
    room = ROOMS_BACK.take(key)
    sums: list[FloatArray] = []
    stop = steps
    while stop > 0:
        first = max(0, stop - length)
        count = stop - first
        comes = entering[max(0, first - ahead) : max(0, stop - ahead)]
        comes = comes[::-1].copy() if stop < steps and len(comes) else comes[::-1]
        if stop < steps:
            left = scale.look(stop, handed, comes if len(comes) else None)
            if not (left or len(comes)):
                break
        factors = tuple(array[: count + 1] for array in room.factors)
        part = room.totals[:, : count + 1]
        now = tuple(array[first : stop + len(array) - steps] for array in run.arrays)
        part[:, -1] = handed
        kernel.take_over(factors, part)
        kernel.fill(factors, now, phi)
        rows = [*rows_of(comes)] if len(comes) else []
        comings = [*rows, *repeat(None, count - len(rows))]
        if (by_jacobians := room.by_jacobians) is not None:
            by_jacobians.jacobians(factors, params, room.jacobians[:count])
            loop_by_jacobians(room.views[-count:], comings)
            by_jacobians.spread_out(factors, params, part[0, 1:, 0])
        else:
            kernel.loop_back(room.views[-count:], by_h, comings)
        kernel.hand_over(factors, part)
        handed[...] = part[:, 0]
        found = kernel.sums(factors, now, part)
        if scale.power:
            for array in (*found, part[:, 1:]):
                divide(array, scale.power)
        totals[:, first:stop] = part[:, 1:]
        sums = [one + other for one, other in zip(sums, found, strict=True)] if sums else [*found]
        stop = first
    if length > 1:  # one that is too large for the cache is too large to be kept
        ROOMS_BACK.give_back(key, room)
    if stop:
        totals[:, :stop] = 0
    if not all(isfinite(each.ravel().dot(each.ravel())) for each in sums):
        return None
    return Carried(
        dict(zip(kernel.cell.states, totals, strict=True)),
        dict(kernel.parameters(tuple(sums), hidden)),
    )


def _stretch(kernel: Kernel, sizes: StepSizes) -> int:
    """Return the steps of a stretch on the way back."""
    return max(1, min(STEPS_BACK, CACHED_BYTES // (kernel.width(sizes) * sizes[3])))
