"""The network with its activation replaced by a tangent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FloatArray, read_only, real_array, require_finite
from rnn_core._checks import of_elman, takes, text
from rnn_core._inputs import initial_state, sequence
from rnn_core.activations import Activation, activation_named
from rnn_core.frozen import Frozen
from rnn_core.limits import require_memory, require_work
from rnn_core.recurrence import unroll
from rnn_core.types import Parameters

AROUND = ("zero", "input", "trajectory")
"""Where `linearise` takes φ′: at z = 0, at h_{t-1} = 0, or at the states of the network."""


@dataclass(frozen=True, eq=False)
class Linearisation(Frozen):
    """The recurrence with φ replaced by its tangent, and the states it was taken from."""

    around: str  # a name in AROUND
    A: FloatArray  # (H, H) around "zero", else (T, B, H, H)
    b: FloatArray  # (T, B, H)
    h: FloatArray  # (T + 1, B, H) states of the linear recurrence, on the same sequence
    true: FloatArray  # (T + 1, B, H) states of the network

    @property
    def error(self) -> FloatArray:
        """The largest |h_t − true h_t| over the units of each sequence, (T + 1, B)."""
        with np.errstate(all="ignore"):
            largest: FloatArray = np.abs(self.h - self.true).max(axis=2)
        return largest


@takes(params=of_elman(Parameters), around=text)
@np.errstate(all="ignore")
def linearise(
    params: Parameters,
    x: ArrayLike,
    *,
    h0: ArrayLike | None = None,
    activation: str = "tanh",
    around: str = "zero",
) -> Linearisation:
    """Replace φ by its tangent: h_t ≈ A_t h_{t-1} + b_t.

    With φ(z) ≈ φ(z̄_t) + φ′(z̄_t)(z − z̄_t) at a chosen z̄_t,

        A_t = diag(φ′(z̄_t)) W_hh,   b_t = φ(z̄_t) + φ′(z̄_t) ⊙ (W_xh x_t + b_h − z̄_t)

    `around` "zero": z̄_t = 0, so that A is one matrix and φ is gone altogether (for tanh, the
    network without its tanh); "input": h_{t-1} = 0, so z̄_t = W_xh x_t + b_h; "trajectory":
    z̄_t = z_t of the network on this sequence, where it is exact for this sequence and a tangent
    for others (`linear_error`).

    x is (T, B, D), (T, D), or (T,) for D = 1; h0 (B, H) or (H,), zero unless given.

    Raises
    ------
    ValueError
        As `forward`; `around` is unknown; φ has no derivative at 0 (ReLU) for "zero"; the
        T·B·H² numbers of A do not fit in the budget of `limits`.
    """
    run = _Run.of(params, x, h0, activation, around)
    z, true = run.states()
    A, base, slope = run.tangent(z)
    b = base + slope * run.drive()
    h = _unroll_linear(A, b, run.h0)
    return Linearisation(around, *(read_only(array) for array in (A, b, h, true)))


@takes(params=of_elman(Parameters), around=text)
@np.errstate(all="ignore")
def linear_error(
    params: Parameters,
    x: ArrayLike,
    scales: ArrayLike,
    *,
    h0: ArrayLike | None = None,
    activation: str = "tanh",
    around: str = "zero",
) -> FloatArray:
    """Return the largest error of the linear recurrence at each scale and step, (N, T + 1).

    `scales` are N numbers s. Around "zero" and "input" the network and its linearisation run on
    s·x from s·h_0 with the bias s·b_h: for tanh the error is of order s³. Around "trajectory"
    both run on (1 + s)·x from (1 + s)·h_0 with the bias (1 + s)·b_h, with the tangent taken at
    s = 0: of order s². The error is the largest |h_t − true h_t| over batch and units.

    Raises
    ------
    ValueError
        As `linearise`, or the scales are not finite numbers in a row.
    """
    factors = real_array("scales", scales, params.dtype)
    if factors.ndim != 1:
        raise ValueError(f"scales: expected numbers in a row, got shape {factors.shape}")
    run = _Run.of(params, x, h0, activation, around)
    steps = len(run.x)
    require_work("linear_error", 2 * factors.size * run.x[..., 0].size * params.W_hh.size)
    errors = np.empty((factors.size, steps + 1), params.dtype)
    z, _ = run.states()
    for index, s in enumerate(factors):
        scaled = run.times(1 + s if around == "trajectory" else s)
        z_scaled, true = scaled.states()
        A, base, slope = run.tangent(z) if around == "trajectory" else scaled.tangent(z_scaled)
        h = _unroll_linear(A, base + slope * scaled.drive(), scaled.h0)
        errors[index] = np.abs(h - true).max(axis=(1, 2))
    return errors


@dataclass(frozen=True, eq=False)
class _Run(Frozen):
    """A checked recurrence and where its tangent is taken."""

    params: Parameters
    x: FloatArray  # (T, B, D)
    h0: FloatArray  # (B, H)
    phi: Activation
    around: str

    @classmethod
    def of(
        cls, params: Parameters, x: ArrayLike, h0: ArrayLike | None, activation: str, around: str
    ) -> _Run:
        phi = activation_named(activation)
        if around not in AROUND:
            raise ValueError(f"around: expected one of {', '.join(AROUND)}, got {around!r}")
        if around == "zero" and 0.0 in phi.kinks:
            raise ValueError(
                f"around: expected input or trajectory for {activation}, which has no derivative "
                "at 0, got 'zero'"
            )
        inputs = sequence(x, params)
        require_finite("x", inputs)
        steps, batch, _ = inputs.shape
        hidden = params.hidden_size
        start = np.zeros(hidden, params.dtype) if h0 is None else initial_state(h0, batch, params)
        require_memory("linearise", steps * batch * hidden * (hidden + 6) * inputs.itemsize)
        require_work("linearise", 3 * steps * batch * hidden * (hidden + params.input_size))
        return cls(params, inputs, np.broadcast_to(start, (batch, hidden)), phi, around)

    def times(self, factor: float) -> _Run:
        """Return the run whose x, h_0 and b_h are multiplied by `factor`."""
        params = self.params.replace(b_h=factor * self.params.b_h)
        return _Run(params, factor * self.x, factor * self.h0, self.phi, self.around)

    def drive(self) -> FloatArray:
        """W_xh x_t + b_h, (T, B, H)."""
        found: FloatArray = self.x @ self.params.W_xh.T + self.params.b_h
        return found

    def states(self) -> tuple[FloatArray, FloatArray]:
        """Return z (T, B, H) and h (T + 1, B, H) of the network."""
        return unroll(self.params, self.x, self.h0, self.phi.name)

    def tangent(self, z: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return A, φ(z̄) − φ′(z̄) ⊙ z̄ and φ′(z̄), with z̄ = z for a tangent at the states."""
        if self.around == "zero":
            at = np.zeros_like(self.params.b_h)
        else:
            at = z if self.around == "trajectory" else self.drive()
        slope = self.phi.slope(at)
        return slope[..., np.newaxis] * self.params.W_hh, self.phi(at) - slope * at, slope


def _unroll_linear(A: FloatArray, b: FloatArray, h0: FloatArray) -> FloatArray:
    """Return h (T + 1, B, H) of h_t = A_t h_{t-1} + b_t, one step after the other."""
    h = np.empty((len(b) + 1, *h0.shape), b.dtype)
    h[0] = h0
    for t, b_t in enumerate(b):
        A_t = A if A.ndim == 2 else A[t]
        h[t + 1] = np.matmul(A_t, h[t][..., np.newaxis])[..., 0] + b_t
    return h
