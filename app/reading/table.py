"""The cells of a table without brackets: its separator, titles, and the lines that hold none.

Nothing is a number yet, and nothing is left out without a sentence. All is linear in the text.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.reading.notice import Choice, Options, Understood, Unread
from app.reading.numerals import is_number
from app.reading.words import counted, tidy

MAX_NUMBERS = 320_000
MOST_COLUMNS = 5000
SAMPLE = 200  # lines that decide what separates the cells
MOST_PREAMBLE = 20
MISSING = frozenset(
    ("", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "?", ".", "..", "missing")
)

BLANK, WHOLE = " ", ""
NAMES = {"\t": "tabs", ";": "semicolons", ",": "commas", "|": "bars", BLANK: "blanks"}
_COMMENT = re.compile(r"\s*+(?:#|%|//)")
_BLANK_CELLS = re.compile(r'"(?:[^"]++|"")*+"|\S+')
_RULE = re.compile(r"[\s|:+=-]*")
_DECIMAL_COMMA = re.compile(r"\s*[+\-−–]?\d*,\d+(?:[eE][+\-−–]?\d+)?\s*")


@dataclass(frozen=True)
class Table:
    """Rows of cells, as many in each; `lines` numbers the line of the text that each comes from."""

    titles: tuple[str, ...]  # one for each column, "" where there is none
    rows: list[list[str]]
    lines: list[int]
    separator: str
    understood: Understood = field(default=Understood())

    def name(self, column: int) -> str:
        """Return what to call a column, counted from 0."""
        title = tidy(self.titles[column]) if self.titles else ""
        return f"“{title}”" if title else f"{column + 1}"


def is_missing(cell: str) -> bool:
    """Return whether a cell says that there is no number."""
    return len(cell) < 10 and cell.strip().lower() in MISSING


def table(
    text: str,
    where: str,
    options: Options,
    *,
    columns: int | None = None,
    titled: bool = False,
) -> Table:
    """Split a text into cells.

    `columns`, the width of the grid pasted into, settles what a comma is where both readings are
    possible: with one column, `0,5` is a half. A text that is `titled` begins with titles. Options:
    `decimal` ("," makes a comma no separator), `title_row`, `leave_out_lines`.

    Raises
    ------
    ValueError
        There are no cells, or rows differ in length; one sentence.
    """
    said: list[str] = []
    lines = _content(text, options, said)
    if not lines:
        raise ValueError(f"{where}: expected numbers, got nothing")
    separator = _separator([line for _, line in lines[:SAMPLE]], columns, options)
    _require_narrow(lines, separator, where)
    rows = split([line for _, line in lines], separator)
    numbers = [number for number, _ in lines]
    if separator == "|":
        rows, numbers = _without_frame(rows, numbers)
    if len(rows) > 1 and all(len(row) > 1 and not row[-1] for row in rows):
        rows = [row[:-1] for row in rows]  # a delimiter at the end of each line
    return _headed(rows, numbers, separator, where, options, said, lines, titled=titled)


def _require_narrow(lines: list[tuple[int, str]], separator: str, where: str) -> None:
    """Raise ValueError over a line of far too many cells, before it is split."""
    for number, line in lines:
        if separator and len(line) >= 2 * MOST_COLUMNS:
            cells = len(line.split()) if separator == BLANK else line.count(separator) + 1
            if cells > MAX_NUMBERS:
                raise ValueError(f"{where}: expected at most {MAX_NUMBERS:,} numbers, got more")
            if cells > MOST_COLUMNS:
                raise ValueError(
                    f"{where} row {number}: expected at most {MOST_COLUMNS:,} numbers, "
                    f"got {cells:,}"
                )


def _content(text: str, options: Options, said: list[str]) -> list[tuple[int, str]]:
    """Return the numbered lines that are neither blank nor comments."""
    found = text.split("\n")
    if '"' in text:
        found = _joined(found)
    lines = [(number, line) for number, line in enumerate(found, 1) if line and not line.isspace()]
    kept = [(n, line) for n, line in lines if not _COMMENT.match(line)]
    if len(kept) < len(lines):
        said.append(f"{counted(len(lines) - len(kept), 'comment line')} left out.")
    if any(" #" in line or "\t#" in line for _, line in kept):
        kept = [(n, re.split(r"[ \t]#", line, maxsplit=1)[0]) for n, line in kept]
        said.append("Comments at the ends of lines left out.")
    if gone := {n for n in options.get("leave_out_lines", ()) if type(n) is int}:
        kept = [(n, line) for n, line in kept if n not in gone]
        named = ", ".join(map(str, sorted(gone)[:5])) + (" …" if len(gone) > 5 else "")
        said.append(f"Line{'s' if len(gone) > 1 else ''} {named} left out.")
    return kept


def _joined(lines: list[str]) -> list[str]:
    """Join lines that a quoted cell goes over; each keeps its number, with empty ones after it."""
    made: list[str] = []
    open_at = -1
    for line in lines:
        odd = line.count('"') % 2 == 1
        if open_at >= 0 and len(made) - open_at < 10:
            made[open_at] += " " + line
            made.append("")
            if odd:
                open_at = -1
            continue
        made.append(line)
        open_at = len(made) - 1 if odd else -1
    return made if open_at < 0 else lines


def _separator(lines: Sequence[str], columns: int | None, options: Options) -> str:
    """Return what separates cells: that by which most lines have as many numbers as the others."""
    if options.get("decimal") == ",":
        lines = [line.replace(",", ".") for line in lines]
    data = lines[1:] if len(lines) > 2 else lines
    scores: dict[str, float] = {}
    for separator in ("\t", ";", ",", "|", BLANK):
        if separator not in "".join(lines) and separator != BLANK:
            continue
        rows = split(data, separator)
        width, usual = max(Counter(map(len, rows)).items(), key=lambda one: (one[1], one[0]))
        if width < 2:
            continue
        cells = [cell for row in rows if len(row) == width for cell in row]
        fine = sum(is_number(cell) or is_missing(cell) or is_date(cell) for cell in cells)
        scores[separator] = round(usual / len(rows) * (fine + 0.1) / (len(cells) + 0.1), 3)
    if not scores:
        return WHOLE
    best = max(scores, key=lambda separator: scores[separator])  # the first of equal ones
    if all(is_number(line) for line in data) and _is_one_column(lines, best, columns):
        return WHOLE
    return best


def _is_one_column(lines: Sequence[str], separator: str, columns: int | None) -> bool:
    """Return whether lines that are numbers as they stand are one column: `0,5` or `1 234,5`."""
    first = split(lines[:1], separator)[0]
    if len(first) == 1:
        return True  # under a title without a separator
    if separator != "," or not all(is_number(line) and line.count(",") < 2 for line in lines):
        return False
    return columns == 1 or len(lines) == 1


def split(lines: Sequence[str], separator: str) -> list[list[str]]:
    """Split lines into cells; quotes may hold the separator."""
    if separator == WHOLE:
        return [[line.strip().strip('"')] for line in lines]
    if separator == BLANK:
        return [
            [cell.strip('"') for cell in _BLANK_CELLS.findall(line)]
            if '"' in line
            else line.split()
            for line in lines
        ]
    made = []
    for line in lines:
        if '"' in line:
            made.append([cell.strip() for cell in _quoted(line, separator)])
        else:
            made.append([cell.strip() for cell in line.split(separator)])
    return made


def _quoted(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:  # a cell longer than the library takes
        return line.split(separator)


def _without_frame(rows: list[list[str]], numbers: list[int]) -> tuple[list[list[str]], list[int]]:
    """Take the bars at the ends off a table as Markdown writes it, and its line of dashes."""
    kept = [
        (row, n) for row, n in zip(rows, numbers, strict=True) if not all(map(_RULE.fullmatch, row))
    ]
    rows = [row for row, _ in kept]
    if rows and all(len(row) > 2 and not row[0] and not row[-1] for row in rows):
        rows = [row[1:-1] for row in rows]
    return rows, [n for _, n in kept]


def _headed(
    rows: list[list[str]],
    numbers: list[int],
    separator: str,
    where: str,
    options: Options,
    said: list[str],
    lines: list[tuple[int, str]],
    *,
    titled: bool,
) -> Table:
    """Find titles, units and what stands above them; the rest has to be even."""
    if not rows:
        raise ValueError(f"{where}: expected numbers, got nothing")
    width = Counter(map(len, rows[1:] or rows)).most_common(1)[0][0]
    start = 0
    while (
        not titled and start < min(len(rows) - 2, MOST_PREAMBLE) and _is_above(rows, start, width)
    ):
        start += 1
    if start:
        said.append(f"{counted(start, 'line')} above the table left out: “{tidy(lines[0][1])}”.")
    titles: tuple[str, ...] = ()
    choices: list[Choice] = []
    wanted = True if titled else options.get("title_row")
    head, rest = rows[start], rows[start + 1 :]
    if wanted or (wanted is None and rest and is_title_row(head, rest)):
        start += 1
        titles = tuple(head)
        if len(titles) == width - 1:
            titles = ("", *titles)  # as R and pandas print row names
        if not titled:
            said.append("Title row left out.")
        units = rows[start] if start < len(rows) else []
        if rows[start + 1 :] and _has_units(units, rows[start + 1 :]):
            said.append(f"Line {numbers[start]} ({tidy(', '.join(units))}) holds units: left out.")
            start += 1
        if wanted and not titled:
            choices.append(Choice("row 1 is no title row", "title_row", False))
    elif wanted is None and len(rest) > 1 and len(head) > 1:
        choices.append(Choice("row 1 is a title row", "title_row", True))
    above, rows, numbers = numbers[:start], rows[start:], numbers[start:]
    _require_even(rows, numbers, where, options, (len(titles), above[0]) if titles else None)
    if (
        separator == ","
        and not titles
        and all(map(_DECIMAL_COMMA.fullmatch, (b for _, b in lines)))
    ):
        choices.append(Choice("the comma is a decimal mark", "decimal", ","))
    return Table(titles, rows, numbers, separator, Understood(tuple(said), tuple(choices)))


def is_title_row(head: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Return whether a first row names the columns of the rows below it.

    It does if it holds no number, or begins with a name above numbers and goes on with whole
    numbers, as a table over years or a data frame without names.
    """
    below = rest[0] if len(rest[0]) >= len(head) or len(rest) == 1 else rest[1]
    if not any(map(is_number, below)):
        below = rest[-1]
    if not any(map(is_number, below)):
        return False
    numbers = [cell for cell in head if is_number(cell)]
    if not numbers:
        return not all(is_date(cell) or is_missing(cell) for cell in head)
    if len(head) == len(below) - 1:
        return [*map(str.strip, head)] == [str(n) for n in range(len(head))]
    names = not is_number(head[0]) and is_number(below[0]) and not is_date(head[0])
    return len(head) > 1 and names and all(map(str.isdigit, (n.strip() for n in numbers)))


