"""The page Numerics: what it says, what it draws, and that each printed line is true."""

import math
import re
from typing import Any

import numpy as np
import pytest

from app.experiment.presets import PRESETS
from app.figures.precision_words import causes, happens, where
from app.views.numerics import compute
from app.views.numerics.figures import failures as figures
from app.views.numerics.figures.differences import v_curve
from app.views.numerics.figures.errors import errors
from app.views.numerics.figures.softmax import number_line
from app.views.numerics.page import SECTIONS
from app.views.numerics.sections.printed import lines_of
from app.views.numerics.sections.softmax import read
from rnn_core import precision
from rnn_core.precision import (
    FORMATS,
    GRADIENT_DERIVATION,
    LOSS_DERIVATION,
    QUANTITIES,
    Region,
    curves,
    exponential_range,
    outcomes,
)
from tests.app.figure_cases import unpacked
from tests.app.numerics import page, shown

POINTS = [
    (-1000.0, 1.0),
    (40.0, 0.0),
    (800.0, 1.0),
    (-12.0, 1.0),
    (3.0, 0.3),
    (0.0, 0.5),
    (-2.5, 1),
]


def test_opens_on_the_case_that_shows_the_point() -> None:
    app = page()
    assert not app.exception
    assert not app.error
    text = shown(app)
    assert (
        "At the logit a = −1000, the number before p = σ(a), with y = 1 the loss is **1000**."
        in text
    )
    assert (
        "gives **∞** in float64; computed from the logit itself (*stable*) it is **1000**." in text
    )
    assert "lost at a ≤ −709.8 (±∞), a ≥ 36.74 (NaN)" in text.replace("\u00a0", " ")
    assert (
        "At a = −1000, y = 1 in float64 the true loss is **1000**. The naive form gives **∞**, the "
        "clamped one, as some frameworks do it, **100**, the stable one **1000**." in text
    )
    assert "exp(1000) = ∞ (overflow) → p rounds to 0 → log(0) = −∞ (log of zero)" in text


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("name", ["spiral", "parity", "text", "exploding"])
def test_every_section_draws_for_every_kind_of_loss(section: str, name: str) -> None:
    app = page(section, PRESETS[name].experiment)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("dtype", FORMATS)
def test_the_table_states_what_the_core_computes(quantity: str, dtype: str) -> None:
    of = {"loss": "Loss L", "gradient": "Gradient ∂L/∂a"}[quantity]
    app = page(nu_a="-12", nu_y="1.0", nu_f=dtype, nu_of=of)
    assert not app.error
    text = shown(app)
    for outcome in outcomes(quantity, -12.0, 1.0, dtype):
        assert f"| {outcome.form.title} |" in text
        assert causes(outcome.chain).replace("|", "\\|") in text
    if quantity == "gradient" and dtype == "float64":
        assert "clamped form has gradient 0" not in text


def test_a_clamped_gradient_of_zero_is_told() -> None:
    assert "The clamped form has gradient 0 here" in shown(page(nu_of="Gradient ∂L/∂a"))


@pytest.mark.parametrize(
    "controls",
    [
        {"nu_a": "</script>"},
        {"nu_a": "1e999"},
        {"nu_a": "1e301"},
        {"nu_a": "1e9", "nu_f": "float16"},
        {"nu_a": ""},
    ],
)
def test_a_logit_that_cannot_be_used_is_told_and_replaced(controls: dict[str, str]) -> None:
    app = page(**controls)
    assert not app.exception
    assert any("Logit a" in element.value for element in app.error)
    assert "At a = −1000" in shown(app)


