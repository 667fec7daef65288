"""The exact values that formats are measured against: those of mpmath, to the last digit."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnn_core.precision import (
    EXACT,
    error_in_ulp,
    exact_softmax_loss,
)
from tests.core.exact import true

TINY = mpmath.mpf("1e-400")  # below every format


@pytest.mark.parametrize("quantity", ["loss", "gradient"])
def test_the_kept_truth_is_that_of_mpmath(quantity):
    rng = np.random.default_rng(0)
    logits = [0.0, 5e-324, -1e-30, 36.7, -40.0, 709.0, -1000.0, 1e17, -1e300, *rng.normal(size=40)]
    for a in logits:
        for y in (0.0, 1.0, 0.3, 5e-324):
            wanted = true(quantity, a, y)
            found = mpmath.mpf(str(EXACT[quantity](float(a), y)))
            assert abs(found - wanted) <= abs(wanted) * mpmath.mpf("1e-40") + TINY, (a, y)


CANCELLING = [
    ("gradient", 5.65e-58, 0.5),
    ("gradient", 5e-324, 0.5),
    ("gradient", -1e-300, 0.5),
    ("gradient", 1e-200, math.nextafter(0.5, 1)),
    ("gradient", 0.0, 0.5),
    ("gradient", 1.2165095941859896, 0.7129443367591348),
    ("loss", 5e-324, 1.0),
    ("loss", -745.2, math.nextafter(1.0, 0)),
]


@pytest.mark.parametrize(("quantity", "a", "y"), CANCELLING)
def test_the_kept_truth_has_all_digits_where_terms_cancel(quantity, a, y):
    with mpmath.workdps(1200):
        wanted = true(quantity, a, y)
        found = mpmath.mpf(str(EXACT[quantity](a, y)))
        assert abs(found - wanted) <= abs(wanted) * mpmath.mpf("1e-25")


finite = st.floats(-1e308, 1e308, allow_nan=False) | st.floats(-800, 800)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.lists(finite, min_size=1, max_size=5), st.data())
def test_the_softmax_truth_is_exact_to_the_last_digit(logits, data):
    index = data.draw(st.integers(0, len(logits) - 1))
    with mpmath.workdps(1200):
        top = max(logits)
        below = [mpmath.exp(max(mpmath.mpf(a) - top, -3000)) for a in logits]
        below.remove(1)
        total = mpmath.mpf(top) + mpmath.log1p(mpmath.fsum(below))
        # Not as float64: a sum half-way between two of them is rounded by its 400th digit.
        found, wanted = mpmath.mpf(str(exact_softmax_loss(logits, index))), total - logits[index]
        assert abs(found - wanted) <= max(mpmath.mpf("1e-29") * wanted, mpmath.mpf("5e-324"))


def test_the_softmax_truth_of_logits_far_apart():
    """By hand: log(1 + e^−700.2 …), which a shift rounded to float64 would miss by 181 ulp."""
    for logits in ([700.1, -0.1], [163.0, -107.0, -187.0]):
        with mpmath.workdps(400):
            others = mpmath.fsum(mpmath.exp(mpmath.mpf(a) - logits[0]) for a in logits[1:])
            wanted = float(mpmath.log1p(others))
        assert float(exact_softmax_loss(logits, 0)) == wanted


def test_a_planted_error_in_the_truth_is_measured():
    exact = EXACT["loss"](1.0, 1.0)
    right = float(exact)
    assert error_in_ulp(right, exact, "float64") <= 0.5
    for steps in (1, 3):
        wrong = right
        for _ in range(steps):
            wrong = math.nextafter(wrong, math.inf)
        assert error_in_ulp(wrong, exact, "float64") == pytest.approx(steps, abs=0.5)
    assert error_in_ulp(math.nan, exact, "float64") == math.inf
    assert error_in_ulp(float(np.float16(right)), exact, "float16") <= 0.5
