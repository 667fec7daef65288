"""Principal components against the eigenvectors of the covariance, and by hand."""

import numpy as np
import pytest

from rnn_core import principal_components


def test_as_the_covariance_has_them():
    rng = np.random.default_rng(3)
    h = rng.normal(size=(40, 5)) @ np.diag([3.0, 2.0, 1.0, 0.5, 0.1]) + rng.normal(size=5)
    found = principal_components(h)
    variances, vectors = np.linalg.eigh(np.cov(h.T))
    np.testing.assert_allclose(found.shares, variances[::-1] / variances.sum(), rtol=1e-10)
    for direction, vector in zip(found.directions, vectors.T[::-1], strict=True):
        assert abs(direction @ vector) == pytest.approx(1)
    projected = found.project(h)
    np.testing.assert_allclose(projected.var(axis=0) / projected.var(axis=0).sum(), found.shares)
    np.testing.assert_allclose(projected @ found.directions + found.mean, h, atol=1e-12)


def test_a_line_by_hand():
    found = principal_components(np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]))
    assert found.mean.tolist() == [3.0, 4.0]
    assert found.directions[0] == pytest.approx([0.6, 0.8])
    assert found.shares == pytest.approx([1.0, 0.0])


def test_fewer_states_than_units_and_states_that_stay():
    found = principal_components(np.array([[1.0, 2.0, 3.0]]))
    assert found.shares.tolist() == [0.0, 0.0, 0.0]
    assert found.directions @ found.directions.T == pytest.approx(np.eye(3))
    two = principal_components(np.array([[1e200, 0.0, 0.0], [-1e200, 0.0, 0.0]]))
    assert two.shares == pytest.approx([1.0, 0.0, 0.0])


def test_refusals():
    for h in (np.zeros((0, 3)), np.array([[1.0, np.nan]]), np.zeros(3)):
        with pytest.raises(ValueError, match=r"h: expected (finite|states|shape)"):
            principal_components(h)
