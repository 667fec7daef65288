"""The columns of a table -> numbers: inputs, an index, dates, words, and what is missing.

A column of dates is left out, or used as days since the first one; one of words, a missing value
and a cell that is no number are named, with the ways on. Nothing is left out without a sentence.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise

from app.experiment.reading import days as dated
from app.experiment.reading import numerals, units
from app.experiment.reading.dates import is_date, is_missing
from app.experiment.reading.notice import Choice, Options, Understood, Unread, wholes
from app.experiment.reading.numerals import Convention, is_number
from app.experiment.reading.table import TextTable, leave_out_lines

FEWEST_INDEX = 3  # rows from which equal distances are taken for an index
SAME_STEP = 1e-6  # relative
MOST_BAD = 5  # lines that a button offers to leave out, or a tenth of all
MOST_BUTTONS = 3  # for leaving out a column
LEAVE, CARRY = "leave out", "carry forward"


def numbers(
    table: TextTable, where: str, options: Options
) -> tuple[list[list[float]], TextTable, Understood]:
    """Return the columns that hold numbers, each a list, with their table and what to say.

    Options: `leave_out` and `use` (columns, counted from 1), `days` (a column of dates and the
    order of its days and months), `missing` ("leave out" or "carry forward"), `grouped` (whether
    `1,234` is 1234).

    Raises
    ------
    ValueError
        A cell is no number; one sentence, with the ways on.
    """
    reader = _Reader(table, where, options, [[*column] for column in zip(*table.rows, strict=True)])
    reader.take_units_off()
    kept = reader.kept()
    rows = reader.filled(kept)
    how = reader.convention(kept)
    made = [reader.column(at, rows, how) for at in kept]
    if len(kept) > 1 and kept[0] not in reader.days and is_index(made[0]):
        reader.said.append(f"Column {table.name(kept[0])} is an index: used as an input.")
    titles = tuple(table.titles[at] for at in kept) if table.titles else ()
    left = replace(table, titles=titles, rows=[], lines=[table.lines[row] for row in rows])
    return made, left, Understood(tuple(reader.said), (*reader.leaving(kept), *reader.choices))


def is_index(values: Sequence[float]) -> bool:
    """Return whether numbers rise by equal steps, at least three of them."""
    if len(values) < FEWEST_INDEX:
        return False
    first = values[1] - values[0]
    near = SAME_STEP * first
    return 0 < first < math.inf and all(abs(b - a - first) <= near for a, b in pairwise(values))


@dataclass
class _Reader:
    """The columns of one table, and what is to be said of them."""

    table: TextTable
    where: str
    options: Options
    cells: list[list[str]]  # by column
    said: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    days: dict[int, str] = field(default_factory=dict)  # columns of dates to be used: their orders

    def chosen(self, option: str) -> set[int]:
        """Return the columns that an option names, counted from 0."""
        return {n - 1 for n in wholes(self.options, option)}

    def take_units_off(self) -> None:
        """Take off the sign that all numbers of a column share; read true and false as 1 and 0."""
        for at, cells in enumerate(self.cells):
            found = units.without(cells)
            if found is not None and at not in self.chosen("leave_out"):
                self.cells[at], said = found
                self.said.append(f"Column {self.table.name(at)}: {said}.")

    def kept(self) -> list[int]:
        """Return the columns to read; ValueError if one of them is of words."""
        kept = []
        name = self.table.name
        for at, cells in enumerate(self.cells):
            if at in self.chosen("leave_out"):
                self.said.append(f"Column {name(at)} left out.")
            elif _holds_dates(cells):
                if self._uses_days(at):
                    kept.append(at)
            elif self._is_unnamed_index(at) and at not in self.chosen("use"):
                self.said.append("The column without a title counts the rows: left out.")
                if is_number(cells[0]):
                    self.choices.append(Choice("use the row numbers", "use", [at + 1]))
            else:
                kept.append(at)
        if not kept:
            got = "dates only" if all(map(_holds_dates, self.cells)) else "none but others"
            raise Unread(f"{self.where}: expected a column of numbers, got {got}", self.choices)
        told = [at for at in kept if at not in self.days]
        words = [at for at in told if not any(map(is_number, {*self.cells[at]}))]
        if words and (len(words) == len(kept) or len(self.table.rows) == 1):
            self._refuse_cell(0, words[0])
        if words:
            named = ", ".join(map(name, words[:3])) + (" …" if len(words) > 3 else "")
            raise Unread(
                f"{self.where}: expected numbers, got words in "
                f"column{'s' * (len(words) > 1)} {named} "
                f"({numerals.as_it_came(self.cells[words[0]][0])})",
                [self._leave_out(words)],
            )
        return kept

    def _uses_days(self, at: int) -> bool:
        """Return whether a column of dates is to be an input, as days; say so and offer the rest.

        Where a date may mean two days, there is a button for each: it names the first date.
        """
        cells, name = self.cells[at], self.table.name(at)
        asked = self.options.get("days")
        wish = asked if isinstance(asked, dict) and asked.get("column") == at + 1 else {}
        used = wish.get("order")
        for order, moments in dated.orders(cells).items():
            first = moments[0].date().isoformat()
            if order == used:
                self.days[at] = order
                self.said.append(f"Column {name}: days since {first}, used as an input.")
            else:
                label = f"use column {name.strip('“”')} as days since {first}"
                self.choices.append(Choice(label, "days", {"column": at + 1, "order": order}))
        if at not in self.days:
            first = cells[0].strip()[:20]
            self.said.append(f"Column {name} holds dates (“{first}”): left out.")
        return at in self.days

    def _is_unnamed_index(self, at: int) -> bool:
        """Return whether a column counts or names rows under no title, as R and pandas write it."""
        titles, cells = self.table.titles, self.cells[at]
        if at > 0 or len(titles) < 2 or titles[0].strip():
            return False
        first = cells[0].strip()
        if first not in ("0", "1"):
            return not any(map(is_number, {*cells}))
        return all(cell.strip() == str(n) for n, cell in enumerate(cells, int(first)))

    def filled(self, kept: list[int]) -> list[int]:
        """Return the rows to read, with gaps filled or left out as the options say."""
        rows = list(range(len(self.table.rows)))
        gaps = {at: {cell for cell in {*self.cells[at]} if is_missing(cell)} for at in kept}
        holes = sorted(
            (row, at)
            for at in kept
            if gaps[at]
            for row, cell in enumerate(self.cells[at])
            if cell in gaps[at]
        )
        if not holes:
            return rows
        without = {row for row, _ in holes}
        missing = self.options.get("missing")
        if missing == LEAVE and len(without) < len(rows):
            self.said.append(
                f"{len(without):,} of {len(rows):,} rows left out: a value is missing."
            )
            return [row for row in rows if row not in without]
        if missing == CARRY and holes[0][0] > 0:
            for row, at in holes:
                self.cells[at][row] = self.cells[at][row - 1]
            self.said.append(f"{len(holes):,} missing values filled with the ones before them.")
            return rows
        self._refuse_gap(holes, len(without), kept)
        raise AssertionError("a gap is refused")

    def _refuse_gap(self, holes: list[tuple[int, int]], rows: int, kept: list[int]) -> None:
        row, at = holes[0]
        ways = []
        if rows < len(self.table.rows):
            ways.append(
                Choice(f"leave out {rows:,} row{'s' * (rows > 1)} with a gap", "missing", LEAVE)
            )
        if row > 0:
            ways.append(Choice("fill gaps with the value before", "missing", CARRY))
        if len(kept) > 1:
            ways.append(self._leave_out([at]))
        more = f", and {len(holes) - 1:,} more" if len(holes) > 1 else ""
        self._refuse_cell(row, at, f": a value is missing{more}", ways)

    def _refuse_cell(self, row: int, at: int, why: str = "", ways: Sequence[Choice] = ()) -> None:
        raise Unread(
            f"{self._place(row, at)}: expected {numerals.EXAMPLES}, "
            f"got {numerals.as_it_came(self.table.rows[row][at])}{why}",
            ways,
        )

    def convention(self, kept: list[int]) -> Convention:
        """Return what the marks in the numbers are, and say it where it had to be decided."""
        cells = (cell for at in kept if at not in self.days for cell in self.cells[at])
        how = numerals.convention(cells, self.table.separator, self.options.get("grouped"))
        if how.example:
            self.said.append(how.sentence)
            self.choices.append(
                Choice(f"“{how.example}” is {how.other}", "grouped", not how.groups)
            )
        return how

    def column(self, at: int, rows: list[int], how: Convention) -> list[float]:
        """Return the numbers of a column; ValueError names the cell that is none."""
        every = self.cells[at]
        cells = every if len(rows) == len(every) else [every[row] for row in rows]
        if at in self.days:
            return dated.days(cells, self.days[at])
        try:
            return numerals.column(cells, how, lambda index: self._place(rows[index], at))
        except ValueError as error:
            most = max(MOST_BAD, len(rows) // 10)
            all_bad = (row for row, cell in zip(rows, cells, strict=True) if not is_number(cell))
            bad = [*islice(all_bad, most + 1)]
            ways = []
            if 0 < len(bad) <= min(most, len(rows) // 2):
                lines = [self.table.lines[row] for row in bad]
                ways += leave_out_lines(lines, self.options)
            if len(self.cells) - len(self.chosen("leave_out")) > 1:
                ways.append(self._leave_out([at]))
            raise Unread(str(error), ways) from None

    def _place(self, row: int, at: int) -> str:
        return f"{self.where} row {self.table.lines[row]} column {at + 1}"

    def _leave_out(self, columns: Sequence[int]) -> Choice:
        named = self.table.name(columns[0]).strip("“”") if len(columns) == 1 else ""
        label = f"leave out column {named}" if named else f"leave out {len(columns)} columns"
        gone = {*self.chosen("leave_out"), *columns}
        return Choice(label, "leave_out", sorted(n + 1 for n in gone))

    def leaving(self, kept: list[int]) -> list[Choice]:
        """Return buttons for leaving out the first columns, and for taking all of them."""
        found = [self._leave_out([at]) for at in kept[:MOST_BUTTONS]] if len(kept) > 1 else []
        return [
            *found,
            *([Choice("use all columns", "leave_out", [])] * bool(self.chosen("leave_out"))),
        ]


def _holds_dates(cells: Sequence[str]) -> bool:
    """Return whether a column holds dates or times, and perhaps gaps."""
    first = next((cell for cell in cells if not is_missing(cell)), "")
    return is_date(first) and all(is_date(cell) or is_missing(cell) for cell in {*cells})
