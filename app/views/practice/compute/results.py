"""What a learner types or pastes, as numbers by question; nothing is ever evaluated."""

import re
from collections.abc import Mapping, Sequence

from app.experiment.parsing import parse_matrix
from app.listings.worksheets.markup import plain_symbol
from app.listings.worksheets.parts import Asked, Block
from rnn_core.practice import Question

MAX_CHARACTERS = 20_000
LINE = re.compile(
    r"^\s*(?:∂L/∂|dL/d|dL_d|grad[ _]|d)?(?P<name>[A-Za-z]\w*)\s*[=:,;\t ]\s*(?P<rest>.*)$"
)
GRADIENT = re.compile(r"^\s*(∂L/∂|dL/d|dL_d|grad[ _]|d)")


def name_of(asked: Asked) -> str:
    """Return how a quantity is called in pasted results: h_2, z_i_2, dW_hh, da_3."""
    name = plain_symbol(asked.symbol).replace(",", "_")
    return f"d{name}" if asked.of == "gradient" else name


def pasted(text: str, blocks: Sequence[Block]) -> dict[Question, str]:
    """Return the numbers of pasted results, as texts, by question.

    A line holds a name (`h_2`, `dW_hh`, `∂L/∂z_1`) and its numbers: a list, a matrix in brackets,
    or the cells of CSV.

    Raises
    ------
    ValueError
        A line names nothing of the sheet, or has another number of numbers; nothing is taken.
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError(
            f"results: expected at most {MAX_CHARACTERS:,} characters, got {len(text):,}"
        )
    known = {name_of(asked): asked for block in blocks for asked in block.asked}
    found: dict[Question, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            found.update(_line(line, number, known))
    if not found:
        raise ValueError(
            "results: expected lines such as dW_hh = [[0.1, 0.2], [0.3, 0.4]], got none"
        )
    return found


def _line(line: str, number: int, known: Mapping[str, Asked]) -> dict[Question, str]:
    read = LINE.match(line)
    name = "" if read is None else read["name"]
    if GRADIENT.match(line) and name not in known:
        name = f"d{name}"
    if read is None or name not in known:
        raise ValueError(
            f"results, line {number}: expected a name of the sheet such as "
            f"{', '.join(list(known)[-2:])}, got {line.strip()[:40]!r}"
        )
    asked = known[name]
    rows = parse_matrix(read["rest"].rstrip(",; "), f"results, line {number}")
    flat = [entry for row in rows for entry in row]
    if len(flat) != len(asked.questions):
        raise ValueError(
            f"results, line {number}: expected {len(asked.questions)} numbers for {name}, "
            f"got {len(flat)}"
        )
    return {
        question: f"{entry:.12g}" for question, entry in zip(asked.questions, flat, strict=True)
    }
