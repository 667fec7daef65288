"""Which arrays are the parameters of a network: their names, shapes and dtype."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from rnn_core._arrays import FLOAT32, FLOAT64, FloatArray, float_dtype
from rnn_core.cells import Cell


def require_elman_shapes(
    W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, W_hy: FloatArray, b_y: FloatArray
) -> None:
    """Refuse arrays of an Elman network that do not fit one another."""
    if W_hh.ndim != 2 or W_hh.shape[0] != W_hh.shape[1] or W_hh.shape[0] == 0:
        raise ValueError(f"W_hh: expected a square matrix (H, H) with H ≥ 1, got {W_hh.shape}")
    hidden = W_hh.shape[0]
    if W_xh.ndim != 2 or W_xh.shape[0] != hidden or W_xh.shape[1] == 0:
        raise ValueError(
            f"W_xh: expected shape (H, D) = ({hidden}, D) with D ≥ 1, got {W_xh.shape}"
        )
    if b_h.shape != (hidden,):
        raise ValueError(f"b_h: expected shape (H,) = ({hidden},), got {b_h.shape}")
    if W_hy.ndim != 2 or W_hy.shape[1] != hidden or W_hy.shape[0] == 0:
        raise ValueError(
            f"W_hy: expected shape (K, H) = (K, {hidden}) with K ≥ 1, got {W_hy.shape}"
        )
    if b_y.shape != W_hy.shape[:1]:
        raise ValueError(f"b_y: expected shape (K,) = {W_hy.shape[:1]}, got {b_y.shape}")


def common_dtype(given: Iterable[object], dtype: DTypeLike | None) -> "np.dtype[Any]":
    """Return the dtype that is asked for; else float32 where all arrays are that, or float64."""
    if dtype is not None:
        return float_dtype(dtype)
    single = all(getattr(value, "dtype", None) == FLOAT32 for value in given)
    return FLOAT32 if single else FLOAT64


def require_names(cell: Cell, arrays: Mapping[str, object]) -> None:
    """Refuse arrays that are not those of the cell and the readout."""
    missing = [name for name in cell.parameters if name not in arrays]
    surplus = [name for name in arrays if name not in cell.shapes]
    if missing or surplus:
        came = [f"no {', '.join(missing)}"] if missing else []
        came += [f"also {', '.join(map(str, surplus))}"] if surplus else []
        raise ValueError(
            f"arrays: expected {', '.join(cell.parameters)} for the cell {cell.name}, "
            f"got {' and '.join(came)}"
        )


def require_shapes(cell: Cell, arrays: Mapping[str, FloatArray]) -> None:
    """Refuse arrays whose shapes do not agree with one another."""
    sizes: dict[str, int] = {}
    first = {"H": "W_hy", "K": "W_hy", "D": cell.input_weight}
    for letter, name in first.items():
        shape, symbols = arrays[name].shape, cell.shapes[name]
        if len(shape) != len(symbols) or 0 in shape:
            raise ValueError(
                f"{name}: expected shape ({', '.join(symbols)}) of at least 1 each, got {shape}"
            )
        sizes[letter] = shape[symbols.index(letter)]
    for name, symbols in cell.shapes.items():
        wanted = tuple(sizes[symbol] for symbol in symbols)
        if arrays[name].shape != wanted:
            letters = f"({', '.join(symbols)}{',' if len(symbols) == 1 else ''})"
            raise ValueError(
                f"{name}: expected shape {letters} = {wanted}, got {arrays[name].shape}"
            )
