"""Dates -> days since the first of them, so that time can be an input."""

import re
from collections.abc import Callable, Sequence
from datetime import MAXYEAR, datetime

from app.experiment.reading.dates import is_missing

SECONDS = 86_400
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(r"[T ]\s*(\d{1,2}):(\d\d)(?::(\d\d(?:[.,]\d+)?))?(.*)")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d\d?)(?:[-/.](\d\d?))?")
_YEAR_LAST = re.compile(r"(?:(\d\d?)([-/.]))?(\d\d?)[-/.](\d{4})")
_QUARTER = re.compile(r"(\d{4})[- ]?Q(\d)|Q(\d)[- /]?(\d{4})", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)

Parts = tuple[int, int, int]  # year, month, day
Moments = list[datetime]

ORDERS = ("day first", "month first")
"""What 3/4/2019 may mean; where all dates of a column are dates in one order only, it is that."""


MOST = 5_000  # dates: as many steps as a sequence may have


def orders(cells: Sequence[str]) -> dict[str, Moments]:
    """Return the orders in which every date names its day, with what the dates are in each.

    None where days cannot be counted, and one where all orders mean the same.
    """
    if len(cells) > MOST:
        return {}
    found = {ORDERS[0]: _moments(cells, ORDERS[0])}
    if any(_is_either(cell.strip()) for cell in cells):
        found[ORDERS[1]] = _moments(cells, ORDERS[1])
    told = {order: moments for order, moments in found.items() if moments}
    same = len(told) == 2 and told[ORDERS[0]] == told[ORDERS[1]]
    return {ORDERS[0]: told[ORDERS[0]]} if same else told


def days(cells: Sequence[str], order: str) -> list[float]:
    """Return the days from the first date to each.

    Months and quarters count from their first day, and a time of day is part of a day.
    """
    found = _moments(cells, order)
    return [(one - found[0]).total_seconds() / SECONDS for one in found]


def _is_either(cell: str) -> bool:
    """Whether the first number may be the day or the month."""
    found = _YEAR_LAST.match(cell)
    return found is not None and bool(found[1]) and found[2] != "."


def _moments(cells: Sequence[str], order: str) -> Moments:
    """Return the date of each cell that has one; empty where one cannot be told."""
    found, zones = [], set()
    for cell in cells:
        if is_missing(cell):
            continue
        moment, zone = _moment(cell.strip(), order)
        if moment is None:
            return []
        found.append(moment)
        zones.add(zone)
    return found if len(zones) < 2 else []  # a.m. and p.m., or zones that differ, are not read


def _moment(cell: str, order: str) -> tuple[datetime | None, str]:
    time = _TIME.search(cell)
    day = cell[: time.start()] if time else cell
    parts = next((found for read in _READERS if (found := read(day, order))), None)
    hour, minute, second = (time[1], time[2], time[3] or "0") if time else ("0", "0", "0")
    if parts is None or not 0 < parts[0] <= MAXYEAR:
        return None, ""
    whole, _, part = second.replace(",", ".").partition(".")
    clock = (int(hour), int(minute), int(whole), int(f"{part:0<6}"[:6]))
    try:
        moment = datetime(*parts, *clock)
    except ValueError:
        return None, ""
    return moment, time[4] if time else ""


def _year_first(day: str, _: str) -> Parts | None:
    found = _YEAR_FIRST.fullmatch(day)
    return (int(found[1]), int(found[2]), int(found[3] or 1)) if found else None


def _year_last(day: str, order: str) -> Parts | None:
    found = _YEAR_LAST.fullmatch(day)
    if found is None:
        return None
    one, two, year = int(found[1] or 1), int(found[3]), int(found[4])
    if found[1] and found[2] != "." and order == ORDERS[1]:  # with points the day is first
        one, two = two, one
    return year, two, one


def _quarter(day: str, _: str) -> Parts | None:
    found = _QUARTER.fullmatch(day)
    return (int(found[1] or found[4]), 3 * int(found[2] or found[3]) - 2, 1) if found else None


def _named(day: str, _: str) -> Parts | None:
    """Read 31 Jan 2019, Jan 31, 2019 and Jan 2019."""
    word = _WORD.search(day)
    numbers = [int(one) for one in re.findall(r"\d+", day)]
    years = [one for one in numbers if one > 31]
    rest = [one for one in numbers if one <= 31]
    if word is None or word[0][:3].lower() not in _MONTHS or len(years) != 1 or len(rest) > 1:
        return None
    if years[0] < 1000:
        return None  # of two digits
    return years[0], _MONTHS.index(word[0][:3].lower()) + 1, (rest or [1])[0]


_READERS: tuple[Callable[[str, str], Parts | None], ...] = (
    _year_first,
    _year_last,
    _quarter,
    _named,
)
