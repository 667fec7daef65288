"""Gradients of every cell: right ones pass, and a wrong one is found, wherever it is planted."""

import dataclasses

import numpy as np
import pytest

from rnn_core import ACTIVATIONS, CELLS, Parameters, backward, forward, gradient_check

RNG = np.random.default_rng(5)
T, B, D, H, K = 5, 2, 2, 3, 2
X, H0, C0 = RNG.normal(size=(T, B, D)), RNG.normal(size=(B, H)), RNG.normal(size=(B, H))


def run_of(cell, *, activation="tanh", loss="squared_error", readout="every"):
    params = Parameters.random(D, H, K, seed=1, cell=cell)
    y = 1.0 if readout == "last" else RNG.integers(0, 2, (T, B, K)).astype(float)
    c0 = C0 if "c" in params.cell.states else None
    return forward(params, X, y, activation=activation, loss=loss, readout=readout, h0=H0, c0=c0)


def names_of(cell):
    return [*CELLS[cell].parameters, "x", *(f"{state}0" for state in CELLS[cell].states)]


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("readout", ["last", "every"])
def test_right_gradients_of_every_cell_pass(cell, activation, readout):
    found = gradient_check(run_of(cell, activation=activation, readout=readout))
    assert set(found.differences) == set(names_of(cell))
    assert found.ok
    assert not found.unchecked
    assert found.relative < 1e-5


@pytest.mark.parametrize(("cell", "culprit"), [(c, n) for c in CELLS for n in names_of(c)])
def test_an_error_planted_in_any_gradient_of_any_cell_is_found_and_named(cell, culprit):
    grads = backward(run_of(cell))
    if culprit in CELLS[cell].parameters:
        array = np.array(grads.parameters[culprit])
        array.flat[np.abs(array).argmax()] *= 1.001
        wrong = {"parameters": grads.parameters.replace(**{culprit: array})}
    elif culprit == "h0":
        wrong = {"h": grads.h * 1.001}
    else:
        name = culprit.removesuffix("0")
        wrong = {"values": {**grads.quantities, name: grads[name] * 1.001}}
    planted = dataclasses.replace(grads, **wrong)
    if culprit == "x":
        planted.__dict__["x"] = grads.x * 1.001
    found = gradient_check(grads.trace, planted)
    assert not found.ok
    assert found.culprit == culprit


def test_single_precision_of_an_lstm_passes_at_its_own_tolerance():
    params = Parameters.random(D, H, K, seed=1, cell="lstm").astype("float32")
    found = gradient_check(forward(params, X.astype("float32"), 1.0))
    assert found.ok
    assert found.tolerance == 1e-3


def test_entries_at_a_kink_inside_a_gated_cell_are_left_out_and_counted():
    arrays = {name: np.ones((1, 1)) if name[0] == "W" else [0.0] for name in CELLS["lstm"].shapes}
    trace = forward(Parameters.of("lstm", arrays), [0.0, 1.0], 1.0, activation="relu")
    found = gradient_check(trace)
    assert found.ok
    assert found.skipped > 0
