"""Linear recurrences h_t = A_t h_{t-1} + b_t: as an approximation, and solved without a loop."""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from rnn_core._arrays import FloatArray
from rnn_core.types import Parameters

AROUND = ("zero", "input", "trajectory")
"""Where `linearise` takes φ′: at z = 0, at h_{t-1} = 0, or at the states of the network."""

SCANS = ("hillis_steele", "blelloch")
"""The prefix scans: the fewest levels, or the fewest combinations."""


@dataclass(frozen=True, eq=False)
class Linearisation:
    """The recurrence with φ replaced by its tangent, and the states it was taken from."""

    around: str  # a name in AROUND
    A: FloatArray  # (H, H) around "zero", else (T, B, H, H)
    b: FloatArray  # (T, B, H)
    h0: FloatArray  # (B, H)
    h: FloatArray  # (T + 1, B, H) states of the linear recurrence, on the same sequence
    true: FloatArray  # (T + 1, B, H) states of the network

    @property
    def error(self) -> FloatArray:
        """The largest |h_t − true h_t| over the units of each sequence, (T + 1, B)."""
        raise NotImplementedError


def linearise(
    params: Parameters,
    x: ArrayLike,
    *,
    h0: ArrayLike | None = None,
    activation: str = "tanh",
    around: str = "zero",
) -> Linearisation:
    """Replace φ by its tangent: h_t ≈ A_t h_{t-1} + b_t.

    With φ(z) ≈ φ(z̄_t) + φ′(z̄_t)(z − z̄_t) at a chosen z̄_t,

        A_t = diag(φ′(z̄_t)) W_hh,   b_t = φ(z̄_t) + φ′(z̄_t) ⊙ (W_xh x_t + b_h − z̄_t)

    `around` "zero": z̄_t = 0, so that A is one matrix and φ is gone altogether (for tanh, the
    network without its tanh); "input": h_{t-1} = 0, so z̄_t = W_xh x_t + b_h; "trajectory":
    z̄_t = z_t of the network on this sequence, where it is exact for this sequence and a tangent
    for others (`linear_error`).

    Raises
    ------
    ValueError
        As `forward`; `around` is unknown; φ has no derivative at 0 (ReLU) for "zero"; the
        T·B·H² numbers of A do not fit in the budget of `limits`.
    """
    raise NotImplementedError


def linear_error(
    params: Parameters,
    x: ArrayLike,
    scales: ArrayLike,
    *,
    h0: ArrayLike | None = None,
    activation: str = "tanh",
    around: str = "zero",
) -> FloatArray:
    """Return the largest error of the linear recurrence at each scale and step, (N, T + 1).

    `scales` are N numbers s. Around "zero" and "input" the network and its linearisation run on
    s·x from s·h_0 with the bias s·b_h: for tanh the error is of order s³. Around "trajectory"
    both run on (1 + s)·x from (1 + s)·h_0, with the linearisation made at s = 0: of order s².
    The largest |h_t − true h_t| over batch and units.

    Raises
    ------
    ValueError
        As `linearise`, or the scales are not finite numbers in a row.
    """
    raise NotImplementedError


@dataclass(frozen=True)
class ScanLevel:
    """Combinations that happen at once: each target step takes in the one `distance` before it."""

    first: int  # the first target step, from 1
    stride: int  # from one target to the next
    distance: int
    last: int  # no target is later

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """(source, target) steps, from 1."""
        raise NotImplementedError


@dataclass(frozen=True)
class ScanTree:
    """Who combines with whom at which level of a prefix scan over T steps."""

    kind: str  # a name in SCANS
    steps: int  # T
    levels: tuple[ScanLevel, ...]

    @property
    def depth(self) -> int:
        """The number of levels: ⌈log₂ T⌉ for "hillis_steele"."""
        return len(self.levels)

    @property
    def combinations(self) -> int:
        """The number of combinations at all levels together."""
        raise NotImplementedError


def scan_tree(steps: int, kind: str = "hillis_steele") -> ScanTree:
    """Return the levels of a prefix scan over `steps` steps.

    "hillis_steele" (Hillis & Steele, "Data parallel algorithms", 1986): ⌈log₂ T⌉ levels, about
    T log₂ T combinations. "blelloch" (Blelloch, "Prefix sums and their applications", 1990; here
    in the inclusive form of Brent & Kung, 1982): up the tree and down again, at most
    2⌈log₂ T⌉ − 1 levels, less than 2T combinations.

    Raises
    ------
    ValueError
        `steps` is not positive or `kind` is unknown.
    """
    raise NotImplementedError


def scan(
    A: ArrayLike, b: ArrayLike, h0: ArrayLike | None = None, *, kind: str = "hillis_steele"
) -> FloatArray:
    """Solve h_t = A_t h_{t-1} + b_t for all t by a parallel prefix scan: (T + 1, B, H).

    Steps are combined in the order of `scan_tree(T, kind)`, all pairs of a level at once:

        (A₂, b₂) ∘ (A₁, b₁) = (A₂A₁, A₂b₁ + b₂)

    which is associative: two steps in a row are one step.

    Parameters
    ----------
    A
        (T, B, H, H), or (T, H, H) for all sequences alike, or (H, H) for all steps alike, or a
        diagonal as (T, B, H).
    b
        (T, B, H), or (T, H) for one sequence.
    h0
        (B, H) or (H,); zero unless given.
    kind
        "hillis_steele" or "blelloch".

    Raises
    ------
    ValueError
        A shape does not fit, a number is not finite, `kind` is unknown, or the T·B·H² numbers of
        A do not fit in the budget of `limits`.
    """
    raise NotImplementedError


def doubling(A: ArrayLike, b: ArrayLike, h0: ArrayLike | None = None) -> FloatArray:
    """Solve h_t = A h_{t-1} + b_t, A constant, by powers A, A², A⁴, …: (T + 1, B, H).

    The scan with one matrix a level instead of one a step: after level k,
    h_t = Σ A^j b_{t-j} over j < 2^k, and h ← h + A^{2^k} h shifted by 2^k steps: ⌈log₂ T⌉
    products of all states with one H×H matrix.

    Raises
    ------
    ValueError
        A is not (H, H), or b or h0 does not fit it, or a number is not finite.
    """
    raise NotImplementedError


def powers(A: ArrayLike, count: int) -> FloatArray:
    """Return A⁰, A¹ … A^count as (count + 1, H, H), by doubling.

    Raises
    ------
    ValueError
        A is not square, `count` is negative, or they do not fit in the budget of `limits`.
    """
    raise NotImplementedError


def toeplitz_matrix(A: ArrayLike, steps: int) -> FloatArray:
    """Return the matrix from all b_t to all h_t, (T·H, T·H): block (t, s) is A^{t-s} for s ≤ t.

    Raises
    ------
    ValueError
        A is not square, `steps` is not positive, or it does not fit in the budget of `limits`.
    """
    raise NotImplementedError


def block_toeplitz(A: ArrayLike, b: ArrayLike, h0: ArrayLike | None = None) -> FloatArray:
    """Solve h_t = A h_{t-1} + b_t, A constant, by one product: (T + 1, B, H).

    [h_1 … h_T] is `toeplitz_matrix` times [b_1 + A h_0, b_2 … b_T]. Its (T·H)² numbers make it a
    way to see the solution for small T, not to compute it.

    Raises
    ------
    ValueError
        As `doubling`, or the matrix does not fit in the budget of `limits`.
    """
    raise NotImplementedError
