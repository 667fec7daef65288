"""Numbers, labels and sentences as the figures write them."""

import math

import numpy as np
import pytest

from app.figures.words import not_finite, plain_label, plotly_text, short


def test_labels_are_one_short_visible_line() -> None:
    assert plain_label(" ") == "␣"
    assert plain_label("a\nb\x00\u202ec") == "a↵b��c"
    assert plain_label("x" * 50) == "x" * 12 + "…"
    assert plotly_text("<&>") == "&lt;&amp;&gt;"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.5, "−0.5"),
        (1.23456, "1.235"),
        (12345.678, "12350"),
        (1e-5, "1e−5"),
        (-1.5e300, "−1.5e300"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (math.nan, "NaN"),
        (99999.9, "100000"),
    ],
)
def test_numbers_in_sentences(value: float, text: str) -> None:
    assert short(value) == text


def test_what_is_finite_needs_no_sentence() -> None:
    assert not_finite("h", np.ones((3, 2)), 0) == ""
