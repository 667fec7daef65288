"""Lengths of gradients, each with an exponent of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rnn_core._arrays import FloatArray
from rnn_core._checks import of, sample_of, takes
from rnn_core._extended import Extended, normalised, normalised_rows
from rnn_core._short import Shown
from rnn_core.types import Gradients

NONE = Extended.of([], [])


@dataclass(frozen=True, eq=False)
class Flow(Shown):
    """‖∂L/∂h_t‖ for t = 0 … T, and by each sum of the cell, such as ‖∂L/∂z_t‖, t = 1 … T.

    All are of one sequence. `others` are the lengths by further states, such as ‖∂L/∂c_t‖.
    """

    h: Extended  # (T + 1,)
    sums: Mapping[str, Extended]  # (T,) each
    others: Mapping[str, Extended] = field(default_factory=dict)

    @property
    def z(self) -> Extended:
        """‖∂L/∂z_t‖, (T,); empty for a cell without one pre-activation "z"."""
        return self.sums.get("z", NONE)

    @property
    def states(self) -> Mapping[str, Extended]:
        """The lengths by each state of the cell, h first."""
        return {"h": self.h, **self.others}


@takes(grads=of(Gradients))
def direct_gradients(grads: Gradients, sample: int = 0, *, last_only: bool = False) -> FloatArray:
    """Return what reaches h_t without passing through h_{t+1}, (T, H).

    That is W_hyᵀ ∂L/∂a_t, or the `upstream` of `backward`.

    `last_only` keeps what enters at step T: with a readout at every step, the gradient of the
    last term of the loss alone.

    Raises
    ------
    ValueError
        There is no such sequence.
    """
    trace = grads.trace
    sample = sample_of(trace.batch, sample)
    made = np.zeros(trace.h[1:, sample].shape)
    if grads.upstream is not None:
        made[...] = grads.upstream[:, sample]
    else:
        with np.errstate(all="ignore"):
            made[trace.steps - len(grads.logits) :] = grads.logits[:, sample] @ trace.params.W_hy
    if last_only:
        made[:-1] = 0
    return made


@np.errstate(all="ignore")
def lengths(rows: FloatArray, exponents: "NDArray[np.int64] | None" = None) -> Extended:
    """Return the Euclidean length of each row (n, H) · 2^exponent.

    Also where the square of a row would overflow, or its numbers are subnormal.
    """
    scaled, powers = normalised_rows(np.asarray(rows, np.float64))
    if exponents is not None:
        powers = powers + exponents
    return Extended.of(np.sqrt(np.einsum("ij,ij->i", scaled, scaled)), powers)


@takes(grads=of(Gradients))
def flow_of(grads: Gradients, sample: int = 0) -> Flow:
    """Return the lengths of gradients as `backward` gave them, within float64's range.

    Raises
    ------
    ValueError
        There is no such sequence.
    """
    sample = sample_of(grads.trace.batch, sample)
    cell = grads.trace.cell
    return Flow(
        lengths(grads.h[:, sample]),
        {name: lengths(grads[name][:, sample]) for name in cell.sums},
        {state: lengths(grads[state][:, sample]) for state in cell.states if state != "h"},
    )


def added(v: FloatArray, exponent: int, other: FloatArray) -> tuple[FloatArray, int]:
    """Return v · 2^exponent + other, as numbers and their exponent."""
    if exponent == 0:
        return v + other, 0
    (v, exponent), (other, power) = normalised(v, exponent), normalised(other, 0)
    if not v.any():
        return other, power
    common = max(exponent, power)
    return np.ldexp(v, max(exponent - common, -2000)) + np.ldexp(
        other, max(power - common, -2000)
    ), common
