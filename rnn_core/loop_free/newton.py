"""Newton's method over the whole sequence: each iteration is a linear recurrence."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FloatArray
from rnn_core._checks import real_number
from rnn_core.limits import require_memory, require_work
from rnn_core.linear.prefix import ScanTree, scan_maps, scan_tree
from rnn_core.loop_free._damped import damped_correction
from rnn_core.loop_free.solution import NOT_FINITE, Problem, Solution, gap
from rnn_core.types import Parameters

DEFAULT_CAP = 100
"""Iterations unless more are asked for: one costs as much as many of the other methods."""

DAMPED_CAP = 1000
"""Iterations in a trust region at most: no number of them is sure to be enough."""

TRUST_FACTOR = 4
"""By which the damping falls after a step that helps and grows after one that does not."""


@np.errstate(all="ignore")
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
    of J_t only: T·B·H numbers instead of T·B·H², and linear convergence. `damping` > 0 is ELK, a
    trust region (Levenberg-Marquardt) around the present states, for steps that would overshoot:
    both in Gonzalez et al., "Towards scalable and stable parallelization of nonlinear RNNs",
    NeurIPS 2024. ELK takes δ from a Kalman smoother; here the same δ is the solution of the
    smoother's normal equations, by cyclic reduction. Without damping the first k states are
    final after k iterations.

    Parameters
    ----------
    params, x, h0, activation
        As for `forward`: x is (T, B, D), (T, D), or (T,) for D = 1; h0 (B, H) or (H,).
    quasi
        Keep only the diagonal of the Jacobians.
    damping
        The first weight λ of Σ‖h_t − previous h_t‖² against Σ‖residual_t‖², 0 for none. It is
        divided by 4 after an iteration that lowers the sum of squared residuals, and multiplied
        by 4 after one that does not and is therefore not taken (but counted).
    tolerance
        Stop when no state differs from φ(z_t) by more than `tolerance`·max(1, |h_t|): H + D + 1
        units of the last place unless given, the rounding of one step.
    max_iterations
        Give up after so many iterations and do what is not final by the loop; the less of T and
        100 unless given, at most T (with damping 1000).
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
        As `forward`, or the damping or the tolerance is negative, max_iterations is not positive,
        or the Jacobians, T·B·H² numbers, do not fit in the budget of `limits`.
    """
    damping = real_number("damping", damping, 0)
    problem = Problem.of(params, x, h0, activation, tolerance)
    steps = problem.steps
    if max_iterations is None:
        max_iterations = DEFAULT_CAP if damping else min(steps, DEFAULT_CAP)
    problem = problem.limited(max_iterations, DAMPED_CAP if damping else steps, keep_iterates)
    _require_budget(problem, quasi, damping > 0)
    tree = scan_tree(steps, "blelloch")
    drive = problem.drive()
    h = problem.guess()
    z, after = problem.step_all(h, drive)
    residuals: list[float] = []
    iterates = [h]
    reason = ""
    while not reason:
        corrected = np.empty_like(h)
        corrected[0] = h[0]
        corrected[1:] = _corrected(problem, h[1:], z, after, tree, quasi, damping)
        z_next, after_next = problem.step_all(corrected, drive)
        taken = True
        if damping:
            taken = _squares(after_next - corrected[1:]) < _squares(after - h[1:])
            damping = damping / TRUST_FACTOR if taken else damping * TRUST_FACTOR
        if taken:
            h, z, after = corrected, z_next, after_next
        if keep_iterates:
            iterates.append(h)
        residuals.append(float(np.abs(after - h[1:]).max()))
        distance = gap(after, h[1:])
        if distance <= problem.tolerance:
            break
        if not np.isfinite(distance):
            reason = NOT_FINITE
        elif len(residuals) == problem.cap:
            reason = f"{problem.cap} iterations were not enough."
    final = _settled(after, h[1:], problem.tolerance)
    found = h.copy()
    found[1:] = after
    return problem.finish(
        _name(quasi, damping > 0),
        found,
        z,
        residuals,
        iterates,
        reason=reason,
        final=final if reason else steps,
    )


def _corrected(
    problem: Problem,
    h: FloatArray,
    z: FloatArray,
    after: FloatArray,
    tree: ScanTree,
    quasi: bool,
    damping: float,
) -> FloatArray:
    """Return h + δ, (T, B, H)."""
    slope = problem.phi.slope(z)
    W_hh = problem.params.W_hh
    jacobians = slope * W_hh.diagonal() if quasi else slope[..., np.newaxis] * W_hh
    residual = after - h
    if damping:
        return h + damped_correction(jacobians, residual, damping)
    start = np.zeros_like(problem.h0)
    # δ_t − r_t is exactly 0 where δ_{t-1} is, so that a final state gets the bits of φ(z_t)
    return after + (scan_maps(jacobians, residual, start, tree) - residual)


def _settled(after: FloatArray, h: FloatArray, tolerance: float) -> int:
    """Return how many steps from the first on agree with φ(z_t)."""
    allowed = tolerance * np.maximum(1.0, np.abs(after))
    moving = ~(np.abs(after - h) <= allowed).all(axis=(1, 2))
    return int(moving.argmax()) if moving.any() else len(h)


def _squares(residual: FloatArray) -> float:
    return float(np.square(residual).sum())


def _name(quasi: bool, damped: bool) -> str:
    return ("quasi_" if quasi else "") + ("elk" if damped else "newton")


def _require_budget(problem: Problem, quasi: bool, damped: bool) -> None:
    """Count the Jacobians, what the scan or the reduction keeps of them, and their products."""
    entries = 1 if quasi else problem.hidden
    numbers = problem.steps * problem.h0.size * entries
    require_memory("newton", (12 if damped else 6) * numbers * problem.x.itemsize)
    require_work("newton", (8 if damped else 2) * problem.cap * numbers * entries)
