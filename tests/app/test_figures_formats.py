"""How numbers are written is said once for all figures, and once for the browser."""

import re

import pytest

from tests.conftest import ROOT

FIGURES = sorted((ROOT / "app").rglob("*.py"))
SCRIPTS = sorted((ROOT / "app").rglob("*.js"))
OWN_FORMAT = re.compile(
    r"""%\{+\w+:(?!\{(?:axes\.)?HOVER_)   # a format of its own in a hover text
    | ["']?(?:tickformat|hoverformat|exponentformat)["']?\s*[:=]""",
    re.VERBOSE,
)
OWN_EXPONENT = re.compile(r"exponentformat|toExponential|toPrecision|toLocaleString\(\)")
OWN_DIGITS = re.compile(r""":\.(?:[1-9]\d*|\{[^{}]*\})[eEfFgG]\}|["']%\.\d""")
MAY_ROUND = {
    "app/components/autograd_view/payload.py": "what a component is sent to draw",
    "app/views/shared/bound.py": "a field to type in",
    "app/views/practice/compute/results.py": "what a field is filled with",
    "app/views/gradient_flow/sections/controls.py": "choices of a control",
    "app/listings/worksheets/qti.py": "what another program reads",
    "app/listings/worksheets/moodle.py": "what another program reads",
    "app/views/gradient_flow/figures/sweep_words.py": "exponents, in narrow cells",
    "app/views/gradient_flow/figures/decades.py": "numbers that float64 does not hold",
    "app/views/gradient_flow/sections/remedies.py": "seconds that are an estimate",
    "app/views/gradient_flow/sections/over_time.py": "seconds that are an estimate",
}
SAID_IN = {
    "axes.py": 4,
    "paint.js": 2,
    "numbers.js": 3,
    "grip.js": 1,
    "factors.js": 1,
    "pullback.js": 1,
    "marks.js": 1,
}
"""Lines that may: the one place of each kind, and sums that are rounded, not shown."""


def found(pattern: re.Pattern[str], name: str, text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if pattern.search(line)]
    return lines[SAID_IN.get(name, 0) :]


def test_no_figure_has_a_format_of_its_own() -> None:
    assert FIGURES
    for path in FIGURES:
        assert found(OWN_FORMAT, path.name, path.read_text("utf-8")) == [], path


def test_no_script_has_one_either() -> None:
    assert SCRIPTS
    for path in SCRIPTS:
        assert found(OWN_EXPONENT, path.name, path.read_text("utf-8")) == [], path


def test_no_sentence_rounds_a_number_itself() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in FIGURES
        if OWN_DIGITS.search(path.read_text("utf-8"))
    }
    assert found == set(MAY_ROUND)


@pytest.mark.parametrize(
    "text",
    ['f"{loss:.4g}"', 'f"{a / b:.2f}×"', 'f"{value:.{count}e}"', '"%.6g" % value'],
)
def test_a_planted_rounding_is_found(text: str) -> None:
    assert OWN_DIGITS.search(text)


@pytest.mark.parametrize(
    "line",
    [
        '"hovertemplate": "%{x:.5~g}<extra></extra>",',
        'f"t = %{{x:.2f}}"',
        '"tickformat": "d",',
        'number_axis("error", exponentformat="power")',
    ],
)
def test_a_planted_format_is_found(line: str) -> None:
    assert found(OWN_FORMAT, "planted.py", line) == [line]
