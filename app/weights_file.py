"""Parameters as files that other programs read: `.npz` and `.safetensors`.

Nothing is unpickled, and no size that a file claims is believed before it is checked. Both formats
also come from PyTorch: an `nn.RNN` of one layer and an `nn.Linear` are the same network, with its
two hidden biases added up.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load as load_safetensors
from safetensors.numpy import save as save_safetensors

from app.sources import MAX_HIDDEN, MAX_WIDTH
from rnn_core import PARAMETER_NAMES, Parameters

Array = NDArray[np.float64]

MOST_NUMBERS = MAX_HIDDEN * max(MAX_HIDDEN, MAX_WIDTH)  # in one array
MOST_ARRAYS = 16
MOST_HEADER_BYTES = 16_384
LARGEST_FILE = 2 * MOST_ARRAYS * (8 * MOST_NUMBERS + 512)
SAFETENSORS_TYPES = {"F64": 8, "F32": 4, "F16": 2}

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError)
"""What `zipfile` raises over what it cannot read; RuntimeError when it is encrypted."""

RECURRENT = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


def to_npz(params: Parameters) -> bytes:
    """Return the five arrays as NumPy's archive, float64."""
    buffer = io.BytesIO()
    arrays: dict[str, Any] = dict(params.items())
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def to_safetensors(params: Parameters) -> bytes:
    """Return the five arrays in the safetensors format, float64."""
    made: bytes = save_safetensors(
        {name: np.ascontiguousarray(array) for name, array in params.items()}
    )
    return made


WRITERS: Mapping[str, Callable[[Parameters], bytes]] = MappingProxyType(
    {"npz": to_npz, "safetensors": to_safetensors}
)


def read(content: bytes) -> Parameters:
    """Return the parameters in a file of either format; its first bytes say which.

    Raises
    ------
    ValueError
        In one sentence: the file is too large, damaged or of another kind, an array is missing,
        unknown, of a wrong type or size, or not finite.
    """
    if len(content) > LARGEST_FILE:
        raise ValueError(
            f"weights file: expected at most {LARGEST_FILE:,} bytes, got {len(content):,}"
        )
    arrays = _from_npz(content) if content[:2] == b"PK" else _from_safetensors(content)
    return Parameters(**_named_as_ours(arrays))


def _from_npz(content: bytes) -> dict[str, Array]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if any(entry.filename.endswith(".pkl") for entry in entries):
                raise ValueError(
                    "weights file: expected .npz or .safetensors, got a pickle of PyTorch, which "
                    "could run code: save its state with safetensors.torch.save_file"
                )
            _require_few(len(entries))
            return {
                entry.filename.removesuffix(".npy"): _from_npy(archive, entry) for entry in entries
            }
    except DAMAGED:
        raise ValueError(
            "weights file: expected a NumPy archive (.npz), got a damaged one"
        ) from None


def _from_npy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Array:
    """Read one array, its header first: it may claim any size."""
    name = entry.filename.removesuffix(".npy")
    with archive.open(entry) as stream:
        try:
            version = np.lib.format.read_magic(stream)
            reader = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }[version]
            shape, fortran, dtype = reader(stream, max_header_size=MOST_HEADER_BYTES)
        except (ValueError, KeyError):
            raise ValueError(
                f"{name!a:.40}: expected an array as NumPy writes it, got another file"
            ) from None
        _require_size(name, shape)
        if dtype.kind not in "fiu" or dtype.itemsize > 8:
            raise ValueError(f"{name!a:.40}: expected real numbers, got {dtype}")
        count = int(np.prod(shape, dtype=np.int64))
        raw = stream.read(count * dtype.itemsize + 1)
    if len(raw) != count * dtype.itemsize:
        raise ValueError(f"{name!a:.40}: expected {count} numbers as its header says, got others")
    numbers = np.frombuffer(raw, dtype).astype(float)
    return numbers.reshape(shape[::-1]).T if fortran else numbers.reshape(shape)


