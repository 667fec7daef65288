"""Turn what a caller passes into checked arrays, and refuse the rest in one sentence."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

Entry = TypeVar("Entry")
FloatArray = NDArray[np.floating[Any]]

set_writeable = cast("Callable[[FloatArray, bool], None]", np.ndarray.setflags)
"""`setflags(write=…)` by position: it takes half the time, which counts in the shortest passes."""

FLOAT64 = np.dtype(np.float64)
FLOAT32 = np.dtype(np.float32)
FLOATS = (FLOAT64, FLOAT32)


def float_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """Return the dtype if it is one the package computes in.

    Raises
    ------
    ValueError
        It is neither float64 nor float32.
    """
    try:
        found = np.dtype(dtype)
    except TypeError:
        found = None
    if found is None or found not in FLOATS:  # NumPy takes None for float64
        raise ValueError(f"dtype: expected float64 or float32, got {dtype!r}")
    return found


def real_array(name: str, value: ArrayLike, dtype: np.dtype[Any]) -> FloatArray:
    """Return `value` as an array of `dtype`: itself, not a copy, where it already is one.

    Raises
    ------
    ValueError
        `value` is ragged or holds something that is not a finite real number of that dtype.
    """
    array = unchecked_array(name, value, dtype)
    require_finite(name, array)
    return array


def unchecked_array(name: str, value: ArrayLike, dtype: np.dtype[Any]) -> FloatArray:
    """Return what `real_array` does, without looking at the numbers."""
    if type(value) is np.ndarray and value.dtype is dtype:
        return value
    try:
        with np.errstate(all="ignore"):
            _require_no_mask(name, value)
            array = np.asarray(_detached(value))
            _require_real(name, array, value)
            return np.asarray(array, dtype=dtype)
    except ValueError as error:
        if str(error).startswith(f"{name}: "):
            raise
        raise ValueError(
            f"{name}: expected rows of numbers of equal length, got {_excerpt(value)}"
        ) from None
    except (TypeError, OverflowError, RuntimeError):
        raise ValueError(f"{name}: expected real numbers, got {_excerpt(value)}") from None


def _detached(value: Any) -> Any:
    """Return a tensor of PyTorch as one that NumPy takes: by its own methods, without PyTorch.

    One that requires a gradient is taken without it, and formats that NumPy has not, as bfloat16,
    in float32, which holds each of their numbers.
    """
    if not hasattr(value, "detach"):
        return value
    tensor = value.detach().cpu()
    narrow = tensor.is_floating_point() and tensor.element_size() < FLOAT32.itemsize
    return tensor.float() if narrow else tensor


def _require_real(name: str, array: "np.ndarray[Any, Any]", value: object) -> None:
    """Refuse what NumPy would turn into numbers: it reads the text "2_0" as 20."""
    kind = array.dtype.kind
    if kind == "O":
        real = all(map(_is_number, array.flat))
    else:  # bfloat16 and its like of JAX are of kind V, which is otherwise raw bytes
        real = kind in "biuf" or (kind == "V" and "float" in array.dtype.name)
    if not real:
        raise ValueError(f"{name}: expected real numbers, got {_excerpt(value)}")


def _require_no_mask(name: str, value: object) -> None:
    """Refuse masked numbers, whose mask NumPy would ignore."""
    if masked := _masked(value):
        raise ValueError(f"{name}: expected numbers without a mask, got {masked} masked")


def _masked(value: object) -> int:
    """Count what is masked, also in arrays inside lists."""
    if isinstance(value, np.ma.MaskedArray):
        return int(np.count_nonzero(np.ma.getmask(value)))
    return sum(map(_masked, value)) if isinstance(value, list | tuple) else 0


def _is_number(item: object) -> bool:
    """Whether an entry of an array of objects is a number, such as a Decimal or a Fraction."""
    return hasattr(type(item), "__float__") or hasattr(type(item), "__index__")


def require_finite(name: str, array: FloatArray) -> None:
    """Raise ValueError, saying where and what, unless every entry is a finite number."""
    finite = np.isfinite(array)
    if np.count_nonzero(finite) < array.size:  # a quicker `not finite.all()`
        where = tuple(int(i) for i in np.argwhere(~finite)[0])
        place = f" at index {where if len(where) > 1 else where[0]}" if where else ""
        raise ValueError(
            f"{name}: expected finite {array.dtype.name} numbers, got {array[where]}{place}"
        )


def _excerpt(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def frozen_copy(array: FloatArray) -> FloatArray:
    """Return a read-only copy in row-major order."""
    return read_only(np.array(array, order="C"))


def read_only(array: FloatArray) -> FloatArray:
    """Return the array itself, closed to writing."""
    set_writeable(array, False)
    return array


def choose(kind: str, registry: Mapping[str, Entry], name: str) -> Entry:
    """Return the entry called `name`; refuse an unknown name, listing the known ones."""
    try:
        return registry[name]
    except (KeyError, TypeError):
        known = ", ".join(registry)
        raise ValueError(f"{kind}: expected one of {known}, got {name!r}") from None
