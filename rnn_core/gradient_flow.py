"""How long the gradient is at each step back, and what theory says about it beforehand.

    ∂L/∂h_t = W_hyᵀ ∂L/∂a_t + J_{t+1}ᵀ ∂L/∂h_{t+1},   J_t = ∂h_t/∂h_{t-1} = diag φ′(z_t) W_hh

Lengths of products of matrices bound it from above (Pascanu, Mikolov and Bengio, 2013, section
2.1), and the spectral radius estimates it. All are kept with exponents of their own, so that a
gradient of 10^−2000 is a number here and not 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import frexp, isfinite

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core._checks import a_or_an, matrix, of, optional, sample_of, takes
from rnn_core._extended import Extended, normalised
from rnn_core._short import Shown
from rnn_core.activations import activation_named, passed_on
from rnn_core.cells import ELMAN
from rnn_core.cells.cell import BEFORE
from rnn_core.frozen import Frozen
from rnn_core.interpreter.program import program_of
from rnn_core.interpreter.run import pull, restored
from rnn_core.limits import require_work
from rnn_core.types import Gradients, Trace

TOO_SMALL, TOO_LARGE = 2.0**-400, 2.0**400
"""Squared lengths beyond which a vector is scaled back by a power of two."""

NONE = Extended.of([], [])

EPSILON = float(np.finfo(np.float64).eps)

WIDEST = 64
"""Roundings, in units of EPSILON, of a number that passes a step of any cell: generous."""

BLOCK = 512
"""Jacobians whose singular values are taken at once."""


@dataclass(frozen=True, eq=False)
class Flow(Shown):
    """‖∂L/∂h_t‖ for t = 0 … T, and by each sum of the cell, such as ‖∂L/∂z_t‖, t = 1 … T.

    All are of one sequence. `others` are the lengths by further states, such as ‖∂L/∂c_t‖.
    """

    h: Extended  # (T + 1,)
    sums: Mapping[str, Extended]  # (T,) each
    others: Mapping[str, Extended] = field(default_factory=dict)

    @property
    def z(self) -> Extended:
        """‖∂L/∂z_t‖, (T,); empty for a cell without one pre-activation "z"."""
        return self.sums.get("z", NONE)

    @property
    def states(self) -> Mapping[str, Extended]:
        """The lengths by each state of the cell, h first."""
        return {"h": self.h, **self.others}


@dataclass(frozen=True, eq=False)
class Theory(Shown):
    """What stands beside ‖∂L/∂h_t‖, t = 0 … T, d_t = ‖W_hyᵀ ∂L/∂a_t‖ being what enters at t.

    Each is carried back as B_t = d_t + c_{t+1} B_{t+1} from B_T = d_T, so that with a loss at step
    T alone it is d_T times the factors c_{t+1} … c_T.
    """

    product: Extended | None  # c_t = ‖J_t‖₂: an upper bound
    bound: Extended  # c = σ_max(W_hh) · max φ′: an upper bound, never below `product`
    rate: Extended  # c = ρ(W_hh), the spectral radius: an estimate, on either side


@dataclass(frozen=True, eq=False)
class Spectrum(Frozen):
    """The eigenvalues, largest first, and the singular values of a square matrix."""

    eigenvalues: "np.ndarray[tuple[int], np.dtype[np.complex128]]"  # (H,)
    singular_values: FloatArray  # (H,) falling

    @property
    def radius(self) -> float:
        """ρ, the largest magnitude of an eigenvalue."""
        return float(np.abs(self.eigenvalues[0]))

    @property
    def norm(self) -> float:
        """σ_max, the largest factor by which the matrix stretches a vector."""
        return float(self.singular_values[0])


@takes(matrix=matrix("H", "H"))
def spectrum(matrix: FloatArray) -> Spectrum:
    """Return eigenvalues and singular values of a square matrix (H, H).

    Raises
    ------
    ValueError
        It is not square, or a number is not finite.
    """
    eigenvalues = np.linalg.eigvals(matrix).astype(np.complex128)
    order = np.lexsort((-eigenvalues.imag, -eigenvalues.real, -np.abs(eigenvalues)))
    return Spectrum(
        eigenvalues[order], read_only(np.linalg.svd(np.asarray(matrix), compute_uv=False))
    )


@takes(trace=of(Trace))
def activation_slopes(trace: Trace, sample: int = 0) -> FloatArray:
    """Return φ′(z_t) of one sequence, (T, H).

    Raises
    ------
    ValueError
        There is no such sequence, or the cell has not one pre-activation z.
    """
    if "z" not in trace.cell.line:
        raise ValueError(
            "trace: expected that of a cell with one pre-activation z, got that of "
            f"{a_or_an(trace.cell.title)}"
        )
    sample = sample_of(trace.batch, sample)
    with np.errstate(all="ignore"):
        return activation_named(trace.activation).slope(np.ascontiguousarray(trace["z"][:, sample]))


@takes(grads=of(Gradients))
def direct_gradients(grads: Gradients, sample: int = 0, *, last_only: bool = False) -> FloatArray:
    """Return what reaches h_t without passing through h_{t+1}, (T, H).

    That is W_hyᵀ ∂L/∂a_t, or the `upstream` of `backward`.

    `last_only` keeps what enters at step T: with a readout at every step, the gradient of the
    last term of the loss alone.

    Raises
    ------
    ValueError
        There is no such sequence.
    """
    trace = grads.trace
    sample = sample_of(trace.batch, sample)
    made = np.zeros(trace.h[1:, sample].shape)
    if grads.upstream is not None:
        made[...] = grads.upstream[:, sample]
    else:
        with np.errstate(all="ignore"):
            made[trace.steps - len(grads.logits) :] = grads.logits[:, sample] @ trace.params.W_hy
    if last_only:
        made[:-1] = 0
    return made


@takes(
    W_hh=matrix("H", "H"),
    slopes=matrix("T", "H", finite=False),
    direct=matrix("T", "H", finite=False),
)
@np.errstate(all="ignore")
def flow_back(W_hh: FloatArray, slopes: FloatArray, direct: FloatArray) -> Flow:
    """Carry a gradient back and return its length at every step, however small or large.

    Parameters
    ----------
    W_hh
        (H, H).
    slopes
        (T, H): φ′(z_t).
    direct
        (T, H): what enters at each step, see `direct_gradients`.

    Raises
    ------
    ValueError
        Shapes do not fit, W_hh is not finite, or the work is over `limits`.
    """
    steps, hidden = slopes.shape
    require_work("flow_back", steps * hidden * hidden)
    enters = [0, *np.count_nonzero(direct[:-1], axis=1).tolist()]  # [t - 1]: at step t - 1
    matrix = np.asarray(W_hh, np.float64)
    rows, exponents = np.empty((steps + 1, hidden)), [0] * (steps + 1)
    v, exponent = direct[-1], 0
    for t in range(steps, 0, -1):
        square = float(v.dot(v))
        if not TOO_SMALL < square < TOO_LARGE:
            v, exponent = normalised(v, exponent)
        rows[t], exponents[t] = v, exponent
        passed = slopes[t - 1] * v if isfinite(square) else passed_on(v, slopes[t - 1])
        v = passed.dot(matrix)
        if enters[t - 1]:
            v, exponent = _sum(v, exponent, direct[t - 2])
    rows[0], exponents[0] = normalised(v, exponent)
    return Flow(
        Extended.of(_lengths(rows), exponents),
        {"z": Extended.of(_lengths(passed_on(rows[1:], slopes)), exponents[1:])},
    )


@takes(trace=of(Trace), direct=matrix("T", "H", finite=False))
@np.errstate(all="ignore")
def flow_through(trace: Trace, direct: FloatArray, sample: int = 0) -> Flow:
    """Do what `flow_back` does, through one sequence of a run with any cell.

    All states are carried back together, (∂L/∂h_t, ∂L/∂c_t), times one power of two.

    Raises
    ------
    ValueError
        There is no such sequence, a shape does not fit, or the work is over `limits`.
    """
    sample = sample_of(trace.batch, sample)
    if direct.shape != trace.h[1:, sample].shape:
        raise ValueError(
            f"direct: expected shape (T, H) = {trace.h[1:, sample].shape}, got {direct.shape}"
        )
    if trace.cell is ELMAN:
        return flow_back(trace.params.W_hh, activation_slopes(trace, sample), direct)
    require_work("flow_through", 2 * trace.steps * trace.params.step_count)
    program = program_of(trace.cell, trace.activation)
    one = {name: array[:, sample : sample + 1] for name, array in trace.quantities.items()}
    values = restored(program, trace.params, one)
    weights = {name: values.pop(name) for name in trace.cell.shapes}
    kept = [*trace.cell.states, *trace.cell.sums]
    rows = {name: np.zeros((trace.steps + 1, len(direct[0]))) for name in kept}
    exponents, exponent = [0] * (trace.steps + 1), 0
    later: dict[str, FloatArray] = {}
    for t in range(trace.steps, 0, -1):
        later, exponent = _entered(later, exponent, direct[t - 1])
        now = {**weights, **{name: array[t - 1] for name, array in values.items()}}
        found = pull(program, now, later, only_states=True).by
        for name in kept:
            if name in found:
                rows[name][t] = found[name][0]
        exponents[t] = exponent
        before = {state: found.get(state + BEFORE) for state in trace.cell.states}
        later = {state: array for state, array in before.items() if array is not None}
    for state, array in later.items():
        rows[state][0] = array[0]
    exponents[0] = exponent
    states = {name: Extended.of(*_rescaled(rows[name], exponents)) for name in trace.cell.states}
    return Flow(
        states.pop("h"),
        {name: Extended.of(*_rescaled(rows[name][1:], exponents[1:])) for name in trace.cell.sums},
        states,
    )


def _entered(
    later: dict[str, FloatArray], exponent: int, direct: FloatArray
) -> tuple[dict[str, FloatArray], int]:
    """Return the states' gradients · 2^exponent with what enters h added, (1, H) each, scaled."""
    if not later:
        return {"h": direct[np.newaxis]}, 0
    joined = np.stack(
        [
            later.get("h", np.zeros((1, len(direct)))),
            *(array for state, array in later.items() if state != "h"),
        ]
    )
    added = np.zeros_like(joined)
    added[0] = direct
    square = float(joined.ravel().dot(joined.ravel()))
    if not TOO_SMALL < square < TOO_LARGE:
        joined, exponent = normalised(joined, exponent)
    if direct.any():
        joined, exponent = _sum(joined, exponent, added)
    names = ["h", *(state for state in later if state != "h")]
    return dict(zip(names, joined, strict=True)), exponent


