"""Gradients that vanish are as exact as their numbers allow, and are not computed slowly.

The pass goes on with small gradients times a power of two. The oracle is the plain loop in extended
precision (64 bits and exponents to 10^−4932), rounded once.
"""

import mpmath
import numpy as np
import pytest

from rnn_core import Parameters, _elman_back, backward, forward, initialise, state_jacobians
from rnn_core._scaling import LIMITS, MARGIN, Scale, bring_back, divide
from rnn_core.recurrence import unroll_back
from tests.core.graph_cells import CASES

DTYPES = ("float64", "float32")
TINY = {"float64": 2.2250738585072014e-308, "float32": 1.1754943508222875e-38}
LEAST = {"float64": 4.9406564584124654e-324, "float32": 1.401298464324817e-45}
EPS = {"float64": 2.220446049250313e-16, "float32": 1.1920929e-07}


def shrinking(steps, factors, dtype="float64", readout="last"):
    """A linear network whose unit i multiplies its gradient by factors[i] at each step."""
    hidden = len(factors)
    params = Parameters(
        np.ones((hidden, 1)), np.diag(factors), np.zeros(hidden), np.ones((1, hidden)), [0]
    ).astype(dtype)
    target = 1.0 if readout == "last" else np.r_[np.full(steps - 1, 0.5), 1.0]
    return forward(params, np.zeros(steps), target, activation="identity", readout=readout)


def wide(array):
    return np.array(array, np.longdouble)


def in_extended_precision(trace, direct):
    """∂L/∂z, ∂L/∂h and ∂L/∂(W_xh, W_hh, b_h) by the plain loop, given what enters (T, B, H)."""
    W_hh, slope = wide(trace.params.W_hh), np.ones(trace.z.shape, np.longdouble)
    if trace.activation == "tanh":
        slope = wide(1 - trace.h[1:] * trace.h[1:])
    if trace.activation == "relu":
        slope = wide(trace.z > 0)
    d_z, d_h = np.empty_like(slope), np.zeros((trace.steps + 1, *slope.shape[1:]), np.longdouble)
    for t in reversed(range(trace.steps)):
        d_h[t + 1] += direct[t]
        d_z[t] = slope[t] * d_h[t + 1]
        d_h[t] = d_z[t] @ W_hh
    sums = {
        "W_xh": np.einsum("tbi,tbj->ij", d_z, wide(trace.x)),
        "W_hh": np.einsum("tbi,tbj->ij", d_z, wide(trace.h[:-1])),
        "b_h": d_z.sum(axis=(0, 1)),
    }
    return d_z, d_h, sums


def entering(trace, grads):
    direct = np.zeros(trace.z.shape, np.longdouble)
    if grads.upstream is not None:
        return direct + grads.upstream
    direct[-len(grads.logits) :] = wide(grads.logits) @ wide(trace.params.W_hy)
    return direct


