"""The GRU (reset after the product), with one product a step for both gates and W_hn h.

The numbers of a step, for each sequence of the batch:

    joined  [1, x_t, h_{t-1}, n_t]  the first three are multiplied by weights, and the last two by
    gates   [r, u, 1 − u]           the last two of these
    sums    [−z_r, −z_u, m]
    new     z_n                     before the loop W_xn x_t + b_xn

On the way back, with s = ∂L/∂h_t:

    factors [r, u, m, k]            at first ∂h/∂(−z_r), ∂h/∂(−z_u), ∂h/∂m and u; times s the
                                    gradient by `sums` and what h_{t-1} gets through u
            ∂h/∂z_n
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._parameters import Parameters
from rnn_core._workspace import dot_of, factor_room, multiplied, product_of, rows_of
from rnn_core.activations import ONE, Activation
from rnn_core.cells.gru import GRU
from rnn_core.kernels.gates import slopes_from_turned
from rnn_core.kernels.jacobians import spread
from rnn_core.kernels.kernel import (
    STEPS_ALONE,
    Arrays,
    KernelWithJacobians,
    StepSizes,
    View,
    Views,
    block,
    flat,
)
from rnn_core.kernels.packing import Columns, Packing

add, subtract, multiply = np.add, np.subtract, np.multiply
exp, reciprocal = np.exp, np.reciprocal


def quantities_around(reset: dict[str, View], new: int) -> dict[str, View]:
    """Return what every GRU has, in the order of its lines, around what is reset.

    `new` is the number of the array of z_n.
    """
    return {
        "x": lambda arrays, hidden: arrays[0][:-1, :, 1 : -2 * hidden],
        "z_r": block(2, 0, STEPS_ALONE, turned=True),
        "r": block(1, 0),
        "z_u": block(2, 1, STEPS_ALONE, turned=True),
        "u": block(1, 1),
        **reset,
        "z_n": block(new, 0),
        "n": block(0, -1, STEPS_ALONE),
        "h": block(0, -2),
    }


class _GRU(KernelWithJacobians):
    """The loops of a GRU."""

    cell = GRU
    packing = Packing(
        GRU.name,
        (
            Columns("b_r", "W_xr", "W_hr", turned=True),
            Columns("b_u", "W_xu", "W_hu", turned=True),
            Columns("b_hn", None, "W_hn"),
        ),
    )
    given = (0, 3)
    of_hidden = 9
    quantities = quantities_around({"m": block(2, 2, STEPS_ALONE)}, new=3)

    def arrays(self, sizes: StepSizes, steps: int) -> Arrays:
        batch, inputs, hidden, itemsize = sizes
        dtype = f"f{itemsize}"
        joined = factor_room((steps + 1, batch, 1 + inputs + 2 * hidden), itemsize)
        joined[:, :, 0] = 1
        gates, new = (np.empty((steps, batch, n * hidden), dtype) for n in (3, 1))
        return joined, gates, np.empty((steps + 1, batch, 3 * hidden), dtype), new

    def begin(
        self, arrays: Arrays, params: Parameters, x: FloatArray, initial: Mapping[str, FloatArray]
    ) -> None:
        hidden = params.hidden_size
        joined, new = arrays[0], arrays[-1]
        joined[:-1, :, 1 : -2 * hidden] = x
        joined[0, :, -2 * hidden : -hidden] = initial["h"]
        product_of(flat(x), params["W_xn"].T, flat(new), batch=x.shape[1])
        add(new, params["b_xn"], new)

    def weights(self, params: Parameters) -> Any:
        return super().weights(params), None

    def views(self, arrays: Arrays, sizes: StepSizes) -> Views:
        joined, gates, sums, new = map(rows_of, (*arrays[:3], arrays[-1]))
        batch, _, H, itemsize = sizes
        now, count = joined[:-1], len(new)
        # [u ⊙ h_{t-1}, (1 − u) ⊙ n], and before it r ⊙ m, are used up within the step: one place
        # serves all.
        pair = np.empty((batch, 2 * H) if batch > 1 else 2 * H, f"f{itemsize}")
        return zip(
            map(dot_of, multiplied(arrays[0][..., :-H])),
            multiplied(arrays[2]),
            sums[:-1][..., : 2 * H],
            gates[..., : 2 * H],
            gates[..., :H],
            *self.views_of_reset(arrays, sizes, pair[..., :H]),
            gates[..., H : 2 * H],
            gates[..., 2 * H :],
            gates[..., H:],
            new,
            now[..., -H:],
            now[..., -2 * H :],
            repeat(pair, count),
            repeat(pair[..., :H], count),
            repeat(pair[..., H:], count),
            joined[1:, ..., -2 * H : -H],
            strict=True,
        )

    def views_of_reset(
        self, arrays: Arrays, sizes: StepSizes, room: FloatArray
    ) -> tuple[Iterable[Any], ...]:
        """Return what `loop` goes through where r takes part.

        What is reset, that times r, the product with it, if there is one, where that is written,
        and what z_n gets.
        """
        m = rows_of(arrays[2])[:-1][..., 2 * sizes[2] :]
        count = len(m)
        none = (repeat(None, count), repeat(None, count))
        return m, repeat(room, count), *none, repeat(room, count)

    def loop(self, views: Views, weights: Any, activate: Any) -> None:
        """Compute n = φ(z_n) and h_t = u ⊙ h_{t-1} + (1 − u) ⊙ n."""
        by_joined, by_reset = weights
        one = ONE[by_joined.dtype]
        for (
            dot, z, z_ru, ru, r, whole, reset, dot_reset, product, gets, u, v, u_v, z_n, n, h_n,
            pair, kept, gained, h,
        ) in views:  # fmt: skip
            dot(by_joined, z)
            exp(z_ru, ru)
            add(ru, one, ru)
            reciprocal(ru, ru)
            multiply(r, whole, reset)
            if by_reset is not None:
                dot_reset(by_reset, product)
            add(z_n, gets, z_n)
            activate(z_n, n)
            subtract(one, u, v)
            multiply(u_v, h_n, pair)
            add(kept, gained, h)

    def factors(self, sizes: StepSizes, steps: int) -> Arrays:
        batch, _, hidden, itemsize = sizes
        dtype = f"f{itemsize}"
        return tuple(np.empty((steps + 1, batch, width), dtype) for width in (4 * hidden, hidden))

    def fill(self, factors: Arrays, arrays: Arrays, phi: Activation) -> None:
        joined, gates, sums, new = arrays
        sums, H = sums[:-1], new.shape[2]
        into, by_z_n = (array[: len(new)] for array in factors)
        r, u, m, k = (into[:, :, at * H : (at + 1) * H] for at in range(4))
        before, n = joined[:-1, :, -2 * H : -H], joined[:-1, :, -H:]
        phi.derivative(new, n, by_z_n)
        multiply(by_z_n, gates[:, :, 2 * H :], by_z_n)
        slopes_from_turned(sums[:, :, : 2 * H], gates[:, :, : 2 * H], into[:, :, : 2 * H])
        multiply(r, sums[:, :, 2 * H :], r)
        multiply(r, by_z_n, r)
        subtract(before, n, k)
        multiply(u, k, u)
        multiply(by_z_n, gates[:, :, :H], m)
        k[...] = gates[:, :, H : 2 * H]

    def views_back(self, factors: Arrays, totals: FloatArray, sizes: StepSizes) -> Views:
        H = sizes[2]
        rows, s = rows_of(factors[0]), rows_of(totals[0])
        groups = rows.reshape(*rows.shape[:-1], 4, H)
        later = slice(None, 0, -1)  # from the last entry to the second
        sooner = slice(-2, None, -1)  # from the last but one to the first
        return zip(
            s[later],
            s[later][..., np.newaxis, :],
            groups[sooner],
            map(dot_of, rows[sooner][..., : 3 * H]),
            rows[sooner][..., 3 * H :],
            s[sooner],
            strict=True,
        )

    def loop_back(
        self, views: Views, by_h: FloatArray, entering: Iterable[FloatArray | None]
    ) -> None:
        """Carry s back: to h_{t-1} through u, and through both gates and m."""
        for (s, s_row, of_s, dot, k, s_before), comes in zip(views, entering, strict=False):
            if comes is not None:
                add(s, comes, s)
            multiply(s_row, of_s, of_s)
            dot(by_h, s_before)
            add(s_before, k, s_before)

    def jacobians(self, factors: Arrays, params: Parameters, out: FloatArray) -> None:
        def groups() -> list[FloatArray]:
            return [self.weights_back(params), np.eye(params.hidden_size)]

        by_h = spread(params, "gru, back", groups)
        factors[0][:-1, 0].dot(by_h, out.reshape(len(out), -1))

    def spread_out(self, factors: Arrays, params: Parameters, by_h: FloatArray) -> None:
        groups = factors[0][:-1].reshape(*by_h.shape[:1], -1, by_h.shape[1])
        multiply(groups, by_h[:, np.newaxis], groups)

    def sums(self, factors: Arrays, arrays: Arrays, totals: FloatArray) -> Arrays:
        hidden = totals.shape[3]
        joined = flat(arrays[0][:-1])
        rows, by_z_n = (flat(array[:-1]) for array in factors)
        multiply(by_z_n, flat(totals[0, 1:]), by_z_n)
        return (
            joined[:, :-hidden].T.dot(rows[:, : 3 * hidden]),
            joined[:, : -2 * hidden].T.dot(by_z_n),
        )

    def parameters(self, sums: Arrays, hidden: int) -> Iterator[tuple[str, FloatArray]]:
        yield from self.packing.unpacked(sums[0], hidden)
        yield "b_xn", sums[1][0]
        yield "W_xn", sums[1][1:].T


GRU_KERNEL = _GRU()
