"""The cells of a table without brackets: its titles, and the lines that hold none.

Nothing is a number yet, and nothing is left out without a sentence. All is linear in the text.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from app.experiment.reading import units
from app.experiment.reading.cells import BLANK, Lines, content, separator, split
from app.experiment.reading.dates import is_date, is_missing
from app.experiment.reading.notice import Choice, Options, Understood, Unread, whole, wholes
from app.experiment.reading.numerals import is_number
from app.experiment.reading.words import counted, tidy

MAX_NUMBERS = 320_000
MOST_COLUMNS = 5000
MOST_ROWS = 5000  # of a sequence: a step each
MOST_PREAMBLE = 20
MOST_LEFT_OUT = 50  # lines that a button leaves out

_SEPARATES = re.compile(r'"?sep=([,;|\t])"?[ \t]*', re.IGNORECASE)
_YEAR = re.compile(r"[12]\d\d\d")
_RULE = re.compile(r"[\s|:+=-]*")
_DECIMAL_COMMA = re.compile(r"\s*[+\-−–]?\d*,\d+(?:[eE][+\-−–]?\d+)?\s*")


@dataclass(frozen=True)
class TextTable:
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


def text_table(
    text: str,
    where: str,
    options: Options,
    *,
    columns: int | None = None,
    titled: bool = False,
    most: int = MOST_ROWS,
) -> TextTable:
    """Split a text into cells.

    `columns`, the width of the grid pasted into, settles what a comma is where both readings are
    possible: with one column, `0,5` is a half. A text that is `titled` begins with titles. Options:
    `decimal` ("," makes a comma no separator), `title_row`, `leave_out_lines`, `steps` (how many
    rows from the first one).

    Raises
    ------
    ValueError
        There are no cells, rows differ in length, or there are more than `most`; one sentence.
    """
    said: list[str] = []
    asked = whole(options, "steps")
    limit = asked if asked and 0 < asked <= most else most
    lines = content(text, options, said, limit + MOST_PREAMBLE)
    if not lines:
        raise ValueError(f"{where}: expected numbers, got nothing")
    if len(lines) > limit + MOST_PREAMBLE and asked != limit:
        raise _too_long(where, most)
    lines, told = _without_separator(lines, said)
    sign = told or separator([line for _, line in lines], columns, options)
    _require_narrow(lines, sign, where)
    rows = split([line for _, line in lines], sign)
    numbers = [number for number, _ in lines]
    if sign == "|":
        rows, numbers = _without_frame(rows, numbers)
    if len(rows) > 1 and all(len(row) > 1 and not row[-1] for row in rows):
        rows = [row[:-1] for row in rows]  # a delimiter at the end of each line
    made = _headed(rows, numbers, sign, where, options, said, lines, titled=titled)
    if len(made.rows) <= limit:
        return made
    if asked != limit:
        raise _too_long(where, most)
    more = Understood((f"The first {limit:,} rows; the others left out.",)) + made.understood
    return TextTable(made.titles, made.rows[:limit], made.lines[:limit], sign, more)


def _without_separator(lines: Lines, said: list[str]) -> tuple[Lines, str]:
    """Take off the line with which Excel says what separates the cells: `sep=;`."""
    number, line = lines[0]
    match = _SEPARATES.fullmatch(line)
    if match is None or len(lines) < 2:
        return lines, ""
    said.append(f"Line {number} ({tidy(line)}) says what separates the cells.")
    return lines[1:], match[1]


def _too_long(where: str, most: int) -> Unread:
    first = Choice(f"the first {most:,} rows", "steps", most)
    return Unread(f"{where}: expected at most {most:,} rows, got more", [first])


def _require_narrow(lines: Lines, sign: str, where: str) -> None:
    """Raise ValueError over a line of far too many cells, before it is split."""
    for number, line in lines:
        if sign and len(line) >= 2 * MOST_COLUMNS:
            cells = len(line.split()) if sign == BLANK else line.count(sign) + 1
            if cells > MAX_NUMBERS:
                raise ValueError(f"{where}: expected at most {MAX_NUMBERS:,} numbers, got more")
            if cells > MOST_COLUMNS:
                raise ValueError(
                    f"{where} row {number}: expected at most {MOST_COLUMNS:,} numbers, "
                    f"got {cells:,}"
                )


def _without_frame(rows: list[list[str]], numbers: list[int]) -> tuple[list[list[str]], list[int]]:
    """Take the bars at the ends off a table as Markdown writes it, and its line of dashes."""
    kept = [
        (row, n) for row, n in zip(rows, numbers, strict=True) if not all(map(_RULE.fullmatch, row))
    ]
    rows = [row for row, _ in kept]
    framed = [row for row in rows if len(row) > 1]  # not a heading above them
    if framed and all(len(row) > 2 and not row[0] and not row[-1] for row in framed):
        rows = [row[1:-1] if len(row) > 1 else row for row in rows]
    return rows, [n for _, n in kept]


def _headed(
    rows: list[list[str]],
    numbers: list[int],
    sign: str,
    where: str,
    options: Options,
    said: list[str],
    lines: Lines,
    *,
    titled: bool,
) -> TextTable:
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
    is_short = len(head) == width - 1 and all(len(row) == width for row in rest)  # names above rows
    if wanted or ((wanted is None or is_short) and rest and is_title_row(head, rest)):
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
    if sign == "," and not titles and all(map(_DECIMAL_COMMA.fullmatch, (b for _, b in lines))):
        choices.append(Choice("the comma is a decimal mark", "decimal", ","))
    return TextTable(titles, rows, numbers, sign, Understood(tuple(said), tuple(choices)))


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


def is_title_row(head: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Return whether a first row names the columns of the rows below it.

    It does if it holds no number, or begins with a name above numbers and goes on with whole
    numbers, as a table over years or a data frame without names.
    """
    below = rest[0] if len(rest[0]) >= len(head) or len(rest) == 1 else rest[1]
    if not any(map(_is_told, below)):
        below = rest[-1]
    if not any(map(_is_told, below)):
        return False
    numbers = [cell for cell in head if is_number(cell)]
    if not numbers:
        return not any(map(units.are_alike, head, below)) and not all(
            is_date(cell) or is_missing(cell) for cell in head
        )
    if len(head) == len(below) - 1:
        return [*map(str.strip, head)] == [str(n) for n in range(len(head))]
    if len(numbers) == len(head) - 1 > 1 and not is_number(head[0]) and _are_years(numbers):
        return True
    names = not is_number(head[0]) and is_number(below[0]) and not is_date(head[0])
    return len(head) > 1 and names and all(map(str.isdigit, (n.strip() for n in numbers)))


def _are_years(cells: Sequence[str]) -> bool:
    """Return whether cells are years in a row, as titles of columns."""
    if not all(_YEAR.fullmatch(cell.strip()) for cell in cells):
        return False
    return len({int(b) - int(a) for a, b in pairwise(cells)}) == 1


def _is_told(cell: str) -> bool:
    """Return whether a cell tells a number, perhaps with its unit."""
    return is_number(cell) or units.split(cell) is not None


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


def leave_out_lines(lines: Sequence[int], options: Options) -> list[Choice]:
    """Return the choice to read a text without some of its lines, if they are few."""
    gone = sorted(wholes(options, "leave_out_lines") | {*lines})
    label = f"leave out line {lines[0]}" if len(lines) == 1 else f"leave out {len(lines)} lines"
    return [Choice(label, "leave_out_lines", gone)] if len(gone) <= MOST_LEFT_OUT else []
