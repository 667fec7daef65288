"""The figures of the parameters' gradients against the gradients themselves."""

import numpy as np
import pytest

from app.figures.run import payload
from app.figures.run.parameters import MOST_STEPS, lengths_of_terms
from rnn_core import PARAMETER_NAMES
from tests.app.figure_cases import CASES, charts, exploded, run, unpacked


def test_parameter_panels_hold_the_gradients_on_one_scale_about_zero() -> None:
    trace, grads = run(6, 3, inputs=2, outputs=2, target=np.ones((1, 1, 2)))
    figure = charts(payload(trace, grads))["parameters"]["views"][0]["figure"]
    panels = [trace for trace in figure["data"] if trace["type"] == "heatmap"]
    assert len(panels) == 5
    for name, panel in zip(PARAMETER_NAMES, panels, strict=True):
        wanted = getattr(grads.parameters, name)
        np.testing.assert_array_equal(unpacked(panel["z"]), wanted.reshape(len(wanted), -1))
    largest = max(np.abs(array).max() for _, array in grads.parameters.items())
    scale = figure["layout"]["coloraxis"]
    assert (scale["cmin"], scale["cmax"]) == (-largest, largest)


def test_gradients_of_which_none_is_finite_are_said_to_be() -> None:
    text = charts(payload(*exploded()))["parameters"]["views"][0]["text"]
    assert text == "No gradient is a finite number."


def test_matrices_of_many_columns_take_all_columns_of_the_page() -> None:
    for units, wide in ((4, False), (5, True)):
        found = charts(payload(*run(5, units)))
        assert found["parameters"]["wide"] is wide
        assert found["contributions"]["wide"] is wide


@pytest.mark.parametrize(
    "case", ["small", "every step", "many units", "truncated", "two outputs", "LSTM", "GRU"]
)
def test_terms_have_the_lengths_of_the_contributions(case: str) -> None:
    trace, grads = CASES[case]()
    found = lengths_of_terms(grads, 0)
    for column, name in zip(found.T, trace.params.names, strict=True):
        terms = grads.contribution(name)[:, 0].reshape(trace.steps, -1)
        np.testing.assert_allclose(column, np.linalg.norm(terms, axis=1), rtol=1e-12)


def test_factors_multiply_to_the_contributions_and_are_left_out_when_many() -> None:
    trace, grads = run(7, 2, inputs=3, target=np.ones((7, 1, 1)), readout="every")
    sent = payload(trace, grads)["factors"]
    np.testing.assert_array_equal(unpacked(sent["arrays"]["h"]), trace.h[:, 0])
    for name in trace.params.names:
        left, right = (
            None if key is None else unpacked(sent["arrays"][key]) for key in sent["of"][name]
        )
        terms = grads.contribution(name)[:, 0]
        if right is None:
            np.testing.assert_array_equal(left[:, -1], terms[-len(left) :, -1])
        else:
            np.testing.assert_array_equal(left[:, -1] * right[:, 0], terms[-len(left) :, -1, 0])
    assert payload(*run(MOST_STEPS + 1, 2))["factors"] is None
