"""Long sequences are thinned without losing what stands out."""

import numpy as np

from app.figures import downsample


def test_downsampling_keeps_every_peak_that_a_stride_would_miss() -> None:
    values = np.zeros(5000)
    values[[1234, 4321]] = [7, -9]
    kept = downsample.extremes(values)
    assert len(kept) <= downsample.MOST_POINTS + 2
    assert {0, 1234, 4321, 4999} <= set(kept.tolist())
    assert (np.diff(kept) > 0).all()
    gathered, edges = downsample.columns(values[:, np.newaxis])
    assert len(gathered) == len(edges) - 1 <= downsample.MOST_COLUMNS
    assert sorted(gathered[gathered != 0].tolist()) == [-9, 7]
    column = int(np.flatnonzero(gathered[:, 0] == 7)[0])
    assert edges[column] <= 1234 < edges[column + 1]


def test_downsampling_keeps_a_number_that_is_not_finite() -> None:
    values = np.ones(5000)
    values[777] = np.nan
    assert 777 in downsample.extremes(values)
    gathered, _ = downsample.columns(values[:, np.newaxis])
    assert np.isnan(gathered).sum() == 1
