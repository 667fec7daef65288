"""A short text for a value that holds many numbers: its fields, and sizes instead of contents."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

LONGEST = 160  # characters between the brackets
LONGEST_PART = 40
FEW = 3  # items that are shown


def short_repr(value: Any) -> str:
    """Return `Name(field=…, …)` within 200 characters, for `__repr__` of a dataclass.

    Only what is there is shown: nothing is computed for it.
    """
    parts: list[str] = []
    for field in fields(value):
        if not field.repr or field.name not in value.__dict__:
            continue
        part = f"{field.name}={_part(value.__dict__[field.name])}"
        if sum(map(len, parts)) + 2 * len(parts) + len(part) > LONGEST:
            parts.append("…")
            break
        parts.append(part)
    return f"{type(value).__name__}({', '.join(parts)})"


def _part(value: Any) -> str:
    """Return a field's content if it is short, else its kind and size."""
    if isinstance(value, np.ndarray):
        return f"array {value.shape}" if value.ndim else f"{value}"
    if isinstance(value, tuple | list | Mapping | set | frozenset):
        few = len(value) <= FEW and all(np.isscalar(item) or item is None for item in value)
        if few and not isinstance(value, Mapping) and len(repr(value)) <= LONGEST_PART:
            return repr(value)
        return f"{len(value)} of {type(value).__name__}"
    if callable(value) and not is_dataclass(value):
        return getattr(value, "__name__", type(value).__name__)
    text = repr(value)
    return text if len(text) <= LONGEST_PART else f"{type(value).__name__}(…)"


class Shown:
    """The base of dataclasses whose text says what they are, not every number in them."""

    def __init_subclass__(cls) -> None:
        """Set `__repr__` before the decorator of dataclasses would write its own."""
        super().__init_subclass__()
        inherited = cls.__repr__
        text = short_repr if inherited is object.__repr__ else inherited
        cls.__repr__ = text  # type: ignore[method-assign]
