"""What the browser marks a sheet by."""

from typing import Any

from rnn_core.practice import DIGITS, MISTAKES, TOLERANCE, Sheet
from rnn_core.practice.recording import recorded


def marking(sheet: Sheet) -> dict[str, Any]:
    """Return the marking of a sheet as operations, and what is said of mistakes."""
    found = recorded(sheet)
    return {
        "tape": found.tape,
        "expected": found.expected,
        "granted": found.granted,
        "slips": found.mistakes,
        "tolerance": TOLERANCE,
        "digits": DIGITS,
        "mistakes": {name: mistake.says for name, mistake in MISTAKES.items()},
    }
