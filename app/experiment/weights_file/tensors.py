"""The safetensors format: a header in JSON, then the numbers of each tensor."""

import json
from typing import Any

import numpy as np

from app.experiment.weights_file.npz import from_bytes
from app.experiment.weights_file.stored import MOST_ARRAYS, Array, Stored, short_name

MOST_HEADER_BYTES = 1_000_000
TYPES = {
    "F64": ("float64", "<f8"),
    "F32": ("float32", "<f4"),
    "F16": ("float16", "<f2"),
    "BF16": ("bfloat16", "<u2"),
    "I64": ("int64", "<i8"),
    "I32": ("int32", "<i4"),
    "I16": ("int16", "<i2"),
    "I8": ("int8", "i1"),
    "U8": ("uint8", "u1"),
}
ANOTHER = "weights file: expected .npz or .safetensors, got another kind of file"


def stored(content: bytes, missing: int = 0) -> list[Stored]:
    """Return what the file holds, in the order of its numbers, of which none is read.

    `missing` bytes at its end are not there: names and shapes are known all the same.

    Raises
    ------
    ValueError
        It is another kind of file, or its header is not as the format wants it; one sentence.
    """
    length = int.from_bytes(content[:8], "little") if len(content) >= 8 else 0
    if length < 2 or content[8:9] != b"{" or length > len(content) - 8:
        raise ValueError(ANOTHER)
    if length > MOST_HEADER_BYTES:
        raise ValueError(
            f"weights file: expected a header of at most {MOST_HEADER_BYTES:,} bytes, "
            f"got {length:,}"
        )
    try:
        header = json.loads(content[8 : 8 + length])
    except (RecursionError, ValueError):
        raise ValueError("weights file: expected a header of safetensors, got another") from None
    header.pop("__metadata__", None)
    if len(header) > MOST_ARRAYS:
        raise ValueError(
            f"weights file: expected at most {MOST_ARRAYS:,} arrays, got {len(header):,}"
        )
    body = memoryview(content)[8 + length :]
    longest = len(body) + missing
    found = [(_span(name, entry, longest), name, entry) for name, entry in header.items()]
    found.sort(key=lambda item: item[0])
    ends = [0] + [span[1] for span, _, _ in found]
    if any(span[0] != end for (span, _, _), end in zip(found, ends, strict=False)):
        raise ValueError("weights file: expected tensors one after the other, got a gap or overlap")
    return [_tensor(name, entry, body[slice(*span)]) for span, name, entry in found]


def _span(name: str, entry: Any, longest: int) -> tuple[int, int]:
    """Return where the numbers of a tensor begin and end."""
    fields = ("dtype", "shape", "data_offsets")
    if not isinstance(entry, dict) or not all(field in entry for field in fields):
        raise ValueError(f"{short_name(name)}: expected {', '.join(fields)}, got {entry!a:.40}")
    shape, offsets = entry["shape"], entry["data_offsets"]
    if not (_are_sizes(shape) and _are_sizes(offsets) and len(offsets) == 2):
        raise ValueError(
            f"{short_name(name)}: expected whole numbers as its shape, got {shape!a:.40}"
        )
    start, end = offsets
    if not start <= end <= longest:
        raise ValueError(
            f"{short_name(name)}: expected numbers within the file, got {offsets!a:.60}"
        )
    return start, end


def _are_sizes(value: object) -> bool:
    return isinstance(value, list) and all(type(size) is int and size >= 0 for size in value)


def _tensor(name: str, entry: dict[str, Any], raw: memoryview) -> Stored:
    shape = tuple(entry["shape"])
    kind, dtype = TYPES.get(str(entry["dtype"]), (str(entry["dtype"])[:20], None))

    def numbers() -> Array:
        if dtype is None:
            known = ", ".join(TYPES)
            raise ValueError(
                f"{short_name(name)}: expected numbers as {known}, got {short_name(kind)}: "
                "in PyTorch, save tensor.float()"
            )
        count = int(np.prod(shape, dtype=object))
        if len(raw) != count * np.dtype(dtype).itemsize:
            raise ValueError(
                f"{short_name(name)}: expected {count} numbers as its header says, got others"
            )
        return from_bytes(raw, np.dtype(dtype), kind).reshape(shape)

    return Stored(name, shape, kind, numbers)
