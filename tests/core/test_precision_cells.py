"""Runs of any cell in a format: the numbers of forward and backward, and the first bad one."""

from dataclasses import replace

import numpy as np
import pytest

from rnn_core import CELLS, Parameters, backward, first_non_finite, forward, run_in_format
from rnn_core.precision import first_in, first_of_run

RNG = np.random.default_rng(41)
T, B, D, H, K = 6, 2, 2, 3, 2
X, Y = RNG.normal(size=(T, B, D)), RNG.normal(size=(T, B, K))
H0, C0 = RNG.normal(size=(B, H)), RNG.normal(size=(B, H))


def run_of(cell, params=None, **settings):
    params = params or Parameters.random(D, H, K, seed=3, cell=cell)
    c0 = C0 if "c" in params.cell.states else None
    settings = {"loss": "squared_error", "readout": "every"} | settings
    y = Y if settings["readout"] == "every" else Y[-1:]
    return forward(params, X, y, h0=H0, c0=c0, **settings)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("truncate", [None, 1, 3])
@pytest.mark.parametrize("readout", ["last", "every"])
def test_in_float64_it_is_the_run_itself(cell, truncate, readout):
    trace = run_of(cell, readout=readout)
    grads = backward(trace, truncate=truncate)
    run = run_in_format(trace, dtype="float64", truncate=truncate)
    assert run.first is None
    assert run.trace.loss == pytest.approx(trace.loss, rel=1e-13)
    names = trace.quantities
    for name in names:
        np.testing.assert_allclose(run.trace[name], trace[name], rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(run.grads[name], grads[name], rtol=1e-11, atol=1e-15)
    for name in trace.params.names:
        np.testing.assert_allclose(
            run.grads.parameters[name], grads.parameters[name], rtol=1e-11, atol=1e-15
        )
        np.testing.assert_allclose(
            run.grads.contribution(name), grads.contribution(name), rtol=1e-11, atol=1e-15
        )


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_in_a_narrow_format_every_number_is_rounded(cell, dtype):
    trace = run_of(cell)
    run = run_in_format(trace, dtype=dtype)
    eps = float(np.finfo(dtype).eps)
    for name in trace.quantities:
        assert run.trace[name].dtype == run.grads[name].dtype == dtype
        np.testing.assert_allclose(run.trace[name], trace[name], atol=100 * eps)
    assert run.first is None


def wild(cell):
    """A network whose state grows by a factor of a hundred a step, in ReLU."""
    params = Parameters.random(D, H, K, seed=3, cell=cell)
    arrays = {name: 100 * np.abs(array) + 1 for name, array in params.items()}
    arrays["W_hy"], arrays["b_y"] = np.ones((K, H)), np.zeros(K)
    return Parameters.of(params.cell, arrays)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_the_first_overflow_is_named_where_it_arises(cell, dtype):
    steps = np.ones((40, 1, D))
    trace = forward(wild(cell), steps, 0.0, activation="relu", loss="squared_error")
    run = run_in_format(trace, dtype=dtype)
    first = first_of_run(trace, dtype=dtype)
    if run.first is None:  # gates that are shut keep the state as it is
        assert np.isfinite(run.trace.logits).all()
        return
    assert first == run.first
    assert all(np.isfinite(operand) for operand in first.operands)
    assert not np.isfinite(first.value)
    if first.phase == "forward" and first.t is not None:
        for name in trace.quantities:
            before = run.trace[name][: first.t - 1]
            assert np.isfinite(before).all(), name


def test_an_overflow_of_a_cell_state_is_named_by_hand():
    """c doubles: f = i = σ(40) = 1 and g = c₀; in float16 65 504 is passed at a known step."""
    zero = {name: np.zeros((1, 1) if name[0] == "W" else 1) for name in CELLS["lstm"].shapes}
    arrays = {**zero, "b_i": [40.0], "b_f": [40.0], "b_o": [-40.0], "b_g": [30_000.0]}
    params = Parameters.of("lstm", arrays)
    found = first_non_finite(
        params, np.zeros((5, 1)), 0.0, dtype="float16", activation="relu", c0=[0.0]
    )
    assert (found.node, found.t, found.operation, found.event) == ("c[3]", 3, "add", "overflow")
    assert found.operands == (60_000.0, 30_000.0)
    assert found.operand_names == ("f_3·c_2", "i_3·g_3")
    assert found.symbol == "c_3"


@pytest.mark.parametrize("cell", ["gru", "gru_reset_before", "leaky", "lstm"])
def test_the_first_bad_number_of_a_finished_run_is_that_of_the_run_in_its_format(cell):
    with np.errstate(all="ignore"):
        params = wild(cell).astype("float32")
        x = np.ones((40, 1, D), np.float32)
        trace = forward(params, x, 0.0, activation="relu", loss="squared_error")
        grads = backward(trace)
    found, again = first_in(trace, grads), first_of_run(trace, dtype="float32")
    if found is None or again is None:  # bounded by its gates
        assert found is again
        return
    assert replace(found, operands=()) == replace(again, operands=())
    # BLAS adds in an order of its own: what the operands have gathered by then differs in rounding.
    np.testing.assert_allclose(found.operands, again.operands, rtol=1e-6)


def test_a_gradient_of_an_lstm_can_be_the_first():
    params = Parameters.random(D, H, K, seed=3, cell="lstm")
    params = params.replace(W_hy=np.full((K, H), 250.0))
    wanted = forward(params, X[:, :1]).logits + 320.0
    trace = forward(params, X[:, :1], wanted, loss="squared_error")
    found = first_of_run(trace, dtype="float16")
    assert found.phase == "backward"
    assert found.event == "overflow"
    run = run_in_format(trace, dtype="float16")
    assert run.first == found


@pytest.mark.parametrize("cell", CELLS)
def test_a_finite_run_of_any_cell_has_none(cell):
    trace = run_of(cell)
    assert first_in(trace, backward(trace)) is None
    assert first_of_run(trace, dtype="float32") is None
