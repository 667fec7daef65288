"""The figures of pre-activations, slopes and saturation against the trace itself."""

import numpy as np

from app.figures.run import payload
from rnn_core import Parameters, backward, forward
from tests.app.figure_cases import charts, dead, heat, run, unpacked


def test_heat_maps_hold_the_pre_activations_and_their_slopes() -> None:
    trace, grads = run(6, 3, inputs=5, batch=2, target=np.ones((1, 2, 1)))
    found = charts(payload(trace, grads, sample=1))
    slope = 1 - np.tanh(trace.z[:, 1]) ** 2
    np.testing.assert_array_equal(heat(found["z"]["views"][0]), trace.z[:, 1].T)
    np.testing.assert_allclose(heat(found["slope"]["views"][0]), slope.T, rtol=1e-14)


def test_dead_units_are_counted_and_named() -> None:
    trace, grads = dead()
    view = charts(payload(trace, grads))["saturation"]["views"][0]
    assert (trace.z < 0).all()
    assert "Units 1, 2 and 3 are dead" in view["text"]
    for line in view["figure"]["data"]:
        np.testing.assert_array_equal(unpacked(line["y"]), np.ones(8))


def test_saturation_is_a_slope_below_a_tenth() -> None:
    params = Parameters([[1.0], [0.1]], np.zeros((2, 2)), [0, 0], [[1, 1]], [0])
    trace = forward(params, [1.0, 3.0], 1.0)
    low, none = charts(payload(trace, backward(trace)))["saturation"]["views"][0]["figure"]["data"]
    np.testing.assert_array_equal(unpacked(low["y"]), [0, 0.5])
    np.testing.assert_array_equal(unpacked(none["y"]), [0, 0])
