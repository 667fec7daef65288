"""What R, Julia and MATLAB print around numbers: heads, names, factors, blocks of columns."""

import re

from app.experiment.reading.nested import Cells
from app.experiment.reading.printed import ASSIGNED, Printed

_JULIA = re.compile(
    r"(?:\d+(?:×\d+)*|\d+-element) [^\n]{0,200}(?:Matrix|Vector|Array|Adjoint|adjoint|Transpose)"
    r"[^\n]{0,200}:[ \t]*\n"
)
_R_HEAD = re.compile(r"(?:\s*\[,\d+\])+\s*")
_R_ROW = re.compile(r"\s*\[(\d+),?\]\s+(.*)")
_SCALE = re.compile(r"\s*1(?:\.0*)?e([+-]?\d{1,4})\s*\*\s*")
_BLOCK = re.compile(r"\s*Columns? \d+(?: (?:through|and|to) \d+)?:?\s*")
_R_MATRIX = re.compile(r"\b(?:matrix|array|structure)\s{0,5}\(\s{0,20}c?$")
_R_SIZE = re.compile(r"\b(nrow|ncol|byrow|dim)\s{0,5}=\s{0,5}([A-Z]+|\d+|c?\(\s?\d+L?,\s?\d+L?\))")


def of_r(text: str) -> Cells | None:
    """Read a vector or matrix as R prints it, also in blocks of columns; None if it is none."""
    if "[" not in text.lstrip().partition("\n")[0]:
        return None
    lines = [line for line in text.split("\n") if line and not line.isspace()]
    if not _R_HEAD.fullmatch(lines[0]):
        found = [_R_ROW.fullmatch(line) for line in lines]
        if not all(found) or "," in lines[0][: lines[0].find("]")]:
            return None
        return [[cell for match in found if match for cell in match[2].split()]]
    rows: dict[str, list[str]] = {}
    for line in lines:
        if _R_HEAD.fullmatch(line):
            continue
        match = _R_ROW.fullmatch(line)
        if match is None:
            return None
        rows.setdefault(match[1], []).extend(match[2].split())
    return list(rows.values()) or None


def without_heads(text: str) -> tuple[str, str]:
    """Take the head off that Julia prints, or the name and scale factor that MATLAB does.

    Returns the rest, and the exponent of the factor, "" without one. Blocks of columns are put
    side by side.
    """
    if match := _JULIA.match(text):
        return text[match.end() :], ""
    if match := ASSIGNED.match(text):
        text = text[match.end() :]
    lines = [line for line in text.split("\n") if line.strip()]
    exponent = ""
    if lines and (match := _SCALE.fullmatch(lines[0])):
        exponent, lines = match[1], lines[1:]
    if not any(_BLOCK.fullmatch(line) for line in lines[:1]):
        return ("\n".join(lines) if exponent else text), exponent
    blocks: list[list[str]] = []
    for line in lines:
        if _BLOCK.fullmatch(line):
            blocks.append([])
        else:
            blocks[-1].append(line)
    if len({len(block) for block in blocks}) > 1:
        return text, ""
    return "\n".join(" ".join(row) for row in zip(*blocks, strict=True)), exponent


def r_order(text: str, one: Printed, rows: Cells) -> Cells:
    """Put the numbers of R's `matrix(c(…), nrow = 2)` in rows: it fills columns, unless `byrow`."""
    if len(rows) != 1 or not _R_MATRIX.search(text[max(0, one.start - 60) : one.start]):
        return rows
    said = dict(_R_SIZE.findall(text[one.end : one.end + 200]))
    sizes = [int(size) for size in re.findall(r"\d+", said.get("dim", ""))]
    count = len(rows[0])
    height = (
        sizes[0] if sizes else int(said.get("nrow", 0)) if said.get("nrow", "0").isdigit() else 0
    )
    if not height and said.get("ncol", "").isdigit():
        height = count // max(1, int(said["ncol"]))
    if height < 1 or count % height:
        return rows
    if said.get("byrow", "").startswith("T"):
        width = count // height
        return [rows[0][first : first + width] for first in range(0, count, width)]
    return [rows[0][first::height] for first in range(height)]
