"""The diverging scale of the exported pictures, the same as on the page in its light theme."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from app.figures.palette import EVEN, INKS, NEGATIVE, POSITIVE, ROOT, ZERO

INK = INKS["dark"]

Colour = tuple[float, float, float]


def largest_of(arrays: Iterable[Any]) -> float:
    """Return the largest finite magnitude, 1 if there is none above zero."""
    arrays = [np.asarray(np.nan if array is None else array, dtype=float) for array in arrays]
    finite = [np.abs(array[np.isfinite(array)]) for array in arrays]
    return max((float(part.max()) for part in finite if part.size), default=0.0) or 1.0


def colour_of(number: float, largest: float) -> Colour:
    """Blue below zero, orange above; the root of the share keeps small numbers apart from zero."""
    share = min(1.0, abs(number) / largest) ** ROOT if np.isfinite(number) else 0.0
    end, zero = (NEGATIVE if number < 0 else POSITIVE)["light"], ZERO["light"]
    red, green, blue = ((z + (e - z) * share) / 255 for z, e in zip(zero, end, strict=True))
    return red, green, blue


def ink_on(fill: Colour) -> str:
    """Black or white, whichever reads on the fill (relative luminance as in WCAG 2)."""
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in fill]
    luminance = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    return INK if luminance > EVEN else INKS["light"]
