"""What a method without the loop returns, and what all of them begin and end with."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FloatArray, read_only, require_finite
from rnn_core._checks import elman, real_number, whole_number
from rnn_core._inputs import initial_state, sequence
from rnn_core.activations import Activation, activation_named
from rnn_core.frozen import Frozen
from rnn_core.limits import require_memory, require_work
from rnn_core.recurrence import unroll
from rnn_core.types import Parameters

NOT_FINITE = "A state is not finite."


@dataclass(frozen=True, eq=False)
class Solution(Frozen):
    """The states a method found, and how it came to them."""

    h: FloatArray  # (T + 1, B, H); h[0] is the initial state
    z: FloatArray  # (T, B, H) pre-activations, h[1:] = φ(z)
    method: str  # a name in ITERATIVE_METHODS
    iterations: int  # updates of the whole sequence (for chunks: sweeps over all chunks)
    residuals: tuple[float, ...]  # max |h_t − φ(z_t(h_{t−1}))| after each iteration
    converged: bool  # the last iteration was within the tolerance
    fell_back: bool  # the method gave up, and the loop computed what was not yet final
    reason: str  # one sentence, why it gave up; empty otherwise
    final: int  # steps from the first on that were final without the loop; T if converged
    iterates: FloatArray | None = field(repr=False)  # (iterations + 1, T + 1, B, H), [0]: the guess
    chunk: int | None = None  # steps in a chunk, for chunks


@dataclass(frozen=True, eq=False)
class Problem(Frozen):
    """A checked recurrence and how far to go: what every method starts from."""

    params: Parameters
    x: FloatArray  # (T, B, D)
    h0: FloatArray  # (B, H)
    phi: Activation
    tolerance: float
    cap: int  # iterations at most
    keep: bool  # whether to keep iterates

    @classmethod
    def of(
        cls,
        params: Parameters,
        x: ArrayLike,
        h0: ArrayLike | None,
        activation: str,
        tolerance: float | None,
    ) -> "Problem":
        """Check what every method is given; the cap and what to keep come by `limited`."""
        phi = activation_named(activation)
        inputs = sequence(x, params)
        elman("params", params)
        require_finite("x", inputs)
        steps, batch, _ = inputs.shape
        hidden = params.hidden_size
        start = np.zeros(hidden, params.dtype) if h0 is None else initial_state(h0, batch, params)
        if tolerance is None:
            tolerance = rounding(params)
        else:
            tolerance = real_number("tolerance", tolerance, 0)
        numbers = (steps + 1) * batch * (6 * hidden + params.input_size + 1)
        require_memory("loop_free", numbers * inputs.itemsize)
        initial = np.broadcast_to(start, (batch, hidden))
        return cls(params, inputs, initial, phi, tolerance, 0, keep=False)

    def limited(self, max_iterations: int | None, most: int, keep: bool) -> "Problem":
        """Return the problem with a cap on iterations, `most` unless given, and their budget."""
        cap = most
        if max_iterations is not None:
            cap = whole_number("max_iterations", max_iterations, 1)
        cap = min(cap, most)
        size = self.h0.size * (self.steps + 1)
        if keep:
            require_memory("iterates", (cap + 1) * size * self.x.itemsize)
        require_work("loop_free", cap * size * sum(self.params.W_xh.shape))
        return Problem(self.params, self.x, self.h0, self.phi, self.tolerance, cap, keep)

    @property
    def steps(self) -> int:
        """T, the number of time steps."""
        return len(self.x)

    @property
    def hidden(self) -> int:
        """H, the number of hidden units."""
        return self.params.hidden_size

    def drive(self) -> FloatArray:
        """W_xh x_t + b_h for all t, (T, B, H): the inputs of all steps by one product."""
        rows: FloatArray = self.x.reshape(-1, self.x.shape[2]).dot(self.params.W_xh.T)
        rows += self.params.b_h
        return rows.reshape(self.steps, -1, self.hidden)

    def guess(self) -> FloatArray:
        """Return h_0 at all steps, (T + 1, B, H)."""
        return np.repeat(self.h0[np.newaxis], self.steps + 1, axis=0)

    def step_all(self, h: FloatArray, drive: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return z_t from h_{t-1} and φ(z_t), (T, B, H), for all t by one product."""
        z = h[:-1].reshape(-1, self.hidden).dot(self.params.W_hh.T).reshape(drive.shape)
        z += drive
        return z, self.phi(z)

    def finish(
        self,
        method: str,
        h: FloatArray,
        z: FloatArray,
        residuals: list[float],
        iterates: list[FloatArray],
        *,
        reason: str,
        final: int,
        chunk: int | None = None,
    ) -> Solution:
        """Return the solution; with a reason to give up, what is not final by the loop."""
        if reason:
            h, z = h.copy(), z.copy()
            finite = np.isfinite(h).all(axis=(1, 2))
            if not finite.all():  # whether inf or nan comes first is a matter of rounding
                final = min(final, int(finite.argmin()) - 1)
            z[final:], h[final:] = unroll(self.params, self.x[final:], h[final], self.phi.name)
        return Solution(
            h=read_only(h),
            z=read_only(z),
            method=method,
            iterations=len(residuals),
            residuals=tuple(residuals),
            converged=not reason,
            fell_back=bool(reason),
            reason=reason,
            final=final,
            iterates=read_only(np.array(iterates)) if self.keep else None,
            chunk=chunk,
        )


def rounding(params: Parameters) -> float:
    """Return H + D + 1 units of the last place: what rounding may do to one step (|h| ≤ 1).

    Iterations cannot be asked for less in general: the last bits of many units keep each other
    from settling.
    """
    return float((sum(params.W_xh.shape) + 1) * np.finfo(params.dtype).eps)


def gap(new: FloatArray, old: FloatArray) -> float:
    """Return max |new − old| / max(1, |new|): nan or inf where a number is not finite."""
    size = np.abs(new)
    distance = np.abs(new - old)
    return float((distance / np.maximum(size, 1.0, out=size)).max())
