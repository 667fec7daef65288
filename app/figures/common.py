"""What the browser is told once, before any front end is loaded: what it shares with Python.

A level, a colour, a limit or a way of writing numbers so stands in one place, here or where this
reads it from, and never in JavaScript.
"""

from typing import Any

import numpy as np

from app.experiment import link
from app.experiment.reading import endings
from app.experiment.reading.arrays import MAX_CHARACTERS
from app.experiment.sources import MAX_SEED
from app.figures import axes
from app.figures.palette import (
    CANVAS,
    CAUTION,
    EVEN,
    INKS,
    NEGATIVE,
    PAGE,
    POSITIVE,
    ROOT,
    WRONG,
    ZERO,
)
from app.figures.palette import palette as palettes
from app.figures.spacing import GAPS, LEAST_SHRINK
from rnn_core import numerals
from rnn_core.graph import LEVELS
from rnn_core.practice import NOTHING, ROUNDING
from rnn_core.precision import FORMATS

DEFAULT_LEVEL = "operation"


def common() -> dict[str, Any]:
    """Return the table, which JSON can hold.

    A format says how many digits tell each of its numbers from all others, and what its grid is.
    """
    return {
        "levels": [[name, name.capitalize()] for name in LEVELS],
        "level": DEFAULT_LEVEL,
        "numbers": {
            "smallest": numerals.SMALLEST_PLAIN,
            "largest": numerals.LARGEST_PLAIN,
            "digits": numerals.DIGITS,
            "hover": axes.HOVER_NUMBER,
        },
        "formats": {name: _format(kind) for name, kind in FORMATS.items()},
        "limits": {"paste": MAX_CHARACTERS, "file": link.MAX_FILE, "seed": MAX_SEED},
        "gaps": GAPS,
        "shrink": LEAST_SHRINK,
        "charts": {"letters": axes.LETTERS, "left": axes.LEFT},
        "marking": {"nothing": NOTHING, "rounding": ROUNDING},
        "endings": {
            "text": list(endings.TEXTS),
            "weights": list(endings.WEIGHTS),
            "converted": list(endings.CONVERTED),
        },
        "colours": {
            "themes": {
                theme: {
                    "negative": NEGATIVE[theme],
                    "positive": POSITIVE[theme],
                    "zero": ZERO[theme],
                    "canvas": CANVAS[theme],
                    **palettes()[theme],
                }
                for theme in ("light", "dark")
            },
            "root": ROOT,
            "even": EVEN,
            "inks": INKS,
            "page": PAGE,
            "caution": CAUTION,
            "wrong": WRONG,
        },
    }


def _format(kind: "np.dtype[Any]") -> dict[str, Any]:
    about = np.finfo(kind)
    digits = 2 + int((about.nmant + 1) * np.log10(2))  # 1 + ⌈p log₁₀ 2⌉ for p bits of a number
    return {
        "digits": digits,
        "bits": int(about.nmant),
        "least": int(about.minexp),
        "largest": float(about.max),
    }
