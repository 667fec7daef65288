"""Numbers as text, in the one way in which they are written everywhere."""

from decimal import ROUND_HALF_UP, Context, Decimal
from math import isfinite, isinf, isnan

MINUS = "−"
SMALLEST_PLAIN, LARGEST_PLAIN = 1e-4, 1e5  # what is smaller, or not smaller, has an exponent
DIGITS = 4
"""How many significant digits a computed number has where nobody asks for others."""


def plain(value: float, count: int = DIGITS) -> str:
    """Return a number as a program reads it, with an ASCII minus sign.

    It has at most `count` significant digits, without zeros at the end; a zero has no sign.
    """
    if not isfinite(value):
        return str(float(value))
    if value == 0:
        return "0"
    size, value = abs(value), _untied(value, count)
    if SMALLEST_PLAIN <= size < LARGEST_PLAIN:
        text = f"{value:.{count}g}"
        text = f"{float(text):.0f}" if "e" in text else text
    else:
        mantissa, exponent = f"{value:.{count - 1}e}".split("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        text = f"{mantissa}e{int(exponent)}"
    return text


def displayed(value: float, count: int = DIGITS) -> str:
    """Return a number as `plain` does, for people: with a true minus sign, and ∞."""
    if isnan(value):
        return "NaN"
    if isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    return plain(value, count).replace("-", MINUS)


def _untied(value: float, digits: int) -> float:
    """Return a number half-way between two of so many digits as the one further from zero.

    That is the one that JavaScript writes; Python writes the even one, and all others alike.
    """
    longer = f"{value:.{digits}e}"
    if longer[longer.index("e") - 1] != "5" or Decimal(longer) != Decimal(value):
        return value
    return float(Context(digits, ROUND_HALF_UP).create_decimal(Decimal(value)))
