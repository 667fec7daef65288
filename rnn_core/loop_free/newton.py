"""Newton's method over the whole sequence: each iteration is a linear recurrence."""

from numpy.typing import ArrayLike

from rnn_core.loop_free.solution import Solution
from rnn_core.types import Parameters


def newton(
    params: Parameters,
    x: ArrayLike,
    *,
    quasi: bool = False,
    damping: float = 0.0,
    h0: ArrayLike | None = None,
    activation: str = "tanh",
    tolerance: float | None = None,
    max_iterations: int | None = None,
    keep_iterates: bool = False,
) -> Solution:
    """Solve for all states by Newton's method: DEER, quasi-DEER, or ELK.

    An iteration linearises the step at the present states and solves the linear recurrence for
    their correction δ by a parallel prefix scan (`linear.scan`):

        r_t = φ(z_t) − h_t,   J_t = diag(φ′(z_t)) W_hh,   δ_t = J_t δ_{t-1} + r_t,   h ← h + δ

    DEER: Lim et al., "Parallelizing non-linear sequential models over the sequence length", ICLR
    2024; near the solution the residual is squared at each iteration. `quasi` keeps the diagonal
    of J_t only: T·B·H numbers instead of T·B·H², and linear convergence. `damping` > 0 is ELK,
    Levenberg-Marquardt's trust region around the present states, whose step is the mean of a
    Kalman smoother: Gonzalez et al., "Towards scalable and stable parallelization of nonlinear
    RNNs", NeurIPS 2024. It takes the place of steps that would overshoot.

    Parameters
    ----------
    params, x, h0, activation
        As for `forward`: x is (T, B, D), (T, D), or (T,) for D = 1; h0 (B, H) or (H,).
    quasi
        Keep only the diagonal of the Jacobians.
    damping
        The first weight λ of Σ‖h_t − previous h_t‖² against Σ‖residual_t‖², 0 for none. It is
        divided by 4 after an iteration that lowers the sum of squared residuals, and multiplied
        by 4 after one that does not and is therefore not taken.
    tolerance
        Stop when no state differs from φ(z_t) by more than `tolerance`·max(1, |h_t|); 8 units of
        the last place unless given.
    max_iterations
        Give up after so many iterations and do the rest by the loop; T unless given.
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
        As `forward`, or the damping or the tolerance is negative, max_iterations is not positive,
        or the Jacobians, T·B·H² numbers, do not fit in the budget of `limits`.
    """
    raise NotImplementedError
