"""Numbers and matrices from what people type and paste; nothing is ever evaluated.

Every refusal is a ValueError of one sentence: which cell, what was expected, what came.
"""

import math
import re
from collections.abc import Iterator

from app import latex, tables

Rows = list[list[float]]
Cube = list[Rows]

MAX_CHARACTERS = 1_000_000
MAX_NUMBERS = 320_000
LONGEST_NUMBER = 60
LARGEST_POWER = 1100  # 2^1100 and 2^-1100 are beyond float64 already
SHOWN = 24  # characters of a bad cell that are repeated

EXAMPLES = "a number such as 0.5, 1/3 or -1e-3"

_MINUS = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "\ufeff": " "})
_DECIMAL = r"[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+"
_FLOAT = rf"[+-]?(?:{_DECIMAL})(?:[eE][+-]?[0-9]+)?"
_NUMBER = re.compile(rf"({_FLOAT})\s*(?:([/^])\s*({_FLOAT}))?")
_NAME = re.compile(r"^\s*(?:Parameter containing:|[A-Za-z_]\w*\s*=)\s*(?=\S)")
_TRANSPOSED = re.compile(
    r"(?<=[\])}])\s*(?:\^\s*\{?\s*(?:T|\\top|\\intercal)\s*\}?|\.?'|\.T)\s*;?$"
)
_LITERAL = re.compile(r"[\[({]\s*(?:[-+.\d\[({]|$)|\\")
_BRACES = str.maketrans("{}", "[]")
_WRAPPER = re.compile(
    r"^[A-Za-z_.]*\(\s*(.*?)\s*(?:,\s*(?:dtype|device|requires_grad)\s*=.*)?\)$", re.DOTALL
)
_TOKEN = re.compile(r"[\[\]()]|[^\[\](),\s]+")


def parse_number(text: str, where: str = "value") -> float:
    """Return one finite number: decimals with point or comma, `a/b`, `a^n`, Unicode minus.

    Raises
    ------
    ValueError
        The text is not such a number, or it is too large for float64.
    """
    match = (
        _NUMBER.fullmatch(text.translate(_MINUS).strip()) if len(text) <= LONGEST_NUMBER else None
    )
    if match is None:
        raise _not_a_number(where, text)
    first, operator, second = match.groups()
    try:
        value = _float(first)
        if operator == "/":
            value /= _float(second)
        elif operator == "^":
            value = _power(value, _float(second))
    except (ArithmeticError, ValueError):
        raise _not_a_number(where, text) from None
    if not math.isfinite(value):
        raise ValueError(f"{where}: expected a finite number, got {_shown(text)}")
    return value


def _float(text: str) -> float:
    return float(text.replace(",", "."))


def _power(base: float, exponent: float) -> float:
    if not exponent.is_integer() or abs(exponent) > LARGEST_POWER:
        raise ValueError("a whole exponent of moderate size")
    return base ** int(exponent)


def parse_matrix(text: str, where: str = "matrix", *, columns: int | None = None) -> Rows:
    """Return rows of equal length from a spreadsheet, NumPy, Python, MATLAB or LaTeX.

    `columns`, the width of the grid pasted into, settles what a comma is where both readings are
    possible: with one column, `0,5` is a half.

    Raises
    ------
    ValueError
        A cell is not a number, rows differ in length, or there is too much or nothing.
    """
    cube = parse_cube(text, where, columns=columns)
    if any(len(matrix) != 1 for matrix in cube):
        raise ValueError(f"{where}: expected rows and columns, got an array with a third axis")
    return [matrix[0] for matrix in cube]


