r"""The cells of a matrix written in LaTeX, as texts that are read as numbers. Linear in the text.

All rows are read at once, each on a line of its own: a million rows of two characters would each
cost the start of four searches.
"""

import re

from app.experiment.reading.numerals import as_it_came

MOST_ROWS = 5000
_BEGIN = re.compile(r"\\begin\{([a-zA-Z]{0,12}matrix|array|tabular)(\*?)\}(?:\{[lcr|]{0,200}\})?")
_SPACE = re.compile(r"\n\[[^\]\\\n]{0,60}\]")  # [2pt], what a row's end keeps to the next one
_CR = re.compile(r"\\cr\b")
_FRACTION = re.compile(
    r"\\[dt]?frac[^\S\n]{0,3}(?:\{([^{}\n]{0,60})\}|(\d))[^\S\n]{0,3}(?:\{([^{}\n]{0,60})\}|(\d))"
)
_AFTER_SIGN = re.compile(r"(?<=[+-])[^\S\n]{1,3}(?=\d)")
_NOTHING = re.compile(r"\\(?:phantom[^\S\n]{0,3}\{[^{}\n]{0,60}\}|[,;:! ]|q?quad\b|hline\b)|~")


def cells(text: str, where: str) -> list[list[str]] | None:
    """Return the cells of the first matrix, row by row, fractions as `a/b`; None without one.

    Raises
    ------
    ValueError
        It has more rows than anything here; one sentence.
    """
    inner = _inner(text)
    if inner is None:
        return None
    lines = _a_row_a_line(inner)
    if (ends := lines.count("\n")) > MOST_ROWS:
        raise ValueError(f"{where}: expected at most {MOST_ROWS:,} rows, got {ends:,}")
    plain = _plain(lines)
    rows = [row for row in plain.split("\n") if row and not row.isspace()]
    bare = _bare if any(sign in plain for sign in "{}$") else str.strip
    if "&" not in plain:
        return [[cell] for cell in map(bare, rows)]
    return [list(map(bare, row.split("&"))) for row in rows]


def needed_cells(text: str, where: str) -> list[list[str]]:
    """Return the cells of the first matrix in LaTeX; ValueError without one."""
    found = cells(text, where)
    if found is None:
        raise ValueError(
            rf"{where}: expected LaTeX such as \begin{{bmatrix}}1 & 2\\3 & 4\end{{bmatrix}}, "
            f"got {as_it_came(text)}"
        )
    if not found:
        raise ValueError(f"{where}: expected numbers, got an empty matrix")
    return found


def _inner(text: str) -> str | None:
    match = _BEGIN.search(text)
    if match is None:
        return None
    end = text.find(f"\\end{{{match[1]}{match[2]}}}", match.end())
    return text[match.end() : end] if end >= 0 else None


def _bare(cell: str) -> str:
    return cell.strip().strip("{}$")


def _a_row_a_line(inner: str) -> str:
    lines = inner.replace("\n", " ").replace("\\\\", "\n")
    if "\n[" in lines:
        lines = _SPACE.sub("\n", lines)
    return _CR.sub("\n", lines) if "\\cr" in lines else lines


def _plain(lines: str) -> str:
    if "\\" in lines or "~" in lines:
        lines = _NOTHING.sub("", lines)
    if "frac" in lines:
        first, *rest = _FRACTION.split(lines)
        lines = first + "".join(
            [
                f"{above or digit_above or ''}/{below or digit_below or ''}{after}"
                for above, digit_above, below, digit_below, after in zip(
                    *[iter(rest)] * 5, strict=True
                )
            ]
        )
    if "+" in lines or "-" in lines:
        lines = _AFTER_SIGN.sub("", lines)
    return lines.replace("{,}", ",")