@pytest.mark.parametrize(
    "controls",
    [
        {"nu": "galaxy"},
        {"nu_y": "7"},
        {"nu_y": "nan"},
        {"nu_f": "float8"},
        {"nu_of": "L"},
        {"nu": "Finite differences", "nu_h": "-99"},
        {"nu": "First non-finite number", "nu_g": "-1", "nu_phi": "sin", "nu_form": "best"},
        {"nu": "Softmax", "nu_c": "0"},
    ],
)
def test_a_bad_control_in_the_address_falls_back(controls: dict[str, str]) -> None:
    app = page(**controls)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("text", ["1", "a, b", ",".join(["1"] * 13), "1e400, 0", "1e305, 0", ""])
def test_logits_that_cannot_be_used_are_told(text: str) -> None:
    app = page("Softmax", nu_k=text)
    assert not app.exception
    assert "1000, 1001, 999 is used" in app.error[0].value


NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?(?:e[+-]?\d+)?)")


def evaluated(expression: str, dtype: str) -> float:
    """Evaluate a printed line with every operation in a format; log 0 and 1/0 are infinite."""
    kind = FORMATS[dtype].type
    functions: dict[str, Any] = {"exp": np.exp, "log": np.log, "log1p": np.log1p, "abs": np.abs}
    functions |= {"max": np.maximum, "K": kind, "__builtins__": {}}
    source = NUMBER.sub(r"K('\1')", expression)
    source = re.sub(r"\binf\b", "K('inf')", re.sub(r"\bnan\b", "K('nan')", source))
    with np.errstate(all="ignore"):
        return float(eval(source, functions))  # noqa: S307  # the page's own arithmetic


@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize("forms", [LOSS_DERIVATION, GRADIENT_DERIVATION])
def test_every_printed_line_evaluates_to_the_printed_value(dtype: str, forms: Any) -> None:
    for a, y in POINTS:
        for line in lines_of(forms, a, y, dtype):
            for printed in line.printed:
                expression, value = (
                    printed.removeprefix("m = ").removeprefix("p = ").rsplit(" = ", 1)
                )
                found, wanted = evaluated(expression, dtype), float(value)
                rounded = float(f"{found:.4g}")  # as results are printed; p and m lose nothing
                exactly = float(FORMATS[dtype].type(value))
                nan = math.isnan(found) and math.isnan(wanted)
                assert nan or rounded == wanted or found == exactly, printed


def test_a_planted_error_in_a_printed_line_is_found() -> None:
    assert evaluated("1*log1p(exp(-(-1000)))", "float64") == math.inf
    assert evaluated("max(-1000, 0) - (-1000*1)", "float64") == 1000
    assert evaluated("2048 + 1", "float16") == 2048
    assert evaluated("2048 + 1", "float32") != 2048


def test_the_derivation_says_which_lines_break() -> None:
    text = shown(page("Derivation"))
    assert "in float64 lines 1, 2 and 3 give something else, and the last one gives 1000." in text
    assert "max(-1000, 0) - (-1000*1) + log1p(exp(-abs(-1000))) = 1000" in text
    assert "All 5 lines give it in float64" in shown(page("Derivation", nu_a="2"))


def test_finite_differences_state_the_numbers_of_the_step() -> None:
    text = shown(page("Finite differences", nu_h="-5.0"))
    here = compute.quotient_at(1.5, 1.0, -5.0, "float64")
    assert "With h = 1e−5 the central difference is" in text
    error = f"{float(here.central_error[0]):.3e}".replace("e-", "e−").replace("e−0", "e−")
    assert f"off by {error.replace('0e', 'e')}" in text


def test_two_logits_are_the_binary_case() -> None:
    text = shown(page("Softmax", nu_k="0, -1000", nu_c="2"))
    assert "the second logit less the first is a = −1000, y = 1." in text
    assert text.count("**1000**") >= 3


@pytest.mark.parametrize("text", ["0,-1000", "0 -1000", "[0, -1000]", "0; -1e3", "0\t-1000"])
def test_logits_are_read_as_they_are_written(text: str) -> None:
    assert read(text, "float64") == (0, -1000)


