"""In which notation a page is written: whose names stand there for the symbols of its cell.

A symbol has one name in all of this app's code; what a reader sees of it passes through here, once,
on its way out. A user's own text is never a symbol: what is `kept` stays as it is, whatever it
looks like.
"""

import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from app.figures.types import Floats
from rnn_core.cells import Rewriter

_FIRST, _LAST, _HELD = "\ue000", "\ue001", "\ue002"  # signs that no text has
_KEPT = re.compile(f"{_FIRST}([^{_LAST}]*){_LAST}")
_WORD = re.compile(r"[^\W\d_]{2}")
_LONE = re.compile(
    rf"(?P<span>{_FIRST}[^{_LAST}]*{_LAST}|```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$)"
    r"|(?<![A-Za-z0-9_.∂^{\\'’/])(?:[hpxyzL]|a(?=\s*(?:[=<>≤≥≈+−·/|,.;:)‖*&]|$)))"
    r"(?![A-Za-z0-9_^\[(′'’\u0300-\u036f])",
    re.DOTALL,
)
"""A code span or a formula; or a letter that can be no word: `a` only before a sign."""


_asked: ContextVar[Rewriter | None] = ContextVar("notation", default=None)


def use(rewriter: Rewriter | None) -> None:
    """Write symbols in a notation, None for ours, in this thread from here on."""
    _asked.set(rewriter)


def rewriter() -> Rewriter | None:
    """Return what writes the symbols of this page, None where they stay as they are."""
    return _asked.get()


def sent() -> dict[str, Any] | None:
    """Return what the page's own front ends write symbols by, as JSON; None for ours."""
    asked = _asked.get()
    if asked is None or asked.table is None:
        return None
    return {"table": asked.table, "own": sorted(asked.own)}


def kept(text: str) -> str:
    """Return a user's text, marked so that nothing in it is taken for a symbol."""
    return text if _asked.get() is None else f"{_FIRST}{text}{_LAST}"


def rows() -> bool:
    """Whether vectors are rows, so that a matrix is shown as the transpose of ours."""
    asked = _asked.get()
    return asked is not None and asked.table is not None and asked.table["rows"]


def turned(parameter: Floats) -> Floats:
    """Return the numbers of a parameter, or of its gradient, as the notation has their rows."""
    return parameter.T if parameter.ndim > 1 and rows() else parameter


def sided(columns: str, of_rows: str) -> str:
    """Return how something is written of columns, or of rows where the notation has those."""
    return of_rows if rows() else columns


def plain(text: str, finish: Callable[[str], str] = str) -> str:
    """Return a text without markup in the notation that is asked for; `finish` may set it."""
    asked = _asked.get()
    if asked is None:
        return finish(text)
    return _written(text, asked, lambda rest: finish(asked.plain(rest)))


def markdown(text: str) -> str:
    """Return Markdown in the notation that is asked for."""
    asked = _asked.get()
    return text if asked is None else _written(text, asked, asked.markdown)


def latex(text: str) -> str:
    """Return a formula in the notation that is asked for."""
    asked = _asked.get()
    return text if asked is None else asked.latex(text)


def _written(text: str, asked: Rewriter, write: Callable[[str], str]) -> str:
    """Write a text anew, its lone letters too, but for what is kept of it."""
    if _WORD.search(text):
        text = _LONE.sub(
            lambda found: found[0] if found["span"] else kept(asked.plain(found[0])), text
        )
    held = iter(_KEPT.findall(text))
    return re.sub(_HELD, lambda _: next(held, ""), write(_KEPT.sub(_HELD, text)))
