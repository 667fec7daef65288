"""The lessons that come with the app, and those that a session has opened, by name."""

from functools import cache
from pathlib import Path

from app.views.lessons import format as text_of
from app.views.lessons.lesson import Lesson

FOLDER = Path(__file__).resolve().parents[3] / "assets" / "lessons"
NAMES = (
    "tour",
    "backward",
    "unrolled",
    "forward",
    "numerics",
    "loss-gradient",
    "faster",
    "graph",
    "pytorch",
)
"""In the order in which they are offered."""

GOES_ON = {"tour": "backward"}
"""The lesson that the end of another one leads to."""


@cache
def lessons() -> dict[str, Lesson]:
    """Return the lessons that come with the app, by name."""
    return {name: text_of.read((FOLDER / f"{name}.md").read_bytes()) for name in NAMES}


def lesson_named(name: str) -> Lesson:
    """Return the lesson of an address.

    Raises
    ------
    ValueError
        There is none by that name.
    """
    if name not in lessons():
        raise ValueError(f"lesson: expected one of {', '.join(lessons())}, got {name[:40]!r}")
    return lessons()[name]
