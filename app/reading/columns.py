"""The columns of a table -> numbers: inputs, an index, dates, words, and what is missing.

A column of dates labels the steps and is left out; one of words, a missing value and a cell that is
no number are named, with the ways on. Nothing is left out without a sentence.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from app.reading import numerals
from app.reading.notice import Choice, Options, Understood, Unread
from app.reading.numerals import Convention, is_number
from app.reading.table import Table, is_date, is_missing, leave_out_lines

FEWEST_INDEX = 3  # rows from which equal distances are taken for an index
SAME_STEP = 1e-6  # relative
MOST_BAD = 5  # lines that a button offers to leave out one by one
LEAVE, CARRY = "leave out", "carry forward"


def numbers(
    table: Table, where: str, options: Options
) -> tuple[list[list[float]], Table, Understood]:
    """Return the columns that hold numbers, each a list, with their table and what to say.

    Options: `leave_out` (columns, counted from 1), `missing` ("leave out" or "carry forward"),
    `grouped` (whether `1,234` is 1234).

    Raises
    ------
    ValueError
        A cell is no number; one sentence, with the ways on.
    """
    cells = [list(column) for column in zip(*table.rows, strict=True)]
    said: list[str] = []
    choices: list[Choice] = []
    gone = {n - 1 for n in options.get("leave_out", ()) if type(n) is int}
    used = {n - 1 for n in options.get("use", ()) if type(n) is int}
    kept: list[int] = []
    for at, column in enumerate(cells):
        if at in gone:
            said.append(f"Column {table.name(at)} left out.")
        elif holds_dates(column):
            said.append(
                f"Column {table.name(at)} holds dates (“{column[0].strip()[:20]}”): left out."
            )
        elif is_unnamed_index(table, at, column) and at not in used and len(cells) > 1:
            said.append("The column without a title counts the rows: left out.")
            choices.append(Choice("use the row numbers", "use", [at + 1]))
        else:
            kept.append(at)
    _require_no_words(table, cells, kept, where, options, gone)
    how = numerals.convention(
        (cell for at in kept for cell in cells[at]), table.separator, options.get("grouped")
    )
    rows, filled = _without_missing(table, cells, kept, where, options, gone, said)
    made = [_column(table, filled[at], rows, at, how, where, options, gone) for at in kept]
    if how.example:
        said.append(_grouping(how))
        now = how.commas_group if "," in how.example else how.points_group
        choices.append(Choice(f"“{how.example}” is {_other(how)}", "grouped", not now))
    if made and table.rows:
        index = kept[0]
        if len(kept) > 1 and is_index(made[0]):
            said.append(f"Column {table.name(index)} is an index: used as an input.")
    choices = [*_leaving(table, kept, gone), *choices]
    titles = tuple(table.titles[at] for at in kept) if table.titles else ()
    lines = [table.lines[row] for row in rows]
    return (
        made,
        replace(table, titles=titles, rows=[], lines=lines),
        Understood(tuple(said), tuple(choices)),
    )


def holds_dates(cells: Sequence[str]) -> bool:
    """Return whether a column holds dates or times, and perhaps gaps."""
    given = [cell for cell in cells if not is_missing(cell)]
    return bool(given) and is_date(given[0]) and all(map(is_date, given))


def is_index(values: Sequence[float]) -> bool:
    """Return whether numbers rise by equal steps, at least three of them."""
    if len(values) < FEWEST_INDEX:
        return False
    first = values[1] - values[0]
    near = SAME_STEP * first
    return 0 < first < math.inf and all(abs(b - a - first) <= near for a, b in pairwise(values))


def is_unnamed_index(table: Table, at: int, cells: Sequence[str]) -> bool:
    """Return whether a column counts the rows under an empty title, as R and pandas write it."""
    if at > 0 or not table.titles or table.titles[0].strip() or len(table.titles) < 2:
        return False
    first = cells[0].strip()
    if first not in ("0", "1"):
        return not any(map(is_number, cells))  # names of rows
    return all(cell.strip() == str(n) for n, cell in enumerate(cells, int(first)))


def _require_no_words(
    table: Table,
    cells: list[list[str]],
    kept: list[int],
    where: str,
    options: Options,
    gone: set[int],
) -> None:
    """Name the columns without a single number."""
    words = [at for at in kept if not any(map(is_number, cells[at]))]
    if not kept or len(words) == len(kept):
        example = cells[words[0]][0] if words else ""
        if not words:
            raise ValueError(f"{where}: expected a column of numbers, got none but dates")
        name = f"row {table.lines[0]} column {words[0] + 1}"
        raise ValueError(
            f"{where} {name}: expected {numerals.EXAMPLES}, got {numerals.shown(example)}"
        )
    if words:
        named = ", ".join(table.name(at) for at in words[:3]) + (" …" if len(words) > 3 else "")
        many = len(words) > 1
        raise Unread(
            f"{where}: expected numbers, got words in column{'s' * many} {named} "
            f"({numerals.shown(cells[words[0]][0])})",
            [_leave_out(table, words, gone)],
        )


def _without_missing(
    table: Table,
    cells: list[list[str]],
    kept: list[int],
    where: str,
    options: Options,
    gone: set[int],
    said: list[str],
) -> tuple[list[int], dict[int, list[str]]]:
    """Return the rows that are read and the cells of each column in them."""
    rows = list(range(len(table.rows)))
    holes = [(row, at) for at in kept for row, cell in enumerate(cells[at]) if is_missing(cell)]
    if not holes:
        return rows, {at: cells[at] for at in kept}
    holes.sort()
    missing = options.get("missing")
    without = {row for row, _ in holes}
    if missing == LEAVE:
        said.append(f"{len(without):,} of {len(rows):,} rows left out: a value is missing.")
        rows = [row for row in rows if row not in without]
    elif missing == CARRY and holes[0][0] > 0:
        for row, at in holes:
            cells[at][row] = cells[at][row - 1]
        said.append(f"{len(holes):,} missing values filled with the ones before them.")
    if rows and (missing == LEAVE or (missing == CARRY and holes[0][0] > 0)):
        return rows, {at: [cells[at][row] for row in rows] for at in kept}
    row, at = holes[0]
    choices = []
    if len(without) < len(rows):
        label = f"leave out {len(without):,} row{'s' if len(without) > 1 else ''} with a gap"
        choices.append(Choice(label, "missing", LEAVE))
    if row > 0:
        choices.append(Choice("fill gaps with the value before", "missing", CARRY))
    if len(kept) > 1:
        choices.append(_leave_out(table, [at], gone))
    more = f", and {len(holes) - 1:,} more" if len(holes) > 1 else ""
    raise Unread(
        f"{where} {_place(table, row, at)}: expected {numerals.EXAMPLES}, got "
        f"{numerals.shown(table.rows[row][at])}: a value is missing{more}",
        choices,
    )


def _column(
    table: Table,
    cells: list[str],
    rows: list[int],
    at: int,
    how: Convention,
    where: str,
    options: Options,
    gone: set[int],
) -> list[float]:
    def place(index: int) -> str:
        return f"{where} {_place(table, rows[index], at)}"

    try:
        return numerals.column(cells, how, place)
    except ValueError as error:
        bad = [row for row, cell in zip(rows, cells, strict=True) if not is_number(cell)]
        choices = []
        if 0 < len(bad) <= max(MOST_BAD, len(rows) // 10) < len(rows):
            choices += leave_out_lines([table.lines[row] for row in bad], options)
        if len(table.rows[0]) - len(gone) > 1:
            choices.append(_leave_out(table, [at], gone))
        raise Unread(str(error), choices) from None


def _place(table: Table, row: int, at: int) -> str:
    return f"row {table.lines[row]} column {at + 1}"


def _leave_out(table: Table, columns: Sequence[int], gone: set[int]) -> Choice:
    named = table.name(columns[0]).strip("“”") if len(columns) == 1 else ""
    label = f"leave out column {named}" if named else f"leave out {len(columns)} columns"
    return Choice(label, "leave_out", sorted({n + 1 for n in (*gone, *columns)}))


def _leaving(table: Table, kept: list[int], gone: set[int]) -> list[Choice]:
    """Return buttons for the columns of a table, the first ones."""
    choices = [_leave_out(table, [at], gone) for at in kept[:3]] if len(kept) > 1 else []
    if gone:
        choices.append(Choice("use all columns", "leave_out", []))
    return choices


def _grouping(how: Convention) -> str:
    mark = "comma" if "," in how.example else "point"
    groups = how.commas_group if mark == "comma" else how.points_group
    digits = how.example.replace(",", "").replace(".", "")
    if groups:
        return f"“{how.example}” read as {digits}: the {mark} parts thousands."
    return f"“{how.example}” read as {how.example.replace(',', '.')}: a decimal {mark}."


def _other(how: Convention) -> str:
    mark = "," if "," in how.example else "."
    groups = how.commas_group if mark == "," else how.points_group
    return how.example.replace(",", ".") if groups else how.example.replace(mark, "")
