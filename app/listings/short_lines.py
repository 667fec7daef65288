"""Lines of Python that can be read, however long the formula of an operation is.

These are lines that the writers of scripts make of cells, activations and losses, so they are of
the few forms below, and hold no text of a user.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

LONGEST = 96  # characters of a line, its indent included
INDENT = "    "

_FORMS = re.compile(r"(?P<head>.+? \+?= |return )(?P<value>.*)|(?P<call>[\w.]+\()(?P<inner>.*)\)")
_OPERATORS = (
    re.compile(r" (?=[+-] )"),
    re.compile(r"(?<=,) "),
    re.compile(r"(?<![ *])(?= ?[*/@](?!\*))"),
)
"""Where a formula may go on below, from the loosest: at sums, between operands, in products."""


def short_lines(code: str) -> str:
    """Return code with its long assignments, results and calls on lines that can be read.

    What they compute stands in brackets, indented below, and the comment at their end above them.
    """
    return "\n".join(short for line in code.split("\n") for short in _short(line))


def block(lines: Iterable[str]) -> str:
    """Return statements as they stand in a function."""
    return short_lines("\n".join(f"{INDENT}{line}" if line else "" for line in lines))


def _short(line: str) -> Iterator[str]:
    margin = line[: len(line) - len(line.lstrip())]
    if len(line) <= LONGEST or line.lstrip().startswith("#"):
        yield line
        return
    statement, _, comment = line.strip().partition("  # ")
    if comment:
        yield f"{margin}# {comment}"
    form = _FORMS.fullmatch(statement)
    if form is None or len(margin + statement) <= LONGEST:
        yield margin + statement
        return
    yield margin + (form["call"] or f"{form['head']}(")
    yield from _parted(form["inner"] if form["call"] else form["value"], margin + INDENT)
    yield f"{margin})"


def _parted(formula: str, margin: str) -> Iterator[str]:
    """Yield a formula on as many lines as it takes, each operator at the beginning of one."""
    if len(margin + formula) <= LONGEST:
        yield margin + formula
        return
    parts = next((found for at in _OPERATORS if len(found := _split(formula, at)) > 1), [])
    if not parts:
        yield from _opened(formula, margin)
        return
    line = parts[0]
    for part in parts[1:]:
        if len(margin + line + part) <= LONGEST:
            line += part
        else:
            yield from _parted(line, margin)
            line = part.lstrip()
    yield from _parted(line, margin)


def _opened(formula: str, margin: str) -> Iterator[str]:
    """Yield a formula with the inside of its longest brackets on lines of its own."""
    start, end = max(_groups(formula), key=lambda group: group[1] - group[0], default=(0, 0))
    if end == 0:
        yield margin + formula
        return
    yield margin + formula[: start + 1]
    yield from _parted(formula[start + 1 : end], margin + INDENT)
    yield margin + formula[end:]


def _groups(formula: str) -> Iterator[tuple[int, int]]:
    """Yield where the brackets of a formula open and close that stand in no others."""
    open_at: list[int] = []
    for place, sign in enumerate(formula):
        if sign in "([{":
            open_at.append(place)
        elif sign in ")]}" and open_at:
            start = open_at.pop()
            if not open_at:
                yield start, place


def _split(formula: str, at: re.Pattern[str]) -> list[str]:
    """Return a formula in parts that begin where a pattern is found outside of all brackets."""
    groups = list(_groups(formula))
    places = (found.start() for found in at.finditer(formula))
    outside = [p for p in places if p and not any(start < p <= end for start, end in groups)]
    return [formula[start:end] for start, end in pairwise([0, *outside, len(formula)])]
