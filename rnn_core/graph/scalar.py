"""The level whose nodes hold one number each."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core.activations import activation_named, sigmoid
from rnn_core.graph import names
from rnn_core.graph.draft import Draft
from rnn_core.graph.readout import add_loss
from rnn_core.graph.selection import Selection

ONE = 1.0


class ScalarDraft(Draft):
    """A draft whose nodes hold the entries of arrays."""

    def __init__(self, shown: Selection) -> None:
        super().__init__()
        self.shown = shown

    def entries(
        self, letter: str, kind: str, t: int, values: Any, grads: Any, **rest: Any
    ) -> list[str]:
        """Add one node for each number of a vector of step t."""
        numbers = np.asarray(values).tolist()
        slopes = [None] * len(numbers) if grads is None else np.asarray(grads).tolist()
        return [
            self.node(
                names.node(letter, t, unit),
                kind,
                t,
                number,
                slope,
                symbol=names.timed(letter, t, unit),
                latex=names.latex_timed(letter, t, unit),
                index=(unit,),
                **{key: value[unit - 1] if key != "op" else value for key, value in rest.items()},
            )
            for unit, (number, slope) in enumerate(zip(numbers, slopes, strict=True), start=1)
        ]

    def parameter_entries(self, name: str, array: Any, grads: Any) -> None:
        """Add one node for each number of a parameter, fed to every step."""
        for place in np.ndindex(array.shape):
            index = tuple(i + 1 for i in place)
            self.node(
                names.parameter(name, *index),
                "parameter",
                None,
                float(array[place]),
                None if grads is None else float(grads[place]),
                symbol=names.parameter(name, *index),
                latex=names.latex_parameter(name, *index),
                index=index,
            )

    def products(
        self,
        t: int,
        matrix: str,
        row: int,
        vector: Sequence[str],
        numbers: FloatArray,
        grad: float | None,
    ) -> list[str]:
        """Add W[row, j] · v[j] for all j; the gradient of each is that of the sum they feed.

        `vector` are the nodes of v, `numbers` its values: the products are of their dtype.
        """
        made = []
        values = (getattr(self.shown.trace.params, matrix)[row - 1] * numbers).tolist()
        for column, (operand, value) in enumerate(zip(vector, values, strict=True), start=1):
            weight = names.parameter(matrix, row, column)
            w, v = self.nodes[weight], self.nodes[operand]
            made.append(
                self.node(
                    f"{weight}·{operand}",
                    "product",
                    t,
                    value,
                    grad,
                    symbol=f"{weight} · {v['symbol']}",
                    latex=rf"{w['latex']}\,{v['latex']}",
                    op="mul",
                    index=(row, column),
                    operands=(weight, operand),
                    locals_=(v["value"], w["value"]),
                )
            )
        return made


def scalar_level(shown: Selection) -> Draft:
    """One node for each number; products and sums are nodes of their own."""
    draft = ScalarDraft(shown)
    trace, sample = shown.trace, shown.sample
    for name, array in shown.parameters():
        draft.parameter_entries(name, array, shown.gradient(name))
    before = shown.first - 1
    states = draft.entries("h", "state", before, trace.h[before, sample], shown.grad("h", before))
    slopes = activation_named(trace.activation).slope(trace.z[:, sample])
    terms: list[str] = []
    for t in shown.steps:
        x, h = trace.x[t - 1, sample], trace.h[t - 1, sample]
        dz = shown.grad("z", t - 1)
        inputs = draft.entries("x", "input", t, x, shown.grad("x", t - 1))
        operands = []
        for unit in range(1, trace.params.hidden_size + 1):
            grad = None if dz is None else float(dz[unit - 1])
            operands.append(
                [
                    *draft.products(t, "W_xh", unit, inputs, x, grad),
                    *draft.products(t, "W_hh", unit, states, h, grad),
                    names.parameter("b_h", unit),
                ]
            )
        sums = draft.entries(
            "z",
            "sum",
            t,
            trace.z[t - 1, sample],
            dz,
            op="add",
            operands=operands,
            locals_=[[ONE] * len(each) for each in operands],
        )
        states = draft.entries(
            "h",
            "activation",
            t,
            trace.h[t, sample],
            shown.grad("h", t),
            op=trace.activation,
            operands=[[each] for each in sums],
            locals_=[[slope] for slope in slopes[t - 1].tolist()],
        )
        if t in shown.read_out:
            terms += _read_out(draft, t, states)
    family = trace.family
    outputs = 1 if family.spans_outputs else trace.params.output_size
    add_loss(draft, shown, terms, shown.terms * outputs)
    return draft


def _read_out(draft: ScalarDraft, t: int, states: Sequence[str]) -> list[str]:
    """Add logits, predictions, targets and the terms of the loss; return the terms' names."""
    shown, trace = draft.shown, draft.shown.trace
    row, sample = shown.readout_row(t), shown.sample
    a, da = trace.logits[row, sample], shown.grad("logits", row)
    operands = []
    for unit in range(1, trace.params.output_size + 1):
        grad = None if da is None else float(da[unit - 1])
        operands.append(
            [
                *draft.products(t, "W_hy", unit, states, trace.h[t, sample], grad),
                names.parameter("b_y", unit),
            ]
        )
    logits = draft.entries(
        "a",
        "logit",
        t,
        a,
        da,
        op="add",
        operands=operands,
        locals_=[[ONE] * len(each) for each in operands],
    )
    _predict(draft, t, a, logits)
    if trace.target is None:
        return []
    return _add_terms(draft, t, a, logits)


