"""What bounds the length of a gradient on its way back, and what estimates it."""

from dataclasses import dataclass
from math import frexp, isfinite

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._checks import matrix, optional, takes
from rnn_core._extended import Extended, normalised, rounded_up
from rnn_core._short import Shown
from rnn_core.activations import activation_named
from rnn_core.gradient_flow.lengths import lengths
from rnn_core.gradient_flow.spectrum import spectrum

EPSILON = float(np.finfo(np.float64).eps)

LEAST = float(np.finfo(np.float64).smallest_subnormal)

WIDEST = 64
"""Roundings, in units of EPSILON, of a number that passes a step of any cell: generous."""


@dataclass(frozen=True, eq=False)
class Theory(Shown):
    """What stands beside ‖∂L/∂h_t‖, t = 0 … T, d_t = ‖W_hyᵀ ∂L/∂a_t‖ being what enters at t.

    Each is carried back as B_t = d_t + c_{t+1} B_{t+1} from B_T = d_T, so that with a loss at step
    T alone it is d_T times the factors c_{t+1} … c_T.
    """

    product: Extended | None  # c_t = ‖J_t‖₂: an upper bound
    bound: Extended  # c = σ_max(W_hh) · max φ′: an upper bound, never below `product`
    rate: Extended  # c = ρ(W_hh), the spectral radius: an estimate, on either side


@takes(
    W_hh=matrix("H", "H"),
    direct=matrix("T", "H", finite=False),
    norms=optional(matrix("T", finite=False)),
)
@np.errstate(all="ignore")
def theory(
    W_hh: FloatArray,
    direct: FloatArray,
    *,
    activation: str = "tanh",
    norms: FloatArray | None = None,
) -> Theory:
    """Return bounds and estimate of ‖∂L/∂h_t‖ for t = 0 … T.

    All is computed in float64, and with more than one unit the factors of the bounds are widened
    by what rounding may do to a step of the flow: they bound its numbers however many steps there
    are.

    Parameters
    ----------
    direct
        (T, H): what enters at each step, see `direct_gradients`.
    norms
        (T,): ‖J_t‖₂, see `jacobian_norms`; without them there is no `product`.

    Raises
    ------
    ValueError
        Shapes do not fit, W_hh is not finite, or the activation is unknown.
    """
    scaled, power = normalised(np.asarray(W_hh, np.float64), 0)
    of_scaled, count, hidden = spectrum(scaled), len(direct), len(W_hh)
    widened = 1 + (8 + hidden**1.5) * EPSILON if hidden > 1 else 1.0
    steepest = activation_named(activation).steepest
    # Rounded up as the norms are where it is subnormal: so it is never below them.
    norm = rounded_up(np.array([of_scaled.norm * steepest * widened]), np.array([power]))
    sizes = lengths(direct)
    return Theory(
        product=None if norms is None else _carried(sizes, norms, 0, widened),
        bound=_carried(sizes, np.repeat(norm, count), 0, widened),
        rate=_carried(sizes, np.full(count, of_scaled.radius), power, 1.0),
    )


@takes(direct=matrix("T", "H", finite=False), norms=matrix("T", finite=False))
@np.errstate(all="ignore")
def norm_bound(direct: FloatArray, norms: FloatArray) -> Extended:
    """Return an upper bound of ‖∂L/∂h_t‖ for t = 0 … T, whatever the cell.

    All states together are carried back, by J_t = ∂s_t/∂s_{t-1}: no part of them is longer.
    Computed in float64, and widened by what rounding may do to a step.

    Parameters
    ----------
    direct
        (T, H): what enters at each step, see `direct_gradients`.
    norms
        (T,): ‖J_t‖₂, see `state_jacobians` and `spectral_norms`.

    Raises
    ------
    ValueError
        Shapes do not fit.
    """
    hidden = direct.shape[1]
    # The entries of J_t are float64: where they are subnormal, each is off by some of the least.
    wide = np.asarray(norms, np.float64) + WIDEST * hidden * LEAST
    return _carried(lengths(direct), wide, 0, 1 + (WIDEST + 8 * hidden**1.5) * EPSILON)


def _carried(sizes: Extended, factors: FloatArray, power: int, widened: float) -> Extended:
    """Return B_t = d_t + c_{t+1} B_{t+1} for t = T … 0, in rising order of t; d_0 = 0.

    d_t are the sizes times `widened`, c_t the factors · 2^power times `widened`.
    """
    mantissas, powers = np.frexp(np.asarray(factors, np.float64))
    steps = zip(
        [*(sizes.mantissa * widened).tolist()[-2::-1], 0.0],
        [*sizes.exponent.tolist()[-2::-1], 0],
        (mantissas * widened).tolist()[::-1],
        (powers.astype(np.int64) + power).tolist()[::-1],
        strict=True,
    )
    value, exponent = _apart(float(sizes.mantissa[-1]) * widened, int(sizes.exponent[-1]))
    values, exponents = [value], [exponent]
    for entered, entered_power, factor, factor_power in steps:
        value, exponent = value * factor, exponent + factor_power
        if entered:
            size, other = _apart(entered, entered_power)
            if not value:
                exponent = other
            common = max(exponent, other)
            value = _shifted(value, exponent - common) + _shifted(size, other - common)
            exponent = common
        value, exponent = _apart(value, exponent)
        values.append(value)
        exponents.append(exponent)
    return Extended.of(values[::-1], exponents[::-1])


def _apart(value: float, exponent: int) -> tuple[float, int]:
    """Return value · 2^exponent with the value in [½, 1), unless it is 0 or not finite."""
    if not (value and isfinite(value)):
        return value, exponent
    value, more = frexp(value)
    return value, exponent + more


def _shifted(value: float, power: int) -> float:
    return value * 2.0**power if power > -1000 else 0.0
