"""The cells of a matrix written in LaTeX, as texts that are read as numbers. Linear in the text."""

import re

_BEGIN = re.compile(r"\\begin\{([a-zA-Z]{0,12}matrix|array|tabular)(\*?)\}(?:\{[lcr|]{0,200}\})?")
_FRACTION = re.compile(
    r"\\[dt]?frac\s{0,3}(?:\{([^{}]{0,60})\}|(\d))\s{0,3}(?:\{([^{}]{0,60})\}|(\d))"
)
_SIGN = re.compile(r"([+-])\s{1,3}(?=\d)")
_NOTHING = re.compile(r"\\(?:phantom\s{0,3}\{[^{}]{0,60}\}|[,;:! ]|q?quad\b|hline\b)|~")
_ROW_END = re.compile(r"\\\\(?:\[[^\]\\]{0,60}\])?|\\cr\b")


def cells(text: str) -> list[list[str]] | None:
    """Return the cells of the first matrix, row by row, fractions as `a/b`; None without one."""
    inner = _inner(text)
    if inner is None:
        return None
    rows = _ROW_END.split(inner)
    # A cheap look first: a million short rows would each cost the start of four searches.
    rows = [_NOTHING.sub("", row) if "\\" in row or "~" in row else row for row in rows]
    if any(sign in inner for sign in ("frac", "+", "-", "{,}")):
        rows = [_plain(row) for row in rows]
    bare = _bare if any(sign in inner for sign in "{}$") else str.strip
    return [list(map(bare, row.split("&"))) for row in rows if row and not row.isspace()]


def _inner(text: str) -> str | None:
    match = _BEGIN.search(text)
    if match is None:
        return None
    end = text.find(f"\\end{{{match[1]}{match[2]}}}", match.end())
    return text[match.end() : end] if end >= 0 else None


def _bare(cell: str) -> str:
    return cell.strip().strip("{}$")


def _plain(row: str) -> str:
    if "frac" in row:
        row = _FRACTION.sub(r"\1\2/\3\4", row)
    if "+" in row or "-" in row:
        row = _SIGN.sub(r"\1", row)
    return row.replace("{,}", ",")