def assert_exact(trace, grads, steps_of_rounding=8):
    """Each step within some rounding errors of its largest number, or of a subnormal number."""
    dtype = trace.params.dtype.name
    d_z, d_h, sums = in_extended_precision(trace, entering(trace, grads))
    for found, expected in ((grads.z, d_z), (grads.h, d_h)):
        size = np.abs(expected).max(axis=2, keepdims=True)  # of each sequence by itself
        allowed = np.maximum(size * EPS[dtype] * steps_of_rounding * trace.steps, 4 * LEAST[dtype])
        assert (np.abs(wide(found) - expected) <= allowed).all()
    for name, expected in sums.items():
        gap = np.abs(wide(getattr(grads.parameters, name)) - expected).max()
        assert gap <= max(np.abs(expected).max() * EPS[dtype] * 100, 4 * LEAST[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_limits_are_those_of_the_dtype(dtype):
    limits = LIMITS[np.dtype(dtype)]
    assert 2.0**limits.normal == TINY[dtype]
    assert np.ldexp(1.0, limits.none + 1) == LEAST[dtype]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("factor", [0.5, 0.9, 0.01, 1e-30])
@pytest.mark.parametrize("readout", ["last", "every"])
def test_every_step_is_the_exact_number_rounded_once(dtype, factor, readout):
    """Repeated halving, or 0.9 times: a subnormal 4.9e-324 · 0.9 is itself again for ever."""
    steps = 12_000
    trace = shrinking(steps, [factor], dtype, readout)
    upstream = None
    if readout == "every":
        upstream = np.zeros((steps, 1, 1))
        upstream[-1] = 0.5
    grads = backward(trace, upstream=upstream)
    exact = wide(0.5) * wide(trace.params.W_hh.item()) ** np.arange(steps)[::-1]
    found = np.abs(wide(grads.z[:, 0, 0]))
    allowed = np.maximum(exact * steps * EPS[dtype], 1.5 * LEAST[dtype])
    assert (np.abs(found - exact) <= allowed).all()
    first = np.flatnonzero(exact > 2 * LEAST[dtype])[0]
    assert found[first] > 0
    assert not grads.z[: max(0, first - 20)].any()
    assert not grads.x[: max(0, first - 20)].any()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "sizes", [(200, 3, 2, 5), (900, 1, 1, 3), (300, 1, 2, 40), (120, 40, 2, 9)]
)
@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
@pytest.mark.parametrize("readout", ["last", "every"])
def test_vanishing_runs_are_those_of_extended_precision(dtype, sizes, activation, readout):
    steps, batch, inputs, hidden = sizes
    rng = np.random.default_rng(steps)
    params = Parameters.random(inputs, hidden, seed=steps).astype(dtype)
    x = rng.normal(size=(steps, batch, inputs)).astype(dtype)
    trace = forward(params, x, 1.0, activation=activation, readout=readout)
    assert_exact(trace, backward(trace))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1.0, 1e-25, 1e-36])
@pytest.mark.parametrize("batch", [1, 3, 40])
def test_gradients_that_enter_late_small_or_in_one_sequence_alone(dtype, size, batch):
    """A sequence that gets nothing but 1e-36 beside others that get 1 keeps its digits."""
    steps, hidden = 260, 9
    rng = np.random.default_rng(batch)
    params = Parameters.random(1, hidden, seed=0).astype(dtype)
    trace = forward(params, rng.normal(size=(steps, batch, 1)).astype(dtype))
    upstream = np.zeros((steps, batch, hidden), dtype)
    upstream[-1, 0] = size
    upstream[120] = rng.normal(size=(batch, hidden)) * 1e-20
    upstream[30, -1] = 1
    assert_exact(trace, backward(trace, upstream=upstream))


def test_no_small_gradient_is_taken_for_nothing_at_the_last_step():
    """W_hh = 1e30 and 1e-39 at step 2, in single precision: 1e-9 at step 1, by hand."""
    params = Parameters([[1.0]], [[1e30]], [0.0], [[1.0]], [0.0], dtype="float32")
    trace = forward(params, np.zeros(2), activation="identity")
    grads = backward(trace, upstream=np.array([[0.0], [1e-39]], np.float32))
    np.testing.assert_allclose(grads.z[:, 0, 0], np.float32([1e-9, 1e-39]), rtol=1e-5)
    np.testing.assert_allclose(grads.h[:, 0, 0], np.float32([1e21, 1e-9, 1e-39]), rtol=1e-5)


