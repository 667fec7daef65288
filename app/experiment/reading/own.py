"""Sequences with answers from a text: `sequence,x1,y` as a table, JSON, or a series in windows."""

import json
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from app.experiment.reading import arrays, columns, numerals, records
from app.experiment.reading.notice import Choice, Options, Understood, whole
from app.experiment.reading.records import LONGEST_LABEL, Answer, Answered
from app.experiment.reading.table import TextTable, text_table

MOST_SEQUENCES, MOST_STEPS = 5000, 300
MOST_ROWS = 150_000
MOST_ITEMS = 100_000  # in a list of JSON: more than the largest of the limits above
LONGEST_WINDOW = 25
FEWEST_ROWS = 3
HEAD = "expected a first line such as sequence,x1,x2,y, or a JSON list"

_PLAIN = re.compile(r"[+\-−–]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+\-−–]?[0-9]+)?")


def is_own(text: str) -> bool:
    """Return whether a table begins with the titles of sequences with answers, in any order."""
    line = next((line for line in text[:2000].split("\n") if line.strip()), "").strip()
    names = [name.strip(' "').lower() for name in re.split(r"[,;\t| ]+", line)]
    return "sequence" in names and all(any(n.startswith(c) for n in names) for c in "xy")


def sequences(text: str, options: Options) -> tuple[list[Answered], Understood]:
    """Return the sequences of a text; a long series is cut into windows.

    Options: `window` (steps), and those of `columns.numbers` for a table without answers.

    Raises
    ------
    ValueError
        The text does not fit; one sentence.
    """
    plain = text.strip()
    if is_own(plain):
        return from_table(plain, options)
    if records.looks_like(plain):
        return _of_json(records.loaded(plain, "data", items=MOST_ITEMS), options)
    if (gapped := records.loaded_with_gaps(plain, "data", items=MOST_ITEMS)) is not None:
        return _of_json(gapped, options)
    if plain[:1] == "[":
        return _nested(plain, options)
    if not plain:
        raise ValueError(f"data: {HEAD}, got {records.excerpt(text)}")
    try:
        lined = text_table(plain, "data", options, most=MOST_ROWS)
    except ValueError as error:
        if any(c.isdigit() for c in plain[:2000]):
            raise
        raise ValueError(f"data: {HEAD}, got {records.excerpt(text)}") from error
    if len(lined.rows) < FEWEST_ROWS or not _has_numbers(lined):
        raise ValueError(f"data: {HEAD}, got {records.excerpt(text)}")
    return _series(lined, options)


def _of_json(found: Any, options: Options) -> tuple[list[Answered], Understood]:
    if not found:
        raise ValueError('data: expected a JSON list of {"x": …, "y": …}, got an object')
    if records.is_sequences(found):
        return limited(records.answered_sequences(found)), Understood()
    inner, said = records.within(found)
    told = Understood((said,) if said else ())
    if records.is_array(inner):
        given, understood = _nested(json.dumps(records.steps_of(inner)), options)
        return given, told + understood
    lined = records.as_table(inner, "data")
    if lined is None:
        return limited(records.answered_sequences(found)), Understood()
    given, understood = _series(lined, options)
    return given, told + understood


def limited(found: Iterable[Answered]) -> list[Answered]:
    """Return sequences up to the limit of their number, and no further."""
    made: list[Answered] = []
    for one in found:
        made.append(one)
        if len(made) > MOST_SEQUENCES:
            raise ValueError(f"data: expected at most {MOST_SEQUENCES:,} sequences, got more")
    return made


def _has_numbers(lined: TextTable) -> bool:
    return any(numerals.is_number(cell) for cell in lined.rows[-1])


