"""A text -> numbers (T, B, D): brackets, printed arrays, LaTeX, MATLAB rows, or a table."""

import re
from collections.abc import Sequence
from fractions import Fraction

from app.experiment.reading import columns as in_columns
from app.experiment.reading import (
    consoles,
    decoration,
    factors,
    latex,
    markup,
    nested,
    numerals,
    printed,
    sparse,
)
from app.experiment.reading.notice import Choice, Options, Understood, whole
from app.experiment.reading.table import MAX_NUMBERS, MOST_COLUMNS, text_table
from app.experiment.reading.words import counted, tidy

MAX_CHARACTERS = 1_000_000

Rows = list[list[float]]
Cube = list[Rows]

_BLANK_ROWS = re.compile(r"[^;\n]+")
ABBREVIATED = (
    "expected every number, got an array that was printed in short, with … in place of some: "
    "print all of it (NumPy: numpy.set_printoptions(threshold=10**6), PyTorch: "
    'torch.set_printoptions(profile="full"))'
)


def cube(
    text: str,
    where: str,
    options: Options,
    *,
    columns: int | None = None,
    field: str = "",
    prose: bool = False,
) -> tuple[Cube, Understood]:
    """Return a sequence (T, B, D): a matrix is one sequence, three nested brackets are a batch.

    `columns` is the width of the grid pasted into, `field` its name, by which one of several
    arrays is chosen. What may be `prose` is none if it has more numbers in brackets than words
    around them. Options: those of `table.text_table` and `columns.numbers`; `batch_first`,
    `transpose`, `array` (which of several).

    Raises
    ------
    ValueError
        A cell is not a number, rows differ in length, or there is too much or nothing.
    """
    require_characters(text, where)
    text, of_table = markup.without(text, where, options)
    plain = text.replace("\u00a0", " ").replace("\ufeff", " ").strip().strip("$").strip()
    plain = decoration.without(plain)
    if not plain:
        raise ValueError(f"{where}: expected numbers, got nothing")
    found, understood = _read(plain, where, options, columns, field, prose=prose)
    understood = of_table + understood
    if options.get("transpose"):
        found = _transposed(found, where)
    batch = len(found[0])
    if batch > 1:
        first = bool(options.get("batch_first"))
        if first:
            found = [[list(row) for row in step] for step in zip(*found, strict=True)]
        steps, sequences, inputs = len(found), len(found[0]), len(found[0][0])
        order = "batch first" if first else "time first"
        said = (
            f"{counted(steps, 'step')} of {counted(sequences, 'sequence')} with "
            f"{counted(inputs, 'input')}: read as {order}."
        )
        other = Choice("time first" if first else "batch first", "batch_first", not first)
        understood = Understood((said,), (other,)) + understood
    return found, understood


def require_characters(text: str, where: str, most: int = MAX_CHARACTERS) -> None:
    """Raise ValueError if a text is too long to be read."""
    if len(text) > most:
        raise ValueError(f"{where}: expected at most {most:,} characters, got {len(text):,}")


def _read(
    plain: str,
    where: str,
    options: Options,
    columns: int | None,
    field: str,
    *,
    prose: bool,
) -> tuple[Cube, Understood]:
    if "\\" in plain:
        cells = latex.needed_cells(plain, where)
        tail = plain[plain.rfind("\\end{") :]
        turned = printed.TURNED.search(tail) is not None
        made = _placed(cells, where, turned=turned)
        return _times(made, factors.of_latex(plain, where), where)
    if (rows := consoles.of_r(plain)) is not None:
        _require_all(plain, where)
        return _placed(rows, where), Understood()
    if "(" in plain and (entries := sparse.of_scipy(plain, where)) is not None:
        return _placed(entries[0], where), Understood((entries[1],))
    if "[" in plain or "(" in plain or "{" in plain:
        found = _in_brackets(plain, where, options, field, prose=prose)
        if found is not None:
            return found
    bare, exponent = consoles.without_heads(plain)
    if bare != plain:
        _require_all(bare, where)
    if (rows := _matlab(bare)) is not None:
        return _placed(rows, where), Understood()
    lined = text_table(bare, where, options, columns=columns)
    if len(lined.rows) * len(lined.rows[0]) > MAX_NUMBERS:
        raise ValueError(f"{where}: expected at most {MAX_NUMBERS:,} numbers, got more")
    if exponent:
        cells = [[f"{cell}e{exponent}" for cell in row] for row in lined.rows]
        said = f"Every number times 10^{int(exponent)}, as printed above them."
        return _placed(cells, where, lines=lined.lines), Understood((said,))
    numbers, _, understood = in_columns.numbers(lined, where, options)
    made = [[list(row)] for row in zip(*numbers, strict=True)]
    return made, lined.understood + understood


