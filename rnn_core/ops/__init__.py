"""The operations that lines of a cell and nodes of a graph are made of, by name."""

from rnn_core.activations import ACTIVATIONS
from rnn_core.losses import LOSSES
from rnn_core.ops.elementwise import elementwise
from rnn_core.ops.op import Op
from rnn_core.ops.outputs import SOFTMAX, loss_op
from rnn_core.ops.structural import STRUCTURAL

__all__ = ["STRUCTURAL", "Op", "elementwise", "loss_op", "op_named"]


def op_named(name: str) -> Op:
    """Return the operation of that name: a structural one, an activation function, or a loss.

    Raises
    ------
    ValueError
        There is none; the known names are listed.
    """
    if name in STRUCTURAL:
        return STRUCTURAL[name]
    if name in ACTIVATIONS:
        return elementwise(ACTIVATIONS[name])
    if name == SOFTMAX.name:
        return SOFTMAX
    if name in LOSSES:
        return loss_op(LOSSES[name])
    known = ", ".join((*STRUCTURAL, *ACTIVATIONS, SOFTMAX.name, *LOSSES))
    raise ValueError(f"operation: expected one of {known}, got {name!r:.40}")
