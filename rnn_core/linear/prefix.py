"""The parallel prefix scan, and the tree of who combines with whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FLOAT32, FLOAT64, FloatArray, real_array
from rnn_core._checks import whole_number
from rnn_core._short import Shown
from rnn_core.limits import require_memory

SCANS = ("hillis_steele", "blelloch")
"""The prefix scans: the fewest levels, or the fewest combinations."""


@dataclass(frozen=True)
class ScanLevel:
    """Combinations that happen at once: each target step takes in the one `distance` before it."""

    first: int  # the first target step, from 1
    stride: int  # from one target to the next
    distance: int
    steps: int  # T: no target is later

    @property
    def targets(self) -> range:
        """The steps that change, from 1."""
        return range(self.first, self.steps + 1, self.stride)

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """(source, target) steps, from 1."""
        return tuple((target - self.distance, target) for target in self.targets)


@dataclass(frozen=True)
class ScanTree(Shown):
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
        return sum(len(level.targets) for level in self.levels)


def scan_tree(steps: int, kind: str = "hillis_steele") -> ScanTree:
    """Return the levels of a prefix scan over `steps` steps.

    "hillis_steele" (Hillis & Steele, "Data parallel algorithms", 1986): ⌈log₂ T⌉ levels, about
    T log₂ T combinations. "blelloch" (Blelloch, "Prefix sums and their applications", 1990; here
    in the inclusive form of Brent & Kung, 1982): up the tree and down again, at most
    2⌈log₂ T⌉ − 1 levels, less than 2T combinations.

    Raises
    ------
    ValueError
        `steps` is not a positive integer or `kind` is unknown.
    """
    if not isinstance(kind, str) or kind not in SCANS:
        raise ValueError(f"kind: expected one of {', '.join(SCANS)}, got {kind!r}")
    steps = whole_number("steps", steps, 1)
    require_memory("scan_tree", 100 * steps.bit_length())
    distances = [2**k for k in range((steps - 1).bit_length())]
    if kind == "hillis_steele":
        levels = [ScanLevel(d + 1, 1, d, steps) for d in distances]
    else:
        up = [ScanLevel(2 * d, 2 * d, d, steps) for d in distances]
        down = [ScanLevel(3 * d, 2 * d, d, steps) for d in reversed(distances)]
        levels = [level for level in up + down if level.targets]
    return ScanTree(kind, steps, tuple(levels))


@np.errstate(all="ignore")
def prefix_scan(
    A: ArrayLike, b: ArrayLike, h0: ArrayLike | None = None, *, kind: str = "hillis_steele"
) -> FloatArray:
    """Solve h_t = A_t h_{t-1} + b_t for all t by a parallel prefix scan: (T + 1, B, H).

    Steps are combined in the order of `scan_tree(T, kind)`, all pairs of a level at once:

        (A₂, b₂) ∘ (A₁, b₁) = (A₂A₁, A₂b₁ + b₂)

    which is associative: two steps in a row are one step. h_0 is taken into b_1 first.

    Parameters
    ----------
    A
        (T, B, H, H), or (T, H, H) for all sequences alike, or (H, H) for all steps alike.
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
    drive, initial = drive_and_start(b, h0)
    steps, batch, hidden = drive.shape
    require_memory("scan", 2 * drive.size * (hidden + 1) * drive.itemsize)
    factors = real_array("A", A, drive.dtype)
    if factors.ndim == 3:
        factors = factors[:, np.newaxis]
    if factors.ndim not in (2, 4) or factors.shape[-2:] != (hidden, hidden):
        raise _wrong_factors(A, drive.shape)
    try:
        factors = np.broadcast_to(factors, (steps, batch, hidden, hidden))
    except ValueError:
        raise _wrong_factors(A, drive.shape) from None
    tree = scan_tree(steps, kind)
    return np.concatenate([initial[np.newaxis], scan_maps(factors, drive, initial, tree)])


def scan_maps(
    factors: FloatArray, drive: FloatArray, initial: FloatArray, tree: ScanTree
) -> FloatArray:
    """Return h_1 … h_T (T, B, H) for A_t (T, B, H, H), or diagonals (T, B, H), and b_t (T, B, H).

    The maps are kept as [A_t, b_t], so that one product takes in both.
    """
    diagonal = factors.ndim == 3
    if diagonal:
        factors = factors[..., np.newaxis, np.newaxis]
        drive, initial = drive[..., np.newaxis], initial[..., np.newaxis]
    maps = np.concatenate([factors, drive[..., np.newaxis]], axis=-1)
    maps[0, ..., -1] += apply(maps[0, ..., :-1], initial[..., np.newaxis])[..., 0]
    for level in tree.levels:
        targets = slice(level.first - 1, None, level.stride)
        stop = len(maps) - level.distance
        sources = slice(level.first - 1 - level.distance, stop, level.stride)
        late, early = maps[targets], maps[sources]
        product = apply(late[..., :-1], early)
        product[..., -1] += late[..., -1]
        maps[targets] = product
    states: FloatArray = maps[..., -1]
    return states[..., 0] if diagonal else states


def apply(matrices: FloatArray, columns: FloatArray) -> FloatArray:
    """Return the products; of 1×1 matrices without a call for each."""
    if matrices.shape[-1] == 1:
        return matrices * columns
    return matrices @ columns


def dtype_of(value: ArrayLike) -> np.dtype[Any]:
    """Return float32 for an array of float32 and float64 for anything else."""
    return FLOAT32 if getattr(value, "dtype", None) == FLOAT32 else FLOAT64


def drive_and_start(b: ArrayLike, h0: ArrayLike | None) -> tuple[FloatArray, FloatArray]:
    """Return b as (T, B, H) and h_0 as (B, H), checked.

    Raises
    ------
    ValueError
        A shape does not fit or a number is not finite.
    """
    drive = real_array("b", b, dtype_of(b))
    if drive.ndim == 2:
        drive = drive[:, np.newaxis]
    if drive.ndim != 3 or drive.size == 0:
        raise ValueError(f"b: expected shape (T, B, H) or (T, H), got {np.shape(b)}")
    _, batch, hidden = drive.shape
    if h0 is None:
        return drive, np.zeros_like(drive[0])
    initial = real_array("h0", h0, drive.dtype)
    if initial.shape not in ((hidden,), (batch, hidden)):
        raise ValueError(
            f"h0: expected shape (H,) = ({hidden},) or (B, H) = ({batch}, {hidden}), "
            f"got {initial.shape}"
        )
    return drive, np.broadcast_to(initial, (batch, hidden))


def _wrong_factors(A: ArrayLike, shape: tuple[int, ...]) -> ValueError:
    steps, batch, hidden = shape
    return ValueError(
        f"A: expected shape (T, B, H, H) = ({steps}, {batch}, {hidden}, {hidden}), (T, H, H) or "
        f"(H, H), got {np.shape(A)}"
    )