def _in_brackets(
    plain: str, where: str, options: Options, field: str, *, prose: bool
) -> tuple[Cube, Understood] | None:
    """Read arrays in brackets; None if the brackets are those of titles."""
    found = printed.arrays(plain, where)
    if not found:
        if re.match(r"[\[(]", plain):
            _require_all(plain, where)
            raise ValueError(
                f"{where}: expected numbers in closed brackets, got {numerals.as_it_came(plain)}"
            )
        return None
    if _are_titles(plain, found) or _are_quoted(plain, found):
        return None
    if prose and len(printed.around(plain, found).split()) > sum(
        len(printed.NUMBER.findall(plain, one.start, one.end)) for one in found
    ):
        raise ValueError(f"{where}: expected numbers, got words with a few numbers in brackets")
    if "array" not in options and (vectors := nested.stacked(plain, found)) is not None:
        said = f"{len(found)} vectors read as the rows of one matrix."
        first = Choice("read the first one alone", "array", 0)
        return _placed(vectors, where), Understood((said,), (first,))
    chosen, understood = _chosen(plain, found, options, field)
    inner = plain[chosen.start : chosen.end]
    if printed.is_shortened(inner):
        raise ValueError(f"{where}: {ABBREVIATED}")
    cells, axes = nested.cells(inner, where)
    cells = consoles.r_order(plain, chosen, cells)
    made = _placed(cells, where, turned=chosen.turned and axes is None)
    if axes is not None:
        if chosen.turned:
            raise ValueError(f"{where}: expected a matrix to transpose, got a third axis")
        steps, batch = axes
        rows = [row[0] for row in made]
        made = [rows[t * batch : (t + 1) * batch] for t in range(steps)]
    made, times = _times(made, factors.beside(plain, chosen, where), where)
    return made, times + understood


def _times(made: Cube, factor: Fraction, where: str) -> tuple[Cube, Understood]:
    """Return numbers times the factor that is written beside them, each rounded once."""
    if factor == 1:
        return made, Understood()
    try:
        made = [[[float(Fraction(repr(n)) * factor) for n in row] for row in step] for step in made]
    except OverflowError:
        raise ValueError(f"{where}: expected finite numbers, got one beyond float64") from None
    times = str(factor if factor.denominator == 1 else float(factor)).replace("-", "−")
    return made, Understood((f"Every number times {times}, as written beside them.",))


def _are_titles(plain: str, found: Sequence[printed.Printed]) -> bool:
    """Return whether all brackets stand in a first line above rows of numbers."""
    first, _, rest = plain.partition("\n")
    if not rest.strip() or found[-1].end > len(first) or found[0].start == 0:
        return False
    start = re.split(r"[\s;,|]", rest.strip(), maxsplit=1)[0]
    return numerals.is_number(start)


def _are_quoted(plain: str, found: Sequence[printed.Printed]) -> bool:
    """Return whether all brackets are cells of a table, such as `"(1,234.50)"`."""
    return all(
        plain[one.start - 1 : one.start] == plain[one.end : one.end + 1] == '"' for one in found
    )


