"""An array in a file, of which nothing but name and shape is read until its numbers are wanted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.experiment.sources import MAX_HIDDEN

Array = NDArray[np.float64]

LONGEST_EMBEDDING = 512  # of a symbol: what the input matrix then has in place of D columns
MOST_NUMBERS = 4 * MAX_HIDDEN * LONGEST_EMBEDDING  # in one array whose numbers are read
MOST_ARRAYS = 4096  # that are named
PRECISIONS = {
    "float32": "single precision (float32, 7 digits)",
    "float16": "half precision (float16, 3 digits)",
    "bfloat16": "bfloat16 (2 to 3 digits)",
    "int8": "whole numbers (int8), without the scale that a quantised network has",
    "uint8": "whole numbers (uint8), without the scale that a quantised network has",
}


@dataclass(frozen=True)
class Stored:
    """One array of a file."""

    name: str
    shape: tuple[int, ...]
    kind: str  # "float32", "bfloat16", "int64", "object"
    numbers: Callable[[], Array]  # reads them, in `shape`; ValueError: they are none, or damaged

    @property
    def is_real(self) -> bool:
        """Whether it holds floating-point numbers, as weights do."""
        return self.kind.startswith(("float", "bfloat", "F8"))

    def squeezed(self) -> "Stored":
        """Return a column or a row as a vector, and a stack of one as what it holds.

        Biases come as (H, 1) and (1, H); ONNX puts the number of directions first.
        """
        shape = self.shape
        while len(shape) > 2 and shape[0] == 1:
            shape = shape[1:]
        return self if shape == self.shape else self.reshaped(shape)

    def flat(self) -> "Stored":
        """Return all numbers as a vector."""
        return self.reshaped((int(np.prod(self.shape, dtype=object)),))

    def reshaped(self, shape: tuple[int, ...]) -> "Stored":
        """Return the same numbers in another shape."""
        return replace(self, shape=shape, numbers=lambda: self.read().reshape(shape))

    def read(self) -> Array:
        """Return the numbers, as float64, if they are few enough to be taken.

        Raises
        ------
        ValueError
            In one sentence: they are too many, damaged, or no real numbers.
        """
        if np.prod(self.shape or (1,), dtype=object) > MOST_NUMBERS:
            raise ValueError(
                f"{short_name(self.name)}: expected at most {MOST_NUMBERS:,} numbers, "
                f"got shape {self.shape!a:.40}"
            )
        return self.numbers()


def short_name(name: str) -> str:
    """Return a name out of a file for a sentence: short, and without what cannot be shown."""
    kept = "".join(character if character.isprintable() else "\ufffd" for character in name)
    return kept if len(kept) <= 40 else f"{kept[:39]}…"


def listed(names: Iterable[str], most: int = 4) -> str:
    """Return names for a sentence: the first few, and how many more there are."""
    every = [short_name(name) for name in names]
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more


def size(shape: tuple[int, ...]) -> str:
    """Return a shape as it is said: `3 × 2`."""
    return " × ".join(map(str, shape)) or "a single number"
