"""Where the arrays in brackets of a text stand, and what is said around them.

What stands around an array (its name, its class, prose) is passed over. All is linear in the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.experiment.reading.numerals import as_it_came

MOST_ARRAYS = 64
DEEPEST = 3  # that arrays are nested
OPENING, CLOSING = "[({", "])}"
_START = re.compile(r"[\[({](?=\s*+(?:[\[({]\s*+){0,3}+(?:[-+−–]?[.]?\d|\.\.\.|…))")
_NOT_NUMERIC = re.compile(r"[^\[\](){}\d\s.,;:eEf+\-−–/^*…'LjJ]")
_SINGLE = re.compile(r"(?:[\[({]\s*+[\d.]++\s*+[\])}][,;\s]*+)++")  # [1], [2]: one after the other
_SHAPE = re.compile(r"\b(?:In|Out|shape|[sS]ize|dims?|strides?|max)\s{0,3}[=(:]?\s{0,3}c?$")
_NAME = re.compile(r"[^\W\d]\w*(?:\.\w+)*(?!\w|\.|\(|\[)")
TURNED = re.compile(
    r"(?:\.[a-z_]{1,20}\([\w.,= ]{0,40}\)){0,4}\s{0,8}"
    r"(?:\^\s{0,3}\{?\s{0,3}(?:T|\\top|\\intercal)\s{0,3}\}?|\.?'|\.T\b|\.[tT]\(\)"
    r"|\.transpose\(\)|\.mT\b|ᵀ|⊤)"
)
NUMBER = re.compile(r"[\d.]+")
_SHORT = re.compile(r"\.\.\.|[…⋮⋯⋱]|\[ ?reached ")
_CALLED = re.compile(  # also `Matrix(2, 2, [[…` and `tensor(1.0e-02 * [[…`
    r"\s{0,199}(?:\d{1,5}\s{0,5},\s{0,5}){0,3}(?:[\d.eE+-]{1,20}\s{0,5}\*\s{0,40})?[\[({]"
)

ASSIGNED = re.compile(r"\s*(?!sep=)[^\W\d]\w*[ \t]{0,20}=\s*")  # but for Excel's first line
SHORTEST = len("[1 2]")  # of what can be an array


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
    assigned = ASSIGNED.match(text)
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
    if TURNED.match(text, end):
        return True
    if start and text[start - 1] in OPENING:
        outer = int(closed[start - 1])
        return outer > 0 and TURNED.match(text, outer) is not None
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
