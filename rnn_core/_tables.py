"""Values as tables of HTML, which a notebook shows in the place of a short text."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from rnn_core._arrays import FloatArray
from rnn_core.numerals import displayed

MOST_ROWS, MOST_LAST = 12, 4  # of a longer sequence the first and the last steps are shown
MOST_NUMBERS = 6  # of a vector


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table with a title; every text is escaped."""
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "".join(
        f"<tr><th>{escape(first)}</th>{''.join(f'<td>{escape(each)}</td>' for each in others)}</tr>"
        for first, *others in rows
    )
    return (
        f"<table><caption>{escape(title)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def over_time(title: str, columns: Mapping[str, FloatArray], steps: int) -> str:
    """Return a table with a row for each step of the first sequence.

    A column has shape (T, B, n), (T + 1, B, n) with a row for step 0, or fewer rows, which end with
    step T.
    """
    first = 0 if any(len(array) > steps for array in columns.values()) else 1
    listed = [*range(first, steps + 1)]
    if len(listed) > MOST_ROWS:
        listed = [*listed[: MOST_ROWS - MOST_LAST], -1, *listed[-MOST_LAST:]]
    rows = []
    for t in listed:
        if t < 0:
            rows.append(["…"] * (len(columns) + 1))
            continue
        found = [(array, t - 1 - (steps - len(array))) for array in columns.values()]
        rows.append([str(t), *("" if row < 0 else vector(array[row, 0]) for array, row in found)])
    return table(title, ["t", *columns], rows)


def arrays(title: str, named: Mapping[str, FloatArray]) -> str:
    """Return a table with a row for each array."""
    rows = [
        [name, " × ".join(map(str, array.shape)), matrix(array)] for name, array in named.items()
    ]
    return table(title, ["", "shape", "values"], rows)


def matrix(array: FloatArray) -> str:
    """Return a few numbers of an array as text: a matrix by its rows."""
    if array.ndim < 2:
        return vector(array)
    rows = [f"[{vector(row)}]" for row in array[:MOST_NUMBERS]]
    return ", ".join(rows) + (", …" if len(array) > MOST_NUMBERS else "")


def vector(numbers: FloatArray) -> str:
    """Return a few numbers of a vector as text."""
    shown = ", ".join(map(displayed, numbers[:MOST_NUMBERS].tolist()))
    return shown + (f", … ({len(numbers)} numbers)" if len(numbers) > MOST_NUMBERS else "")