def _rescaled(rows: FloatArray, exponents: list[int]) -> tuple[FloatArray, list[int]]:
    """Return the lengths of rows · 2^exponent, where rows may differ in size by any factor."""
    found, powers = np.empty(len(rows)), []
    for t, row in enumerate(rows):
        scaled, power = normalised(row, exponents[t])
        found[t] = np.sqrt(scaled.dot(scaled))
        powers.append(power)
    return found, powers


def _lengths(rows: FloatArray) -> FloatArray:
    found: FloatArray = np.sqrt(np.einsum("ij,ij->i", rows, rows))
    return found


def _sum(v: FloatArray, exponent: int, added: FloatArray) -> tuple[FloatArray, int]:
    """Return v · 2^exponent + added."""
    if exponent == 0:
        return v + added, 0
    (v, exponent), (added, other) = normalised(v, exponent), normalised(added, 0)
    if not v.any():
        return added, other
    common = max(exponent, other)
    return np.ldexp(v, max(exponent - common, -2000)) + np.ldexp(
        added, max(other - common, -2000)
    ), common


@np.errstate(all="ignore")
def lengths(rows: FloatArray) -> Extended:
    """Return the Euclidean length of each row (n, H), also where its square would overflow."""
    found = [normalised(row, 0) for row in rows]
    return Extended.of([float(np.sqrt(v.dot(v))) for v, _ in found], [e for _, e in found])


