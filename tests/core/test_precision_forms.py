"""Losses evaluated step by step in a format: against PyTorch, mpmath and known constants."""

import math

import mpmath
import numpy as np
import pytest
import torch

from rnn_core import LOSSES
from rnn_core.precision import (
    FORMATS,
    GRADIENT_DERIVATION,
    LOSS_DERIVATION,
    QUANTITIES,
    SOFTMAX_GRADIENT_FORMS,
    SOFTMAX_LOSS_FORMS,
    curves,
    difference_quotients,
    evaluate,
    exact_softmax_loss,
    exponential_range,
    outcomes,
    regions,
)
from tests.core.exact import true

LOSS, GRADIENT = QUANTITIES["loss"], QUANTITIES["gradient"]
TORCH = {"float32": torch.float32, "float64": torch.float64}


def value(form, a, y, dtype="float64"):
    return float(evaluate(form, {"a": a, "y": y}, dtype).result)


def test_the_case_of_the_page():
    """At a = −1000, y = 1: naive inf, clamped 100, stable 1000."""
    naive, clamped, stable, regrouped = outcomes("loss", -1000.0, 1.0, "float64")
    assert (naive.value, clamped.value, stable.value, regrouped.value) == (
        math.inf,
        100,
        1000,
        1000,
    )
    assert [(link.step, link.event) for link in naive.chain if link.event] == [
        ("exp(−a)", "overflow"),
        ("p", "rounds to 0"),
        ("log p", "log of zero"),
    ]
    assert math.isnan(outcomes("loss", 1000.0, 1.0, "float64")[0].value)


@pytest.mark.parametrize(
    ("quantity", "a", "y", "wanted"),
    [
        ("loss", 40.0, 0.0, ["rounds to 1", "rounds to 1", "rounds to 0", "log of zero"]),
        (
            "loss",
            800.0,
            0.0,
            ["underflow", "rounds to 1", "rounds to 1", "rounds to 0", "log of zero"],
        ),
        (
            "loss",
            40.0,
            1.0,
            ["rounds to 1", "rounds to 1", "rounds to 0", "log of zero", "invalid"],
        ),
        ("gradient", -1000.0, 1.0, ["overflow", "rounds to 0", "division by zero", "invalid"]),
        ("loss", 2.0, 1.0, []),
    ],
)
def test_causes_are_read_off_the_steps(quantity, a, y, wanted):
    naive = outcomes(quantity, a, y, "float64")[0]
    assert [link.event for link in naive.chain if link.event] == wanted


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_clamped_is_what_pytorch_does(dtype):
    for y in (0.0, 1.0, 0.25):
        a = np.array([-1000.0, -100.0, -90.0, -3.0, 0.0, 0.5, 20.0, 37.0, 1000.0])
        leaf = torch.tensor(a, dtype=TORCH[dtype], requires_grad=True)
        wanted = torch.nn.functional.binary_cross_entropy(
            torch.sigmoid(leaf), torch.full_like(leaf, y), reduction="none"
        )
        wanted.sum().backward()
        found = evaluate(LOSS["clamped"], {"a": a, "y": y}, dtype).result
        gradient = evaluate(GRADIENT["clamped"], {"a": a, "y": y}, dtype).result
        tolerance = 8 * np.finfo(dtype).eps
        # Near p = 1 the library's sigmoid may round the other way, and 1 − p with it.
        steady = np.abs(a) != 20.0 if dtype == "float32" else np.full(len(a), True)
        np.testing.assert_allclose(found[steady], wanted.detach().numpy()[steady], tolerance, 1e-30)
        assert leaf.grad is not None
        np.testing.assert_allclose(
            gradient[steady], leaf.grad.numpy()[steady], 20 * tolerance, 1e-30
        )


def test_regrouped_is_what_this_package_computes():
    rng = np.random.default_rng(1)
    a = np.concatenate([rng.normal(size=200) * 50, [0.0, -1000.0, 1000.0, 36.7, -745.0]])
    for y in (0.0, 1.0, 0.3):
        target = np.full_like(a, y)
        family = LOSSES["binary_cross_entropy"]
        loss = evaluate(LOSS["regrouped"], {"a": a, "y": y}, "float64").result
        np.testing.assert_array_equal(loss, family.terms(a, target))
        gradient = evaluate(GRADIENT["regrouped"], {"a": a, "y": y}, "float64").result
        np.testing.assert_array_equal(gradient, family.delta(a, target))


