"""States that the recurrence leaves where they are, found numerically, and whether they attract.

With the input held constant at x, h_t = F(h_{t-1}), F(h) = φ(W_hh h + W_xh x + b_h). Sussillo and
Barak (2013) look for minima of q(h) = ½ ‖F(h) − h‖² from many starts: q = 0 at a fixed point, and
a minimum with a small q above 0 is a slow point. The eigenvalues of J = diag φ′(z) W_hh at a fixed
point say whether a small difference dies out (all inside the unit circle) or grows.
"""

from dataclasses import dataclass

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core._checks import matrix, of_elman, takes, whole
from rnn_core._short import Shown
from rnn_core.activations import Activation, activation_named
from rnn_core.frozen import Frozen
from rnn_core.limits import require_memory, require_work
from rnn_core.types import Parameters

FIXED = 1e-10
"""Largest ‖F(h) − h‖∞ / max(1, ‖h‖∞) of a fixed point."""

FLAT = 1e-8
"""Largest ‖∇q‖∞ at a slow point, relative to its ‖F(h) − h‖."""

SLOW = 1e-2
"""Largest q of a slow point."""

ALIKE = 1e-5
"""Points closer than this, relative to max(1, ‖h‖∞), are one."""

ON_THE_CIRCLE = 1e-6
"""An eigenvalue so near to magnitude 1 decides nothing."""

MOST_POINTS = 60
ITERATIONS = 120
LEAST_DAMPING, MOST_DAMPING = 1e-13, 1e12
TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True, eq=False)
class FixedPoint(Frozen):
    """A state that F leaves (nearly) where it is.

    `kind` is "stable" (all |λ| < 1), "unstable" (all |λ| > 1), "saddle" (some of each) or
    "marginal" (none outside and some on the unit circle, or a unit at the kink of ReLU: the linear
    part does not decide); for a slow point it speaks of the linear part alone.
    """

    h: FloatArray  # (H,)
    residual: float  # ‖F(h) − h‖
    eigenvalues: "np.ndarray[tuple[int], np.dtype[np.complex128]]"  # of J, largest first
    kind: str

    @property
    def q(self) -> float:
        """½ ‖F(h) − h‖²."""
        return 0.5 * self.residual**2


@dataclass(frozen=True, eq=False)
class FixedPoints(Shown):
    """What was found: the fixed points, the slow points, and how the starts ended."""

    fixed: tuple[FixedPoint, ...]
    slow: tuple[FixedPoint, ...]
    starts: int
    arrived: int  # starts that ended at a fixed point
    more: bool  # whether points beyond the first 60 were left out: a continuum, most likely


