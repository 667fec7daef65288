"""What a sweep says in words: where the gradient survives, and which cells have no plain number."""

import numpy as np
from numpy.typing import NDArray

from app.figures.types import Floats
from app.figures.words import listed, plural, short
from rnn_core import SweepMap
from rnn_core.numerals import MINUS

Mask = NDArray[np.bool_]
NAME = "‖∂h_T/∂h_0‖"
SMALL, LARGE = -6.0, 6.0
"""Powers of ten beyond which a gradient counts as vanished or exploded."""

UNDERFLOW, OVERFLOW = np.log10(5e-324), np.log10(np.finfo(float).max)


def sweep_in_words(found: SweepMap) -> str:
    """State at which radii the gradient survives the longest length, and where it does not."""
    known = np.array(found.known)
    if not known.any():
        return "Nothing is computed yet."
    rows = found.log10_norm[known]
    radii, end = np.array(found.radii)[known], rows[:, -1]
    kept, gone, burst, none = np.abs(end) <= 1, end < SMALL, end > LARGE, np.isnan(end)
    which = "" if found.networks == 1 else f" (the median of {found.networks} networks)"
    where = f"spectral radius {_ranges(radii, kept)}" if kept.any() else _nearest(radii, end)
    parts = [f"at T = {found.lengths[-1]}{which}, {NAME} is within a factor of 10 of 1 for {where}"]
    if gone.any():
        first = _crossing(found, radii, rows < SMALL, int(gone.argmax()))
        parts.append(f"below 10⁻⁶ for {_ranges(radii, gone)} ({first})")
    if burst.any():
        last = len(burst) - 1 - int(burst[::-1].argmax())
        first = _crossing(found, radii, rows > LARGE, last)
        parts.append(f"above 10⁶ for {_ranges(radii, burst)} ({first})")
    if none.any():
        parts.append(f"without a number for {_ranges(radii, none)}, where the states overflow")
    so_far = "" if known.all() else f"So far, {known.sum()} of {len(known)} radii: "
    text = so_far + "; ".join(parts) + "."
    return text[0].upper() + text[1:]


def _nearest(radii: Floats, end: Floats) -> str:
    """Say that it is so for no radius, and which comes nearest if any has a number."""
    if not np.isfinite(end).any():
        return "no spectral radius of the map"
    row = int(np.where(np.isfinite(end), np.abs(end), np.inf).argmin())
    nearest = f"log₁₀ = {written_logarithm(end[row])} at {number(radii[row])}"
    return f"no spectral radius of the map (nearest: {nearest})"


def _crossing(found: SweepMap, radii: Floats, beyond: Mask, row: int) -> str:
    """Say from which of the lengths on a row is beyond a limit, up to the last."""
    at = int(np.flatnonzero(~beyond[row]).max(initial=-1)) + 1
    return f"at {number(radii[row])} from T = {found.lengths[at]} on"


def _ranges(radii: Floats, chosen: Mask) -> str:
    """Return "0.5 to 0.8 and 1.2": runs of neighbours among these radii."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], chosen.astype(int), [0]])))
    runs = [
        number(radii[start])
        if stop == start + 1
        else f"{number(radii[start])} to {number(radii[stop - 1])}"
        for start, stop in edges.reshape(-1, 2).tolist()
    ]
    return listed(runs)


def number(radius: float) -> str:
    """Return a radius as sentences write it."""
    return short(radius)


def odd_cells(found: SweepMap) -> list[str]:
    """Name the cells that no float64 could hold, or that have no number at all."""
    cells = found.log10_norm[np.array(found.known)]
    zero, none = np.isneginf(cells).sum(), np.isnan(cells).sum()
    under = (np.isfinite(cells) & (cells < UNDERFLOW)).sum()
    over = (cells > OVERFLOW).sum()
    notes = [
        (under, "underflow: below 5·10⁻³²⁴, a backward pass in float64 gives exactly 0"),
        (over, "overflow: above 1.8·10³⁰⁸, a backward pass in float64 gives infinity"),
        (zero, "exactly 0, marked 0: units that are shut or saturated pass nothing on"),
        (none, "without a number, marked NaN: the states themselves overflow"),
    ]
    return [f"{plural(int(count), 'cell')}: {text}." for count, text in notes if count]


def written_logarithm(value: float) -> str:
    """Return a logarithm as a cell writes it; −∞ stands for an exact 0."""
    if np.isnan(value):
        return "NaN"
    if np.isneginf(value):
        return "0"
    text = f"{value:.1f}" if abs(value) < 99.95 else f"{value:.0f}"
    return text.replace("-", MINUS) if float(text) else "0.0"
