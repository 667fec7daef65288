"""The checker passes right gradients, names the culprit of wrong ones, and is honest at kinks."""

import dataclasses
import itertools

import numpy as np
import pytest

from rnn_core import PARAMETER_NAMES, Parameters, backward, forward, gradient_check
from rnn_core._variants import Variants
from tests.core.oracle import problem


@pytest.mark.parametrize(
    ("activation", "loss", "readout", "batch"),
    list(
        itertools.product(
            ("tanh", "relu", "identity"),
            ("binary_cross_entropy", "softmax_cross_entropy", "squared_error"),
            ("last", "every"),
            (1, 2),
        )
    ),
)
def test_right_gradients_pass(activation, loss, readout, batch):
    case = problem(7, 4, batch, 2, 3, 2, activation, loss, readout)
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    found = gradient_check(trace)
    assert set(found.differences) == {*PARAMETER_NAMES, "x", "h0"}
    assert found.ok
    assert found.relative < 1e-7
    assert found.absolute < 1e-8


def test_single_precision_passes_at_its_own_tolerance():
    case = problem(7, 4, 1, 2, 3, 2, "tanh", "squared_error", "last", "float32")
    found = gradient_check(forward(case.params, case.x, case.target, **case.settings))
    assert found.ok
    assert found.tolerance == 1e-3


@pytest.mark.parametrize("culprit", [*PARAMETER_NAMES, "x", "h0"])
def test_a_planted_error_is_found_and_named(culprit):
    case = problem(8, 5, 1, 2, 3, 2, "tanh", "binary_cross_entropy", "every")
    trace = forward(case.params, case.x, case.target, h0=case.h0, **case.settings)
    grads = backward(trace)
    wrong = {"parameters": grads.parameters}
    if culprit in PARAMETER_NAMES:
        array = np.array(getattr(grads.parameters, culprit))
        array.flat[-1] *= 1.001
        wrong["parameters"] = grads.parameters.replace(**{culprit: array})
    planted = dataclasses.replace(grads, **wrong)
    if culprit == "x":
        planted.__dict__["x"] = grads.x * 1.001
    if culprit == "h0":
        planted = dataclasses.replace(planted, h=grads.h * 1.001)
    found = gradient_check(trace, planted)
    assert not found.ok
    assert found.culprit == culprit


def test_entries_at_a_kink_are_left_out_and_counted():
    params = Parameters([[1]], [[1]], [0], [[1]], [0])
    found = gradient_check(forward(params, [0.0, 1.0], 1.0, activation="relu"))
    assert found.ok
    assert found.skipped > 0
    smooth = gradient_check(forward(params, [0.5, 1.0], 1.0, activation="relu"))
    assert smooth.skipped == 0


def test_vanished_gradients_pass():
    params = Parameters([[1]], [[1e-3]], [0], [[1]], [0])
    assert gradient_check(forward(params, np.full(30, 0.3), 1.0)).ok


def test_what_cannot_be_checked_is_refused():
    params = Parameters([[1]], [[10]], [0], [[1]], [0])
    trace = forward(params, np.ones(5), 1.0)
    with pytest.raises(ValueError, match=r"gradient_check: expected the full gradient.* 2 of 5"):
        gradient_check(trace, backward(trace, truncate=2))
    with pytest.raises(ValueError, match="gradient_check: expected a trace with a finite loss"):
        gradient_check(forward(params, np.ones(5)))
    exploded = forward(params, np.ones(400), 1.0, activation="relu", loss="squared_error")
    with pytest.raises(ValueError, match="finite loss, got inf"):
        gradient_check(exploded)
    large = forward(Parameters.random(1, 60, seed=0), np.ones(5000), 1.0)
    with pytest.raises(ValueError, match="gradient_check: expected at most"):
        gradient_check(large)


def small_gradients(size):
    """A network whose W_hy makes every gradient before it about so small."""
    case = problem(8, 5, 2, 2, 3, 1, "tanh", "binary_cross_entropy", "last")
    params = case.params.replace(W_hy=case.params.W_hy * size)
    return forward(params, case.x, case.target, h0=case.h0, **case.settings)


@pytest.mark.parametrize("size", [1e-3, 1e-5, 1e-6, 1e-7, 1e-9])
def test_an_error_of_a_hundredth_is_seen_in_small_gradients_or_they_are_said_to_be_too_small(size):
    trace = small_gradients(size)
    grads = backward(trace)
    right = gradient_check(trace)
    assert right.ok
    assert size < 1e-6 or not right.unchecked
    for name in ("W_xh", "W_hh", "b_h"):
        array = np.array(getattr(grads.parameters, name))
        array.flat[np.abs(array).argmax()] *= 1.01
        planted = dataclasses.replace(grads, parameters=grads.parameters.replace(**{name: array}))
        found = gradient_check(trace, planted)
        assert name in found.unchecked or (not found.ok and found.culprit == name)
        assert size < 1e-6 or name not in found.unchecked


def test_what_is_too_small_to_check_is_said_and_not_called_right():
    trace = small_gradients(1e-14)
    grads = backward(trace)
    found = gradient_check(trace, grads)
    assert {"W_xh", "W_hh", "b_h", "x", "h0"} <= set(found.unchecked)
    assert found.culprit in ("W_hy", "b_y")
    huge = grads.parameters.replace(W_hh=np.full((3, 3), 1e-3))
    wrong = gradient_check(trace, dataclasses.replace(grads, parameters=huge))
    assert (wrong.ok, wrong.culprit) == (False, "W_hh")


def test_right_gradients_of_many_networks_pass():
    """Vanishing, exploding and saturated ones: no false alarm, and most is checked."""
    for seed in range(60):
        rng = np.random.default_rng(seed)
        radius = float(rng.choice([0.01, 0.3, 1.0, 1.5, 2.0]))
        params = Parameters.random(2, int(rng.integers(1, 5)), seed=seed, spectral_radius=radius)
        trace = forward(
            params,
            rng.normal(size=(int(rng.integers(1, 30)), 2)),
            float(rng.integers(0, 2)),
            activation=str(rng.choice(["tanh", "relu", "identity"])),
        )
        found = gradient_check(trace)
        assert found.ok, (seed, found.culprit, found.differences)
        assert "W_hy" not in found.unchecked or not trace.h[-1].any()


def test_differences_of_several_steps_from_one_loop_are_those_of_each_step() -> None:
    params = Parameters.random(1, 2, 1, seed=3)
    variants = Variants(forward(params, np.sin(np.arange(9.0)), [1.0], loss="squared_error"))
    names, steps = ["W_hh", "x", "h0"], [(6e-6, False), (1e-3, True), (1e-2, True)]
    assert variants.are_few(names, steps)
    together = list(variants.central_differences(names, steps))
    for step, (found, errors) in zip(steps, together, strict=True):
        ((alone, errors_alone),) = variants.central_differences(names, [step])
        assert errors == errors_alone
        for name in names:
            np.testing.assert_array_equal(found[name], alone[name])
