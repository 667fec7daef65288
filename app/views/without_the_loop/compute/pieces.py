"""ReLU in place of tanh: saturation, dead units, and the linear pieces that it is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.experiment.value import Experiment
from app.views.without_the_loop.compute.results import difference, loss_of
from app.views.without_the_loop.compute.times import Times, keep_times, timed
from app.views.without_the_loop.compute.ways import Start, start_of
from app.work.caching import cached
from rnn_core import activation_named, forward, prefix_scan
from rnn_core.hoisting import hoisted, project

Floats = NDArray[np.floating[Any]]

COMPARED = ("tanh", "relu")
FLAT = 0.05
"""A unit with φ′(z) below this passes less than a twentieth of its gradient: saturated."""
MOST_SCANNED = 2_000_000
"""T·B·H² numbers up to which the linear pieces are also solved by a scan."""


@dataclass(frozen=True, eq=False)
class Slopes:
    """How one activation runs on the experiment's weights, whatever its own activation is."""

    activation: str
    slope: Floats  # (T, B, H) φ′(z_t)
    h: Floats  # (T + 1, B, H)
    flat: float  # share of φ′ below FLAT
    dead: int  # units with φ′ = 0 at all steps of all sequences
    largest: float  # largest |h|
    loss: float | None


@dataclass(frozen=True)
class Pieces:
    """The ReLU network as a linear one whose matrices switch with the pattern of open units."""

    pattern: int  # distinct patterns among the T·B steps
    switched: float  # largest difference of h_t = D_t z_t to ReLU
    scanned: float | None  # largest difference of the scan over A_t = D_t W_hh, relative
    levels: int


@cached
@np.errstate(all="ignore")
def slopes_of(experiment: Experiment, activation: str) -> Slopes:
    """Return slopes and states with this activation in place of the experiment's."""
    start = start_of(experiment)
    z, h = hoisted(start.params, start.x, start.h0, activation)
    slope = activation_named(activation).slope(z)
    dead = int((slope == 0).all(axis=(0, 1)).sum())
    return Slopes(
        activation=activation,
        slope=slope,
        h=h,
        flat=float((slope < FLAT).mean()),
        dead=dead,
        largest=float(np.abs(h).max()),
        loss=loss_of(experiment, h),
    )


@cached
@np.errstate(all="ignore")
def pieces_of(experiment: Experiment) -> Pieces:
    """Return what becomes of the ReLU network when its pattern of open units is given.

    With D_t = diag(1 where z_t > 0), h_t = D_t (W_xh x_t + W_hh h_{t-1} + b_h): linear in h.
    """
    start, relu = start_of(experiment), slopes_of(experiment, "relu")
    steps, batch, hidden = relu.slope.shape
    apart = difference(_switched(start, relu.slope), relu.h)
    scanned = None
    if relu.slope.size * hidden <= MOST_SCANNED and np.isfinite(relu.h).all():
        A = relu.slope[..., np.newaxis] * start.params.W_hh
        b = relu.slope * project(start.params, start.x)
        found = prefix_scan(A, b, start.h0)
        scanned = difference(found, relu.h) / max(1.0, relu.largest)
    patterns = np.unique(relu.slope.reshape(steps * batch, hidden), axis=0)
    return Pieces(len(patterns), apart, scanned, (steps - 1).bit_length())


def _switched(start: Start, open_units: Floats) -> Floats:
    """Return the states of h_t = D_t ⊙ z_t with the pattern D given, no φ evaluated."""
    z = project(start.params, start.x)
    h = np.empty((len(z) + 1, *z.shape[1:]))
    h[0] = start.h0
    recurrent = start.params.W_hh.T
    for t in range(len(z)):
        z[t] += h[t] @ recurrent
        np.multiply(open_units[t], z[t], out=h[t + 1])
    return h


def relu_key(experiment: Experiment) -> tuple[str, Experiment]:
    """Return the key under which the times of both activations are kept."""
    return ("relu", experiment)


def measure_relu(experiment: Experiment, budget_s: float) -> Times:
    """Measure the forward pass with both activations, and both functions alone."""
    start = start_of(experiment)
    calls: dict[str, Callable[[], Any]] = {
        name: partial(forward, start.params, start.x, activation=name, h0=start.h0)
        for name in COMPARED
    }
    z = slopes_of(experiment, "tanh").h[1:].copy()
    out = np.empty_like(z)
    for name in COMPARED:
        calls[f"{name} alone"] = partial(activation_named(name).kernel(z.dtype), z, out)
    return keep_times(relu_key(experiment), timed(calls, budget_s))
