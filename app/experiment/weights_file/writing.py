"""Parameters written as files that other programs read."""

import io
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from safetensors.numpy import save

from rnn_core import Parameters


def to_npz(params: Parameters) -> bytes:
    """Return the five arrays as NumPy's archive, float64."""
    buffer = io.BytesIO()
    arrays: dict[str, Any] = dict(params.items())
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def to_safetensors(params: Parameters) -> bytes:
    """Return the five arrays in the safetensors format, float64."""
    made: bytes = save({name: np.ascontiguousarray(array) for name, array in params.items()})
    return made


WRITERS: Mapping[str, Callable[[Parameters], bytes]] = MappingProxyType(
    {"npz": to_npz, "safetensors": to_safetensors}
)
