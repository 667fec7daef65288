"""What a page has drawn so far, for the reader who takes its charts along."""

from collections.abc import Sequence
from contextvars import ContextVar

from app.figures.types import Chart

Drawn = dict[str, Sequence[Chart]]
"""The charts of a page as they stand on it, by the key of what draws them."""

_drawn: ContextVar[Drawn | None] = ContextVar("drawn", default=None)


def collect(into: Drawn | None) -> None:
    """Note in `into` what this thread draws from here on; with None, nothing."""
    _drawn.set(into)


def collecting() -> Drawn | None:
    """Return where it is noted, None where it is not."""
    return _drawn.get()


def note(key: str, charts: Sequence[Chart]) -> None:
    """Note charts, in the place of those that were drawn there before."""
    drawn = _drawn.get()
    if drawn is not None:
        drawn[key] = charts