@pytest.mark.parametrize("steps", [2, 70, 200, 300])
@pytest.mark.parametrize("batch", [1, 40])
@pytest.mark.parametrize("at", [1, 17, 66])
@pytest.mark.parametrize("truncate", [None, 69])
def test_a_small_gradient_may_grow_again(steps, batch, at, truncate):
    """Of two units one has 1e-39 that grows by 1e30, wherever in the sequence it enters."""
    if at >= steps:
        at = 1
    params = Parameters(
        np.ones((2, 1)), np.diag([0.5, 1e30]), np.zeros(2), np.ones((1, 2)), [0.0], dtype="float32"
    )
    trace = forward(params, np.zeros((steps, batch, 1)), activation="identity")
    upstream = np.zeros((steps, batch, 2), np.float32)
    upstream[-1, :, 0] = 1
    upstream[at, :, 1] = 1e-39
    grads = backward(trace, upstream=upstream, truncate=truncate)
    np.testing.assert_allclose(grads.z[at - 1, :, 1], 1e-9, rtol=1e-5)
    np.testing.assert_allclose(grads.z[-1, :, 0], 1, rtol=1e-6)


def test_a_gradient_that_shrinks_and_then_grows_far_is_the_plain_one():
    """Weights let it fall to 1e-30 and rise by 1e36: at a larger scale that would overflow."""
    steps, turn = 400, 250
    params = Parameters([[1.0]], [[1.4]], [0.0], [[1.0]], [0.0], dtype="float32")
    trace = forward(params, np.where(np.arange(steps) < turn, 0.0, 1.0), 1.0)
    # Saturated from `turn` on; before it, h is 0 and φ′ is 1, so that 1.4 counts at every step.
    assert abs(trace.h[turn, 0, 0]) == 0
    assert_exact(trace, backward(trace), steps_of_rounding=20)


def test_units_that_vanish_do_not_take_others_with_them():
    trace = shrinking(3000, [0.5, 1.0])
    grads = backward(trace)
    assert np.array_equal(grads.z[:, 0, 1], np.full(3000, grads.z[-1, 0, 1]))
    assert not grads.z[0, 0, 0]


def test_a_gradient_that_enters_early_is_kept():
    trace = shrinking(3000, [0.5], readout="every")
    upstream = np.zeros((3000, 1, 1))
    upstream[[10, -1]] = 1
    grads = backward(trace, upstream=upstream)
    assert grads.z[10, 0, 0] == 1
    assert grads.z[0, 0, 0] == 0.5**10
    assert not grads.z[500:1500].any()


@pytest.mark.parametrize("dtype", DTYPES)
def test_windows_that_vanish_stop(dtype):
    trace = shrinking(2500, [0.5], dtype, readout="every")
    upstream = np.zeros((2500, 1, 1))
    upstream[-1] = 1
    full, cut = (
        backward(trace, upstream=upstream),
        backward(trace, upstream=upstream, truncate=2400),
    )
    assert np.array_equal(full.parameters.W_hh, cut.parameters.W_hh)
    assert np.array_equal(full.z, cut.z)
    assert cut.z[-100, 0, 0] == 0.5**99


def test_healthy_gradients_are_those_of_the_plain_loop():
    trace = shrinking(300, [0.9, 0.99])
    grads = backward(trace)
    direct = np.zeros_like(trace.z)
    direct[-1] = grads.logits[0] @ trace.params.W_hy
    d_z, d_h = unroll_back(trace.params, trace.z, direct, "identity")
    np.testing.assert_allclose(grads.z, d_z, rtol=1e-13)
    np.testing.assert_allclose(grads.h, d_h, rtol=1e-13)


