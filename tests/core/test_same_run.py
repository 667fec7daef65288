"""Gradients go with the run they are of: with a copy of it as well, and with no other."""

import copy
import pickle

import numpy as np
import pytest

from rnn_core import (
    Parameters,
    backward,
    computational_graph,
    forward,
    gradient_check,
)
from rnn_core.precision import first_in
from rnn_core.truncation import truncated

PARAMS = Parameters.random(1, 3, seed=0)
X = np.random.default_rng(0).normal(size=(6, 2, 1))
TRACE = forward(PARAMS, X, 1.0)

USES = {
    **{
        f"graph, {level}": lambda trace, grads, level=level: computational_graph(
            trace, grads, level=level
        )
        for level in ("rolled", "step", "operation", "scalar")
    },
    "gradient_check": gradient_check,
    "truncated": lambda trace, grads: truncated(trace, grads, 2),
    "first_in": first_in,
}
OTHERS = {
    "another sequence": forward(PARAMS, X + 1, 1.0),
    "the last bit of one input": forward(PARAMS, np.nextafter(X, 9), 1.0),
    "another target": forward(PARAMS, X, 0.0),
    "without a target": forward(PARAMS, X),
    "another readout": forward(PARAMS, X, 1.0, readout="every"),
    "another loss": forward(PARAMS, X, 1.0, loss="squared_error"),
    "another activation": forward(PARAMS, X, 1.0, activation="relu"),
    "another W_hy": forward(PARAMS.replace(W_hy=2 * PARAMS.W_hy), X, 1.0),
    "another b_h": forward(PARAMS.replace(b_h=PARAMS.b_h + 1), X, 1.0),
    "another h_0": forward(PARAMS, X, 1.0, h0=np.ones(3)),
    "another length": forward(PARAMS, X[:5], 1.0),
    "another batch": forward(PARAMS, X[:, :1], 1.0),
    "single precision": forward(PARAMS.astype("float32"), X, 1.0),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("other", [name for name in OTHERS if name != "without a target"])
def test_gradients_of_another_run_are_refused(use, other):
    with pytest.raises(ValueError, match=r"^grads: expected those of this trace.*, got those of"):
        USES[use](TRACE, backward(OTHERS[other]))


@pytest.mark.parametrize("level", ["step", "scalar"])
def test_a_trace_without_the_target_is_another_run(level):
    with pytest.raises(ValueError, match="grads: expected those of this trace"):
        computational_graph(OTHERS["without a target"], backward(TRACE), level=level)


@pytest.mark.parametrize("use", USES)
def test_gradients_of_a_copy_are_taken(use):
    grads = backward(TRACE)
    sent = pickle.loads(pickle.dumps(TRACE))  # noqa: S301 - made in this process
    for trace in (copy.copy(TRACE), copy.deepcopy(TRACE), sent, forward(PARAMS, X, 1.0)):
        USES[use](trace, grads)
        USES[use](TRACE, backward(trace))


def test_a_run_that_is_not_finite_is_still_itself():
    huge = PARAMS.replace(W_hh=1e300 * PARAMS.W_hh)
    one, same = (forward(huge, X, 1.0, activation="identity") for _ in range(2))
    assert np.isnan(one.h).any()
    assert one.is_same_run(same)
    assert not one.is_same_run(TRACE)


@pytest.mark.parametrize("use", ["gradient_check", "truncated", "first_in"])
def test_gradients_that_are_not_of_the_loss_are_refused_where_it_counts(use):
    with pytest.raises(ValueError, match="grads: expected those of the loss"):
        USES[use](TRACE, backward(TRACE, upstream=np.ones_like(TRACE.z)))


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("bad", [TRACE, PARAMS, 3.0, [1.0]])
def test_what_is_no_gradients_is_refused(use, bad):
    with pytest.raises(ValueError, match=r"(grads|gradients|full): expected Gradients, got"):
        USES[use](TRACE, bad)
