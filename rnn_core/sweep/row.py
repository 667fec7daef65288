"""The numbers of a sweep, row by row: one network at one spectral radius."""

from collections.abc import Callable, Iterator
from math import frexp, isfinite, log10
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._checks import of, takes
from rnn_core.cells import ELMAN
from rnn_core.forward import forward
from rnn_core.gradient_flow import activation_slopes
from rnn_core.initialisers import with_spectral_radius
from rnn_core.jacobians import state_jacobians
from rnn_core.sweep.plan import Sweep, SweepChunk
from rnn_core.types import Parameters, Trace

LOG2 = log10(2)
TOO_SMALL, TOO_LARGE = 2.0**-400, 2.0**400
"""Squared lengths beyond which the product is scaled back by a power of two, which rounds nothing.
"""


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


@np.errstate(all="ignore")
def _row(sweep: Sweep, network: Parameters, radius: float) -> list[float]:
    """Return log₁₀ ‖J_T‖₂ for each length, by one pass over the longest."""
    params = with_spectral_radius(network, radius)
    steps = sweep.lengths[-1]
    trace = forward(params, sweep.x[:steps], activation=sweep.activation, h0=sweep.h0, c0=sweep.c0)
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