@pytest.mark.parametrize("sizes", [(200, 64, 16, 128), (300, 8, 4, 64)])
@pytest.mark.parametrize("readout", ["last", "every"])
def test_no_step_computes_with_subnormal_numbers(sizes, readout, monkeypatch):
    """They are what makes a vanishing gradient slow, on many processors ten times and more."""
    steps, batch, inputs, hidden = sizes
    params = Parameters.random(inputs, hidden, seed=0).astype("float32")
    x = np.random.default_rng(0).normal(size=(steps, batch, inputs)).astype("float32")
    trace = forward(params, x, 1.0)
    kept = []

    def seen(spans, *arrays):
        kept.append([np.array(array) for array in arrays])
        bring_back(spans, *arrays)

    monkeypatch.setattr(_elman_back, "bring_back", seen)
    upstream = None
    if readout == "every":
        upstream = np.zeros_like(trace.z)
        upstream[-1] = 1e-3
    grads = backward(trace, upstream=upstream)

    def subnormal(array):
        size = np.abs(array.astype(np.float64))
        return int(((size > 0) & (size < TINY["float32"])).sum())

    direct = np.array(entering(trace, grads), np.float32)
    plain, _ = unroll_back(trace.params, trace.z, direct, "tanh")
    assert subnormal(plain) > 10 * batch * hidden
    (arrays,) = kept
    assert sum(subnormal(array) for array in arrays) < batch * hidden / 100


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("power", [0, 1, 100, 149, 240, 700, 1022, 1074, 1500])
def test_a_division_by_a_power_of_two_rounds_once(dtype, power):
    top = LIMITS[np.dtype(dtype)].top
    numbers = np.random.default_rng(power).normal(size=1000) * 2.0**top
    given = np.concatenate([numbers, numbers * 2.0**-60, [0.0, 2.0**top]]).astype(dtype)
    found = given.copy()
    divide(found, power)
    exact = np.ldexp(wide(given), -power).astype(dtype)
    assert np.array_equal(found, exact)


def test_a_look_leaves_healthy_gradients_alone():
    scale = Scale(np.dtype("float32"), 100)
    row = np.array([[1e-3, 0.0, -1e-10]], np.float32)
    assert scale.look(50, row)
    assert (scale.power, scale.end(0), row[0, 0]) == (0, [], np.float32(1e-3))
    near = np.float32(2.0 ** (LIMITS[np.dtype("float32")].normal + MARGIN - 1))
    row = np.array([[1e-3, 0.0, near]], np.float32)
    assert scale.look(50, row)
    assert scale.power > 0
    assert row[0, 2] == near * 2.0**scale.power


def test_gradients_that_do_not_vanish_are_not_scaled(monkeypatch):
    monkeypatch.setattr(_elman_back, "bring_back", None)  # not called
    params = initialise("orthogonal", 4, 64, seed=0).astype("float32")
    x = 0.1 * np.random.default_rng(0).normal(size=(300, 8, 4))
    for readout in ("last", "every"):
        assert backward(forward(params, x, 1.0, readout=readout)).z[0].any()


FACTOR = {  # each hands 0.9 of ∂L/∂h_t on, about: weights of 0 but for these
    "leaky": {"W_hh": [[0.8]]},
    "gru_reset_before": {"b_u": [2.2]},
    "gru": {"b_u": [2.2]},
    "min_gru": {"b_u": [-2.2]},
}


@pytest.mark.parametrize("name", FACTOR)
@pytest.mark.parametrize(
    ("dtype", "steps", "truncate"),
    [("float64", 8000, None), ("float32", 1500, None), ("float32", 1500, 1400)],
)
def test_a_gradient_that_vanishes_through_any_cell_does_not_stick_at_the_least_number(
    name, dtype, steps, truncate
):
    """5 · 2^−1074 times 0.9 is rounded to itself: plain arithmetic never gets below."""
    cell = CASES[name]
    drawn = Parameters.random(1, 1, seed=0, cell=cell)
    zero = {each: np.zeros_like(array) for each, array in drawn.items()}
    params = Parameters.of(cell, {**zero, "W_hy": [[1.0]], **FACTOR[name]}, dtype=dtype)
    grads = backward(forward(params, np.zeros((steps, 1)), 1.0), truncate=truncate)
    share = mpmath.mpf(float(state_jacobians(grads.trace)[0].item()))
    least, precise = np.finfo(dtype).smallest_subnormal, np.finfo(dtype).eps
    entered = mpmath.mpf(float(grads.h[-1].item()))
    for back in range(0, truncate or steps + 1, 25):
        wanted, found = entered * share**back, mpmath.mpf(float(grads.h[steps - back].item()))
        rounded = abs(wanted) * 4 * (back + 1) * float(precise)
        assert abs(found - wanted) <= rounded + float(least)
    assert grads.h[0] == 0
