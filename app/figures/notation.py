"""In which notation a page is written: whose names stand there for the symbols of its cell.

A symbol has one name in all of this app's code; what a reader sees of it passes through here, once,
on its way out. A user's own text is never a symbol: what is `kept` stays as it is, whatever it
looks like.
"""

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

from app.figures.types import Floats
from rnn_core.cells import NOTATIONS, Cell, Notation, Rewriter
from rnn_core.cells import rewriter as writer_of

_FIRST, _LAST, _HELD = "\ue000", "\ue001", "\ue002"  # signs that no text has
_KEPT = re.compile(f"{_FIRST}([^{_LAST}]*){_LAST}")
_WORD = re.compile(r"[^\W\d_]{2}")
_LONE = re.compile(
    rf"(?P<span>{_FIRST}[^{_LAST}]*{_LAST}|```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$)"
    r"|(?<![A-Za-z0-9_.∂^{\\'’/])(?:[hpxyzlLDHKB]|a(?=\s*(?:[=<>≤≥≈+−·/|\\,.;:)‖*&]|$)))"
    r"(?![A-Za-z0-9_^\[(′'’\u0300-\u036f])",
    re.DOTALL,
)
"""A code span or a formula; or a letter that can be no word: `a` only before a sign."""


_CALLED = re.compile(
    r"\b([Ll]ogit|[Ll]oss|[Ii]nputs|[Hh]idden[ \u00a0]units|[Oo]utputs|[Ss]equences)[ \u00a0]"
    r"(?=[*$]{0,2}(a|[LlDHKB])(?![\w^(]))"
)
"""A word and its letter: "logit a"; where the notation's symbol is that word, once is enough."""

_asked: ContextVar[Rewriter | None] = ContextVar("notation", default=None)


def use(rewriter: Rewriter | None) -> None:
    """Write symbols in a notation, None for ours, in this thread from here on."""
    _asked.set(rewriter)


def rewriter() -> Rewriter | None:
    """Return what writes the symbols of this page, None where they stay as they are."""
    return _asked.get()


def sent() -> dict[str, Any] | None:
    """Return what the page's own front ends write symbols by, as JSON; None for ours."""
    writer = _asked.get()
    if writer is None or writer.table is None:
        return None
    return {"table": writer.table, "own": sorted(writer.own)}


def asked() -> Notation | None:
    """Return the notation that is asked for, None for ours."""
    writer = _asked.get()
    return None if writer is None or writer.table is None else NOTATIONS[writer.table["name"]]


def turn_to(cell: Cell, own: frozenset[str] | None = None) -> None:
    """Write the symbols of another cell from here on, since what is shown next has that.

    `own` are the symbols that mean something else here; None for those of the page.
    """
    writer = _asked.get()
    if writer is not None:
        use(writer_of(cell, asked(), writer.own if own is None else own))


def kept_as_typed(text: str) -> str:
    """Return a user's text, marked so that nothing in it is taken for a symbol."""
    return text if _asked.get() is None else f"{_FIRST}{text}{_LAST}"


def has_rows() -> bool:
    """Whether vectors are rows, so that a matrix is shown as the transpose of ours."""
    writer = _asked.get()
    return writer is not None and writer.table is not None and writer.table["rows"]


def turned_to_rows(parameter: Floats) -> Floats:
    """Return the numbers of a parameter, or of its gradient, as the notation has their rows."""
    return parameter.T if parameter.ndim > 1 and has_rows() else parameter


def legend(names: Iterable[str]) -> str:
    """Return what stands for names of ours, for files that keep those; empty where nothing does."""
    writer = _asked.get()
    if writer is None or writer.table is None:
        return ""
    written = {name: writer.plain(f"+ {name}").removeprefix("+ ") for name in names}
    pairs = [f"{name} is {theirs}" for name, theirs in written.items() if theirs != name]
    if not pairs:
        return ""
    matrices = ", its matrices are the transposes of these" if writer.table["rows"] else ""
    return f"Names here are ours. In {writer.table['title']} {', '.join(pairs)}{matrices}."


def sided(columns: str, of_rows: str) -> str:
    """Return how something is written of columns, or of rows where the notation has those."""
    return of_rows if has_rows() else columns


def plain(text: str, finish: Callable[[str], str] = str) -> str:
    """Return a text without markup in the notation that is asked for; `finish` may set it."""
    writer = _asked.get()
    if writer is None:
        return finish(text)
    lone = _WORD.search(text) is not None  # without a word it is a formula, as the writer knows
    return _written(text, writer, lambda rest: finish(writer.plain(rest)), lone=lone)


def markdown(text: str) -> str:
    """Return Markdown in the notation that is asked for."""
    writer = _asked.get()
    return text if writer is None else _written(text, writer, writer.markdown)


def latex(text: str) -> str:
    """Return a formula in the notation that is asked for."""
    writer = _asked.get()
    return text if writer is None else writer.latex(text)


def _says(symbol: str, words: str) -> bool:
    """Whether a symbol is the word that stands before it."""
    return symbol.replace("\u00a0", " ").startswith(words.replace("\u00a0", " ").lower())


def _written(text: str, writer: Rewriter, write: Callable[[str], str], *, lone: bool = True) -> str:
    """Write a text anew, its `lone` letters too, but for what is kept of it."""
    if lone:
        text = _CALLED.sub(
            lambda found: "" if _says(writer.plain(found[2]), found[1]) else found[0],
            text,
        )
        text = _LONE.sub(
            lambda found: found[0] if found["span"] else kept_as_typed(writer.plain(found[0])), text
        )
    held = iter(_KEPT.findall(text))
    return re.sub(_HELD, lambda _: next(held, ""), write(_KEPT.sub(_HELD, text)))
