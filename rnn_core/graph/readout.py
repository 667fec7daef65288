"""What all levels end with: the loss over everything read out, and what is not shown of it."""

from functools import partial
from typing import Any

import numpy as np

from rnn_core.graph import names
from rnn_core.graph.beyond import outside_states
from rnn_core.graph.draft import Draft
from rnn_core.graph.selection import Selection
from rnn_core.interpreter.program import LOGIT

REST = "rest"
"""The node for what is not shown."""

REST_OF_LOSS = "rest of L"
"""The node for terms of the loss that are not shown, where the gradients are not of the loss."""

RESTS = (REST, REST_OF_LOSS)

TOTAL = "total"
"""The operation of a loss of which a part is not shown: a sum with the weights of its edges."""


def add_loss(draft: Draft, shown: Selection, terms: list[str], count: int) -> None:
    """Add L, the mean of `terms`, of which there are `count` in the whole batch.

    What the graph leaves out (steps outside a window, other sequences of the batch) adds to L
    through one node, "rest", whose gradient is 1: the local derivatives of its operands are the
    derivatives of the loss by the ways not shown. Truncation is such a way with the opposite sign,
    so that the sum over a node's edges is its gradient there too; states read from outside (the
    `upstream` of `backward`) are another, and then L has no part in the gradients: what it has
    from elsewhere is a leaf of its own, "rest of L", with gradient 0.
    """
    if shown.partial:
        add_rest(draft, shown)
    if shown.trace.loss is None:
        return
    grad = None if shown.grads is None else float(shown.by_loss)
    operands, locals_ = list(terms), [1.0 / count] * len(terms)
    if shown.partial and shown.by_loss:
        operands.append(REST)
        locals_.append(1.0)
    elif not shown.whole_loss:
        operands.append(REST_OF_LOSS)
        locals_.append(1.0)
    draft.node(
        "L",
        "loss",
        shown.trace.steps,
        shown.trace.loss,
        grad,
        symbol="L",
        latex="L",
        op=TOTAL if shown.partial else "mean",
        quantity="L",
        variable="L",
        layer=_top(shown),
        operands=operands,
        locals_=locals_,
    )


def add_rest(draft: Draft, shown: Selection) -> None:
    """Add the nodes for what is not shown, with their edges; existing ones are replaced."""
    draft.node(
        REST,
        "rest",
        shown.trace.steps,
        shown.outside_loss() if shown.by_loss else None,
        None if shown.grads is None else 1.0,
        symbol="rest",
        latex=r"\text{rest}",
        layer=_top(shown),
    )
    if not (shown.by_loss or shown.trace.loss is None or shown.whole_loss):
        draft.node(
            REST_OF_LOSS,
            "rest",
            shown.trace.steps,
            shown.outside_loss(),
            0.0,
            symbol=REST_OF_LOSS,
            latex=r"\text{rest of }L",
            layer=_top(shown),
        )
    slot = 0
    hidden: list[tuple[Any, Any]] = [
        (partial(names.parameter, name), array)
        for name, array in shown.outside_parameters().items()
    ]
    hidden += [
        (partial(names.node, state, t), array)
        for (state, t), array in outside_states(shown).items()
    ]
    for called, array in hidden:
        for name, local in _entries(draft, called, array):
            draft.edge(name, REST, local, slot)
            slot += 1
    draft.nodes[REST]["op"] = TOTAL if slot else None


def _top(shown: Selection) -> int:
    """Return the layer of L: after the logits come predictions, the losses of steps, and L."""
    return shown.plan.layers[LOGIT] + 3


def _entries(draft: Draft, called: Any, array: Any) -> list[tuple[str, Any]]:
    """Return the nodes of an array with their part of it: one node, or one for each entry.

    `called` gives the name of the whole, or of the entry with a place from 1.
    """
    if not array.any():
        return []
    if called() in draft.nodes:
        return [(called(), array)]
    return [
        (called(*(i + 1 for i in place)), float(array[place]))
        for place in np.ndindex(array.shape)
        if array[place]
    ]