def _chosen(
    plain: str, found: Sequence[printed.Printed], options: Options, field: str
) -> tuple[printed.Printed, Understood]:
    """Return which of several arrays is meant: the one named like the field, or the first."""
    names = [one.name or f"array {n}" for n, one in enumerate(found, 1)]
    if len(found) > 1 and len({*names}) < len(names):
        names = [f"{name} ({n})" for n, name in enumerate(names, 1)]
    asked = whole(options, "array")
    if asked is not None and 0 <= asked < len(found):
        at = asked
    else:
        like = [n for n, one in enumerate(found) if _same(one.name, field)]
        at = like[0] if like else 0
    said = []
    choices: list[Choice] = []
    if len(found) > 1:
        shown = ", ".join(tidy(name) for name in names[:6]) + (" …" if len(names) > 6 else "")
        said.append(f"{len(found)} arrays ({shown}): {tidy(names[at])} read, the others left out.")
        choices = [
            Choice(f"read {tidy(name)}", "array", n) for n, name in enumerate(names[:6]) if n != at
        ]
    elif words := printed.around(plain, found):
        said.append(f"Words around the numbers left out: “{tidy(words)}”.")
    return found[at], Understood(tuple(said), tuple(choices))


def _same(name: str, field: str) -> bool:
    plain = [text.rsplit(".", 1)[-1].replace("_", "").lower() for text in (name, field)]
    return bool(plain[1]) and plain[0] == plain[1]


def _require_all(text: str, where: str) -> None:
    if printed.is_shortened(text):
        raise ValueError(f"{where}: {ABBREVIATED}")


def _matlab(text: str) -> list[list[str]] | None:
    """Split `1 2; 3 4` or `1,2,3; 4,5,6` without brackets: as many numbers in each piece."""
    if ";" not in text or '"' in text:
        return None
    pieces = [piece for piece in _BLANK_ROWS.findall(text[:20000]) if not piece.isspace()][:100]
    in_commas = all(
        piece.count(",") > 1 and " " not in piece.strip() and not numerals.is_grouped(piece)
        for piece in pieces
    )
    if not in_commas and any(len(piece.split()) < 2 for piece in pieces):
        return None
    if any("," in piece for piece in pieces) and all(map(numerals.is_number, pieces)):
        return None  # 1 234,5; 2 345,6
    rows = [nested.split_row(piece) for piece in _BLANK_ROWS.findall(text) if not piece.isspace()]
    if len({len(row) for row in rows[:100]}) != 1 or not all(map(numerals.is_number, rows[0])):
        return None
    return rows


def _placed(
    cells: Sequence[Sequence[str]],
    where: str,
    *,
    turned: bool = False,
    lines: Sequence[int] | None = None,
) -> Cube:
    """Turn cells into numbers, with the place in the message of whatever is wrong."""
    width = len(cells[0])
    if len(cells) * width > MAX_NUMBERS:
        raise ValueError(f"{where}: expected at most {MAX_NUMBERS:,} numbers, got more")
    if width > MOST_COLUMNS:
        raise ValueError(f"{where}: expected at most {MOST_COLUMNS:,} numbers in a row, got more")
    numbered = lines or range(1, len(cells) + 1)
    for number, row in zip(numbered, cells, strict=True):
        if len(row) != width:
            raise ValueError(
                f"{where} row {number}: expected {width} numbers as in row {numbered[0]}, "
                f"got {len(row)}"
            )
    flat = [cell for row in cells for cell in row]

    def place(index: int) -> str:
        row, column = divmod(index, width)
        return f"{where} row {numbered[row]} column {column + 1}"

    values = numerals.column(flat, numerals.Convention(), place)
    rows = [[values[first : first + width]] for first in range(0, len(values), width)]
    return _transposed(rows, where) if turned else rows


def _transposed(found: Cube, where: str) -> Cube:
    if any(len(matrix) != 1 for matrix in found):
        raise ValueError(f"{where}: expected a matrix to transpose, got a third axis")
    return [[list(column)] for column in zip(*(matrix[0] for matrix in found), strict=True)]
