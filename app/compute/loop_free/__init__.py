"""The only calls into the core for the page "Without the loop": one module for each section."""

from app.compute.loop_free import (
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
