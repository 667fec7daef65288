"""The slope of tanh by three forms, against mpmath, and what each loses."""

import mpmath
import numpy as np
import pytest

from rnn_core.precision import SLOPE_FORMS, exact_slope, slope_curves, slope_outcomes

mpmath.mp.dps = 60


def true_slope(z):
    return 1 / mpmath.cosh(mpmath.mpf(float(z))) ** 2


@pytest.mark.parametrize("z", [0.0, -1e-300, 1e-8, 0.5, -3.0, 10.0, 15.0, 18.0, 20.0, 350.0, -1e5])
def test_the_true_slope_is_that_of_mpmath(z):
    assert abs(mpmath.mpf(str(exact_slope(z))) / true_slope(z) - 1) < mpmath.mpf(10) ** -40


@pytest.mark.parametrize(("z", "lost"), [(10, 1e-9), (15, 1e-4), (18, 0.02), (20, 1.0)])
def test_the_form_from_the_state_loses_what_the_one_from_z_keeps(z, lost):
    """Relative errors of 8e-9, 8e-5, 2 % and 100 %, against 1e-15."""
    state, factors, preactivation = slope_outcomes(float(z), "float64")
    true = true_slope(z)
    assert abs(state.value / true - 1) >= lost
    assert abs(factors.value / true - 1) >= lost
    assert abs(preactivation.value / true - 1) < 1e-15
    assert preactivation.ulps <= 4


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_the_form_from_z_is_right_for_every_z(dtype):
    rng = np.random.default_rng(0)
    z = np.concatenate([rng.normal(size=300), rng.uniform(-30, 30, 300)]).astype(dtype)
    worst = dict.fromkeys(SLOPE_FORMS, 0.0)
    for one in z.astype(float).tolist():
        for outcome in slope_outcomes(one, dtype):
            worst[outcome.form.name] = max(worst[outcome.form.name], outcome.ulps)
    assert worst["preactivation"] <= 5
    assert worst["state"] > 100
    assert worst["factors"] > 100


def test_a_step_that_rounds_to_its_bound_is_named():
    state, _, preactivation = slope_outcomes(20.0, "float64")
    assert [link.event for link in state.chain if link.step == "h"] == ["rounds to 1"]
    assert state.value == 0
    assert preactivation.chain[0].step == "|z|" or preactivation.ulps < 4


def test_the_curves_hold_every_form_and_the_point_asked_for():
    curves = slope_curves(18.0, "float64")
    assert 18.0 in curves.a
    assert curves.values.keys() == curves.ulps.keys() == SLOPE_FORMS.keys()
    place = curves.a.tolist().index(18.0)
    assert [curves.ulps[o.form.name][place] for o in slope_outcomes(18.0, "float64")] == [
        outcome.ulps for outcome in slope_outcomes(18.0, "float64")
    ]
    np.testing.assert_allclose(curves.exact, 1 / np.cosh(curves.a) ** 2, rtol=1e-13)


@pytest.mark.parametrize("bad", [np.nan, "1", None, np.inf])
def test_what_is_no_pre_activation_is_refused(bad):
    for use in (slope_outcomes, slope_curves):
        with pytest.raises(ValueError, match="z: expected"):
            use(bad, "float64")
    with pytest.raises(ValueError, match="dtype: expected one of"):
        slope_curves(1.0, "float8")
