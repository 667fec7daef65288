"""The cells of a matrix written in LaTeX, as texts that `parsing` reads as numbers."""

import re

_MATRIX = re.compile(r"\\begin\{([a-zA-Z]*)\*?\}(?:\{[lcr|]*\})?(.*?)\\end\{\1\*?\}", re.DOTALL)
_FRACTION = re.compile(r"([+-]?)\s*\\[dt]?frac\s*(?:\{([^{}]*)\}|(\d))\s*(?:\{([^{}]*)\}|(\d))")
_NOTHING = re.compile(r"\\(?:phantom\s*\{[^{}]*\}|[,;:! ]|q?quad\b|hline\b)|~")
_ROW_END = re.compile(r"\\\\(?:\[[^\]]*\])?|\\cr\b")


def cells(text: str) -> list[list[str]] | None:
    """Return the cells of the first matrix, row by row, fractions as `a/b`; None without one."""
    match = _MATRIX.search(text)
    if match is None:
        return None
    rows = [_NOTHING.sub("", row) for row in _ROW_END.split(match[2])]
    return [
        [cell.strip().strip("{}$") for cell in _plain(row).split("&")]
        for row in rows
        if row.strip()
    ]


def _plain(row: str) -> str:
    return _FRACTION.sub(r"\1\2\3/\4\5", row).replace("{,}", ",")
