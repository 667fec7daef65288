"""Numbers and names as text, for sentences, tables and Plotly's own labels."""

import re
from contextvars import ContextVar
from functools import lru_cache
from math import isinf, isnan

import numpy as np

from app.figures.notation import kept_as_typed
from app.figures.types import Floats
from rnn_core import numerals
from rnn_core.numerals import DIGITS, MINUS

CHOICES = (3, DIGITS, 6)
"""How many significant digits a reader may ask for."""
_asked: ContextVar[int] = ContextVar("digits", default=DIGITS)
LONGEST_LABEL = 12
# A sign, not an entity: Streamlit's Markdown asks the browser to parse each, at every rerun.
NO_BREAK = "\N{NO-BREAK SPACE}"
_SCRIPTS = re.compile(
    r"(?<![A-Za-z_]{3})_([A-Za-z0-9]+(?:[−+]1)?(?:,[A-Za-z0-9]+)*)"
    r"|\^(?:(\([^()]*\))|([A-Za-z0-9]+))"
)
"""What stands below or above a letter; a name of words, as recurrent_kernel, is written so."""
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def digits() -> int:
    """Return how many significant digits the reader of this page has asked for."""
    return _asked.get()


def use_digits(count: int) -> None:
    """Write computed numbers with so many significant digits, in this thread from here on."""
    _asked.set(count)


def short(value: float, most: int | None = None) -> str:
    """Return a computed number as the whole page writes its numbers.

    It has at most as many significant digits as the reader has asked for, and at most `most`: of an
    error or a share more would say nothing. Trailing zeros are left out.
    """
    return in_full(value, digits() if most is None else min(most, digits()))


def in_full(value: float, count: int = 12) -> str:
    """Return a number with digits of its own, in the form of `short`, whatever the reader asks.

    For what a reader has given, and for numbers of a floating-point format where the last places
    are what is shown.
    """
    return numerals.displayed(value, count)


def plain(value: float, count: int | None = None) -> str:
    """Return a number as a program reads it, with an ASCII minus sign.

    It has at most `count` significant digits, or those that the reader has asked for.
    """
    return numerals.plain(value, digits() if count is None else count)


def tex(value: float) -> str:
    """Return a number as `short` does, in LaTeX."""
    if isnan(value):
        return r"\text{NaN}"
    if isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    mantissa, _, exponent = plain(value).partition("e")
    return rf"{mantissa}\!\cdot\!10^{{{exponent}}}" if exponent else mantissa


def counted(count: int) -> str:
    """Return a whole number with commas between its thousands."""
    return f"{count:,}"


def power_of_ten(exponent: int) -> str:
    """Return a power of ten as Plotly's own logarithmic axes write it."""
    if exponent in (0, 1):
        return str(10**exponent)
    return f"10<sup>{str(exponent).replace('-', MINUS)}</sup>"


def plain_label(label: str) -> str:
    """Return a user's label as one short line: spaces visible, control characters replaced."""
    shown = "".join(_visible(character) for character in label[: LONGEST_LABEL + 1])
    return kept_as_typed(shown if len(label) <= LONGEST_LABEL else f"{shown[:LONGEST_LABEL]}…")


def class_label(label: str) -> str:
    """Return the name of a class as `plain_label` does, but blanks between words as blanks."""
    shown = plain_label(label)
    return shown.replace("␣", " ") if label.strip() else shown


def _visible(character: str) -> str:
    if character == " ":
        return "␣"
    if character == "\n":
        return "↵"
    return character if character.isprintable() else "�"


def plotly_text(text: str) -> str:
    """Escape text for Plotly, which reads tags, entities and links in its labels."""
    return "".join(_ESCAPES.get(character, character) for character in text)


@lru_cache(maxsize=1024)
def plotly_symbol(text: str) -> str:
    """Return our own symbols, h_t or h^(t), with Plotly's scripts; never a user's text."""
    return _SCRIPTS.sub(_scripted, text)


def _scripted(found: re.Match[str]) -> str:
    below, *above = found.groups("")
    return f"<sub>{below}</sub>" if below else f"<sup>{''.join(above)}</sup>"


def plural(count: int, noun: str) -> str:
    """Return "1 unit", "2 units"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(names: list[str], most: int = 4) -> str:
    """Return "a, b and c", cut with a count when there are many."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def not_finite(name: str, rows: Floats, first: int) -> str:
    """Say where (T, n) numbers first fail to be finite, or nothing; row 0 is step `first`."""
    bad = ~np.isfinite(rows)
    if not bad.any():
        return ""
    at = int(bad.any(axis=1).argmax())
    unit = int(bad[at].argmax())
    return (
        f"{name} is not finite at {plural(int(bad.any(axis=1).sum()), 'step')}, "
        f"first at t = {at + first} ({short(float(rows[at, unit]))}); those places stay empty."
    )