@takes(grads=of(Gradients))
def flow_of(grads: Gradients, sample: int = 0) -> Flow:
    """Return the lengths of gradients as `backward` gave them, within float64's range.

    Raises
    ------
    ValueError
        There is no such sequence.
    """
    sample = sample_of(grads.trace.batch, sample)
    cell = grads.trace.cell
    return Flow(
        lengths(grads.h[:, sample]),
        {name: lengths(grads[name][:, sample]) for name in cell.sums},
        {state: lengths(grads[state][:, sample]) for state in cell.states if state != "h"},
    )


@takes(W_hh=matrix("H", "H"), slopes=matrix("T", "H", finite=False))
@np.errstate(all="ignore")
def jacobian_norms(W_hh: FloatArray, slopes: FloatArray) -> FloatArray:
    """Return ‖J_t‖₂ = σ_max(diag φ′(z_t) W_hh) for each step, (T,); nan where not finite.

    Steps with equal slopes (all of them for the identity, a few patterns for ReLU) are computed
    once.

    Raises
    ------
    ValueError
        Shapes do not fit, or W_hh is not finite.
    """
    W_hh = np.asarray(W_hh, np.float64)
    different, place = np.unique(slopes, axis=0, return_inverse=True)
    found = np.full(len(different), np.nan)
    finite = np.flatnonzero(np.isfinite(different).all(axis=1))
    for start in range(0, len(finite), BLOCK):
        rows = finite[start : start + BLOCK]
        jacobians = different[rows][:, :, np.newaxis] * W_hh
        found[rows] = np.linalg.svd(jacobians, compute_uv=False)[:, 0]
    return read_only(found[place.reshape(-1)])