@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_stable_forms_stay_within_two_ulp(dtype, y):
    for a in (-1000.0, -60.0, -3.0, -0.1, 0.0, 0.7, 5.0, 30.0, 1000.0):
        assert outcomes("loss", a, y, dtype)[2].ulps <= 2
        assert outcomes("loss", a, y, dtype)[3].ulps <= 2
        assert outcomes("gradient", a, y, dtype)[3].ulps <= 2


def test_p_minus_y_loses_digits_where_regrouped_keeps_them():
    _, _, stable, regrouped = outcomes("gradient", 30.0, 1.0, "float64")
    assert stable.ulps > 1e6
    assert regrouped.ulps <= 2


# Known constants: ln of the largest float, ln 2^p for the precision p in bits, and of half of the
# smallest subnormal number.
CONSTANTS = {
    "float16": (math.log(65520), 11 * math.log(2), 25 * math.log(2)),
    "float32": (math.log(2**128 * (1 - 2**-25)), 24 * math.log(2), 150 * math.log(2)),
    "float64": (math.log(2**1023) + math.log(2 - 2**-53), 53 * math.log(2), 1075 * math.log(2)),
}


@pytest.mark.parametrize("dtype", FORMATS)
def test_boundaries_are_the_known_ones_to_the_last_float(dtype):
    overflow, rounds, underflow = CONSTANTS[dtype]
    found = {(r.step, r.event): r for r in regions(LOSS["naive"], 1.0, dtype)}
    spacing = 2 * float(np.spacing(np.array(overflow, dtype)))
    assert found["exp(−a)", "overflow"].high == pytest.approx(-overflow, abs=spacing)
    assert found["p", "rounds to 0"].high == found["exp(−a)", "overflow"].high
    assert found["p", "rounds to 1"].low == pytest.approx(rounds, abs=spacing)
    assert found["exp(−a)", "underflow"].low == pytest.approx(underflow, abs=spacing)
    assert found["L", "inf"].high == found["exp(−a)", "overflow"].high
    assert found["L", "nan"].low == found["p", "rounds to 1"].low
    for (step, event), region in found.items():
        if event in ("inf", "nan", "zero"):
            continue
        for edge, side in ((region.low, -1), (region.high, 1)):
            if abs(edge) < np.finfo(dtype).max:
                outside = np.nextafter(np.array(edge, dtype), np.array(side * np.inf, dtype))
                assert happens(step, event, edge, dtype), (step, event)
                assert not happens(step, event, float(outside), dtype), (step, event)


def happens(step, event, a, dtype):
    evaluated = evaluate(LOSS["naive"], {"a": a, "y": 1.0}, dtype)
    place = [s.name for s in evaluated.form.steps].index(step)
    return evaluated._link(evaluated.form.steps[place], ()).event == event


def test_stated_constants():
    low, high = exponential_range("float64")
    assert (round(low, 2), round(high, 2)) == (-745.13, 709.78)
    assert round(exponential_range("float32")[1], 2) == 88.72
    assert round(exponential_range("float16")[1], 2) == 11.09


@pytest.mark.parametrize(
    ("forms", "quantity"), [(LOSS_DERIVATION, "loss"), (GRADIENT_DERIVATION, "gradient")]
)
def test_every_line_of_a_derivation_is_the_same_number(forms, quantity):
    for a in (-4.0, -0.3, 0.0, 1.5, 6.0):
        for y in (0.0, 1.0, 0.3):
            for form in forms:
                wanted = float(true(quantity, a, y))
                assert value(form, a, y) == pytest.approx(wanted, rel=1e-12, abs=1e-15), form.name


def test_softmax_forms_against_pytorch_and_mpmath():
    rng = np.random.default_rng(2)
    for scale in (1.0, 30.0):
        a = scale * rng.normal(size=5)
        y = rng.dirichlet(np.ones(5))
        leaf = torch.tensor(a, requires_grad=True)
        wanted = torch.nn.functional.cross_entropy(leaf, torch.tensor(y))
        wanted.backward()
        for name in ("naive", "stable"):
            loss = evaluate(SOFTMAX_LOSS_FORMS[name], {"a": a, "y": y}, "float64").result
            assert float(loss[0]) == pytest.approx(wanted.item(), rel=1e-12)
            gradient = evaluate(SOFTMAX_GRADIENT_FORMS[name], {"a": a, "y": y}, "float64").result
            np.testing.assert_allclose(gradient, leaf.grad.numpy(), rtol=1e-9, atol=1e-14)
    logits = [1000.0, 1001.0, 999.0]
    total = mpmath.log(mpmath.fsum(mpmath.exp(a) for a in logits))
    assert abs(mpmath.mpf(str(exact_softmax_loss(logits, 2))) - (total - 999)) < mpmath.mpf("1e-40")


