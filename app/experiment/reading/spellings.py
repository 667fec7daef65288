"""Other spellings of one number, as decimals: 0x1F, 0b101, ½, 1½, 1⁄2, 1_000, 1.2 × 10⁻³.

Each means one number wherever it stands, so nothing is said of it. Linear in the text.
"""

import re
import unicodedata
from fractions import Fraction

_VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞↉"
_SMALL = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_FROM_SMALL = str.maketrans(_SMALL + "⁻⁺−–", "0123456789-+--")

_BASED = re.compile(
    r"(?<![\w.])0(?:[xX](?=[\da-fA-F.])([\da-fA-F]{0,32}(?:\.[\da-fA-F]{0,32})?(?:[pP][+-]?\d{1,4})?)"
    r"|[bB]([01]{1,64})|[oO]([0-7]{1,22}))(?![\w.])"
)
_MIXED = re.compile(rf"(?<![\w.,])(\d{{1,9}})([{_VULGAR}])(?![\w{_VULGAR}])")
_ALONE = re.compile(rf"(?<![\w.{_VULGAR}])([{_VULGAR}])(?![\w{_VULGAR}])")
_GROUPED = re.compile(r"(?<![\w.])(\d{1,3}(?:_\d{3}){1,9})(?!\w)(\.)?")
_POWER = re.compile(
    r"(?<=[\d.])[ \t]?(?:[×·⋅*]|\\times|\\cdot)[ \t]?10(?:\^[({]?([+\-−–]?\d{1,4})[)}]?(?![\d.])"
    rf"|([⁺⁻]?[{_SMALL}]{{1,4}}))"
)
_ONLY_POWER = re.compile(rf"(?<![\w.,^])10([⁺⁻]?[{_SMALL}]{{1,4}})")


def as_decimals(text: str) -> str:
    """Return a text with such numbers as parsers of decimals take them; others stay.

    A number that is too large for float64 stays as it is, and is refused where it is read.
    """
    if "0x" in text or "0X" in text or "0b" in text or "0B" in text or "0o" in text or "0O" in text:
        text = _BASED.sub(_from_base, text)
    if "_" in text:
        text = _GROUPED.sub(lambda found: found[1].replace("_", "") + (found[2] or ".0"), text)
    if "10" in text:
        text = _POWER.sub(lambda found: f"e{(found[1] or found[2]).translate(_FROM_SMALL)}", text)
    if text.isascii():
        return text
    if any(sign in text for sign in _SMALL):
        text = _ONLY_POWER.sub(lambda found: f"1e{found[1].translate(_FROM_SMALL)}", text)
    if any(sign in text for sign in _VULGAR):
        text = _MIXED.sub(lambda found: _ratio(int(found[1]), found[2]), text)
        text = _ALONE.sub(lambda found: _ratio(0, found[1]), text)
    return text.replace("⁄", "/")


def _from_base(found: re.Match[str]) -> str:
    hexadecimal, binary, octal = found.groups()
    try:
        if hexadecimal is None:
            value = float(int(binary or octal, 2 if binary else 8))
        else:
            value = float.fromhex(f"0x{hexadecimal}")
    except (ValueError, OverflowError):
        return found[0]
    return repr(value)  # with a point: `31,32` would be one number


def _ratio(whole: int, sign: str) -> str:
    found = Fraction(unicodedata.numeric(sign)).limit_denominator(10) + whole
    return f"{found.numerator}/{found.denominator}"