def parse_cube(
    text: str, where: str = "sequence", *, columns: int | None = None, header: bool = False
) -> Cube:
    """Return a sequence (T, B, D): a matrix is one sequence, three nested brackets are a batch.

    With `header`, a first row without any number is left out. Raises as `parse_matrix` does.
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError(
            f"{where}: expected at most {MAX_CHARACTERS:,} characters, got {len(text):,}"
        )
    plain = text.translate(_MINUS).strip().strip("$").strip()
    if not plain:
        raise ValueError(f"{where}: expected numbers, got nothing")
    plain, headed = _untitled(plain) if header else (plain, False)
    plain, turned = _TRANSPOSED.subn("", _NAME.sub("", plain))
    if "\\" not in plain:
        plain = plain.translate(_BRACES)
    if "\\" in plain:
        cells = _latex_cells(plain, where)
    elif "[" in plain or "(" in plain:
        nested = _unwrapped(plain)
        if nested.count("[") + nested.count("(") > 1:
            cube = _nested(nested, where)
            return _transposed(cube, where) if turned else cube
        cells = _matlab_cells(nested, where)
    else:
        cells = tables.delimited(plain, columns)
    if header and not headed and len(cells) > 1 and not any(map(_is_number, cells[0])):
        cells, headed = cells[1:], True
    cube = [[row] for row in _numbers(cells, where, first=1 + headed)]
    return _transposed(cube, where) if turned else cube


def _untitled(text: str) -> tuple[str, bool]:
    """Cut off titles such as `time (s), x [m]`: their brackets hold no numbers."""
    first, _, rest = text.partition("\n")
    has_brackets = "[" in first or "(" in first
    if not rest or not has_brackets or _LITERAL.search(first):
        return text, False
    if any(map(_is_number, re.split(r"[\s;,]+", first))):
        return text, False
    return rest.strip(), True


def _transposed(cube: Cube, where: str) -> Cube:
    if any(len(matrix) != 1 for matrix in cube):
        raise ValueError(f"{where}: expected a matrix to transpose, got a third axis")
    return [[list(column)] for column in zip(*(matrix[0] for matrix in cube), strict=True)]


def _numbers(cells: list[list[str]], where: str, first: int = 1) -> Rows:
    """Turn cells into numbers, with the place in the message of whatever is wrong."""
    width = len(cells[0])
    if len(cells) * width > MAX_NUMBERS:
        raise ValueError(f"{where}: expected at most {MAX_NUMBERS:,} numbers, got more")
    for number, row in enumerate(cells, start=first):
        if len(row) != width:
            raise ValueError(
                f"{where} row {number}: expected {width} numbers as in row {first}, got {len(row)}"
            )
    return [
        [
            parse_number(cell, f"{where} row {row} column {column}")
            for column, cell in enumerate(line, start=1)
        ]
        for row, line in enumerate(cells, start=first)
    ]


def _matlab_cells(text: str, where: str) -> list[list[str]]:
    """Split `[1 2; 3 4]` or `[1, 2, 3]`."""
    if text[0] not in "[(" or text[-1] not in "])":
        raise ValueError(f"{where}: expected closed brackets, got {_shown(text)}")
    inner = text[1:-1].strip()
    if not inner or any(bracket in inner for bracket in "[]()"):
        raise ValueError(f"{where}: expected numbers in closed brackets, got {_shown(text)}")
    return tables.matlab_rows(inner)


def _latex_cells(text: str, where: str) -> list[list[str]]:
    cells = latex.cells(text)
    if cells is None:
        raise ValueError(
            rf"{where}: expected LaTeX such as \begin{{bmatrix}}1 & 2\\3 & 4\end{{bmatrix}}, "
            f"got {_shown(text)}"
        )
    if not cells:
        raise ValueError(f"{where}: expected numbers, got an empty matrix")
    return cells


def _unwrapped(text: str) -> str:
    """Take the literal out of `np.array([[1., 2.]], dtype=float32)`."""
    text = text.rstrip(";").strip()
    match = _WRAPPER.match(text) if text[0] not in "[(" else None
    return match[1] if match else text


def _nested(text: str, where: str) -> Cube:
    """Read nested brackets, with commas or blanks between the numbers."""
    rows: list[tuple[tuple[int, ...], list[str]]] = []
    for path, cell in _walk(text, where):
        if rows and rows[-1][0] == path:
            rows[-1][1].append(cell)
        else:
            rows.append((path, [cell]))
    depths = {len(path) for path, _ in rows}
    if not rows or len(depths) != 1 or depths > {1, 2, 3}:
        raise ValueError(
            f"{where}: expected numbers nested evenly, at most 3 deep, got {_shown(text)}"
        )
    numbers = _numbers([cells for _, cells in rows], where)
    if depths != {3}:
        return [[row] for row in numbers]
    cube: dict[int, Rows] = {}
    for (path, _), row in zip(rows, numbers, strict=True):
        cube.setdefault(path[1], []).append(row)
    steps = list(cube.values())
    if any(len(step) != len(steps[0]) for step in steps):
        raise ValueError(f"{where}: expected as many sequences at each step, got other numbers")
    return steps


def _walk(text: str, where: str) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield each number with its path: which bracket it stands in at each depth."""
    path: list[int] = []
    opened = [0]
    for piece in _TOKEN.findall(text):
        if piece in "[(":
            path.append(opened[-1])
            opened[-1] += 1
            opened.append(0)
            if len(path) > 3:
                raise ValueError(f"{where}: expected at most 3 nested brackets, got more")
        elif piece in "])":
            if not path:
                raise ValueError(f"{where}: expected closed brackets, got one that was not opened")
            path.pop()
            opened.pop()
        else:
            if not path:
                raise ValueError(f"{where}: expected numbers in brackets, got {_shown(piece)}")
            yield tuple(path), piece
    if path:
        raise ValueError(f"{where}: expected closed brackets, got one that stays open")


def _is_number(cell: str) -> bool:
    try:
        parse_number(cell)
    except ValueError:
        return False
    return True


def _not_a_number(where: str, text: str) -> ValueError:
    return ValueError(f"{where}: expected {EXAMPLES}, got {_shown(text)}")


def _shown(text: str) -> str:
    """Repeat what came, short, with everything that does not print escaped."""
    return repr(text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")
