"""One update: a batch in, new parameters out, and every number on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._alignment import length
from rnn_core._arrays import FloatArray
from rnn_core._checks import check_fields, finite, of, optional, takes
from rnn_core._quiet import quietly
from rnn_core.backward import backward
from rnn_core.clipping import norm_factor
from rnn_core.forward import forward
from rnn_core.frozen import Frozen
from rnn_core.training.optimisers import Optimiser, OptimiserState
from rnn_core.types import Gradients, Parameters, Trace

CLIP_EPS = 1e-6
"""Added to the norm that is divided by, as `torch.nn.utils.clip_grad_norm_` does."""


@dataclass(frozen=True)
class Clip:
    """Bounds on the gradient: its length (`norm`), then each of its numbers (`value`)."""

    norm: float | None = None
    value: float | None = None

    def __post_init__(self) -> None:
        check_fields(self, norm=optional(finite(above=0)), value=optional(finite(above=0)))

    def __call__(self, gradient: FloatArray) -> FloatArray:
        """Return the gradient, a vector (n,), within the bounds."""
        if self.norm is not None:
            factor = norm_factor(length(gradient), self.norm, CLIP_EPS)
            gradient = gradient if factor == 1.0 else factor * gradient
        if self.value is not None:
            gradient = np.clip(gradient, -self.value, self.value)
        return gradient


@dataclass(frozen=True, eq=False)
class Update(Frozen):
    """One update of the parameters, under the lens."""

    before: Parameters
    params: Parameters  # after it
    state: OptimiserState
    trace: Trace  # of the batch, with the parameters before
    gradients: Gradients
    clipped_vector: FloatArray  # what the optimiser got
    learning_rate: float

    @property
    def loss(self) -> float:
        """The loss of the batch before the update."""
        loss = self.trace.loss
        assert loss is not None  # noqa: S101  # there was a target: backward has made sure
        return loss

    @property
    def gradient_norm(self) -> float:
        """The length of the gradient as it came, all arrays as one vector."""
        return length(self.gradients.parameters.vector)

    @property
    def clipped_norm(self) -> float:
        """The length of the gradient that the optimiser got."""
        return length(self.clipped_vector)

    @property
    def clipped(self) -> Parameters:
        """The gradient that the optimiser got."""
        return self.before.with_vector(self.clipped_vector)

    @property
    def carried(self) -> FloatArray:
        """The last h, (B, H), for a batch that goes on where this one ended."""
        return self.carried_states["h0"]

    @property
    def carried_states(self) -> Mapping[str, FloatArray]:
        """The last states, (B, H) each, by the name of the argument that takes them: h0, c0."""
        return {f"{state}0": self.trace[state][-1] for state in self.trace.cell.states}

    def trouble(self) -> str | None:
        """Return what was first not finite ("loss", "∂L/∂W_hh", "W_hh"), or None."""
        if not isfinite(self.loss):
            return "loss"
        if name := _first_non_finite(self.gradients.parameters):
            return f"∂L/∂{name}"
        return _first_non_finite(self.params)


@takes(
    params=of(Parameters),
    state=of(OptimiserState),
    optimiser=of(Optimiser),
    learning_rate=finite(),
    clip=optional(of(Clip)),
)
@quietly
def train_step(
    params: Parameters,
    state: OptimiserState,
    x: ArrayLike,
    target: ArrayLike,
    *,
    optimiser: Optimiser,
    learning_rate: float,
    clip: Clip | None = None,
    activation: str = "tanh",
    loss: str = "binary_cross_entropy",
    readout: str = "last",
    h0: ArrayLike | None = None,
    c0: ArrayLike | None = None,
    truncate: int | None = None,
) -> Update:
    """Make one update with a batch; nothing that is passed in changes.

    For truncated back-propagation over a long sequence, cut it into batches that follow one
    another and pass the last states of one to the next, `**update.carried_states`: the numbers are
    carried on, the gradient is not (Williams and Peng, 1990).

    Parameters
    ----------
    params, state
        As `optimiser.start(params)` or the update before gives them.
    x, target, activation, loss, readout, h0, c0
        As in `forward`.
    truncate
        As in `backward`.

    Raises
    ------
    ValueError
        As `forward` and `backward` do.
    """
    trace = forward(
        params, x, target, activation=activation, loss=loss, readout=readout, h0=h0, c0=c0
    )
    gradients = backward(trace, truncate=truncate)
    gradient = gradients.parameters.vector
    if clip is not None:
        gradient = clip(gradient)
    after, state_after = optimiser.advance(params, gradient, state, learning_rate)
    return Update(params, after, state_after, trace, gradients, gradient, learning_rate)


def _first_non_finite(params: Parameters) -> str | None:
    """Return the name of the first array that holds inf or nan, or None."""
    if np.isfinite(params.vector).all():
        return None
    return next(name for name, array in params.items() if not np.isfinite(array).all())