def from_table(text: str, options: Options) -> tuple[list[Answered], Understood]:
    """Read a line for each step: `sequence`, columns that begin with x, and some with y."""
    lined = text_table(text, "data", options, titled=True, most=MOST_ROWS)
    head = [name.strip().lower() for name in lined.titles]
    inputs = [at for at, name in enumerate(head) if name.startswith("x")]
    outputs = [at for at, name in enumerate(head) if name.startswith("y")]
    if "sequence" not in head or not inputs or not outputs:
        raise ValueError(f"data: {HEAD}, got {records.excerpt(text)}")
    which = head.index("sequence")
    groups = [(one, len(list(rows))) for one, rows in groupby(row[which] for row in lined.rows)]
    if len(groups) > MOST_SEQUENCES:
        raise ValueError(f"data: expected at most {MOST_SEQUENCES:,} sequences, got more")
    for number, (_, steps) in enumerate(groups, 1):
        if steps > MOST_STEPS:
            raise ValueError(f"sequence {number}: expected 1 to {MOST_STEPS} steps, got {steps:,}")
    cells = [*zip(*lined.rows, strict=True)]
    how = numerals.convention(
        (cell for at in (*inputs, *outputs) for cell in cells[at]), lined.separator
    )

    def place(index: int) -> str:
        return f"line {lined.lines[index]}"

    try:
        x = [numerals.column(cells[at], how, place) for at in inputs]
    except ValueError as error:
        raise ValueError(str(error).replace(numerals.EXAMPLES, "finite numbers")) from None
    known: dict[str, Answer] = {}
    y = [[_answer(cell, how, known) for cell in cells[at]] for at in outputs]
    made = []
    start = 0
    for _, steps in groups:
        rows = slice(start, start + steps)
        answers = [*zip(*(column[rows] for column in y), strict=True)]
        steps_x = tuple(zip(*(column[rows] for column in x), strict=True))
        made.append(Answered(steps_x, tuple(_at_end(answers, lined.lines[rows]))))
        start += steps
    ignored = [name for at, name in enumerate(head) if at not in (which, *inputs, *outputs)]
    said = [*lined.understood.sentences]
    if ignored:
        said.append(f"Columns that begin with neither x nor y left out: {', '.join(ignored[:5])}.")
    return made, Understood(tuple(said))


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


def _series(lined: TextTable, options: Options) -> tuple[list[Answered], Understood]:
    """Cut a table into windows: the target is the next row, or what its columns y say."""
    numbers, kept, understood = columns.numbers(lined, "data", options)
    names = [name.strip().lower() for name in kept.titles]
    outputs = [at for at, name in enumerate(names) if name.startswith("y")]
    inputs = [at for at, name in enumerate(names) if name.startswith("x")]
    has_answers = bool(inputs and outputs)
    if has_answers:
        x, y = ([numbers[at] for at in which] for which in (inputs, outputs))
        length = len(x[0])
    else:
        x, y = [one[:-1] for one in numbers], [one[1:] for one in numbers]
        length = len(x[0])
    if length < FEWEST_ROWS - 1:
        raise ValueError(f"data: {HEAD}, got a table of {length + 1 - has_answers} rows")
    window = whole(options, "window") or 0
    if not 1 <= window <= min(MOST_STEPS, length // 2):
        window = min(LONGEST_WINDOW, max(2, length // 10), length // 2)
    count = length // window
    if count > MOST_SEQUENCES:
        raise ValueError(f"data: expected at most {MOST_SEQUENCES:,} windows, got {count:,}")
    rows_x, rows_y = [*zip(*x, strict=True)], [*zip(*y, strict=True)]
    made = [
        Answered(tuple(rows_x[at : at + window]), tuple(rows_y[at : at + window]))
        for at in range(0, count * window, window)
    ]
    rest = length - count * window
    target = "the columns y" if has_answers else "the next row" if len(x) > 1 else "the next value"
    said = (
        f"One series of {len(numbers[0]):,} rows, cut into {count:,} windows of {window} steps; "
        f"target: {target}."
        + (f" The last {rest} {'is' if rest == 1 else 'are'} in none." if rest else "")
    )
    other = {window * 2, window // 2, 10 if window != 10 else 20} - {window}
    choices = tuple(
        Choice(f"windows of {one}", "window", one)
        for one in sorted(other)
        if 1 < one <= min(MOST_STEPS, length // 2)
    )
    return made, lined.understood + understood + Understood((said,), choices)


def _nested(plain: str, options: Options) -> tuple[list[Answered], Understood]:
    """Read brackets: one series is cut into windows, several ask for their next row each."""
    cube, understood = arrays.cube(plain, "data", options)
    batch = len(cube[0])
    if len(cube) == 1 and batch == 1:
        cube = [[[number]] for number in cube[0][0]]
    if batch == 1:
        rows = [[repr(number) for number in step[0]] for step in cube]
        if len(rows) < FEWEST_ROWS:
            raise ValueError(f"data: {HEAD}, got {records.excerpt(plain)}")
        found, more = _series(TextTable((), rows, [*range(1, len(rows) + 1)], ""), options)
        return found, understood + more
    if len(cube) < 2:
        raise ValueError("data: expected at least 2 steps to ask for the next one, got 1")
    made = [
        Answered(tuple(tuple(step[b]) for step in cube[:-1]), tuple(tuple(s[b]) for s in cube[1:]))
        for b in range(batch)
    ]
    return made, understood + Understood(("Target at each step: the next one.",))
