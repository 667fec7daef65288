"""The GRU with the reset gate before the product: W_hn (r ⊙ h') needs a product of its own a step.

The numbers of a step, for each sequence of the batch:

    joined  [1, x_t, h_{t-1}, n_t]  the first three are multiplied by the weights of both gates
    gates   [r, u, 1 − u]
    sums    [−z_r, −z_u]
    k       r ⊙ h_{t-1}             is multiplied by W_hn
    new     z_n                     before the loop W_xn x_t + b_xn + b_hn

On the way back, with s = ∂L/∂h_t and q = ∂L/∂k:

    factors [e, r, u, d, n]         at first ∂k/∂h_{t-1} = r and ∂k/∂(−z_r), times q, and
                                    ∂h/∂(−z_u), ∂h/∂h_{t-1} = u and ∂h/∂z_n, times s
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._parameters import Parameters
from rnn_core._workspace import dot_of, factor_room, multiplied, rows_of
from rnn_core.activations import Activation
from rnn_core.cells.gru import GRU_RESET_BEFORE
from rnn_core.kernels.gates import slopes_from_turned
from rnn_core.kernels.gru import _GRU, quantities_around
from rnn_core.kernels.jacobians import spread
from rnn_core.kernels.kernel import STEPS_ALONE, Arrays, StepSizes, Views, block, flat
from rnn_core.kernels.packing import Columns, Packing

add, subtract, multiply = np.add, np.subtract, np.multiply


class _GRUResetBefore(_GRU):
    """The loops of a GRU whose reset gate acts on h_{t-1} itself."""

    cell = GRU_RESET_BEFORE
    packing = Packing(
        GRU_RESET_BEFORE.name,
        (
            Columns("b_r", "W_xr", "W_hr", turned=True),
            Columns("b_u", "W_xu", "W_hu", turned=True),
        ),
    )
    given = (0, 4)
    quantities = quantities_around({"k": block(3, 0, STEPS_ALONE)}, new=4)

    def arrays(self, sizes: StepSizes, steps: int) -> Arrays:
        joined, gates, _, new = super().arrays(sizes, steps)
        batch, _, hidden, itemsize = sizes
        sums = np.empty((steps + 1, batch, 2 * hidden), new.dtype)
        return joined, gates, sums, factor_room((steps + 1, batch, hidden), itemsize), new

    def weights(self, params: Parameters) -> Any:
        return self.packing.of(params), params["W_hn"].T

    def weights_back(self, params: Parameters) -> Any:
        return super().weights_back(params), params["W_hn"]

    def begin(
        self, arrays: Arrays, params: Parameters, x: FloatArray, initial: Mapping[str, FloatArray]
    ) -> None:
        super().begin(arrays, params, x, initial)
        add(arrays[-1], params["b_hn"], arrays[-1])

    def views_of_reset(
        self, arrays: Arrays, sizes: StepSizes, room: FloatArray
    ) -> tuple[Iterable[Any], ...]:
        batch, _, H, itemsize = sizes
        before, k = rows_of(arrays[0])[:-1, ..., -2 * H : -H], rows_of(arrays[3])[:-1]
        # W_hn k is used up within the step: one place serves all.
        product = next(iter(multiplied(np.empty((2, batch, H), f"f{itemsize}"))))
        half = product if product.shape == room.shape else product[0]
        dots = map(dot_of, multiplied(arrays[3]))
        return before, k, dots, repeat(product, len(k)), repeat(half, len(k))

    def factors(self, sizes: StepSizes, steps: int) -> Arrays:
        batch, _, hidden, itemsize = sizes
        return (np.empty((steps + 1, batch, 5 * hidden), f"f{itemsize}"),)

    def fill(self, factors: Arrays, arrays: Arrays, phi: Activation) -> None:
        joined, gates, sums, _, new = arrays
        H = new.shape[2]
        into = factors[0][: len(new)]
        e, r, u, d, n = (into[:, :, at * H : (at + 1) * H] for at in range(5))
        before = joined[:-1, :, -2 * H : -H]
        slopes_from_turned(sums[:-1], gates[:, :, : 2 * H], into[:, :, H : 3 * H])
        e[...] = gates[:, :, :H]
        multiply(r, before, r)
        subtract(before, joined[:-1, :, -H:], d)
        multiply(u, d, u)
        phi.derivative(new, joined[:-1, :, -H:], n)
        multiply(n, gates[:, :, 2 * H :], n)
        d[...] = gates[:, :, H : 2 * H]

    def views_back(self, factors: Arrays, totals: FloatArray, sizes: StepSizes) -> Views:
        batch, _, H, itemsize = sizes
        rows, s = rows_of(factors[0]), rows_of(totals[0])
        groups = rows.reshape(*rows.shape[:-1], 5, H)
        later = slice(None, 0, -1)  # from the last entry to the second
        sooner = slice(-2, None, -1)  # from the last but one to the first
        q = np.empty((batch, H) if batch > 1 else H, f"f{itemsize}")
        count = len(s) - 1
        return zip(
            s[later],
            s[later][..., np.newaxis, :],
            groups[sooner][..., 2:, :],
            map(dot_of, rows[sooner][..., 4 * H :]),
            repeat(q, count),
            repeat(q[..., np.newaxis, :], count),
            groups[sooner][..., :2, :],
            map(dot_of, rows[sooner][..., H : 3 * H]),
            rows[sooner][..., :H],
            rows[sooner][..., 3 * H : 4 * H],
            s[sooner],
            strict=True,
        )

    def loop_back(self, views: Views, by_h: Any, entering: Iterable[FloatArray | None]) -> None:
        """Carry s back: to h_{t-1} through u, through k, and through both gates."""
        of_gates, by_k = by_h
        for (s, s_row, of_s, dot_n, q, q_row, of_q, dot, e, d, s_before), comes in zip(
            views, entering, strict=False
        ):
            if comes is not None:
                add(s, comes, s)
            multiply(s_row, of_s, of_s)
            dot_n(by_k, q)
            multiply(q_row, of_q, of_q)
            dot(of_gates, s_before)
            add(s_before, e, s_before)
            add(s_before, d, s_before)

    def jacobians(self, factors: Arrays, params: Parameters, out: FloatArray) -> None:
        """Write diag(n) W_hn (diag(e) + diag(r) W_hr) + diag(u) W_hu + diag(d)."""
        rows, H = factors[0][:-1, 0], params.hidden_size

        def gate(number: int) -> FloatArray:
            of_gates, _ = self.weights_back(params)
            weights: FloatArray = of_gates[number * H : (number + 1) * H]
            return weights

        by_h = spread(params, "gru_before, h", lambda: [gate(1), np.eye(H)])
        by_k = spread(params, "gru_before, k", lambda: [np.eye(H), gate(0)])
        rows[:, 2 * H : 4 * H].dot(by_h, out.reshape(len(out), -1))
        through_k = rows[:, : 2 * H].dot(by_k).reshape(out.shape)
        add(out, np.matmul(self._to_k(rows, params), through_k), out)

    def _to_k(self, rows: FloatArray, params: Parameters) -> FloatArray:
        """Return what ∂L/∂h_t is multiplied by to ∂L/∂k."""
        to_k: FloatArray = rows[:, 4 * params.hidden_size :, np.newaxis] * params["W_hn"]
        return to_k

    def spread_out(self, factors: Arrays, params: Parameters, by_h: FloatArray) -> None:
        rows, H = factors[0][:-1, 0], params.hidden_size
        by_k = np.matmul(by_h[:, np.newaxis], self._to_k(rows, params))
        groups = rows.reshape(len(rows), 5, H)
        multiply(groups[:, :2], by_k, groups[:, :2])
        multiply(groups[:, 2:], by_h[:, np.newaxis], groups[:, 2:])

    def sums(self, factors: Arrays, arrays: Arrays, totals: FloatArray) -> Arrays:
        hidden = totals.shape[3]
        joined, k = flat(arrays[0][:-1]), flat(arrays[3][:-1])
        rows = flat(factors[0][:-1])
        by_z_n = rows[:, 4 * hidden :]
        return (
            joined[:, :-hidden].T.dot(rows[:, hidden : 3 * hidden]),
            joined[:, : -2 * hidden].T.dot(by_z_n),
            k.T.dot(by_z_n),
        )

    def parameters(self, sums: Arrays, hidden: int) -> Iterator[tuple[str, FloatArray]]:
        yield from super().parameters(sums, hidden)
        yield "b_hn", sums[1][0]
        yield "W_hn", sums[2].T


GRU_BEFORE_KERNEL = _GRUResetBefore()
