"""Lines and cells of a table without brackets: what is no content, and what separates cells."""

import csv
import re
from collections import Counter
from collections.abc import Sequence

from app.experiment.reading import units
from app.experiment.reading.dates import is_date, is_missing
from app.experiment.reading.notice import Options, wholes
from app.experiment.reading.numerals import is_number
from app.experiment.reading.words import counted

SAMPLE_LINES, SAMPLE_CHARACTERS = 200, 2000  # of each line: they decide what separates the cells
LONGEST_CELL = 10  # lines that a quoted cell may go over

BLANK, WHOLE = " ", ""
SEPARATORS = ("\t", ";", ",", "|", BLANK)
"""In the order in which they are preferred where two of them fit."""

_COMMENT = re.compile(r"\s*+(?:#|%|//)")
_HEADED = re.compile(r"^@data[ \t]*$", re.IGNORECASE | re.MULTILINE)  # ARFF, and .ts of UEA
_AT_END = re.compile(r"[ \t]#")
_IN_SINGLE = re.compile(r"'[^']{0,200}'\s*[\t;,|]")
_BLANK_CELLS = re.compile(r'"(?:[^"]++|"")*+"|\S+')

Lines = list[tuple[int, str]]
"""Lines with their numbers in the text."""


def content(text: str, options: Options, said: list[str], most: int) -> Lines:
    """Return the lines that are neither blank nor comments, up to one more than `most`."""
    found = text.split("\n")
    if '"' in text:
        found = _joined(found)
    gone = wholes(options, "leave_out_lines")
    is_headed = _HEADED.search(text) is not None
    has_comments = is_headed or any(sign in text for sign in ("#", "%", "//"))
    comments = 0
    lines: Lines = []
    for number, line in enumerate(found, 1):
        if not line or line.isspace() or number in gone:
            continue
        if has_comments and (_COMMENT.match(line) or (is_headed and line[0] == "@")):
            comments += 1
            continue
        lines.append((number, line))
        if len(lines) > most:
            break
    if comments:
        said.append(f"{counted(comments, 'comment line')} left out.")
    if has_comments:
        short = [(n, _AT_END.split(line, maxsplit=1)[0]) for n, line in lines]
        said += ["Comments at the ends of lines left out."] if short != lines else []
        lines = short
    if gone:
        named = ", ".join(map(str, sorted(gone)[:5])) + (" …" if len(gone) > 5 else "")
        said.append(f"Line{'s' if len(gone) > 1 else ''} {named} left out.")
    return lines


def _joined(lines: list[str]) -> list[str]:
    """Join lines that a quoted cell goes over; each keeps its number, with empty ones after it."""
    made: list[str] = []
    open_at = -1
    for line in lines:
        odd = line.count('"') % 2 == 1
        if open_at >= 0 and len(made) - open_at < LONGEST_CELL:
            made[open_at] += " " + line
            made.append("")
            if odd:
                open_at = -1
            continue
        made.append(line)
        open_at = len(made) - 1 if odd else -1
    return made if open_at < 0 else lines


def separator(lines: Sequence[str], columns: int | None, options: Options) -> str:
    """Return what separates cells: that by which most lines have as many numbers as the others.

    `columns` is the width of the grid pasted into: with one, `0,5` is a half.
    """
    lines = [line[:SAMPLE_CHARACTERS] for line in lines[:SAMPLE_LINES]]
    if options.get("decimal") == ",":
        lines = [line.replace(",", ".") for line in lines]
    data = lines[1:] if len(lines) > 2 else lines
    is_told = "," not in data[0] or (len(lines) > 2 and "," not in lines[0])
    if is_told and all(units.split(line) is not None for line in data):
        return WHOLE  # `3,5 m/s` in each, below a single title
    scores: dict[str, float] = {}
    for sign in SEPARATORS:
        if not any(sign in line or sign == BLANK for line in lines):
            continue
        rows = split(data, sign)
        width, usual = max(Counter(map(len, rows)).items(), key=lambda one: (one[1], one[0]))
        if width < 2:
            continue
        cells = [cell for row in rows if len(row) == width for cell in row]
        fine = sum(map(_fits, cells))
        scores[sign] = round(usual / len(rows) * (fine + 0.1) / (len(cells) + 0.1), 3)
    if not scores:
        return WHOLE
    best = max(scores, key=lambda sign: scores[sign])  # the first of equal ones
    if all(map(is_number, data)) and _is_one_column(lines, best, columns):
        return WHOLE
    return best


def _fits(cell: str) -> bool:
    return is_number(cell) or is_missing(cell) or is_date(cell) or units.split(cell) is not None


def _is_one_column(lines: Sequence[str], sign: str, columns: int | None) -> bool:
    """Return whether lines that are numbers as they stand are one column: `0,5` or `1 234,5`."""
    first = split(lines[:1], sign)[0]
    if len(first) == 1:
        return True  # under a title without a separator
    if sign != "," or not all(is_number(line) and line.count(",") < 2 for line in lines):
        return False
    is_spaced = any(" " in line.strip() for line in lines)  # 1 234,5
    return columns == 1 or len(lines) == 1 or is_spaced


def split(lines: Sequence[str], sign: str) -> list[list[str]]:
    """Split lines into cells; quotes may hold the separator."""
    if lines and _IN_SINGLE.match(lines[0]) and _IN_SINGLE.match(lines[-1]):
        lines = [line.replace("'", '"') for line in lines]
    if sign == WHOLE:
        return [[line.strip().strip('"')] for line in lines]
    if sign == BLANK:
        return [
            [cell.strip('"') for cell in _BLANK_CELLS.findall(line)]
            if '"' in line
            else line.split()
            for line in lines
        ]
    plain = not any('"' in line or " " in line or "\u00a0" in line for line in lines)
    if plain and (sign == "\t" or not any("\t" in line for line in lines)):
        return [line.split(sign) for line in lines]
    return [
        [cell.strip() for cell in (_quoted(line, sign) if '"' in line else line.split(sign))]
        for line in lines
    ]


def _quoted(line: str, sign: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=sign, skipinitialspace=True), [])
    except csv.Error:  # a cell longer than the library takes
        return line.split(sign)
