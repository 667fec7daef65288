"""The operations of a graph for another language: what their entries say, as JSON has it."""

from typing import Any

from rnn_core.activations import ACTIVATIONS
from rnn_core.graph.rules import CELL
from rnn_core.losses import LOSSES


def described(op: str) -> dict[str, Any] | None:
    """Return what redoes and prints an activation, a step of it or a loss, from its entry.

    None for an operation that is the same in every network, a product, a sum or a softmax: these
    every language has.
    """
    if op in LOSSES:
        return {"kind": "loss", **LOSSES[op].described()}
    function = ACTIVATIONS.get(op.removesuffix(CELL))
    if function is None:
        return None
    return {"kind": "cell" if op.endswith(CELL) else "activation", **function.described()}
