"""Cells that are no numbers: dates and times, and signs that a value is missing."""

import re

MISSING = frozenset(
    ("", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "?", ".", "..", "missing")
)

_YEAR, _MONTH, _DAY = r"[12]\d\d\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_MONTHS = (  # in English, German, French, Spanish, Italian and Portuguese
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mrz|mai|okt|dez|fév|fev|avr|juin|juil|aoû"
    "|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|out"
)
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}([-/.]){_MONTH}\1{_DAY}(?:[T ].{{1,20}})?",
        rf"{_YEAR}[-/]{_MONTH}",
        rf"{_MONTH}[-/]{_YEAR}",
        rf"{_DAY}([-/.]){_DAY}\1(?:\d{{4}}|\d\d)(?:[T ].{{1,20}})?",
        rf"{_YEAR}[- ]?Q[1-4]|Q[1-4][- /]?{_YEAR}",
        rf"{_YEAR}M(?:0[1-9]|1[0-2])|{_YEAR}-?W[0-5]\d(?:-?[1-7])?",
        r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?",
        rf"(?:\d{{1,4}}[- .]{{1,2}})?(?:{_MONTHS})[^\W\d_]{{0,6}}\.?"
        r"(?:[- .,]{1,2}\d{1,4}){1,2}",
    )
)


def is_date(cell: str) -> bool:
    """Return whether a cell is a date or a time: 2019-01-31, 2019/10, 31.1.2019, 12:30, Jan 19."""
    plain = cell.strip() if len(cell) < 80 else cell
    return 4 <= len(plain) <= 40 and any(date.fullmatch(plain) for date in _DATES)


def is_missing(cell: str) -> bool:
    """Return whether a cell says that there is no number."""
    return len(cell) < 10 and cell.strip().lower() in MISSING
