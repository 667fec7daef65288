"""The spectral radius that follows a held number: the browser's eigenvalues against NumPy's."""

import numpy as np
import pytest

from tests.app.in_node import answer
from tests.conftest import ROOT


def radii(matrices: list[np.ndarray]) -> list[tuple[np.ndarray, float]]:
    found = answer(ROOT / "tests/app/spectral_radii.js", [m.tolist() for m in matrices])
    return [
        (np.array([complex(*each) for each in values]), float(np.nan if radius is None else radius))
        for values, radius in found
    ]


def drawn() -> list[np.ndarray]:
    """Return matrices of many kinds and all sizes that are shown."""
    rng = np.random.default_rng(5)
    made = [np.zeros((3, 3)), np.eye(4), -np.eye(1), np.diag([1.0, -3, 2]), np.ones((5, 5))]
    made.append(np.roll(np.eye(7), 1, axis=0))  # a ring: the usual shifts alone never end
    made.append(np.array([[0.6, -0.8], [0.8, 0.6]]))
    made.append(np.array([[1.0, 1e150], [1e-150, 1.0]]))
    for size in range(1, 65):
        a = rng.normal(size=(size, size)) / np.sqrt(size)
        orthogonal = np.linalg.qr(a)[0]
        scaled = np.diag(2.0 ** rng.integers(-20, 20, size))
        made += [a, 1e3 * a, a + a.T, orthogonal, a - a.T, scaled @ a @ np.linalg.inv(scaled)]
        made += [np.triu(a), 1e200 * a, 1e-200 * a, a * (rng.random((size, size)) < 0.3)]
    return made


def test_the_spectral_radius_is_that_of_numpy() -> None:
    matrices = drawn()
    for matrix, (values, radius) in zip(matrices, radii(matrices), strict=True):
        expected = np.linalg.eigvals(matrix)
        largest = np.abs(expected).max()
        assert radius == pytest.approx(largest, rel=1e-9, abs=1e-300)
        assert len(values) == len(matrix)
        if largest > 0:
            trace = np.trace(matrix) / largest
            assert abs(values.sum() / largest - trace) < 1e-9 * len(matrix)


def test_a_number_that_is_not_finite_has_none() -> None:
    (answered,) = answer(ROOT / "tests/app/spectral_radii.js", [[["Infinity", 0], [0, 1]]])
    assert answered == [None, None]
