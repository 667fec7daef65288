"""The figures of input and states against the trace itself."""

import numpy as np

from app.figures.run import payload
from tests.app.figure_cases import charts, exploded, heat, run, unpacked


def test_heat_maps_hold_the_numbers_of_the_trace() -> None:
    trace, grads = run(6, 3, inputs=5, batch=2, target=np.ones((1, 2, 1)))
    found = charts(payload(trace, grads, sample=1))
    np.testing.assert_array_equal(heat(found["input"]["views"][0]), trace.x[:, 1].T)
    np.testing.assert_array_equal(heat(found["hidden"]["views"][0]), trace.h[:, 1].T)


def test_lines_and_path_hold_the_numbers_of_the_trace() -> None:
    trace, grads = run()
    found = charts(payload(trace, grads))
    for unit, line in enumerate(found["hidden"]["views"][1]["figure"]["data"]):
        np.testing.assert_array_equal(unpacked(line["x"]), np.arange(7))
        np.testing.assert_array_equal(unpacked(line["y"]), trace.h[:, 0, unit])
    path, start = found["space"]["views"][0]["figure"]["data"]
    np.testing.assert_array_equal(unpacked(path["x"]), trace.h[:, 0, 0])
    np.testing.assert_array_equal(unpacked(path["y"]), trace.h[:, 0, 1])
    np.testing.assert_array_equal(unpacked(start["x"]), trace.h[0, 0, :1])


def test_the_path_has_a_panel_for_each_pair_of_three_units_and_none_for_one() -> None:
    data = charts(payload(*run(5, 3)))["space"]["views"][0]["figure"]["data"]
    assert [trace["xaxis"] for trace in data if "path" in trace["meta"]] == ["x", "x2", "x3"]
    assert "space" not in charts(payload(*run(5, 1)))


def test_the_first_step_that_is_not_finite_is_named() -> None:
    view = charts(payload(*exploded()))["hidden"]["views"][0]
    assert (
        "h is not finite at 2 steps, first at t = 3 (∞); those places stay empty." in view["notes"]
    )
    np.testing.assert_array_equal(np.isnan(heat(view)[0]), [False, False, False, True, True])
