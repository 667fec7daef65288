"""A table with a line for each step of sequences with answers: `sequence,x1,y`."""

import re
from collections.abc import Sequence
from itertools import groupby

from app.experiment.reading import numerals, records, units
from app.experiment.reading.notice import Options, Understood, Unread
from app.experiment.reading.records import LONGEST_LABEL, Answer, Answered
from app.experiment.reading.table import MOST_PREAMBLE, TextTable, leave_out_lines, text_table
from app.experiment.reading.words import counted, tidy

MOST_SEQUENCES, MOST_STEPS = 5000, 300
MOST_ROWS = 150_000
HEAD = "expected a first line such as sequence,x1,x2,y, or a JSON list"

_APART = re.compile(r"\s*(?:#|%|//|\"?sep=)", re.IGNORECASE)  # lines that `text_table` knows
_PLAIN = re.compile(r"[+\-−–]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+\-−–]?[0-9]+)?")


def is_own(text: str) -> bool:
    """Return whether a table begins with the titles of sequences with answers, in any order."""
    return _titles_at(text) >= 0


def _titles_at(text: str) -> int:
    """Return which line holds those titles: one of the first with anything in it; −1 if none."""
    lines = [(n, line) for n, line in enumerate(text[:4000].split("\n")) if line.strip()]
    for number, line in lines[:MOST_PREAMBLE]:
        names = [name.strip(' "').lower() for name in re.split(r"[,;\t| ]+", line.strip())]
        if "sequence" in names and all(any(n.startswith(c) for n in names) for c in "xy"):
            return number
    return -1


def from_table(text: str, options: Options) -> tuple[list[Answered], Understood]:
    """Read a line for each step: `sequence`, columns that begin with x, and some with y."""
    text, said = _without_preamble(text)
    lined = text_table(text, "data", options, titled=True, most=MOST_ROWS)
    said += lined.understood.sentences
    head = [name.strip().lower() for name in lined.titles]
    inputs = [at for at, name in enumerate(head) if name.startswith("x")]
    outputs = [at for at, name in enumerate(head) if name.startswith("y")]
    if "sequence" not in head or not inputs or not outputs:
        raise ValueError(f"data: {HEAD}, got {records.excerpt(text)}")
    which = head.index("sequence")
    names = [row[which] for row in lined.rows]
    cells: list[Sequence[str]] = [*zip(*lined.rows, strict=True)]
    for at in inputs:
        if (found := units.without(cells[at])) is not None:
            cells[at] = found[0]
            said.append(f"Column {lined.name(at)}: {found[1]}.")
    x, y = _columns(lined, cells, (inputs, outputs), options)
    ignored = [name for at, name in enumerate(head) if at not in (which, *inputs, *outputs)]
    if ignored:
        said.append(f"Columns that begin with neither x nor y left out: {', '.join(ignored[:5])}.")
    order = [*range(len(names))]
    try:
        made = _sequences(names, x, y, lined.lines, order)
    except ValueError:
        order.sort(key=_places(names).__getitem__)
        if order == sorted(order):
            raise
        made = _sequences(names, x, y, lined.lines, order)
        said.append("The lines of each sequence were put together.")
    return made, Understood(tuple(said))


def _without_preamble(text: str) -> tuple[str, list[str]]:
    """Blank the lines above the titles that are neither comments nor `sep=`; say so."""
    lines = text.split("\n")
    at = max(0, _titles_at(text))
    odd = [n for n in range(at) if lines[n].strip() and not _APART.match(lines[n])]
    if not odd:
        return text, []
    said = f"{counted(len(odd), 'line')} above the table left out: “{tidy(lines[odd[0]])}”."
    return "\n".join("" if n in odd else line for n, line in enumerate(lines)), [said]


def _columns(
    lined: TextTable,
    cells: Sequence[Sequence[str]],
    which: tuple[list[int], list[int]],
    options: Options,
) -> tuple[list[list[float]], list[list[Answer]]]:
    """Return the columns of inputs and those of answers; ValueError names a line that is none."""
    inputs, outputs = which
    how = numerals.convention(
        (cell for at in (*inputs, *outputs) for cell in cells[at]), lined.separator
    )

    def place(index: int) -> str:
        return f"line {lined.lines[index]}"

    try:
        x = [numerals.column(cells[at], how, place) for at in inputs]
    except ValueError as error:
        bad = sorted(
            {
                line
                for at in inputs
                for line, cell in zip(lined.lines, cells[at], strict=True)
                if not numerals.is_number(cell)
            }
        )
        ways = leave_out_lines(bad, options) if bad and 2 * len(bad) < len(lined.lines) else []
        raise Unread(str(error).replace(numerals.EXAMPLES, "finite numbers"), ways) from None
    known: dict[str, Answer] = {}
    return x, [[_answer(cell, how, known) for cell in cells[at]] for at in outputs]


def _places(names: Sequence[str]) -> list[int]:
    """Return of each line how early the name of its sequence comes first."""
    first = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return [first[name] for name in names]


def _sequences(
    names: Sequence[str],
    x: Sequence[Sequence[float]],
    y: Sequence[Sequence[Answer]],
    lines: Sequence[int],
    order: Sequence[int],
) -> list[Answered]:
    """Return a sequence for each run of lines of one name, taken in an order."""
    groups = [[*run] for _, run in groupby(order, key=names.__getitem__)]
    if len(groups) > MOST_SEQUENCES:
        raise ValueError(f"data: expected at most {MOST_SEQUENCES:,} sequences, got more")
    made = []
    for number, rows in enumerate(groups, 1):
        if len(rows) > MOST_STEPS:
            steps = f"{len(rows):,}"
            raise ValueError(f"sequence {number}: expected 1 to {MOST_STEPS} steps, got {steps}")
        answers = [tuple(column[row] for column in y) for row in rows]
        steps_x = tuple(tuple(column[row] for column in x) for row in rows)
        made.append(Answered(steps_x, tuple(_at_end(answers, [lines[row] for row in rows]))))
    return made


def _at_end(answers: list[tuple[Answer, ...]], lines: Sequence[int]) -> list[tuple[Answer, ...]]:
    """Return the answers of a sequence: at every step, or at its last one alone."""
    empty = [all(cell == "" for cell in cells) for cells in answers]
    if any("" in cells for cells, gone in zip(answers, empty, strict=True) if not gone):
        raise ValueError(f"line {lines[0]}: expected a y in all its columns or in none")
    if not any(empty):
        return answers
    if not all(empty[:-1]) or empty[-1]:
        raise ValueError(
            f"lines {lines[0]} to {lines[-1]}: expected a y at every step of the "
            "sequence or at its last one alone, got something else"
        )
    return answers[-1:]


def _answer(cell: str, how: numerals.Convention, known: dict[str, Answer]) -> Answer:
    """Return a number where a cell is one, else a label."""
    if cell not in known:
        plain = cell.strip()
        made: Answer = plain[:LONGEST_LABEL]
        if _PLAIN.fullmatch(plain[:100]) or numerals.is_grouped(plain):
            made = how.number(plain, "y")
        elif plain.lower().lstrip("+-") in ("nan", "inf", "infinity"):
            made = float(plain)
        known[cell] = made
    return known[cell]
