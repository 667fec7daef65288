"""The colours of the figures, light and dark. Figures name roles; the browser fills them in.

A theme can so change without asking Python. Blue and orange stay apart in the common forms of
colour blindness, and the lines are told apart by dash as well as by colour (Okabe and Ito's
palette, darkened for paper and lightened for the dark page).
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

SETTINGS = Path(__file__).resolve().parents[1] / ".streamlit" / "config.toml"

STOPS = 16  # of the diverging scale, on each side of zero
ROOT = 0.5  # as in the graph: a root keeps small numbers apart from zero

# The ends are those of the graph's own scale, so a unit has one colour in both.
NEGATIVE = {"light": (33, 102, 172), "dark": (104, 172, 230)}
POSITIVE = {"light": (201, 97, 10), "dark": (242, 153, 74)}
ZERO = {"light": (255, 255, 255), "dark": (38, 42, 52)}
NONE = {"light": (222, 229, 233), "dark": (38, 42, 52)}  # of the one-sided scale: not the page's
FULL = {"light": (11, 94, 88), "dark": (92, 209, 190)}

SERIES = {
    "light": ["#0b62a4", "#c2570c", "#0b7a5c", "#a3347f", "#7a5c00", "#3d7fb5", "#5b5f6e"],
    "dark": ["#63b3ed", "#f2994a", "#4fd1a5", "#e38bc7", "#e5c453", "#a9d3f5", "#b4b8c8"],
}
INKS = {"dark": "#10131a", "light": "#ffffff"}  # of numbers on a colour
EVEN = 0.19
"""The relative luminance on which both inks have the same contrast, by the formula of WCAG 2."""

CANVAS = {
    "light": {
        "card": "#ffffff",
        "line": "#6b7280",
        "edge": "#7b8494",
        "faint": "#5f6877",
        "warning": "#c02626",
        "right": "#0b7a5c",
    },
    "dark": {
        "card": "#1b1f29",
        "line": "#8b93a5",
        "edge": "#8b93a5",
        "faint": "#98a1b3",
        "warning": "#ff8f8f",
        "right": "#4fd1a5",
    },
}
"""What a drawn graph needs besides the page's own colours."""

PAGE = {
    "background": "#ffffff",
    "secondary": "#f0f2f6",
    "text": "#31333f",
    "border": "#d5d6d9",
    "primary": "#ff4b4b",
}
"""Streamlit's light theme, for a page that does not say its colours."""

CAUTION, WRONG = "#d97706", "#d6203a"
"""A border that warns, and what is wrong: the page mixes them with its own colours."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

STATE = PREDICTION = WEIGHTS = 0
TARGET = CLIPPED = 1
GRADIENT = 2
CLIPPED_BY_VALUE = 3
LEVEL = 4  # a mark to be reached or passed
WHOLE = 5  # all parameters together, beside one line for each
REFERENCE = 6  # what the rest is compared with: the unit circle, the diagonal, what is true
"""Places in `SERIES` of what several pages draw: a quantity has one colour wherever it is."""


def of_output(quantity: int, k: int) -> int:
    """Return the place of the target or the prediction of output k, counted from 0."""
    return quantity + 2 * k


Colour = tuple[int, int, int]


def diverging(theme: str) -> list[list[Any]]:
    """Return Plotly's scale from the negative end over zero, at ½, to the positive end."""
    stops: list[list[Any]] = []
    for step in range(-STOPS, STOPS + 1):
        end = NEGATIVE[theme] if step < 0 else POSITIVE[theme]
        # Dense near zero, where the root is steep.
        size = (abs(step) / STOPS) ** 2
        sign = -1 if step < 0 else 1
        stops.append([0.5 + sign * size / 2, _mixed(ZERO[theme], end, size**ROOT)])
    return stops


def sequential(theme: str) -> list[list[Any]]:
    """Return Plotly's scale from nothing (0) to the full colour."""
    return [[end, _mixed(NONE[theme], FULL[theme], end)] for end in (0.0, 1.0)]


def _mixed(start: Colour, end: Colour, share: float) -> str:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(start, end, strict=True))
    return f"rgb({red},{green},{blue})"


@cache
def theme(name: str) -> dict[str, str]:
    """Return the colours of the app's own light or dark page, by Streamlit's names of them."""
    settings = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    found: dict[str, str] = settings["theme"][name]
    return found


@cache
def palette() -> dict[str, dict[str, Any]]:
    """Return what the browser needs of both themes: the same for all, not to be changed."""
    return {
        theme: {
            "diverging": diverging(theme),
            "sequential": sequential(theme),
            "series": SERIES[theme],
        }
        for theme in ("light", "dark")
    }
