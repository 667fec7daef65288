"""The figures of what is read out against the trace and the formulas of the loss."""

import math

import numpy as np
import pytest

from app.figures.run import payload
from tests.app.figure_cases import CASES, charts, run, unpacked


def test_the_logit_stands_on_its_loss_curve() -> None:
    trace, grads = run()
    figure = charts(payload(trace, grads))["readout"]["views"][0]["figure"]
    sigmoid, probability, curve, point, tangent = figure["data"]
    a = trace.logits.item()
    at = unpacked(sigmoid["x"])
    np.testing.assert_allclose(unpacked(sigmoid["y"]), 1 / (1 + np.exp(-at)), rtol=1e-12)
    np.testing.assert_allclose(unpacked(curve["y"]), np.log1p(np.exp(-at)), rtol=1e-12)
    assert unpacked(probability["x"])[0] == a
    assert unpacked(probability["y"])[0] == pytest.approx(1 / (1 + math.exp(-a)), rel=1e-14)
    assert unpacked(point["y"]).item() == pytest.approx(trace.loss, rel=1e-14)
    (x0, x1), (y0, y1) = unpacked(tangent["x"]), unpacked(tangent["y"])
    assert (y1 - y0) / (x1 - x0) == pytest.approx(grads.logits.item(), rel=1e-12)


def test_before_the_loss_nothing_is_said_of_its_slope() -> None:
    for case in ("small", "squared error", "two outputs"):
        trace, grads = CASES[case]()
        chart = charts(payload(trace, grads))["readout"]
        view, table = chart["views"][0], chart["tables"][0]
        assert "∂" in view["text"]
        assert "∂" not in view["early"]
        assert view["text"].startswith(view["early"].removesuffix("."))
        assert table["head"][table["early"] :] == ["∂l/∂a"]
        lines = [line for line in view["figure"]["data"] if line["meta"].get("gradient")]
        assert [line["name"] for line in lines] == ["slope"] * (trace.logits.size == 1)


def test_probabilities_and_target_of_classes() -> None:
    trace, grads = CASES["classes"]()
    chart = charts(payload(trace, grads))["readout"]
    bars, marks = chart["views"][0]["figure"]["data"]
    weights = np.exp(trace.logits[0, 0])
    np.testing.assert_allclose(unpacked(bars["y"]), weights / weights.sum(), rtol=1e-14)
    assert unpacked(marks["x"]).tolist() == [4]
    assert "the target is class 4" in chart["views"][0]["text"]


def test_losses_of_every_step_have_the_loss_as_their_mean() -> None:
    for case in ("every step", "classes, every step", "two outputs, every step"):
        trace, grads = CASES[case]()
        (line,) = charts(payload(trace, grads))["losses"]["views"][0]["figure"]["data"]
        assert unpacked(line["y"]).mean() == pytest.approx(trace.loss, rel=1e-13)