def _from_safetensors(content: bytes) -> dict[str, Array]:
    header_size = int.from_bytes(content[:8], "little") if len(content) >= 8 else 0
    if not 2 <= header_size <= min(MOST_HEADER_BYTES, len(content) - 8):
        raise ValueError("weights file: expected .npz or .safetensors, got another kind of file")
    try:
        header = json.loads(content[8 : 8 + header_size])
        header.pop("__metadata__", None)
        _require_few(len(header))
        for name, entry in header.items():
            _require_size(name, entry["shape"])
            if entry["dtype"] not in SAFETENSORS_TYPES:
                known = ", ".join(SAFETENSORS_TYPES)
                raise ValueError(
                    f"{name!a:.40}: expected numbers as {known}, got {entry['dtype']!a:.20}"
                )
    except (AttributeError, KeyError, TypeError, RecursionError, json.JSONDecodeError):
        raise ValueError("weights file: expected a header of safetensors, got another") from None
    except UnicodeDecodeError:
        raise ValueError("weights file: expected .npz or .safetensors, got another kind") from None
    try:
        return {name: array.astype(float) for name, array in load_safetensors(content).items()}
    except Exception as error:  # noqa: BLE001  # the library's own class, and what NumPy raises
        raise ValueError(f"weights file: expected safetensors, got {error!s:.80}") from None


def _require_few(count: int) -> None:
    if count > MOST_ARRAYS:
        raise ValueError(f"weights file: expected at most {MOST_ARRAYS} arrays, got {count}")


def _require_size(name: str, shape: object) -> None:
    sizes = list(shape) if isinstance(shape, list | tuple) else None
    whole = sizes is not None and all(type(size) is int and size >= 0 for size in sizes)
    if not whole or len(sizes or []) > 2:
        raise ValueError(f"{name!a:.40}: expected a vector or a matrix, got shape {shape!a:.40}")
    if np.prod(sizes or [1], dtype=object) > MOST_NUMBERS:
        raise ValueError(
            f"{name!a:.40}: expected at most {MOST_NUMBERS:,} numbers, got shape {shape!a:.40}"
        )


def _named_as_ours(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return the five arrays, from our names or from those of PyTorch's modules."""
    if set(arrays) == set(PARAMETER_NAMES):
        return dict(arrays)
    recurrent = {part: _only(arrays, part) for part in RECURRENT[:2]}
    if None in recurrent.values():
        raise ValueError(
            f"weights file: expected the arrays {', '.join(PARAMETER_NAMES)}, or those of an "
            f"nn.RNN and an nn.Linear, got {', '.join(sorted(arrays))!a:.80}"
        )
    if deeper := next((name for name in arrays if name.endswith("_l1") or "_reverse" in name), ""):
        raise ValueError(
            f"weights file: expected one layer in one direction, got also {deeper!a:.40}"
        )
    W_xh, W_hh = (arrays[str(recurrent[part])] for part in RECURRENT[:2])
    biases = [arrays[name] for part in RECURRENT[2:] if (name := _only(arrays, part))]
    b_h = sum(biases, start=np.zeros(len(W_hh)))
    rest = {n: a for n, a in arrays.items() if not n.endswith(RECURRENT)}
    readout = _only(rest, "weight")
    if readout is None:
        raise ValueError(
            "weights file: expected one weight of an nn.Linear beside the nn.RNN, "
            f"got {', '.join(sorted(rest))!a:.80}"
        )
    W_hy = rest.pop(readout)
    bias = _only(rest, "bias")
    b_y = rest.pop(bias) if bias else np.zeros(len(W_hy))
    if rest:
        raise ValueError(f"weights file: expected nothing else, got {', '.join(rest)!a:.80}")
    return {"W_xh": W_xh, "W_hh": W_hh, "b_h": b_h, "W_hy": W_hy, "b_y": b_y}


def _only(arrays: Mapping[str, Array], ending: str) -> str | None:
    """Return the one name that ends so, as modules prefix their names; None if none or several."""
    found = [name for name in arrays if name == ending or name.endswith(f".{ending}")]
    return found[0] if len(found) == 1 else None