@takes(h=matrix("S", "H", finite=False), count=whole(2), seed=whole(0))
def fixed_point_starts(h: FloatArray, *, count: int = 200, seed: int = 0) -> FloatArray:
    """Return states to start from: those of a trajectory h (T + 1, H), and a grid.

    The grid fills the box of the trajectory, widened by a half and at least [−1, 1] each way; for
    H > 3 it would be too coarse, so there states are drawn in the box, always the same for a seed.

    Raises
    ------
    ValueError
        h is no such array, the count is below 2, or the seed is negative.
    """
    hidden = h.shape[1]
    require_memory("fixed_point_starts", 8 * 2 * count * max(1, hidden))
    path = np.unique(h[np.isfinite(h).all(axis=1)], axis=0)
    path = path[np.unique(np.linspace(0, len(path) - 1, min(len(path), count // 2)).astype(int))]
    low = np.minimum(path.min(axis=0, initial=-1.0), -1.0)
    high = np.maximum(path.max(axis=0, initial=1.0), 1.0)
    middle, half = low / 2 + high / 2, 1.25 * (high / 2 - low / 2)
    if hidden <= 3:
        side = {1: 41, 2: 11, 3: 5}[hidden]
        axes = [np.linspace(m - r, m + r, side) for m, r in zip(middle, half, strict=True)]
        grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, hidden)
    else:
        rng = np.random.default_rng(seed)
        grid = middle + half * rng.uniform(-1, 1, (count - len(path), hidden))
    return np.concatenate([path, grid])


@takes(params=of_elman(Parameters), x=matrix("D"), states=matrix("N", "H", finite=False))
def vector_field(
    params: Parameters, x: FloatArray, states: FloatArray, activation: str
) -> FloatArray:
    """Return F(h) − h, the step from each state (N, H) with the input held at x (D,).

    Raises
    ------
    ValueError
        A shape does not fit, x is not finite, or the activation is unknown.
    """
    _require_fit(params, x, states, "states")
    with np.errstate(all="ignore"):
        z = states @ params.W_hh.T + _drive(params, x)
        moved: FloatArray = activation_named(activation)(z) - states
    return moved


@takes(params=of_elman(Parameters), x=matrix("D"), starts=matrix("N", "H", finite=False))
def find_fixed_points(
    params: Parameters, x: FloatArray, starts: FloatArray, *, activation: str = "tanh"
) -> FixedPoints:
    """Minimise q(h) from every start by Levenberg and Marquardt's method.

        δ = −(AᵀA + μ m I)⁻¹ Aᵀ r,   r = F(h) − h,   A = J − I,   m = max diag AᵀA

    A step is taken if it makes q smaller, and μ falls then, towards Newton's method; otherwise μ
    grows. What ends nearly alike counts once.

    Parameters
    ----------
    x
        (D,): the input that is held.
    starts
        (N, H), see `fixed_point_starts`.

    Raises
    ------
    ValueError
        A shape does not fit, or the work is over `limits`.
    """
    hidden = params.hidden_size
    _require_fit(params, x, starts, "starts")
    require_memory("find_fixed_points", 8 * 4 * len(starts) * hidden * hidden)
    require_work("find_fixed_points", 2 * ITERATIONS * len(starts) * hidden**3)
    phi, drive = activation_named(activation), _drive(params, x)
    with np.errstate(all="ignore"):
        h = _minimised(phi, params.W_hh, drive, starts.astype(np.float64))
        r, slope = _residuals(phi, params.W_hh, drive, h)
        sizes = np.linalg.norm(r, axis=1)
        scale = np.maximum(1, np.abs(h).max(axis=1, initial=0))
        fixed = np.abs(r).max(axis=1, initial=0) <= FIXED * scale
        gradient = (r * slope) @ params.W_hh - r
        flat = np.abs(gradient).max(axis=1, initial=0) <= FLAT * sizes
        slow = ~fixed & flat & (0.5 * sizes**2 <= SLOW)
        kinked = np.isin(h @ params.W_hh.T + drive, phi.kinks).sum(axis=1) > 0

    def points(wanted: list[int]) -> tuple[FixedPoint, ...]:
        return tuple(
            _point(h[i], sizes[i], slope[i, :, np.newaxis] * params.W_hh, bool(kinked[i]))
            for i in wanted
        )

    found, more = _different(h, sizes, fixed)
    slowly, _ = _different(h, sizes, slow)
    return FixedPoints(
        fixed=points(found),
        slow=points(slowly),
        starts=len(starts),
        arrived=int(np.count_nonzero(fixed)),
        more=more,
    )


def _require_fit(params: Parameters, x: FloatArray, states: FloatArray, name: str) -> None:
    if x.shape != (params.input_size,):
        raise ValueError(f"x: expected shape (D,) = ({params.input_size},), got {x.shape}")
    if states.shape[1] != params.hidden_size:
        raise ValueError(
            f"{name}: expected shape (N, H) with H = {params.hidden_size}, got {states.shape}"
        )


def _drive(params: Parameters, x: FloatArray) -> FloatArray:
    drive: FloatArray = params.W_xh @ x + params.b_h
    return drive


def _residuals(
    phi: Activation, W_hh: FloatArray, drive: FloatArray, h: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return F(h) − h and φ′(z), both (N, H)."""
    z = h @ W_hh.T + drive
    return phi(z) - h, phi.slope(z)


def _minimised(phi: Activation, W_hh: FloatArray, drive: FloatArray, h: FloatArray) -> FloatArray:
    """Return where each start ends; those that have arrived, or cannot move, take no part."""
    identity = np.eye(h.shape[1])
    r, slope = _residuals(phi, W_hh, drive, h)
    q = np.einsum("ni,ni->n", r, r)
    damping = np.full(len(h), 1e-2)
    active = np.flatnonzero(np.isfinite(q) & (q > 0))
    for _ in range(ITERATIONS):
        if not active.size:
            break
        A = slope[active][:, :, np.newaxis] * W_hh - identity
        At = np.swapaxes(A, 1, 2)
        normal = At @ A
        size = np.maximum(np.einsum("nii->ni", normal).max(axis=1), TINY)
        normal += (damping[active] * size)[:, np.newaxis, np.newaxis] * identity
        tried = h[active] - _solved(normal, At @ r[active][:, :, np.newaxis])[:, :, 0]
        r_tried, slope_tried = _residuals(phi, W_hh, drive, tried)
        q_tried = np.einsum("ni,ni->n", r_tried, r_tried)
        better = q_tried < q[active]
        taken = active[better]
        h[taken], r[taken], slope[taken] = tried[better], r_tried[better], slope_tried[better]
        q[taken] = q_tried[better]
        damping[active] = np.clip(
            damping[active] * np.where(better, 0.1, 8.0), LEAST_DAMPING, MOST_DAMPING
        )
        active = active[(q[active] > 0) & (damping[active] < MOST_DAMPING)]
    return h


def _solved(normal: FloatArray, right: FloatArray) -> FloatArray:
    """Return the solutions (N, H, 1); nan, which is no step, where the numbers are too large."""
    found = np.full_like(right, np.nan)
    good = np.isfinite(normal).all(axis=(1, 2)) & np.isfinite(right).all(axis=(1, 2))
    try:
        found[good] = np.linalg.solve(normal[good], right[good])
    except np.linalg.LinAlgError:  # one that is singular in floating point stops all
        found[good] = np.linalg.pinv(normal[good]) @ right[good]
    return found


def _different(h: FloatArray, sizes: FloatArray, wanted: FloatArray) -> tuple[list[int], bool]:
    """Return one index for each place among those wanted, the best first, at most 60 of them."""
    kept: list[int] = []
    for i in np.argsort(np.where(wanted, sizes, np.inf), kind="stable"):
        if not wanted[i]:
            break
        scale = max(1.0, float(np.abs(h[i]).max()))
        if not kept or float(np.abs(h[kept] - h[i]).max(axis=1).min()) > ALIKE * scale:
            if len(kept) == MOST_POINTS:
                return kept, True
            kept.append(int(i))
    return kept, False


def _point(h: FloatArray, size: float, jacobian: FloatArray, at_kink: bool) -> FixedPoint:
    eigenvalues = np.linalg.eigvals(jacobian).astype(np.complex128)
    eigenvalues = eigenvalues[np.argsort(-np.abs(eigenvalues), kind="stable")]
    kind = "marginal" if at_kink else _kind(np.abs(eigenvalues))
    return FixedPoint(read_only(h.copy()), float(size), eigenvalues, kind)


def _kind(magnitudes: FloatArray) -> str:
    outside = magnitudes > 1 + ON_THE_CIRCLE
    if (magnitudes < 1 - ON_THE_CIRCLE).all():
        return "stable"
    if outside.all():
        return "unstable"
    return "saddle" if outside.any() else "marginal"