def _is_above(rows: list[list[str]], at: int, width: int) -> bool:
    """Return whether a row is a heading above the table: of another width, and no numbers."""
    row = rows[at]
    if len(row) in (width, width - 1) and not (len(row) == 1 and len(rows[at + 1]) == width):
        return False
    return len(row) != width and not any(map(is_number, row))


def _has_units(row: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    below = rest[0]
    if len(row) != len(below) or any(map(is_number, row)) or all(map(is_missing, row)):
        return False
    if any(is_date(cell) or cell[:1].isdigit() for cell in row):
        return False
    pairs = zip(row, below, strict=True)
    return all(is_number(under) or is_date(under) for cell, under in pairs if not is_missing(cell))


def _require_even(
    rows: list[list[str]],
    numbers: list[int],
    where: str,
    options: Options,
    titles: tuple[int, int] | None,
) -> None:
    """Raise ValueError over a row of another length than the titles, or than most rows.

    `titles` is how many there are, and in which line.
    """
    if not rows:
        raise ValueError(f"{where}: expected numbers below the titles, got nothing")
    width, like = len(rows[0]), numbers[0]
    if titles:
        width, like = titles
    elif len(rows) > 2:
        width = Counter(map(len, rows)).most_common(1)[0][0]
        like = next(n for row, n in zip(rows, numbers, strict=True) if len(row) == width)
    odd = [(n, len(row)) for row, n in zip(rows, numbers, strict=True) if len(row) != width]
    if odd:
        number, length = odd[0]
        raise Unread(
            f"{where} row {number}: expected {width} numbers as in row {like}, got {length}",
            leave_out_lines([n for n, _ in odd], options) if len(odd) < len(rows) / 2 else (),
        )


def leave_out_lines(lines: Sequence[int], options: Options) -> list[Choice]:
    """Return the choice to read a text without some of its lines."""
    gone = sorted({*options.get("leave_out_lines", ()), *lines})
    label = f"leave out line {lines[0]}" if len(lines) == 1 else f"leave out {len(lines)} lines"
    return [Choice(label, "leave_out_lines", gone)]


_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"[12]\d\d\d([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])(?:[T ].{1,20})?",
        r"[12]\d\d\d[-/](?:0?[1-9]|1[0-2])",
        r"(?:0?[1-9]|1[0-2])[-/][12]\d\d\d",
        r"(?:0?[1-9]|[12]\d|3[01])([-/.])(?:0?[1-9]|[12]\d|3[01])\1(?:\d{4}|\d\d)(?:[T ].{1,20})?",
        r"[12]\d\d\d[- ]?Q[1-4]|Q[1-4][- /]?[12]\d\d\d",
        r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?",
        r"(?:\d{1,4}[- .]{1,2})?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
        r"[a-z]{0,6}\.?(?:[- .,]{1,2}\d{1,4}){1,2}",
    )
)


def is_date(cell: str) -> bool:
    """Return whether a cell is a date or a time: 2019-01-31, 2019/10, 31.1.2019, 12:30, Jan 19."""
    plain = cell.strip()
    return 4 <= len(plain) <= 40 and any(date.fullmatch(plain) for date in _DATES)