def test_softmax_shift_saves_what_overflows():
    inputs = {"a": [1000.0, 1001.0, 999.0], "y": [1.0, 0.0, 0.0]}
    naive = evaluate(SOFTMAX_LOSS_FORMS["naive"], inputs, "float64")
    assert math.isnan(float(naive.result[0]))
    assert naive.chain((0,))[0].event == "overflow"
    stable = evaluate(SOFTMAX_LOSS_FORMS["stable"], inputs, "float64")
    assert float(stable.result[0]) == pytest.approx(1.4076059644443804, rel=1e-15)
    for a in (-3.0, 2.0, 50.0):
        pair = {"a": [0.0, a], "y": [0.0, 1.0]}
        two = float(evaluate(SOFTMAX_LOSS_FORMS["stable"], pair, "float64").result[0])
        assert two == pytest.approx(value(LOSS["stable"], a, 1.0), rel=1e-12, abs=1e-15)


def test_difference_quotients_follow_their_estimates():
    h = 10.0 ** np.arange(-1, -17, -1)
    found = difference_quotients(1.5, 1.0, h, "float64")
    wanted = float(true("gradient", 1.5, 1.0))
    assert found.exact == pytest.approx(wanted, rel=1e-15)
    plain = [(loss(1.5 + step) - loss(1.5 - step)) / (2 * step) for step in h[:4].tolist()]
    np.testing.assert_allclose(found.central[:4], plain, rtol=1e-9)
    truncated = slice(0, 3)
    ratio = found.central_error[truncated] / found.central_truncation[truncated]
    np.testing.assert_allclose(ratio, 1, atol=0.01)
    np.testing.assert_allclose(found.forward_error[:6] / found.forward_truncation[:6], 1, atol=0.05)
    assert (found.central_error[8:] <= 4 * found.rounding[8:]).all()
    assert found.central_optimum == pytest.approx(6.055e-6, rel=1e-3)
    assert found.forward_optimum == pytest.approx(1.490e-8, rel=1e-3)


def loss(a):
    return float(LOSSES["binary_cross_entropy"].terms(np.array(a), np.array(1.0)))


def test_a_step_that_a_small_format_cannot_hold_gives_no_number():
    found = difference_quotients(1.5, 1.0, [1e-2, 1e-10], "float16")
    assert np.isfinite(found.central_error[0])
    assert found.central_error[1] == np.inf
    with pytest.raises(ValueError, match="h: expected positive steps, got 0"):
        difference_quotients(1.0, 1.0, [0.0], "float64")


def test_curves_around_the_largest_logits_have_all_their_points():
    usual, large = (curves("loss", a, 1.0, "float64") for a in (1e300, 1e308))
    assert len(large.a) == len(usual.a)
    assert np.isfinite(large.a).all()
    assert (large.a[0], large.a[-1]) == (-1.25e308, 1.25e308)


def test_curves_agree_with_single_outcomes():
    shown = curves("loss", -20.0, 1.0, "float32")
    assert shown.reach == pytest.approx(1.25 * 103.97, rel=1e-3)
    for i in (0, 50, 171, len(shown.a) - 1):
        for outcome in outcomes("loss", float(shown.a[i]), 1.0, "float32"):
            np.testing.assert_equal(shown.values[outcome.form.name][i], outcome.value)
            np.testing.assert_equal(shown.ulps[outcome.form.name][i], outcome.ulps)


def test_refusals_name_what_is_wrong():
    with pytest.raises(ValueError, match="dtype: expected one of float16, float32, float64"):
        evaluate(LOSS["naive"], {"a": 1.0, "y": 1.0}, "float8")
    with pytest.raises(ValueError, match="a: expected a float16, at most 65504, got 1e"):
        outcomes("loss", 1e6, 1.0, "float16")
    with pytest.raises(ValueError, match="quantity: expected one of loss, gradient"):
        curves("accuracy", 1.0, 1.0, "float64")
