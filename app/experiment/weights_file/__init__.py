"""Parameters as files that other programs read: `.npz` and `.safetensors`.

Nothing is unpickled, and no size that a file claims is believed before it is checked. Names and
shapes say which array is which: our own, those of PyTorch, Keras, JAX and ONNX, and the symbols
that people use.
"""

from app.experiment.reading.foreign import SAVEZ, foreign, is_safetensors, way_on
from app.experiment.reading.notice import Options, Understood
from app.experiment.weights_file import gates, npz, tensors
from app.experiment.weights_file.network import network, require_shown
from app.experiment.weights_file.roles import roles
from app.experiment.weights_file.stored import MOST_NUMBERS, Stored
from app.experiment.weights_file.writing import WRITERS, to_npz, to_safetensors
from rnn_core import Parameters

__all__ = ["LARGEST_FILE", "WRITERS", "is_weights", "opened", "read", "to_npz", "to_safetensors"]

LARGEST_FILE = 2_900_000
"""Bytes: in base64 it fits into what a command may carry."""

_SMALL = f".items() if v.size <= {MOST_NUMBERS}}}}})"
SMALLER_NPZ = "import numpy; " + SAVEZ + '**{{k: v for k, v in numpy.load("{name}")' + _SMALL
SMALLER_SAFETENSORS = (
    "import numpy, safetensors.numpy; "
    + SAVEZ
    + '**{{k: v for k, v in safetensors.numpy.load_file("{name}")'
    + _SMALL
)
"""Lines of Python that make a file that opens of one that is too large for its other arrays."""


def is_weights(content: bytes) -> bool:
    """Whether a file is of one of the two formats, by its first bytes."""
    return is_safetensors(content) or (content[:2] == b"PK" and foreign(content) is None)


def weights_in(content: bytes) -> Parameters:
    """Return the parameters in a file, read as `opened_weights` reads it without options."""
    return opened_weights(content, {})[0]


def opened_weights(
    content: bytes, options: Options, name: str = "", size: int = 0
) -> tuple[Parameters, Understood]:
    """Return the parameters in a file of either format, and what was concluded.

    Of a file that is too large, its beginning is enough to say what it is; `size` is that of all.

    Options
    -------
    transpose (bool), "hidden first" (bool), swap (bool), layer (int, from 0), rest ("leave out"),
    order (int), "reset before" (bool), "update takes" (bool): as the choices offer them;
    outputs (int): K where the file has no read-out.

    Raises
    ------
    ValueError
        In one sentence: the file is too large, damaged or of another kind, holds no network
        of these cells or a larger one than is shown here, or an array is of a wrong type or size,
        or not finite.
    """
    if sentence := foreign(content, name):
        raise ValueError(f"weights {sentence}")
    size = max(size, len(content))
    if size <= LARGEST_FILE:
        everything = _stored(content)
        if own := gates.own(everything):
            return own
        parts = roles(everything, options)
        return gates.gated(parts, options) or network(parts, options)
    if size == len(content) or is_safetensors(content):
        require_shown(roles(_stored(content, size - len(content)), {}))
    raise ValueError(
        f"weights file: expected at most {LARGEST_FILE:,} bytes, got {size:,}: no array of a "
        f"network shown here holds more than {MOST_NUMBERS:,} numbers, so leave out the others; "
        + way_on(SMALLER_SAFETENSORS if is_safetensors(content) else SMALLER_NPZ, name)
    )


def _stored(content: bytes, missing: int = 0) -> list[Stored]:
    is_zip = content[:2] == b"PK"
    every = npz.stored(content) if is_zip else tensors.stored(content, missing)
    seen: set[str] = set()
    for entry in every:
        if entry.name in seen:
            raise ValueError(
                f"weights file: expected each array once, got {entry.name!a:.40} twice"
            )
        seen.add(entry.name)
    return [entry.squeezed() for entry in every]
