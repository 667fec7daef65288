"""Sequences with answers from a text: `sequence,x1,y` as a table, JSON, or a series in windows."""

import json
from collections.abc import Iterable
from typing import Any

from app.experiment.reading import arrays, columns, markup, numerals, records
from app.experiment.reading.notice import Choice, Options, Understood, whole
from app.experiment.reading.own_table import (
    HEAD,
    MOST_ROWS,
    MOST_SEQUENCES,
    MOST_STEPS,
    from_table,
    is_own,
)
from app.experiment.reading.records import Answered
from app.experiment.reading.table import TextTable, text_table

MOST_ITEMS = 100_000  # in a list of JSON: more than the largest of the limits above
LONGEST_WINDOW = 25
FEWEST_ROWS = 3


def sequences(text: str, options: Options) -> tuple[list[Answered], Understood]:
    """Return the sequences of a text; a long series is cut into windows.

    Options: `window` (steps), and those of `columns.numbers` for a table without answers.

    Raises
    ------
    ValueError
        The text does not fit; one sentence.
    """
    plain, of_table = markup.without(text.strip(), "data", options)
    found, understood = _sequences(plain, options)
    return found, of_table + understood


def _sequences(plain: str, options: Options) -> tuple[list[Answered], Understood]:
    if is_own(plain):
        return from_table(plain, options)
    if records.looks_like(plain):
        return _of_json(records.loaded(plain, "data", items=MOST_ITEMS), options)
    if (gapped := records.loaded_with_gaps(plain, "data", items=MOST_ITEMS)) is not None:
        return _of_json(gapped, options)
    if plain[:1] == "[":
        return _nested(plain, options)
    if not plain:
        raise ValueError(f"data: {HEAD}, got {records.excerpt(plain)}")
    try:
        lined = text_table(plain, "data", options, most=MOST_ROWS)
    except ValueError as error:
        if any(c.isdigit() for c in plain[:2000]):
            raise
        raise ValueError(f"data: {HEAD}, got {records.excerpt(plain)}") from error
    if len(lined.rows) < FEWEST_ROWS or not _has_numbers(lined):
        raise ValueError(f"data: {HEAD}, got {records.excerpt(plain)}")
    return _series(lined, options)


def _of_json(found: Any, options: Options) -> tuple[list[Answered], Understood]:
    if not found:
        raise ValueError('data: expected a JSON list of {"x": …, "y": …}, got an object')
    answered, said = records.with_answers(found)
    if answered is not None:
        told = Understood((said,) if said else ())
        return limited(records.answered_sequences(answered)), told
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
        rows = length + 1 - has_answers
        raise ValueError(f"data: {HEAD}, got a table of {rows} row{'s' if rows != 1 else ''}")
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