def _predict(draft: ScalarDraft, t: int, a: Any, logits: list[str]) -> None:
    shown = draft.shown
    op = shown.trace.family.prediction_op
    p = shown.trace.prediction[shown.readout_row(t), shown.sample]
    if op == "softmax":  # the own logit first: the rule gives the entry of its first operand
        orders = [[k, *(j for j in range(len(a)) if j != k)] for k in range(len(a))]
        operands = [[logits[j] for j in order] for order in orders]
        locals_ = [
            [float(p[k] * ((j == k) - p[j])) for j in order] for k, order in enumerate(orders)
        ]
    else:
        operands = [[logit] for logit in logits]
        slopes = sigmoid(a) * sigmoid(-a) if op == "sigmoid" else np.ones_like(a)
        locals_ = [[slope] for slope in slopes.tolist()]
    none = None if shown.grads is None else np.zeros_like(p)
    draft.entries("p", "probability", t, p, none, op=op, operands=operands, locals_=locals_)


def _add_terms(draft: ScalarDraft, t: int, a: Any, logits: list[str]) -> list[str]:
    shown, trace = draft.shown, draft.shown.trace
    family = trace.family
    y = shown.target(t)
    count = shown.terms * (1 if family.spans_outputs else len(a))
    scale = None if shown.grads is None else float(shown.by_loss) / count
    by_logit, by_target = family.delta(a, y), family.by_target(a, y)
    targets = draft.entries("y", "target", t, y, None if scale is None else scale * by_target)
    if family.spans_outputs:
        name = draft.node(
            names.node("l", t),
            "loss",
            t,
            shown.term(t),
            scale,
            symbol=names.timed("l", t),
            latex=names.latex_timed("l", t),
            op=family.name,
            operands=[*logits, *targets],
            locals_=[*by_logit.tolist(), *by_target.tolist()],
        )
        return [name]
    pairs = list(zip(by_logit.tolist(), by_target.tolist(), strict=True))
    scales = None if scale is None else [scale] * len(a)
    return draft.entries(
        "l",
        "loss",
        t,
        family.terms(a, y),
        scales,
        op=family.name,
        operands=list(zip(logits, targets, strict=True)),
        locals_=pairs,
    )
