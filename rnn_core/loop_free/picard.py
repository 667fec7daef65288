"""Fixed-point iteration: all steps at once, from the states of the last iteration."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rnn_core.loop_free.solution import NOT_FINITE, Problem, Solution, gap
from rnn_core.types import Parameters


@np.errstate(all="ignore")
def fixed_point_iteration(
    params: Parameters,
    x: ArrayLike,
    *,
    h0: ArrayLike | None = None,
    activation: str = "tanh",
    tolerance: float | None = None,
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
        Stop when no state differs from φ(z_t) by more than `tolerance`·max(1, |h_t|): H + D + 1
        units of the last place unless given, the rounding of one step. Zero: until an iteration
        reproduces every bit, which from H ≈ 16 on may take all T.
    max_iterations
        Give up after so many iterations and do what is not final by the loop; T, the default and
        the most that can be needed.
    keep_iterates
        Keep the states after every iteration, for showing them: the memory for
        max_iterations + 1 of them must be within `limits`.

    Returns
    -------
    Solution
        h = φ(z); read-only arrays.

    Raises
    ------
    ValueError
        As `forward`, or the tolerance is negative, or max_iterations is not positive.
    """
    problem = Problem.of(params, x, h0, activation, tolerance)
    problem = problem.limited(max_iterations, problem.steps, keep_iterates)
    drive = problem.drive()
    h = problem.guess()
    z, after = problem.step_all(h, drive)
    residuals: list[float] = []
    iterates = [h.copy()]
    reason = ""
    while True:
        h[1:] = after
        if keep_iterates:
            iterates.append(h.copy())
        z, after = problem.step_all(h, drive)
        residuals.append(float(np.abs(after - h[1:]).max()))
        distance = gap(after, h[1:])
        if not np.isfinite(distance):
            reason = NOT_FINITE
        elif distance <= problem.tolerance or len(residuals) == problem.steps:
            break
        elif len(residuals) == problem.cap:
            reason = f"{problem.cap} iterations were not enough."
        if reason:
            break
    final = len(residuals) if reason else problem.steps
    h[1:] = after  # z belongs to it; before a kink of φ a state may settle earlier than its z
    return problem.finish("fixed_point", h, z, residuals, iterates, reason=reason, final=final)
