"""Arrays as programs print and papers set them: NumPy, PyTorch, R, Julia, MATLAB, LaTeX.

What stands around an array (its name, its class, prose) is passed over. All is linear in the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.experiment.reading import latex
from app.experiment.reading.numerals import as_it_came

MOST_ARRAYS = 64
DEEPEST = 3
OPENING, CLOSING = "[({", "])}"
_TO_SQUARE = str.maketrans("(){}", "[][]")
_ONLY_BRACKETS = str.maketrans("", "", ", \t\n")
_START = re.compile(r"[\[({](?=\s*+(?:[\[({]\s*+){0,3}+(?:[-+−–]?[.]?\d|\.\.\.|…))")
_NOT_NUMERIC = re.compile(r"[^\[\](){}\d\s.,;:eEf+\-−–/^*…'LjJ]")
_SINGLE = re.compile(r"(?:[\[({]\s*+[\d.]++\s*+[\])}][,;\s]*+)++")  # [1], [2]: one after the other
_SHAPE = re.compile(r"\b(?:In|Out|shape|[sS]ize|dims?|strides?|max)\s{0,3}[=(:]?\s{0,3}c?$")
_NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)*(?!\w|\.|\(|\[)")
_TURNED = re.compile(
    r"(?:\.[a-z_]{1,20}\([\w.,= ]{0,40}\)){0,4}\s{0,8}"
    r"(?:\^\s{0,3}\{?\s{0,3}(?:T|\\top|\\intercal)\s{0,3}\}?|\.?'|\.T\b|\.[tT]\(\)"
    r"|\.transpose\(\)|\.mT\b|ᵀ|⊤)"
)
NUMBER = re.compile(r"[\d.]+")
_SHORT = re.compile(r"\.\.\.|[…⋮⋯⋱]|\[ ?reached ")
_JULIA = re.compile(
    r"(?:\d+(?:×\d+)*|\d+-element) [^\n]{0,200}(?:Matrix|Vector|Array|Adjoint|adjoint|Transpose)"
    r"[^\n]{0,200}:[ \t]*\n"
)
_R_HEAD = re.compile(r"(?:\s*\[,\d+\])+\s*")
_R_ROW = re.compile(r"\s*\[(\d+),?\]\s+(.*)")
_SCALE = re.compile(r"\s*1(?:\.0*)?e([+-]?\d{1,4})\s*\*\s*")
_BLOCK = re.compile(r"\s*Columns? \d+(?: (?:through|and|to) \d+)?:?\s*")
_ASSIGNED = re.compile(r"\s*(?!sep=)[^\W\d]\w*[ \t]{0,20}=\s*")  # but for Excel's first line
_R_MATRIX = re.compile(r"\b(?:matrix|array|structure)\s{0,5}\(\s{0,20}c?$")
_R_SIZE = re.compile(r"\b(nrow|ncol|byrow|dim)\s{0,5}=\s{0,5}([A-Z]+|\d+|c?\(\s?\d+L?,\s?\d+L?\))")

_CALLED = re.compile(  # also `Matrix(2, 2, [[…` and `tensor(1.0e-02 * [[…`
    r"\s{0,199}(?:\d{1,5}\s{0,5},\s{0,5}){0,3}(?:[\d.eE+-]{1,20}\s{0,5}\*\s{0,40})?[\[({]"
)
_BETWEEN = re.compile(r"[ \t]*+,?\s*+|[ \t]*+\n[ \t]*+- ")  # of vectors below one another; YAML's

SHORTEST = len("[1 2]")  # of what can be an array
Cells = list[list[str]]


@dataclass(frozen=True)
class Printed:
    """One array of a text: where it stands, its name, and whether it is marked as transposed."""

    start: int
    end: int  # of its brackets, exclusive
    name: str
    turned: bool


def is_shortened(text: str) -> bool:
    """Return whether an array was printed with an ellipsis in place of numbers."""
    return _SHORT.search(text) is not None


def arrays(text: str, where: str) -> list[Printed]:
    """Return the arrays in brackets of a text, in order.

    Raises
    ------
    ValueError
        Brackets are nested too deep or do not close, or there are too many arrays; one sentence.
    """
    found: list[Printed] = []
    if _START.search(text) is None:
        return found
    closed = ends(text)
    head, tail = len(text) - len(text.lstrip()), len(text.rstrip(" \n\t;.'T^"))
    assigned = _ASSIGNED.match(text)
    last = int(np.flatnonzero(closed)[-1]) if closed.any() else -1  # bracket that is closed
    other = -1  # the next character that is no part of numbers, once it has been looked for
    at = 0
    while (match := _START.search(text, at)) is not None:
        start = match.start()
        before = text[start - 1 : start]  # looked at here, since there may be many brackets
        if (before.isalnum() or before == "_") and _opens_a_call(text, start):
            at = match.end()
            continue
        if before.isspace() or before in OPENING:
            start = _outermost(text, start, at)
        end = int(closed[start])
        if not end:
            if start <= head or (assigned is not None and start == assigned.end()):
                raise ValueError(
                    f"{where}: expected closed brackets, got one that stays open"
                    if text[start:].count("[") + text[start:].count("(") > 1
                    else f"{where}: expected closed brackets, got {as_it_came(text)}"
                )
            if start > last:
                break
            at = match.end()
            continue
        if other < start:
            other = _next(_NOT_NUMERIC, text, start)
        whole = start <= head and end >= tail
        numeric = end <= other
        is_array = numeric and end - start >= SHORTEST and _is_many(text, start, end)
        before = text[max(at, start - 200) : start] if whole or is_array else ""
        if (whole or is_array) and not _SHAPE.search(before):
            found.append(Printed(start, end, _name(before), _is_turned(text, closed, start, end)))
            if len(found) > MOST_ARRAYS:
                raise ValueError(f"{where}: expected one array, got more than {MOST_ARRAYS}")
            at = end
        else:
            single = _SINGLE.match(text, start) if numeric else None
            at = max(match.end(), single.end()) if single else match.end()
    return found


def _next(sign: re.Pattern[str], text: str, at: int) -> int:
    found = sign.search(text, at)
    return len(text) if found is None else found.start()


def _is_many(text: str, start: int, end: int) -> bool:
    """Return whether brackets hold more than the one number of `f(1)` or of a citation, `[1]`."""
    numbers = NUMBER.findall(text, start, min(end, start + 1000))
    return len(numbers) > 1 or text.count("[", start, end) > 1


def _opens_a_call(text: str, at: int) -> bool:
    """Return whether a bracket behind a word is that of a call around brackets, `array(`."""
    return _CALLED.match(text, at + 1, at + 200) is not None


def ends(text: str) -> np.ndarray:
    """Return for each bracket that opens where it is closed, exclusive; 0 for all else.

    All at once, since one after the other would take the square of the length. Brackets of one
    depth, in the order of the text, open and close in turn.
    """
    letters = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32)
    change = np.zeros(len(letters), np.int32)
    for signs, by in ((OPENING, 1), (CLOSING, -1)):
        for sign in signs:
            change[letters == ord(sign)] = by
    places = np.flatnonzero(change)
    opens = change[places] > 0
    depth = np.cumsum(change[places], dtype=np.int32) + ~opens
    order = np.argsort(depth, kind="stable")
    first, second = order[:-1], order[1:]
    pairs = opens[first] & (depth[first] == depth[second])
    found = np.zeros(len(letters), np.int32)
    found[places[first[pairs]]] = places[second[pairs]] + 1
    return found


def _outermost(text: str, start: int, least: int) -> int:
    """Move to the outermost of the brackets that open together, but not to that of a call."""
    at = start
    for _ in range(2 * DEEPEST):
        before = at - 1
        while before >= least and text[before].isspace():
            before -= 1
        if before < least or text[before] not in OPENING:
            break
        if before > 0 and (text[before - 1].isalnum() or text[before - 1] in "_"):
            break
        at = before
    return at


def _name(before: str) -> str:
    """Return the name in the last line before an array, that of the call around it apart."""
    line = next((line for line in reversed(before.split("\n")) if line.strip()), "")
    found = _NAME.search(line)
    return found[0][:40] if found else ""


def _is_turned(text: str, closed: np.ndarray, start: int, end: int) -> bool:
    """Return whether a mark of transposing follows the brackets, or the call around them."""
    if _TURNED.match(text, end):
        return True
    if start and text[start - 1] in OPENING:
        outer = int(closed[start - 1])
        return outer > 0 and _TURNED.match(text, outer) is not None
    return False


def around(text: str, found: Sequence[Printed]) -> str:
    """Return what stands around the arrays, but for their names and the calls around them."""
    rest = []
    at = 0
    for one in (*found, Printed(len(text), len(text), "", False)):
        rest.append(text[at : one.start])
        at = one.end
    words = re.findall(r"[^\W\d]\w+", " ".join(rest))
    known = {name for one in found for name in re.findall(r"\w+", one.name)}
    return " ".join(word for word in words if word not in known and not _KNOWN.fullmatch(word))


_KNOWN = re.compile(
    r"np|numpy|jnp|jax|torch|tf|mx|nd|cp|cupy|[aA]rray|as[aA]rray|(?:Device|ND)Array|[tT]ensor"
    r"|[mM]atrix|Variable|constant|structure|Parameter|containing|dtype|shape|[sS]ize|dim|nrow|ncol"
    r"|byrow|device|cuda|cpu|requires_grad|grad_fn|\w+Backward\d*|True|False|TRUE|FALSE|[iI]n|[oO]ut"
    r"|b?[fF]loat\d*|double|u?int\d*|long|e[+-]?\d+"
)
"""What stands around an array as a program prints it."""


def cells(text: str, where: str) -> tuple[Cells, tuple[int, int] | None]:
    """Return the rows of one array in brackets, and (T, B) if there are three axes.

    Raises
    ------
    ValueError
        Brackets are nested unevenly; one sentence.
    """
    square = text.translate(_TO_SQUARE)
    skeleton = re.sub(r"n+", "n", re.sub(r"[^\[\],\s]+", "n", square).translate(_ONLY_BRACKETS))
    if "[" * (DEEPEST + 1) in skeleton:
        raise ValueError(f"{where}: expected at most {DEEPEST} nested brackets, got more")
    rows = [part for part in re.findall(r"[^\[\]]+", square) if part.strip(", \t\n")]
    if skeleton == "[n]":
        return _flat(rows[0]), None
    if skeleton == "[" + "[n]" * len(rows) + "]" and rows:
        return [_row(row) for row in rows], None
    steps = skeleton.count("[[n")
    per_step, rest = divmod(len(rows), max(steps, 1))
    if rows and not rest and skeleton == "[" + ("[" + "[n]" * per_step + "]") * steps + "]":
        return [_row(row) for row in rows], (steps, per_step)
    if skeleton.count("[[") and not skeleton.replace("[", "").replace("]", "").replace("n", ""):
        blocks = {block.count("n") for block in skeleton.strip("[]").split("]]")}
        if len(blocks) > 1 and "[[[" in skeleton:
            raise ValueError(f"{where}: expected as many sequences at each step, got other numbers")
    raise ValueError(
        f"{where}: expected numbers nested evenly, at most {DEEPEST} deep, got {as_it_came(text)}"
    )


def _flat(inner: str) -> Cells:
    """Split `1 2; 3 4`, `1, 2, 3`, or a vector that NumPy printed over several lines."""
    lines = [line for line in re.split(r"[;\n]", inner) if line.strip(", \t")]
    rows = [_row(line) for line in lines]
    if ";" in inner or len(rows) == 1:
        return rows
    goes_on = all(line.rstrip().endswith(",") for line in lines[:-1])
    uneven = len({len(row) for row in rows[:-1]}) == 1 and len(rows[-1]) < len(rows[0])
    return [[cell for row in rows for cell in row]] if goes_on or uneven else rows


def _row(text: str) -> list[str]:
    """Split numbers at commas or blanks; a comma may stand at the end."""
    if "," not in text:
        return text.split()
    parts = [part.strip() for part in text.strip().split(",")]
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    if len(parts) > 1 and not parts[0]:
        parts = parts[1:]
    return [cell for part in parts for cell in (part.split() or [""])]


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
    if match := _ASSIGNED.match(text):
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


def stacked(text: str, found: Sequence[Printed]) -> Cells | None:
    """Return vectors of one length without names, one behind the other, as rows; None of others."""
    if len(found) < 2 or any(one.name for one in found[1:]):
        return None
    between = (text[a.end : b.start] for a, b in pairwise(found))
    inner = [text[one.start + 1 : one.end - 1] for one in found]
    if not all(map(_BETWEEN.fullmatch, between)):
        return None
    if any(sign in part for part in inner for sign in "[](){};\n"):
        return None
    rows = [_row(part) for part in inner]
    return rows if len({len(row) for row in rows}) == 1 else None


def of_latex(text: str, where: str) -> Cells:
    """Return the cells of the first matrix in LaTeX; ValueError without one."""
    found = latex.cells(text, where)
    if found is None:
        raise ValueError(
            rf"{where}: expected LaTeX such as \begin{{bmatrix}}1 & 2\\3 & 4\end{{bmatrix}}, "
            f"got {as_it_came(text)}"
        )
    if not found:
        raise ValueError(f"{where}: expected numbers, got an empty matrix")
    return found
