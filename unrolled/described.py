"""What a file holds, as a person reads it in a terminal."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rnn_core.numerals import plain
from unrolled.arguments import printable

Row = tuple[str, Sequence[float | str]]
"""What some numbers are, and the numbers."""

KINDS = {
    "sequence": "a sequence",
    "own": "sequences with answers",
    "text": "a text",
    "experiment": "an experiment saved from the app",
    "weights": "weights",
}
SIZES = {
    "T": ("step", "steps"),
    "B": ("sequence", "sequences"),
    "D": ("input", "inputs"),
    "H": ("hidden unit", "hidden units"),
    "K": ("output", "outputs"),
}
DIGITS = 5
WIDTH = 11  # characters of a number: its digits, a sign, a point and an exponent


def described(name: str, result: Mapping[str, Any], rows: Sequence[Row] = ()) -> str:
    """Return lines: the kind and sizes, what was concluded, the first rows, and other ways.

    `result` is what `unrolled read --json` prints. Of a file that is refused it is one line.
    """
    if "refused" in result:
        sentence = str(result["refused"]).removeprefix("file: ").removeprefix(f"{name}: ")
        ways = [f"{_option(way)} ({way['label']})" for way in result["choices"]]
        return f"{name}: {sentence}{'; or ' if ways else ''}{' or '.join(ways)}"
    sizes = [
        f"{size} = {result[size]:,} {words[result[size] != 1]}"
        for size, words in SIZES.items()
        if size in result
    ]
    lines = [f"{name}: {KINDS[result['kind']]}, {', '.join(sizes)}"]
    lines += [f"  {sentence}" for sentence in result["notices"]]
    width = max((len(label) for label, _ in rows), default=0)
    lines += [f"  {label:{width}}  {_row(numbers)}".rstrip() for label, numbers in rows]
    lines += [f"  or {_option(way)}: {way['label']}" for way in result.get("choices", ())]
    return "\n".join(printable(line.replace("\n", "⏎")) for line in lines)


def _row(numbers: Sequence[float | str]) -> str:
    shown = (repr(each) if isinstance(each, str) else plain(each, DIGITS) for each in numbers)
    return " ".join(f"{each:>{WIDTH}}" for each in shown)


def _option(way: Mapping[str, Any]) -> str:
    """Return the option that reads the file in another way, as it is typed."""
    value = json.dumps(way["value"], ensure_ascii=False)
    return f"--option '{way['option']}={value}'"
