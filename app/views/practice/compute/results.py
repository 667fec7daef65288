"""What a learner types or pastes, as numbers by question; nothing is ever evaluated."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import takewhile

from app.experiment.parsing import Rows, parse_matrix, parse_number
from app.listings.worksheets.markup import plain_symbol
from app.listings.worksheets.parts import Asked, Block
from rnn_core.practice import Question

MAX_CHARACTERS = 20_000
LINE = re.compile(
    r"^\s*(?P<by>∂L\s*/\s*∂|dL\s*/\s*d|dL_d)?"
    r"(?P<name>[A-Za-zδ]\w*(?:\[\d+\]|\(\d+\)|\{\w+\})?)\s*[=:,;\t ]\s*(?P<rest>.*)$"
)
APART = re.compile(r"\s*;\s*|\s+")
"""What stands between numbers that may have a decimal comma."""
BRACKETS = str.maketrans("[]()", "    ")
STEP_FIRST = re.compile(r"(?P<t>\d+)\s*[,;\t ]\s*(?P<rest>.*)$")
"""A step in a column of its own: h, 2, 0.46, -0.29."""
NUMBER = re.compile(r"\d")
DELTA = re.compile("^(δ|delta)")  # the gradient by z


def name_of(asked: Asked) -> str:
    """Return how a quantity is called in pasted results: h_2, z_i_2, dW_hh, da_3."""
    name = plain_symbol(asked.symbol).replace(",", "_")
    return f"d{name}" if asked.of == "gradient" else name


def pasted(text: str, blocks: Sequence[Block]) -> dict[Question, str]:
    """Return the numbers of pasted results, as texts, by question.

    A line holds a name (`h_2`, `h2`, `h[2]`, `dW_hh`, `∂L/∂z_1`, `delta1`; `h` for all steps, a row
    for each) and its numbers: a list, a matrix in brackets, which may go on below, or the cells of
    CSV, with or without titles above and with the step in the name or after it. A vector may stand
    as a column.

    Raises
    ------
    ValueError
        A line names nothing of the sheet, or has another number of numbers; nothing is taken.
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError(
            f"results: expected at most {MAX_CHARACTERS:,} characters, got {len(text):,}"
        )
    every = [asked for block in blocks for asked in block.asked]
    known = {name_of(asked): (asked,) for asked in every} | _over_time(every)
    found: dict[Question, str] = {}
    plain = {_plain(name): each for name, each in known.items()}
    for number, line in list(_lines(text))[len(titles(text)) :]:
        found.update(_line(line, number, known, plain))
    if not found:
        raise ValueError(
            "results: expected lines such as dW_hh = [[0.1, 0.2], [0.3, 0.4]], got none"
        )
    return found


def titles(text: str) -> list[str]:
    """Return the lines above the first number: titles of columns, which tell no result."""
    return [
        line.strip() for _, line in takewhile(lambda each: not NUMBER.search(each[1]), _lines(text))
    ]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield what is written, with the number of its first line: brackets hold lines together."""
    held, begins, depth = "", 0, 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        begins = begins if held else number
        held = f"{held} {line.strip()}" if held else line
        depth += sum(map(line.count, "[(")) - sum(map(line.count, "])"))
        if depth <= 0:
            yield begins, held
            held, depth = "", 0
    if held:
        yield begins, held


def _over_time(every: Sequence[Asked]) -> dict[str, tuple[Asked, ...]]:
    """Return quantities without a step, h or dz: all of theirs, in the order of the steps."""
    found: dict[str, list[Asked]] = {}
    for asked in every:
        question = asked.questions[0]
        if question.t is not None:
            name = name_of(asked).removesuffix(f"_{question.t}")
            found.setdefault(name, []).append(asked)
    return {
        name: tuple(sorted(each, key=lambda asked: asked.questions[0].t or 0))
        for name, each in found.items()
    }


def _plain(name: str) -> str:
    """Return a name without what some write and others do not: `h2` for h_2 and h[2]."""
    return re.sub(r"[\W_]", "", DELTA.sub("dz", name))


def _line(
    line: str, number: int, known: Mapping[str, object], plain: Mapping[str, tuple[Asked, ...]]
) -> dict[Question, str]:
    read = LINE.match(line)
    name = "" if read is None else _plain(("d" if read["by"] else "") + read["name"])
    if read is None or name not in plain:
        raise ValueError(
            f"results, line {number}: expected a name of the sheet such as "
            f"{', '.join([each for each in known if '_' in each][-2:])}, got {line.strip()[:40]!r}"
        )
    place = f"results, line {number}"
    questions, flat = _read(read["rest"], plain[name], place)
    step = STEP_FIRST.match(read["rest"])
    if len(flat) != len(questions) and step and (of := plain.get(name + step["t"])):
        questions, flat = _read(step["rest"], of, place)
    if len(flat) != len(questions):
        raise ValueError(
            f"{place}: expected {len(questions)} numbers for {read['name']}, got {len(flat)}"
        )
    return {question: f"{entry:.12g}" for question, entry in zip(questions, flat, strict=True)}


def _read(text: str, of: Sequence[Asked], place: str) -> tuple[list[Question], list[float]]:
    """Return what some numbers are asked of, and the numbers."""
    questions = [question for asked in of for question in asked.questions]
    return questions, _numbers(text.rstrip(",; "), place, len(questions))


def _numbers(text: str, place: str, wanted: int) -> list[float]:
    """Return the numbers of a line; how many there must be settles what a comma is."""
    plain = text.translate(BRACKETS).strip()
    for apart in (APART.split(plain), plain.split(",")):
        if len(apart) == wanted:
            with suppress(ValueError):
                return [parse_number(each.strip(), place) for each in apart]
    with suppress(ValueError):
        flat = _flat(parse_matrix(text, place, columns=wanted))
        if len(flat) == wanted:
            return flat
    return _flat(parse_matrix(text, place))


def _flat(rows: Rows) -> list[float]:
    return [entry for row in rows for entry in row]
