"""Numbers to some significant digits: what is printed on a sheet, and what a learner writes."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

PLAIN = 10_000
"""Numbers below this that are exact with the digits asked for are written without zeros."""


def rounded(value: float, digits: int) -> float:
    """Return the number of that many significant digits that is nearest; ties go to the even."""
    if not value:
        return 0.0
    return float(Context(prec=digits, rounding=ROUND_HALF_EVEN).create_decimal_from_float(value))


def written(value: float, digits: int) -> str:
    """Return a number as it is printed: 0.140 for 0.1403 to three digits, 0.5 for an exact 0.5.

    Zeros at the end of a rounded number stay, since they are digits; a hyphen is the minus sign.
    """
    if abs(value) < PLAIN and value == rounded(value, digits):
        return shortest(value)
    exact = Context(prec=digits, rounding=ROUND_HALF_EVEN).create_decimal_from_float(value)
    places = digits - 1 - exact.adjusted()
    if places < 0:
        return str(int(exact))
    return f"{exact.quantize(Decimal(1).scaleb(-places)):f}"


def shortest(value: float) -> str:
    """Return the shortest text that reads back to the same number, without an empty fraction."""
    text = repr(float(value))
    return text.removesuffix(".0")
