"""The figures of gradients over time against the gradients themselves."""

import math

import numpy as np

from app.figures.norms import lengths
from app.figures.run import payload
from app.figures.words import short
from rnn_core import Parameters, backward, forward
from tests.app.figure_cases import charts, heat, run, unpacked


def test_heat_maps_hold_the_gradients() -> None:
    trace, grads = run(6, 3, inputs=5, batch=2, target=np.ones((1, 2, 1)))
    maps = charts(payload(trace, grads, sample=1))["gradient_maps"]["views"]
    wanted = (grads.h[:, 1], grads.z[:, 1], grads.x[:, 1])
    for view, rows in zip(maps, wanted, strict=True):
        np.testing.assert_array_equal(heat(view), rows.T)


def test_norms_are_those_of_the_gradients() -> None:
    trace, grads = run(10, 3, inputs=2)
    lines = charts(payload(trace, grads))["norms"]["views"][0]["figure"]["data"]
    for line, rows in zip(lines, (grads.h[1:, 0], grads.z[:, 0], grads.x[:, 0]), strict=True):
        np.testing.assert_allclose(unpacked(line["y"]), np.linalg.norm(rows, axis=1), rtol=1e-14)


def test_lengths_neither_overflow_nor_underflow() -> None:
    rows = np.array([[3e300, 4e300], [3e-320, 4e-320], [0, 0], [np.inf, 1], [np.nan, 1]])
    found = lengths(rows)
    np.testing.assert_allclose(found[:2], [5e300, 5e-320], rtol=1e-3)
    assert found[2] == 0
    assert np.isinf(found[3])
    assert np.isnan(found[4])


def test_the_sentence_on_the_flow_has_the_two_ends() -> None:
    trace, grads = run(10, 3)
    text = charts(payload(trace, grads))["norms"]["views"][0]["text"]
    last, first = np.linalg.norm(grads.h[[10, 1], 0], axis=1)
    assert text == (
        f"Going back, ‖∂L/∂h_t‖ falls from {short(last)} at t = 10 to {short(first)} at t = 1."
    )


def test_an_exact_zero_is_marked_and_said_on_the_logarithmic_axis() -> None:
    trace, grads = run(20, 2, truncate=4)
    view = charts(payload(trace, grads))["norms"]["views"][0]
    line, marks = view["figure"]["data"][0], view["figure"]["data"][3]
    zero = ~grads.h[1:, 0].any(axis=1)
    assert zero.sum() == 16
    np.testing.assert_array_equal(np.isnan(unpacked(line["y"])), zero)
    np.testing.assert_array_equal(unpacked(marks["x"]), np.flatnonzero(zero) + 1)
    low, high = view["figure"]["layout"]["yaxis"]["range"]
    assert low < math.log10(unpacked(marks["y"])[0]) < high
    assert any("exact 0" in note for note in view["notes"])
    assert any("cut off after 4 steps" in note for note in view["notes"])
    assert "becomes exactly 0 at t = 16" in view["text"]


def test_gradients_that_are_all_zero_are_said_to_be() -> None:
    params = Parameters([[1.0]], [[1.0]], [0], [[0.0]], [0])
    trace = forward(params, [1.0, 2.0], 1.0)
    text = charts(payload(trace, backward(trace)))["norms"]["views"][0]["text"]
    assert text.startswith("‖∂L/∂h_t‖ is exactly 0 at every step")
