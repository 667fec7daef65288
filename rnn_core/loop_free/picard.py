"""Fixed-point iteration: all steps at once, from the states of the last iteration."""

from numpy.typing import ArrayLike

from rnn_core.loop_free.solution import Solution
from rnn_core.types import Parameters


def fixed_point(
    params: Parameters,
    x: ArrayLike,
    *,
    h0: ArrayLike | None = None,
    activation: str = "tanh",
    tolerance: float = 0.0,
    max_iterations: int | None = None,
    keep_iterates: bool = False,
) -> Solution:
    """Solve for all states by fixed-point (Picard, Jacobi) iteration.

        h_t ← φ(W_xh x_t + W_hh h_{t-1} + b_h)   for all t at once, from the last iteration's h

    One product of all T·B states with W_hh an iteration. From h = h_0 at all steps. After k
    iterations the first k states are final, so T iterations always suffice; a contracting
    recurrence, which forgets its past at a rate λ < 1, needs about log(precision)/log λ.
    See Song et al., "Accelerating feedforward computation via parallel nonlinear equation
    solving", ICML 2021 (Jacobi iteration and its prefix property).

    Parameters
    ----------
    params, x, h0, activation
        As for `forward`: x is (T, B, D), (T, D), or (T,) for D = 1; h0 (B, H) or (H,).
    tolerance
        Stop when no state differs from φ(z_t) by more than `tolerance`·max(1, |h_t|). Zero, the
        default: until an iteration reproduces every bit.
    max_iterations
        Give up after so many iterations and do what is not final by the loop; T unless given.
    keep_iterates
        Keep the states after every iteration, for showing them: the memory for
        max_iterations + 1 of them must be within `limits`.

    Returns
    -------
    Solution
        h = φ(z) exactly; read-only arrays.

    Raises
    ------
    ValueError
        As `forward`, or the tolerance is negative, or max_iterations is not positive.
    """
    raise NotImplementedError
