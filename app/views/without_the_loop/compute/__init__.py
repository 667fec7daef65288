"""The only calls into the core for the page "Without the loop": one module for each section."""

from app.views.without_the_loop.compute import (
    approximations,
    batches,
    cuts,
    drawn,
    expected,
    pieces,
    solve,
    times,
    ways,
)

__all__ = [
    "approximations",
    "batches",
    "cuts",
    "drawn",
    "expected",
    "pieces",
    "solve",
    "times",
    "ways",
]
