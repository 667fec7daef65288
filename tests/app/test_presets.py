"""The presets show what their sentence promises; one is checked against numbers worked by hand."""

import math
from typing import Any

import numpy as np
import pytest

from app.experiment import link, presets
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of


@pytest.mark.parametrize("name", PRESETS)
def test_runs_forward_and_backward_and_fits_the_address(name: str) -> None:
    experiment = PRESETS[name].experiment
    loss = trace_of(experiment).loss
    assert loss is not None
    assert math.isfinite(loss)
    assert all(np.isfinite(grad).all() for _, grad in gradients_of(experiment).parameters.items())
    assert not link.too_long(link.encode(experiment))
    assert presets.name_of(experiment) == name
    assert PRESETS[name].look_at.endswith(".")


def test_changed_preset_is_no_preset() -> None:
    assert presets.name_of(presets.default().replace(activation="relu")) is None


def test_by_hand() -> None:
    """z_1 = (1, 1); z_2 = (½, −1½), so unit 2 is shut; z_3 = (1¼, ½); a = 2·1¼ − ½ = 2."""
    trace = trace_of(PRESETS["by_hand"].experiment)
    assert trace.z[:, 0].tolist() == [[1, 1], [0.5, -1.5], [1.25, 0.5]]
    assert trace.h[:, 0].tolist() == [[0, 0], [1, 1], [0.5, 0], [1.25, 0.5]]
    assert trace.logits.tolist() == [[[2]]]
    assert trace.loss == 0.5  # ½·(2 − 1)²
    grads = gradients_of(PRESETS["by_hand"].experiment)
    assert grads.logits.tolist() == [[[1]]]
    assert grads.h[:, 0].tolist() == [[-1.5, 2], [1, 2], [2, 1.5], [2, -1]]
    assert grads.z[:, 0].tolist() == [[1, 2], [2, 0], [2, -1]]
    assert grads.x[:, 0, 0].tolist() == [3, 2, 1]
    assert grads.parameters.W_xh.tolist() == [[1], [1]]
    assert grads.parameters.W_hh.tolist() == [[3, 2], [-0.5, 0]]
    assert grads.parameters.b_h.tolist() == [5, 1]
    assert grads.parameters.W_hy.tolist() == [[1.25, 0.5]]
    assert grads.parameters.b_y.tolist() == [1]


def test_spiral_turns_by_34_degrees() -> None:
    W = presets.default().parameters().W_hh
    assert math.degrees(np.angle(np.linalg.eigvals(W)[0])) == pytest.approx(34, abs=0.5)


@pytest.mark.parametrize("length", [1, 2, 5, 8])
def test_parity_is_exact_for_every_sequence(length: int) -> None:
    from rnn_core import forward

    parameters = PRESETS["parity"].experiment.parameters()
    bits = np.array(np.meshgrid(*[[0.0, 1.0]] * length)).reshape(length, -1, 1)
    trace = forward(parameters, bits, activation="relu", readout="every")
    parity = np.cumsum(bits, axis=0) % 2
    assert np.array_equal(trace.h[1:, :, :1] - 2 * trace.h[1:, :, 1:], parity)
    assert np.array_equal(trace.logits, np.where(parity == 1, 3.0, -3.0))


def test_parity_targets_are_the_parities() -> None:
    experiment = PRESETS["parity"].experiment
    assert np.array_equal(experiment.target(), np.cumsum(experiment.x(), axis=0) % 2)


def test_first_bit_is_remembered() -> None:
    experiment = PRESETS["first_bit"].experiment
    trace = trace_of(experiment)
    first = experiment.x()[0, :, 0]
    assert np.array_equal(np.sign(trace.h[1:, :, 0]), np.broadcast_to(np.sign(first), (9, 2)))
    assert (np.abs(trace.h[-1, :, 0]) > 0.95).all()
    assert np.array_equal(np.round(trace.prediction), experiment.target())


def norms(name: str) -> Any:
    return np.linalg.norm(gradients_of(PRESETS[name].experiment).h[1:], axis=(1, 2))


def test_vanishing_halves_at_each_step() -> None:
    ratios = norms("vanishing")[:-1] / norms("vanishing")[1:]
    assert (ratios < 0.5 + 1e-9).all()
    assert norms("vanishing")[0] < 1e-5 * norms("vanishing")[-1]


def test_exploding_grows_by_half_at_each_step() -> None:
    ratios = norms("exploding")[:-1] / norms("exploding")[1:]
    assert ratios == pytest.approx(1.5, rel=1e-9)


def test_saturated_units_have_no_slope_and_no_gradient() -> None:
    experiment = PRESETS["saturated"].experiment
    states = np.abs(trace_of(experiment).h[1:])
    assert np.median(states) > 0.95
    assert np.abs(np.linalg.eigvals(experiment.parameters().W_hh)).max() == pytest.approx(3)
    assert norms("saturated")[0] < 1e-4 * norms("saturated")[-1]


def test_irnn_keeps_the_gradient_of_open_units() -> None:
    experiment = PRESETS["irnn"].experiment
    always_open = (trace_of(experiment).z > 0).all(axis=(0, 1))
    assert always_open.sum() >= 2
    kept = gradients_of(experiment).h[1:, 0, always_open]
    assert np.array_equal(kept, np.broadcast_to(kept[-1], kept.shape))


def test_text_begins_near_the_loss_of_guessing() -> None:
    loss = trace_of(PRESETS["text"].experiment).loss
    assert loss is not None
    assert loss == pytest.approx(math.log(7), rel=0.15)


def test_a_changed_preset_says_so_and_a_title_of_ones_own_stays() -> None:
    given = presets.PRESETS["by_hand"].experiment
    changed = given.replace(activation="tanh")
    assert presets.called(given) == "By hand"
    assert presets.called(changed) == "By hand (changed)"
    assert presets.called(changed.replace(title="Homework 3")) == "Homework 3"
