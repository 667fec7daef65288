"""What a method without the loop returns, and what all of them begin and end with."""

from dataclasses import dataclass, field

from rnn_core._arrays import FloatArray
from rnn_core.activations import Activation
from rnn_core.types import Parameters


@dataclass(frozen=True, eq=False)
class Solution:
    """The states a method found, and how it came to them."""

    h: FloatArray  # (T + 1, B, H); h[0] is the initial state
    z: FloatArray  # (T, B, H) pre-activations, h[1:] = φ(z)
    method: str  # a name in METHODS
    iterations: int  # updates of the whole sequence (for chunks: sweeps over all chunks)
    residuals: tuple[float, ...]  # max |h_t − φ(z_t(h_{t−1}))| after each iteration
    converged: bool  # the last residual is within the tolerance
    fell_back: bool  # the method gave up, and the loop computed what was not yet exact
    reason: str  # one sentence, why it gave up; empty otherwise
    exact: int  # steps from the first on that were final before the loop took over, T if all
    iterates: FloatArray | None = field(repr=False)  # (iterations + 1, T + 1, B, H), [0]: the guess
    chunk: int | None = None  # steps in a chunk, for chunks


@dataclass(frozen=True, eq=False)
class Problem:
    """A checked recurrence: what every method starts from."""

    params: Parameters
    x: FloatArray  # (T, B, D)
    h0: FloatArray  # (B, H)
    phi: Activation
    drive: FloatArray  # (T, B, H) W_xh x_t + b_h, the inputs of all steps by one product
