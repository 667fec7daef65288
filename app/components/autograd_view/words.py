"""Numbers, shapes and names as the component's texts show them."""

import numpy as np
from numpy.typing import ArrayLike

from app.figures.words import short
from app.pytorch.autograd_graph import Node

WRITTEN = 8  # numbers of an array that are written out


def numbers_text(array: ArrayLike) -> str:
    """Return "(2,) [0.5, −1]": the shape, and the numbers where they are few."""
    values = np.asarray(array, dtype=float)
    if values.ndim == 0:
        return short(float(values))
    shape = shape_text(values.shape)
    if values.size > WRITTEN:
        with np.errstate(all="ignore"):
            return f"{shape}, length {short(float(np.linalg.norm(values)))}"
    return f"{shape} {_rows(values.tolist())}"


def shape_text(shape: tuple[int, ...]) -> str:
    """Return a shape as Python writes it."""
    return str(tuple(shape))


def ordinal(number: int) -> str:
    """Return 1st, 2nd, 3rd, 4th and so on."""
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(last, 'th')}"


def called(node: Node) -> str:
    """Return how a node is called in a sentence: its name and the tensor it belongs to."""
    return f"{node.name} of {node.symbol}"


def listed(words: list[str]) -> str:
    """Return "a, b and c"."""
    if len(words) < 2:
        return "".join(words) or "nothing"
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _rows(values: list[object]) -> str:
    parts = [
        _rows(value) if isinstance(value, list) else short(float(str(value))) for value in values
    ]
    return f"[{', '.join(parts)}]"
