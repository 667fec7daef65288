"""Numbers and matrices from what people type; nothing is ever evaluated.

Every refusal is a ValueError of one sentence: which cell, what was expected, what came.
"""

from app.experiment.reading.arrays import MAX_CHARACTERS, Cube, Rows, cube
from app.experiment.reading.numerals import parse_number
from app.experiment.reading.table import MAX_NUMBERS

__all__ = [
    "MAX_CHARACTERS",
    "MAX_NUMBERS",
    "Cube",
    "Rows",
    "parse_cube",
    "parse_matrix",
    "parse_number",
]


def parse_matrix(text: str, where: str = "matrix", *, columns: int | None = None) -> Rows:
    """Return rows of equal length from a spreadsheet, NumPy, Python, MATLAB or LaTeX.

    `columns`, the width of the grid pasted into, settles what a comma is where both readings are
    possible: with one column, `0,5` is a half.

    Raises
    ------
    ValueError
        A cell is not a number, rows differ in length, or there is too much or nothing.
    """
    return as_matrix(parse_cube(text, where, columns=columns), where)


def as_matrix(found: Cube, where: str) -> Rows:
    """Return the rows of a single sequence; ValueError if there are more."""
    if any(len(matrix) != 1 for matrix in found):
        raise ValueError(f"{where}: expected rows and columns, got an array with a third axis")
    return [matrix[0] for matrix in found]


def parse_cube(
    text: str, where: str = "sequence", *, columns: int | None = None, header: bool = False
) -> Cube:
    """Return a sequence (T, B, D): a matrix is one sequence, three nested brackets are a batch.

    With `header`, titles above the numbers are left out. Raises as `parse_matrix` does.
    """
    found, _ = cube(text, where, {} if header else {"title_row": False}, columns=columns)
    return found
