"""One number, or a column of them, from what people write; nothing is ever evaluated.

Every refusal is a ValueError of one sentence: which cell, what was expected, what came.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.experiment.reading.spellings import as_decimals

LONGEST_NUMBER = 60
LARGEST_POWER = 1100  # 2^1100 and 2^-1100 are beyond float64 already
SHOWN = 24  # characters of a bad cell that are repeated

EXAMPLES = "a number such as 0.5, 1/3 or -1e-3"

_ZEROS = "٠۰߀०০੦૦୦௦౦೦൦๐໐༠၀០᠐０"  # of the digits of other scripts
WIDE = str.maketrans(
    {chr(ord(zero) + digit): str(digit) for zero in _ZEROS for digit in range(10)}
    | dict(zip("．，；：＋／＊＝（）［］｛｝｜％＄", ".,;:+/*=()[]{}|%$", strict=True))
    | dict.fromkeys("－‐‑‒﹣⁻", "-")
    | {"٫": ".", "،": ",", "؛": ";", "٬": "’"}
)
"""Digits, marks and dashes of other scripts and widths, as ASCII has them."""

_SIGNS = WIDE | str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\ufeff": " "})
_DECIMAL = r"[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+"
_FLOAT = rf"[+-]?(?:{_DECIMAL})(?:(?:[eEdDf]|\*\^)[+-]?[0-9]+)?"
"""With the exponents of Fortran (1.0D+00), Julia (1.0f0) and Mathematica (1.0*^0)."""
_EXPONENT = re.compile(r"[dDf]|\*\^")
_NUMBER = re.compile(rf"({_FLOAT})\s*(?:([/^])\s*({_FLOAT}))?")
_PLAIN = re.compile(r"[0-9.eE+\-\n]*")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:(?:,[0-9]{3})+(?:\.[0-9]*)?|(?:\.[0-9]{3})+(?:,[0-9]*)?)")
_SPACED = re.compile(r"([+-]?[0-9]{1,3}(?:[ '’][0-9]{3})+)((?:[.,][0-9]*)?)")


def parse_number(text: str, where: str = "value") -> float:
    """Return one finite number: decimals with point or comma, `a/b`, `a^n`, 0x1F, ½, Unicode minus.

    Raises
    ------
    ValueError
        The text is not such a number, or it is too large for float64.
    """
    match = _NUMBER.fullmatch(_plain(text)) if len(text) <= LONGEST_NUMBER else None
    if match is None:
        raise _not_a_number(where, text)
    first, operator, second = match.groups()
    try:
        value = _float(first)
        if operator == "/":
            value /= _float(second)
        elif operator == "^":
            value = _power(value, _float(second))
    except (ArithmeticError, ValueError):
        raise _not_a_number(where, text) from None
    if not math.isfinite(value):
        raise ValueError(f"{where}: expected a finite number, got {as_it_came(text)}")
    return value


def is_number(cell: str) -> bool:
    """Return whether a cell is a number, with or without groups of three digits."""
    if len(cell) > LONGEST_NUMBER:
        return False
    plain = _plain(cell)
    return bool(_NUMBER.fullmatch(plain) or _GROUPED.fullmatch(plain) or _SPACED.fullmatch(plain))


def is_grouped(cell: str) -> bool:
    """Return whether a cell is a number with groups of three digits, such as `1,234` or `1 234`."""
    plain = cell.translate(_SIGNS).strip() if len(cell) <= LONGEST_NUMBER else ""
    return bool(_GROUPED.fullmatch(plain) or _SPACED.fullmatch(plain))


@dataclass(frozen=True)
class Convention:
    """What `1,234` and `1.234` are in a text: whether the mark parts groups of three digits."""

    commas_group: bool = False
    points_group: bool = False
    example: str = ""  # a cell in which that decides

    @property
    def groups(self) -> bool:
        """Whether the mark in the example parts groups."""
        return self.commas_group if "," in self.example else self.points_group

    @property
    def sentence(self) -> str:
        """How the example was read."""
        mark = "comma" if "," in self.example else "point"
        if self.groups:
            return f"“{self.example}” read as {self._joined}: the {mark} parts thousands."
        return f"“{self.example}” read as {self.example.replace(',', '.')}: a decimal {mark}."

    @property
    def other(self) -> str:
        """What the example would be if the mark were the other kind."""
        return self.example.replace(",", ".") if self.groups else self._joined

    @property
    def _joined(self) -> str:
        return self.example.replace(",", "").replace(".", "")

    def number(self, cell: str, where: str) -> float:
        """Return the number in a cell; ValueError as `parse_number`."""
        plain = cell.translate(_SIGNS).strip() if len(cell) <= LONGEST_NUMBER else cell
        if match := _SPACED.fullmatch(plain):
            plain = re.sub("[ '’]", "", match[1]) + match[2]
        elif _GROUPED.fullmatch(plain):
            if self.commas_group and _first_mark(plain) == ",":
                plain = plain.replace(",", "")
            elif self.points_group and _first_mark(plain) == ".":
                plain = plain.replace(".", "")
        elif plain == cell:
            return parse_number(cell, where)
        try:
            return parse_number(plain, where)
        except ValueError:
            return parse_number(cell, where)  # whose sentence shows what came


def convention(cells: Iterable[str], separator: str, grouped: bool | None = None) -> Convention:
    """Find out what the marks in the numbers of a text are.

    A cell such as `0,5` shows that a comma is the decimal mark, `1,234,567` or `1,234.5` that it
    parts groups. Where only cells such as `1,234` are found, commas part groups if they also
    separate the cells (such a cell was in quotes), and are decimal marks elsewhere. `grouped`
    decides against that.
    """
    evidence = {(",", True): False, (",", False): False, (".", True): False, (".", False): False}
    example = ""
    for cell in dict.fromkeys(cells):
        if ("," not in cell and "." not in cell) or len(cell) > LONGEST_NUMBER:
            continue
        plain = cell.translate(_SIGNS).strip()
        mark = _first_mark(plain)
        other = "." if mark == "," else ","
        if not _GROUPED.fullmatch(plain) or plain.lstrip("+-").startswith("0"):
            if _NUMBER.fullmatch(plain):
                evidence[mark, False] = True
        elif other in plain or plain.count(mark) > 1:
            evidence[mark, True] = evidence[other, False] = True
        elif not example or (mark == "," and "," not in example):
            example = plain
    commas = evidence[",", True] or (
        not evidence[",", False] and (evidence[".", False] or separator == ",")
    )
    points = evidence[".", True] or (not evidence[".", False] and evidence[",", False])
    if grouped is not None and example:
        commas, points = grouped and "," in example, grouped and "." in example
    return Convention(commas, points, example)


def column(cells: Sequence[str], how: Convention, where: Callable[[int], str]) -> list[float]:
    """Return the numbers of a column; `where` names the cell of an index in a refusal.

    Raises
    ------
    ValueError
        A cell is none; one sentence.
    """
    text = "\n".join(cells).replace("−", "-").replace("–", "-").replace(" ", "")
    if not how.commas_group:
        text = text.replace(",", ".")
    if (
        _PLAIN.fullmatch(text)
        and not how.points_group
        and " " not in "".join(map(str.strip, cells))
    ):
        texts = text.split("\n")
        if max(map(len, texts)) <= LONGEST_NUMBER:
            try:
                values = [*map(float, texts)]
            except ValueError:
                values = [math.nan]
            if all(map(math.isfinite, values)):
                return values
    known: dict[str, float] = {}
    for index, cell in enumerate(cells):
        if cell not in known:
            known[cell] = how.number(cell, where(index))
    return [known[cell] for cell in cells]


def as_it_came(text: str) -> str:
    """Repeat what came, short, with everything that does not print escaped."""
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")


def _plain(cell: str) -> str:
    return as_decimals(cell).translate(_SIGNS).strip()


def _float(text: str) -> float:
    return float(_EXPONENT.sub("e", text.replace(",", ".")))


def _power(base: float, exponent: float) -> float:
    if not exponent.is_integer() or abs(exponent) > LARGEST_POWER:
        raise ValueError("a whole exponent of moderate size")
    return base ** int(exponent)


def _first_mark(plain: str) -> str:
    comma, point = plain.find(","), plain.find(".")
    return "," if comma >= 0 and (point < 0 or comma < point) else "."


def _not_a_number(where: str, text: str) -> ValueError:
    return ValueError(f"{where}: expected {EXAMPLES}, got {as_it_came(text)}")
