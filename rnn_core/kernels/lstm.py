"""The LSTM, with one product a step for all gates.

The numbers of a step, for each sequence of the batch:

    joined  [1, x_t, h_{t-1}]       what all gates are a product of
    gates   [o, i, f,               which are multiplied by what follows: two of them on the way
             φ(c_t), g, c_{t-1}]    to c_t, and all three for the way back
    sums    [−z_o, −z_i, −z_f, z_g]

On the way back, with s = ∂L/∂h_t and r = ∂L/∂c_t:

    factors [q, o, i, f, g, k]      at first ∂h/∂c and ∂h/∂(−z_o), which are multiplied by s, and
                                    ∂c/∂(−z_i), ∂c/∂(−z_f), ∂c/∂z_g, ∂c/∂c_{t-1}, by r: then q is a
                                    part of r, o to g are the gradient by `sums`, and k is what is
                                    handed to c_{t-1}
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from typing import Any, ClassVar

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._parameters import Parameters
from rnn_core._workspace import dot_of, factor_room, multiplied, rows_of
from rnn_core.activations import ONE, Activation
from rnn_core.cells.lstm import LSTM
from rnn_core.kernels.gates import slopes_from_turned
from rnn_core.kernels.kernel import (
    STEPS_ALONE,
    Arrays,
    Kernel,
    StepSizes,
    View,
    Views,
    block,
    flat,
)
from rnn_core.kernels.packing import Columns, Packing

add, multiply, exp, reciprocal = np.add, np.multiply, np.exp, np.reciprocal

PACKING = Packing(
    LSTM.name,
    tuple(Columns(f"b_{gate}", f"W_x{gate}", f"W_h{gate}", turned=gate != "g") for gate in "oifg"),
)


class _LSTM(Kernel):
    """The loops of an LSTM."""

    cell = LSTM
    packing = PACKING
    given = (0, 1)
    of_hidden = 11
    quantities: ClassVar[Mapping[str, View]] = {
        "x": lambda arrays, hidden: arrays[0][:-1, :, 1:-hidden],
        "z_i": block(2, 1, STEPS_ALONE, turned=True),
        "i": block(1, 1, STEPS_ALONE),
        "z_f": block(2, 2, STEPS_ALONE, turned=True),
        "f": block(1, 2, STEPS_ALONE),
        "z_g": block(2, 3, STEPS_ALONE),
        "g": block(1, 4, STEPS_ALONE),
        "z_o": block(2, 0, STEPS_ALONE, turned=True),
        "o": block(1, 0, STEPS_ALONE),
        "c": block(1, 5),
        "h": block(0, -1),
    }

    def arrays(self, sizes: StepSizes, steps: int) -> Arrays:
        batch, inputs, hidden, itemsize = sizes
        dtype = f"f{itemsize}"
        joined = factor_room((steps + 1, batch, 1 + inputs + hidden), itemsize)
        joined[:, :, 0] = 1
        gates, sums = (np.empty((steps + 1, batch, n * hidden), dtype) for n in (6, 4))
        return joined, gates, sums

    def begin(
        self, arrays: Arrays, params: Parameters, x: FloatArray, initial: Mapping[str, FloatArray]
    ) -> None:
        hidden = params.hidden_size
        joined, gates, _ = arrays
        joined[:-1, :, 1:-hidden] = x
        joined[0, :, -hidden:] = initial["h"]
        gates[0, :, -hidden:] = initial["c"]

    def views(self, arrays: Arrays, sizes: StepSizes) -> Views:
        joined, gates, sums = map(rows_of, arrays)
        batch, _, H, itemsize = sizes
        now, sums = gates[:-1], sums[:-1]
        # [i ⊙ g, f ⊙ c_{t-1}] is used up within the step: one place serves all.
        pair = np.empty((batch, 2 * H) if batch > 1 else 2 * H, f"f{itemsize}")
        return zip(
            map(dot_of, multiplied(arrays[0])),
            multiplied(arrays[2]),
            sums[..., : 3 * H],
            sums[..., 3 * H :],
            now[..., : 3 * H],
            now[..., 4 * H : 5 * H],
            now[..., H : 3 * H],
            now[..., 4 * H :],
            repeat(pair, len(sums)),
            repeat(pair[..., :H], len(sums)),
            repeat(pair[..., H:], len(sums)),
            gates[1:, ..., 5 * H :],
            now[..., 3 * H : 4 * H],
            now[..., :H],
            joined[1:, ..., -H:],
            strict=True,
        )

    def loop(self, views: Views, weights: FloatArray, activate: Any) -> None:
        """Compute c_t = i ⊙ φ(z_g) + f ⊙ c_{t-1} and h_t = o ⊙ φ(c_t)."""
        one = ONE[weights.dtype]
        for dot, z, z_oif, z_g, oif, g, i_f, g_c, pair, gained, kept, c, read, o, h in views:
            dot(weights, z)
            exp(z_oif, oif)
            add(oif, one, oif)
            reciprocal(oif, oif)
            activate(z_g, g)
            multiply(i_f, g_c, pair)
            add(gained, kept, c)
            activate(c, read)
            multiply(o, read, h)

    def factors(self, sizes: StepSizes, steps: int) -> Arrays:
        batch, _, hidden, itemsize = sizes
        return (np.empty((steps + 1, batch, 6 * hidden), f"f{itemsize}"),)

    def fill(self, factors: Arrays, arrays: Arrays, phi: Activation) -> None:
        gates, sums = arrays[1], arrays[2][:-1]
        H = sums.shape[2] // 4
        now, c, into = gates[:-1], gates[1:, :, 5 * H :], factors[0][: len(sums)]
        q, oif = into[:, :, :H], into[:, :, H : 4 * H]
        g, k = into[:, :, 4 * H : 5 * H], into[:, :, 5 * H :]
        slopes_from_turned(sums[:, :, : 3 * H], now[:, :, : 3 * H], oif)
        multiply(oif, now[:, :, 3 * H :], oif)
        phi.derivative(sums[:, :, 3 * H :], now[:, :, 4 * H : 5 * H], g)
        multiply(g, now[:, :, H : 2 * H], g)
        phi.derivative(c, now[:, :, 3 * H : 4 * H], q)
        multiply(q, now[:, :, :H], q)
        k[...] = now[:, :, 2 * H : 3 * H]

    def views_back(self, factors: Arrays, totals: FloatArray, sizes: StepSizes) -> Views:
        H = sizes[2]
        rows, s, r = map(rows_of, (factors[0], *totals))
        groups = rows.reshape(*rows.shape[:-1], 6, H)
        later = slice(None, 0, -1)  # from the last entry to the second
        sooner = slice(-2, None, -1)  # from the last but one to the first
        return zip(
            s[later],
            s[later][..., np.newaxis, :],
            groups[sooner][..., :2, :],
            rows[sooner][..., :H],
            rows[later][..., 5 * H :],
            r[later],
            r[later][..., np.newaxis, :],
            groups[sooner][..., 2:, :],
            map(dot_of, rows[sooner][..., H : 5 * H]),
            s[sooner],
            strict=True,
        )

    def loop_back(
        self, views: Views, by_h: FloatArray, entering: Iterable[FloatArray | None]
    ) -> None:
        """Carry s and r back: r = q + k_{t+1}, and s_{t-1} from all gates."""
        for (s, s_row, of_s, q, k, r, r_row, of_r, dot, s_before), comes in zip(
            views, entering, strict=False
        ):
            if comes is not None:
                add(s, comes, s)
            multiply(s_row, of_s, of_s)
            add(k, q, r)
            multiply(r_row, of_r, of_r)
            dot(by_h, s_before)

    def sums(self, factors: Arrays, arrays: Arrays, totals: FloatArray) -> Arrays:
        hidden = totals.shape[3]
        joined, rows = flat(arrays[0][:-1]), flat(factors[0][:-1])
        return (joined.T.dot(rows[:, hidden : 5 * hidden]),)

    def parameters(self, sums: Arrays, hidden: int) -> Iterator[tuple[str, FloatArray]]:
        return PACKING.unpacked(sums[0], hidden)

    def take_over(self, factors: Arrays, totals: FloatArray) -> None:
        factors[0][-1, :, -totals.shape[3] :] = totals[1, -1]

    def hand_over(self, factors: Arrays, totals: FloatArray) -> None:
        totals[1, 0] = factors[0][0, :, -totals.shape[3] :]


LSTM_KERNEL = _LSTM()