@takes(
    W_hh=matrix("H", "H"),
    direct=matrix("T", "H", finite=False),
    norms=optional(matrix("T", finite=False)),
)
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
    of_matrix = spectrum(np.asarray(W_hh, np.float64))
    hidden = len(W_hh)
    widened = 1 + (8 + hidden**1.5) * EPSILON if hidden > 1 else 1.0
    steepest = activation_named(activation).steepest
    sizes = lengths(direct).values
    wide, count = (sizes * widened).tolist(), len(sizes)
    return Theory(
        product=None if norms is None else _carried(wide, (norms * widened).tolist()),
        bound=_carried(wide, [of_matrix.norm * steepest * widened] * count),
        rate=_carried(sizes.tolist(), [of_matrix.radius] * count),
    )


@takes(direct=matrix("T", "H", finite=False), norms=matrix("T", finite=False))
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
    widened = 1 + (WIDEST + 8 * direct.shape[1] ** 1.5) * EPSILON
    return _carried((lengths(direct).values * widened).tolist(), (norms * widened).tolist())


def _carried(sizes: list[float], factors: list[float]) -> Extended:
    """Return B_t = d_t + c_{t+1} B_{t+1} for t = T … 0, in rising order of t; d_0 = 0."""
    value, power = frexp(sizes[-1])
    values, exponents = [value], [power]
    for entered, factor in zip([*sizes[-2::-1], 0.0], factors[::-1], strict=True):
        value *= factor
        if entered:
            size, other = frexp(entered)
            if not value:
                power = other
            common = max(power, other)
            value = _shifted(value, power - common) + _shifted(size, other - common)
            power = common
        if value and isfinite(value):
            value, more = frexp(value)
            power += more
        values.append(value)
        exponents.append(power)
    return Extended.of(values[::-1], exponents[::-1])


def _shifted(value: float, power: int) -> float:
    return value * 2.0**power if power > -1000 else 0.0
