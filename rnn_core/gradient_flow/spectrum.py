"""The eigenvalues and singular values of a matrix."""

from dataclasses import dataclass

import numpy as np

from rnn_core._arrays import FloatArray, read_only
from rnn_core._checks import matrix, takes
from rnn_core.frozen import Frozen


@dataclass(frozen=True, eq=False)
class Spectrum(Frozen):
    """The eigenvalues, largest first, and the singular values of a square matrix."""

    eigenvalues: "np.ndarray[tuple[int], np.dtype[np.complex128]]"  # (H,)
    singular_values: FloatArray  # (H,) falling

    @property
    def radius(self) -> float:
        """ρ, the largest magnitude of an eigenvalue."""
        return float(np.abs(self.eigenvalues[0]))

    @property
    def norm(self) -> float:
        """σ_max, the largest factor by which the matrix stretches a vector."""
        return float(self.singular_values[0])


@takes(matrix=matrix("H", "H"))
def spectrum(matrix: FloatArray) -> Spectrum:
    """Return eigenvalues and singular values of a square matrix (H, H).

    Raises
    ------
    ValueError
        It is not square, or a number is not finite.
    """
    eigenvalues = np.linalg.eigvals(matrix).astype(np.complex128)
    order = np.lexsort((-eigenvalues.imag, -eigenvalues.real, -np.abs(eigenvalues)))
    return Spectrum(
        eigenvalues[order], read_only(np.linalg.svd(np.asarray(matrix), compute_uv=False))
    )