def test_softmax_names_the_overflow() -> None:
    text = shown(page("Softmax"))
    assert "the naive softmax loss is **NaN**, the shifted one **1.408**" in text
    assert "exp(1000) = ∞ (overflow) → ∞ / ∞ = NaN" in text


def test_regions_are_told_as_ranges() -> None:
    assert where(Region("p", "rounds to 1", 36.73680056967711, 1.7e308)) == "a ≥ 36.74"
    assert where(Region("e", "overflow", -1.7e308, -709.7827128933841)) == "a ≤ −709.8"
    assert where(Region("p", "subnormal", -709.78, -708.4)) == "−709.8 ≤ a ≤ −708.4"
    assert where(Region("p", "zero", -1e308, 1e308)) == "all a"
    assert where(Region("L", "zero", 0.0, 0.0)) == "a = 0"
    assert happens("p", "rounds to 1") == "p rounds to 1"


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_charts_hold_the_numbers_of_the_core(quantity: str) -> None:
    shown_ = curves(quantity, -1000.0, 1.0, "float64")
    found = outcomes(quantity, -1000.0, 1.0, "float64")
    chart = figures.failures(quantity, shown_, found, -1000.0, "float64")
    assert [view["name"] for view in chart["views"]] == [o.form.title for o in found]
    assert len(chart["tables"]) == len(found)
    naive = chart["views"][0]
    symbol, left = ("L", "±∞") if quantity == "loss" else ("∂L/∂a", "NaN")
    assert f"a ≤ −709.8: {symbol} = {left}; a ≥ 36.74: {symbol} = NaN." in naive["text"]
    steps = dict(
        zip(chart["tables"][0]["rows"], unpacked(chart["tables"][0]["cells"]), strict=True)
    )
    assert round(steps["exp(−a) overflows"][1], 2) == -709.78
    assert round(steps["1 + exp(−a) rounds to 1"][0], 3) == 36.737
    figure = naive["figure"]
    assert figure is not None
    names = {trace.get("name") for trace in figure["data"] if trace.get("showlegend", True)}
    assert {"step gives ∞ or NaN", "step rounds or clamps"} <= names  # what the colours mean
    lanes = figure["layout"]["yaxis2"]["ticktext"]
    assert {"exp(−a) overflows", "p rounds to 0", "p rounds to 1"} <= set(lanes)
    error = errors(quantity, shown_, found, -1000.0, "float64")
    assert "Naive ∞" in error["views"][0]["text"]
    for table in (*chart["tables"], *error["tables"]):
        assert len(table["rows"]) == int(table["cells"]["shape"].split(",")[0])


def test_v_curve_and_number_line_state_their_numbers() -> None:
    curve = v_curve(
        compute.quotients(1.5, 1.0, "float64"),
        compute.quotient_at(1.5, 1.0, -3.0, "float64"),
        "float64",
    )
    assert "theory says ∛ε = 6.055e−6" in curve["views"][0]["text"]
    assert "theory says √ε = 1.49e−8" in curve["views"][0]["text"]
    line = number_line((1000.0, 2.0), exponential_range("float64"), "float64", "")
    assert "1 of 2 logits overflow as they are" in line["views"][0]["text"]


@pytest.mark.parametrize(
    ("z", "dtype", "expected"),
    [
        ("10", "float64", "From h it is **8.24461454663e−9**, off by 1.1e−8 of it"),
        ("18", "float64", "off by 4"),
        ("20", "float64", "Nothing is left: h has been rounded to ±1"),
        ("-20", "float64", "the true slope is **1.69934170212e−17**"),
        ("9", "float32", "the true slope is"),
        ("4", "float16", "the true slope is"),
    ],
)
def test_the_slope_of_tanh_is_shown_by_h_and_by_z(z: str, dtype: str, expected: str) -> None:
    app = page("slope", nu_z=z, nu_f=dtype)
    text = shown(app)
    assert not app.exception
    assert expected in text
    for outcome in precision.slope_outcomes(float(z), dtype):
        assert outcome.form.title in text
