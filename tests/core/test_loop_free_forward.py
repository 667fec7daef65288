"""`forward` with another solver than the loop gives the same trace."""

import importlib

import numpy as np
import pytest

from rnn_core import ITERATIVE_METHODS, PARAMETER_NAMES, Parameters, backward, forward
from rnn_core.loop_free.methods import fill_by
from tests.core.oracle import distance, problem

TIGHT = 1e-12
names = pytest.mark.parametrize("solver", list(ITERATIVE_METHODS))


@pytest.fixture
def filled(monkeypatch):
    """Record whether the states were found without the loop."""
    answers = []

    def watched(*arguments):
        answers.append(fill_by(*arguments))
        return answers[-1]

    monkeypatch.setattr(importlib.import_module("rnn_core.forward"), "fill_by", watched)
    return answers


@names
@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
def test_trace_and_gradients_are_those_of_the_loop(solver, readout, activation, filled):
    case = problem(3, 30, 2, 2, 4, 2, activation, "softmax_cross_entropy", readout)
    loop = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    found = forward(case.params, case.x, case.target, h0=case.h0, solver=solver, **case.settings)
    # 30 steps are too few for chunks, and a damped step may need more iterations than it has
    assert len(filled) == 1
    assert filled[0] or solver in ("chunked_jacobi", "elk", "quasi_elk")
    assert abs(found.loss - loop.loss) < TIGHT
    for name in ("x", "z", "h", "logits", "prediction"):
        assert distance(getattr(found, name), getattr(loop, name)) < TIGHT, name
        assert not getattr(found, name).flags.writeable
    ours, theirs = backward(found), backward(loop)
    for name in PARAMETER_NAMES:
        gradient = getattr(theirs.parameters, name)
        assert distance(getattr(ours.parameters, name), gradient) < TIGHT, name


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("hidden", "radius"), [(4, 0.9), (4, 1.0), (8, 0.9), (8, 1.0), (32, 0.9)])
def test_long_sequences_by_chunks(hidden, radius, dtype, filled):
    params = Parameters.random(1, hidden, seed=0, spectral_radius=radius).astype(dtype)
    x = np.random.default_rng(0).normal(size=(10_000, 1, 1))
    target = np.ones((1, 1))
    found = forward(params, x, target, solver="chunked_jacobi")
    assert filled == [True]
    loop = forward(params, x, target)
    tight = TIGHT if dtype == "float64" else 1e-5
    assert found.h.dtype == dtype
    assert distance(found.h, loop.h) < tight
    assert distance(found.z, loop.z) < tight
    assert np.array_equal(found.x, loop.x)
    ours, theirs = backward(found).parameters, backward(loop).parameters
    for name in PARAMETER_NAMES:
        assert distance(getattr(ours, name), getattr(theirs, name)) < tight, name


def test_a_batch_by_chunks(filled):
    case = problem(5, 3001, 3, 2, 4, 1, "tanh", "squared_error", "last")
    found = forward(case.params, case.x, h0=case.h0, solver="chunked_jacobi")
    assert filled == [True]
    assert distance(found.h, forward(case.params, case.x, h0=case.h0).h) < TIGHT


@names
def test_where_a_method_gives_up_the_bits_are_those_of_the_loop(solver, filled):
    x = np.random.default_rng(0).normal(size=(400, 1, 1))
    wild = Parameters.random(1, 16, seed=0, spectral_radius=4.0)
    explosive = Parameters([[1.0]], [[1e30]], [0.0], [[1.0]], [0.0])
    for params, activation in ((wild, "tanh"), (explosive, "relu")):
        filled.clear()
        loop = forward(params, x, activation=activation)
        found = forward(params, x, activation=activation, solver=solver)
        assert filled == [False]
        assert np.array_equal(found.h, loop.h, equal_nan=True)
        assert np.array_equal(found.z, loop.z, equal_nan=True)


def test_the_loop_asks_no_method(filled):
    params = Parameters.random(1, 2, seed=0)
    assert np.array_equal(forward(params, [1.0]).h, forward(params, [1.0], solver="loop").h)
    assert filled == []


def test_an_unknown_solver_is_refused():
    params = Parameters.random(1, 2, seed=0)
    for solver in ("deer", None, ["loop"]):
        with pytest.raises(ValueError, match="solver: expected one of loop, fixed_point, chunked"):
            forward(params, [1.0], solver=solver)
    assert forward(params, [1.0]).steps == 1
