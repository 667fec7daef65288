"""Fewer points for long sequences, without losing a peak: minimum and maximum, never a stride."""

import numpy as np
from numpy.typing import NDArray

from app.figures.types import Floats

MOST_POINTS = 400
MOST_COLUMNS = 240

Indices = NDArray[np.intp]


def extremes(values: Floats, most: int = MOST_POINTS) -> Indices:
    """Return the rising indices of each bucket's least and greatest number, ends included.

    All of them if there are at most `most`. A bucket with numbers that are not finite also keeps
    the first such, so that the gap stays in the line.
    """
    count = len(values)
    if count <= most:
        return np.arange(count)
    finite = np.isfinite(values)
    low = _buckets(np.where(finite, values, np.inf), most // 2, np.inf)
    high = _buckets(np.where(finite, values, -np.inf), most // 2, -np.inf)
    starts = np.arange(len(low)) * low.shape[1]
    kept = [starts + low.argmin(axis=1), starts + high.argmax(axis=1), [0, count - 1]]
    if not finite.all():
        bad = _buckets(~finite, most // 2, False)
        kept.append((starts + bad.argmax(axis=1))[bad.any(axis=1)])
    return np.unique(np.concatenate(kept).astype(np.intp))


def columns(rows: Floats, most: int = MOST_COLUMNS) -> tuple[Floats, Indices]:
    """Gather (T, n) into at most `most` columns of steps: the number farthest from 0 of each.

    Returns the numbers (columns, n) and the edges of the columns, counted from 0. A number that is
    not finite counts as farthest.
    """
    count = len(rows)
    if count <= most:
        return rows, np.arange(count + 1)
    size = _buckets(np.abs(np.where(np.isfinite(rows), rows, np.inf)), most, -1.0)
    starts = np.arange(len(size)) * size.shape[1]
    places = starts[:, np.newaxis] + size.argmax(axis=1)
    return rows[places, np.arange(rows.shape[1])], np.append(starts, count)


def _buckets(values: NDArray[np.generic], most: int, padding: float) -> NDArray[np.generic]:
    """Return (buckets, width, …): runs of equal length along the first axis, the last padded."""
    width = -(-len(values) // most)
    buckets = -(-len(values) // width)
    padded = np.full((buckets * width, *values.shape[1:]), padding, values.dtype)
    padded[: len(values)] = values
    return padded.reshape(buckets, width, *values.shape[1:])
