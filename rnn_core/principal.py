"""Principal components of a trajectory: the directions in which the state varies most."""

from dataclasses import dataclass

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core._checks import matrix, takes
from rnn_core.frozen import Frozen


@dataclass(frozen=True, eq=False)
class Principal(Frozen):
    """Orthonormal directions, the widest first, and what each of them explains.

    The projection of a state h is `directions @ (h − mean)`.
    """

    mean: FloatArray  # (H,)
    directions: FloatArray  # (H, H), one a row
    shares: FloatArray  # (H,) of the variance, falling; zeros where the state does not move

    def project(self, states: FloatArray) -> FloatArray:
        """Return the coordinates of states (N, H) along the directions, (N, H)."""
        found: FloatArray = (states - self.mean) @ self.directions.T
        return found


@takes(h=matrix("N", "H"))
def principal_components(h: FloatArray) -> Principal:
    """Return the principal components of states (N, H), N ≥ 1 (Pearson, 1901), by the SVD.

    The sign of each direction is such that its largest entry is positive.

    Raises
    ------
    ValueError
        There is no state, or a number is not finite.
    """
    if not h.size:
        raise ValueError(f"h: expected states (N, H), N ≥ 1, got shape {h.shape}")
    largest = float(np.abs(h).max()) or 1.0  # squares of huge states would overflow
    mean = (h / largest).mean(axis=0)
    rows = np.linalg.qr(h / largest - mean, mode="r")  # as wide, but no longer than H
    _, sizes, directions = np.linalg.svd(rows, full_matrices=True)
    signs = np.sign(directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)])
    variance = np.zeros(h.shape[1])
    variance[: len(sizes)] = sizes**2
    total = variance.sum()
    return Principal(
        read_only(mean * largest),
        read_only(directions * signs[:, np.newaxis]),
        read_only(variance / total if total > 0 else variance),
    )
