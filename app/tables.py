"""The cells of a table without brackets, as texts that `parsing` reads as numbers."""

import re


def delimited(text: str, columns: int | None) -> list[list[str]]:
    """Split lines at tabs, semicolons, blanks or commas, whichever the text uses first."""
    lines = [line for line in text.splitlines() if line.strip()]
    if "\t" in text:
        split = "\t"
    elif ";" in text:
        if any(" " in cell.strip() for cell in text.split(";")):
            return matlab_rows(text)
        split = ";"
    elif any(re.search(r"[^\s,]\s+[^\s,]", line) for line in lines):
        return [line.split() for line in lines]
    elif "," in text and not _comma_is_decimal(lines, columns):
        split = ","
    else:
        return [[line] for line in lines]
    cells = [[cell.strip().strip('"') for cell in line.split(split)] for line in lines]
    if all(len(row) > 1 and not row[-1] for row in cells):  # a delimiter at the end of each line
        cells = [row[:-1] for row in cells]
    return cells


def matlab_rows(text: str) -> list[list[str]]:
    """Split `1 2; 3 4`, rows at semicolons or lines."""
    rows = (row.strip().rstrip(",") for row in re.split(r"[;\n]", text) if row.strip())
    return [[cell.strip() for cell in re.split(r"\s*,\s*|\s+", row)] for row in rows]


def _comma_is_decimal(lines: list[str], columns: int | None) -> bool:
    if any(line.count(",") > 1 or "." in line or re.search(r",\s", line) for line in lines):
        return False
    return columns == 1 or len(lines) == 1
