"""The number that is written before or behind an array and multiplies all of it.

Other arithmetic beside an array is refused: the numbers that stand there are not the ones meant.
"""

import re
from fractions import Fraction

from app.experiment.reading.numerals import as_it_came
from app.experiment.reading.printed import Printed

_LOOKED_AT = 120  # characters before and behind

_NUMBER = r"(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,4})?"
_FACTOR = rf"({_NUMBER})(?:\s{{0,3}}/\s{{0,3}}({_NUMBER}))?"
_CALLS = r"(?:[\w.]{1,40}\(\s{0,40}){0,2}"
_TIMES = re.compile(rf"(?<![\w.)\]]){_FACTOR}[ \t]{{0,5}}\.?[*×·]\s{{0,40}}{_CALLS}\Z")
_MINUS = re.compile(rf"[-−]{_CALLS}\Z")
_BY = re.compile(
    rf"[ \t]{{0,5}}\)?[ \t]{{0,5}}\.?([*/×·])\s{{0,5}}{_FACTOR}(?![\w.]|[ \t]{{0,5}}[*/(\[^])"
)
_OPERATED = re.compile(
    rf"(?:[\w)\]}}][ \t]{{0,5}}[*/@^×·%]|[\d)\]}}][ \t]{{0,5}}[-+−])\s{{0,5}}{_CALLS}\Z"
)
_OPERATES = re.compile(
    r"[ \t]{0,5}\)?[ \t]{0,5}(?!\^\s{0,3}\{?\s{0,3}(?:T|\\top|\\intercal))"
    r"(?:(?:\*\*|[@*×·^]|/(?![/*]))\s{0,3}[\w(\[.]|[-+−]\s{0,3}[\d.(\[])"
)
_MADE = re.compile(
    r"\b(?:rand\w*|zeros\w*|ones\w*|eye|identity|empty\w*|full\w*|linspace|logspace|a?range|normal"
    r"|uniform|seq|rep|dot|matmul|outer|kron|diag)\(?\Z"
)
_METHOD = re.compile(r"\s{0,5}\)?\.([a-zA-Z_]\w{0,30})\(")
_HARMLESS = {
    *(
        "t",
        "transpose",
        "astype",
        "to",
        "cpu",
        "cuda",
        "detach",
        "numpy",
        "float",
        "double",
        "half",
    ),
    *("tolist", "copy", "clone", "squeeze", "requires_grad_", "bfloat16", "contiguous"),
}
_LATEX_FACTOR = re.compile(
    rf"(?:(?<![\d.}}]){_FACTOR}|\\[dt]?frac\{{({_NUMBER})\}}\{{({_NUMBER})\}})\Z"
)
_LATEX_OPERATED = re.compile(r"[\w)\]}]\s{0,5}[-+−*/^]\s{0,5}\Z")
_LATEX_BETWEEN = re.compile(r"(?:\s|\\cdot|\\times|\\[,;: ]|\\left\s?[\[(.|]|[*·×]){1,20}\Z")


def beside(text: str, one: Printed, where: str) -> Fraction:
    """Return the number that multiplies an array: 1 without any.

    Raises
    ------
    ValueError
        Something else is done to the array, or it is what a function is given.
    """
    before = text[max(0, one.start - _LOOKED_AT) : one.start]
    method = _METHOD.match(text, one.end)
    if (text[one.start] == "(" and _MADE.search(before)) or (
        method is not None and method[1] not in _HARMLESS
    ):
        raise _refused(text[max(0, one.start - 12) : one.end + 12], where)
    factor, rest = _before(before)
    if _OPERATED.search(rest) or (rest is not before and rest.rstrip()[-1:] in tuple("*/^+")):
        raise _refused(before + text[one.start : one.start + 12], where)
    if match := _BY.match(text, one.end):
        by = Fraction(match[2]) / _not_zero(match[3], where)
        return factor / _not_zero(by, where) if match[1] == "/" else factor * by
    if _OPERATES.match(text, one.end):
        raise _refused(text[max(0, one.end - 12) : one.end + _LOOKED_AT], where)
    return factor


def of_latex(text: str, where: str) -> Fraction:
    """Return the number, or the fraction, that multiplies the first matrix in LaTeX."""
    at = text.find("\\begin{")
    before = _LATEX_BETWEEN.sub("", text[max(0, at - _LOOKED_AT) : at])
    sign = 1
    if match := _LATEX_FACTOR.search(before):
        above, below = match[1] or match[3], match[2] or match[4]
        factor = Fraction(above) / _not_zero(below, where)
        before = before[: match.start()]
    else:
        factor = Fraction(1)
    if before[-1:] in ("-", "−") and before[:-1].rstrip()[-1:] in ("", "=", "(", "$", "&"):
        sign, before = -1, before[:-1]
    if _LATEX_OPERATED.search(before):
        raise _refused(before + text[at : at + 20], where)
    return sign * factor


def _before(before: str) -> tuple[Fraction, str]:
    """Return the factor that ends a text, and what stands before that."""
    factor = Fraction(1)
    rest = before
    if match := _TIMES.search(before):
        factor = Fraction(match[1]) / (Fraction(match[2] or 1) or 1)
        rest = before[: match.start()]
        if rest[-1:] in ("-", "−") and not rest[:-1].rstrip()[-1:].isalnum():
            return -factor, rest[:-1]
    elif (match := _MINUS.search(before)) and not _OPERATED.search(before):
        return -factor, before[: match.start()]
    return factor, rest


def _not_zero(number: str | Fraction | None, where: str) -> Fraction:
    found = Fraction(number or 1) if not isinstance(number, Fraction) else number
    if not found:
        raise ValueError(f"{where}: expected a number other than 0 to divide by, got 0")
    return found


def _refused(text: str, where: str) -> ValueError:
    return ValueError(
        f"{where}: expected an array alone, or times a number, got {as_it_came(text.strip())}: "
        "paste the numbers that come out"
    )
