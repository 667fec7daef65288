"""What is read from the logits, one node for each number: predictions, targets, losses."""

from typing import Any

import numpy as np

from rnn_core.graph import names
from rnn_core.graph.scalar_draft import ScalarDraft
from rnn_core.graph.selection import Selection
from rnn_core.interpreter.program import LOGIT
from rnn_core.ops import op_named


def outputs(draft: ScalarDraft, t: int) -> list[str]:
    """Add predictions, targets and the terms of the loss; return the terms' names."""
    shown = draft.shown
    a = shown.trace.logits[shown.readout_row(t), shown.sample]
    logits = [each.id for each in draft.called[LOGIT]]
    _predict(draft, t, a, logits)
    return [] if shown.trace.target is None else _add_terms(draft, t, a, logits)


def _predict(draft: ScalarDraft, t: int, a: Any, logits: list[str]) -> None:
    shown = draft.shown
    op = op_named(shown.trace.family.prediction_op)
    p = shown.trace.prediction[shown.readout_row(t), shown.sample]
    units = range(len(a))
    if op.entrywise:
        operands = [[logit] for logit in logits]
    else:  # the own logit first: the operation gives the entry of its first operand
        operands = [[logits[j] for j in order] for order in _orders(units)]
    locals_ = prediction_slopes(shown, a, p)
    none = None if shown.grads is None else [0.0] * len(p)
    layer = draft.plan.layers[LOGIT] + 1
    draft.entries(
        "p",
        "probability",
        t,
        p.tolist(),
        none,
        layer=layer,
        op=op.name,
        operands=operands,
        locals_=locals_,
    )


def prediction_slopes(shown: Selection, a: Any, p: Any) -> list[list[float]]:
    """Return the derivatives of each prediction of a step by the logits that it reads."""
    op = op_named(shown.trace.family.prediction_op)
    if op.entrywise:
        slopes: list[float] = op.pull([a], p, np.ones_like(a), 0).tolist()
        return [[slope] for slope in slopes]
    units = range(len(a))
    return [
        [op.local([float(a[j]) for j in order], float(p[k]), slot) for slot in units]
        for k, order in enumerate(_orders(units))
    ]


def _orders(units: range) -> list[list[int]]:
    """Return an order of the logits for each prediction, its own first."""
    return [[k, *(j for j in units if j != k)] for k in units]


def _add_terms(draft: ScalarDraft, t: int, a: Any, logits: list[str]) -> list[str]:
    shown, trace = draft.shown, draft.shown.trace
    family = trace.family
    y = shown.target(t)
    scale = shown.by_term
    row = t - shown.read_out[0]
    terms, by_logit, by_target = (array[row] for array in shown.losses)
    layer = draft.plan.layers[LOGIT] + 1
    slopes = None if scale is None else (scale * by_target).tolist()
    targets = draft.entries("y", "target", t, y.tolist(), slopes, layer=layer)
    about: dict[str, Any] = {"op": trace.loss_name, "layer": layer + 1}
    if family.spans_outputs:
        called = names.quantity("l", t)
        draft.node(
            called.id,
            "loss",
            t,
            shown.term(t),
            scale,
            symbol=called.symbol,
            latex=called.latex,
            quantity="l",
            variable="l",
            operands=[*logits, *targets],
            locals_=[*by_logit.tolist(), *by_target.tolist()],
            **about,
        )
        return [called.id]
    scales = None if scale is None else [scale] * len(a)
    return draft.entries(
        "l",
        "loss",
        t,
        terms.tolist(),
        scales,
        operands=[*zip(logits, targets, strict=True)],
        locals_=[*zip(by_logit.tolist(), by_target.tolist(), strict=True)],
        **about,
    )
