"""What work and depth depend on, and what an operation of each kind costs."""

from dataclasses import dataclass
from math import ceil
from typing import NamedTuple


@dataclass(frozen=True)
class Sizes:
    """The sizes of a run; iterations and chunk matter to iterative methods only."""

    steps: int  # T
    inputs: int  # D
    hidden: int  # H
    batch: int = 1  # B
    iterations: int = 1
    chunk: int = 1  # steps in a chunk

    @property
    def levels(self) -> int:
        """⌈log₂ T⌉, the levels of a prefix scan."""
        return (self.steps - 1).bit_length()

    @property
    def sweeps(self) -> int:
        """Sweeps over chunks that have anything to do: after one a chunk all are final."""
        return min(self.iterations, ceil(self.steps / self.chunk))

    @property
    def project(self) -> int:
        """Work of u_t = W_xh x_t + b_h at one step."""
        return self.batch * self.hidden * self.inputs

    @property
    def product(self) -> int:
        """Work of a product of the states with an H×H matrix at one step."""
        return self.batch * self.hidden**2

    @property
    def state(self) -> int:
        """Work of h_t = φ(u_t + W_hh h_{t-1})."""
        return self.batch * self.hidden * (self.hidden + 1)

    @property
    def power(self) -> int:
        """Work of one product of H×H matrices, which all sequences share."""
        return self.hidden**3

    def combine(self, *, diagonal: bool) -> int:
        """Work of (A₂A₁, A₂b₁ + b₂), for full matrices or diagonals."""
        return self.batch * (2 * self.hidden if diagonal else self.hidden**3 + self.hidden**2)

    def normal(self, *, diagonal: bool) -> int:
        """Work of JᵀJ and Jᵀr, what one step has in the normal equations of the step before."""
        return self.combine(diagonal=diagonal)

    def eliminate(self, *, diagonal: bool) -> int:
        """Work of solving a block for its 2H + 1 right sides: (H³ − H)/3 + (2H + 1)·H²."""
        H = self.hidden
        return self.batch * (3 * H if diagonal else (H**3 - H) // 3 + (2 * H + 1) * H**2)

    def insert(self, *, diagonal: bool) -> int:
        """Work of putting a solved block into a neighbour, 2H³ + H²: a matrix and a right side."""
        H = self.hidden
        return self.batch * (3 * H if diagonal else 2 * H**3 + H**2)

    def substitute(self, *, diagonal: bool) -> int:
        """Work of putting a known neighbour into a solved block: H²."""
        return self.batch * (self.hidden if diagonal else self.hidden**2)

    def linearise(self, *, diagonal: bool) -> int:
        """Work of W_hh h_{t-1}, φ and φ′ at one step, and of diag(φ′) W_hh or its diagonal."""
        return self.batch * (self.hidden**2 + 2 * self.hidden) + (
            self.batch * (self.hidden if diagonal else self.hidden**2)
        )


class Cost(NamedTuple):
    """Multiply-adds, and the number of operations on the longest chain."""

    work: int
    depth: int
