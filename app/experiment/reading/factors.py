"""The factor that is written before or behind an array and multiplies all of it."""

import re
from fractions import Fraction

from app.experiment.reading.printed import Printed

_FACTOR = r"([+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,4})?)"
_TIMES = re.compile(_FACTOR + r"\s{0,5}\.?[*×·]\s{0,40}(?:[\w.]{1,40}\(\s{0,40})?\Z")
_BY = re.compile(r"\s{0,5}\)?\s{0,5}\.?([*/×·])\s{0,5}" + _FACTOR + r"(?![\d.]|\s{0,5}[*(\[])")
_TIMES_LATEX = re.compile(
    r"(?:(?<![\d.}])" + _FACTOR + r"|\\[dt]?frac\{" + _FACTOR + r"\}\{" + _FACTOR + r"\})"
    r"(?:\s|\\cdot|\\times|\\[,;: ]|\\left\s?[\[(.|]|[*·×]){0,20}\Z"
)


def beside(text: str, one: Printed) -> Fraction:
    """Return the number that is written before or behind an array and multiplies all of it."""
    found = Fraction(1)
    if match := _TIMES.search(text[max(0, one.start - 120) : one.start]):
        found = Fraction(match[1])
    if match := _BY.match(text, one.end):
        by = Fraction(match[2])
        found = found * by if match[1] != "/" else found / by if by else found
    return found


def of_latex(text: str) -> Fraction:
    """Return the number or fraction before a matrix in LaTeX, which multiplies all of it."""
    at = text.find("\\begin{")
    match = _TIMES_LATEX.search(text[max(0, at - 120) : at]) if at > 0 else None
    if match is None:
        return Fraction(1)
    below = Fraction(match[3] or 1)
    return Fraction(match[1] or match[2]) / below if below else Fraction(1)
