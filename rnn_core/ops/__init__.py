"""The operations that lines of a cell and nodes of a graph are made of, by name."""

from rnn_core.activations import ACTIVATIONS
from rnn_core.ops.elementwise import elementwise
from rnn_core.ops.op import Op
from rnn_core.ops.structural import STRUCTURAL

__all__ = ["STRUCTURAL", "Op", "elementwise", "op_named"]


def op_named(name: str) -> Op:
    """Return the operation of that name: a structural one, or an activation function's.

    Raises
    ------
    ValueError
        There is none; the known names are listed.
    """
    if name in STRUCTURAL:
        return STRUCTURAL[name]
    if name in ACTIVATIONS:
        return elementwise(ACTIVATIONS[name])
    known = ", ".join((*STRUCTURAL, *ACTIVATIONS))
    raise ValueError(f"operation: expected one of {known}, got {name!r:.40}")
