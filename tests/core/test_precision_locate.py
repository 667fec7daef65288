"""The first number of a run that is not finite, found from its arrays: against a whole new run."""

import numpy as np
import pytest

from rnn_core import Parameters, backward, forward
from rnn_core.precision import first_in, first_of_run
from tests.core.oracle import problem

LOSSES = ["binary_cross_entropy", "softmax_cross_entropy", "squared_error"]


def of(case, truncate=None, **weights):
    params = case.params.replace(**weights)
    trace = forward(params, case.x, case.target, h0=case.h0, **case.settings)
    return trace, backward(trace, truncate=truncate)


def same(found, wanted):
    """Whether it is the same number and operation; operands may differ in the last digits."""
    assert found is not None
    assert wanted is not None
    for name in ("node", "t", "phase", "sample", "index", "operation", "event", "operand_names"):
        assert getattr(found, name) == getattr(wanted, name), name
    np.testing.assert_allclose(found.operands, wanted.operands, rtol=1e-9)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("loss", LOSSES)
def test_an_exploding_state_is_found_where_a_run_operation_by_operation_finds_it(
    seed, readout, loss
):
    case = problem(seed, 12, 3, 2, 3, 3, "identity", loss, readout)
    trace, grads = of(case, W_hh=case.params.W_hh * 10.0 ** (40 + 20 * seed))
    same(first_in(trace, grads), first_of_run(trace, dtype="float64"))


@pytest.mark.parametrize("truncate", [None, 3, 5])
@pytest.mark.parametrize("readout", ["last", "every"])
def test_an_exploding_gradient_is_found_too(readout, truncate):
    """States stay within (−1, 1), and what flows back grows by 1e60 a step."""
    case = problem(3, 12, 2, 2, 3, 1, "tanh", "squared_error", readout)
    grown = {"W_xh": case.params.W_xh * 1e-70, "W_hh": case.params.W_hh * 1e60}
    quiet = {"b_h": case.params.b_h * 0, "W_hy": case.params.W_hy * 1e200}
    params = case.params.replace(**grown, **quiet)
    trace = forward(params, case.x * 0, case.target, h0=case.h0 * 0, **case.settings)
    grads = backward(trace, truncate=truncate)
    wanted = first_of_run(trace, dtype="float64", truncate=truncate)
    assert wanted is not None
    assert wanted.phase == "backward"
    same(first_in(trace, grads), wanted)


@pytest.mark.parametrize("batch", [1, 3])
def test_a_sum_over_time_that_overflows_is_found_at_its_step(batch, monkeypatch):
    """Each term of ∂L/∂b_h is finite, the sum of three is not."""
    monkeypatch.setattr("rnn_core.precision.locate.CHUNK_NUMBERS", 2)
    params = Parameters([[0.0]], [[1.0]], [0.0], [[2.0**1023 / batch]], [0.0])
    x = np.zeros((6, batch, 1))
    target = np.full((1, batch, 1), -0.9 * batch)
    trace = forward(params, x, target, activation="identity", loss="squared_error")
    grads = backward(trace)
    wanted = first_of_run(trace, dtype="float64")
    assert wanted is not None
    assert (wanted.node, wanted.phase) == ("b_h", "backward")
    same(first_in(trace, grads), wanted)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_finite_run_has_none(loss):
    trace, grads = of(problem(1, 12, 3, 2, 3, 3, "tanh", loss, "every"))
    assert first_in(trace, grads) is None
    assert first_in(trace, None) is None
