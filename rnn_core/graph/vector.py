"""The levels whose nodes hold vectors and matrices: rolled, step and operation."""

from typing import Any

import numpy as np

from rnn_core.graph import names
from rnn_core.graph.draft import Draft
from rnn_core.graph.readout import add_loss
from rnn_core.graph.selection import Selection


def operation_level(shown: Selection) -> Draft:
    """One node for each product, sum and function of a step."""
    draft = _leaves(shown)
    trace, sample = shown.trace, shown.sample
    W_xh, W_hh = trace.params.W_xh, trace.params.W_hh
    for t in shown.steps:
        z = trace.z[t - 1, sample]
        dz = shown.grad("z", t - 1)
        _state(draft, "x", "input", t, trace.x[t - 1, sample], shown.grad("x", t - 1))
        products = [
            _product(draft, t, "W_xh", "x", t, W_xh @ trace.x[t - 1, sample], dz),
            _product(draft, t, "W_hh", "h", t - 1, W_hh @ trace.h[t - 1, sample], dz),
        ]
        _state(draft, "z", "sum", t, z, dz, op="add", operands=[*products, "b_h"])
        _state(
            draft,
            "h",
            "activation",
            t,
            trace.h[t, sample],
            shown.grad("h", t),
            op=trace.activation,
            operands=[names.node("z", t)],
        )
        if t in shown.read_out:
            row = shown.readout_row(t)
            value = trace.params.W_hy @ trace.h[t, sample]
            product = _product(draft, t, "W_hy", "h", t, value, shown.grad("logits", row))
            _logit(draft, shown, t, "add", [product, "b_y"])
    return _finished(draft, shown)


def step_level(shown: Selection) -> Draft:
    """One node for the whole of a step: the cell as its inputs and its state."""
    draft = _leaves(shown)
    trace, sample = shown.trace, shown.sample
    for t in shown.steps:
        _state(draft, "x", "input", t, trace.x[t - 1, sample], shown.grad("x", t - 1))
        _state(
            draft,
            "h",
            "activation",
            t,
            trace.h[t, sample],
            shown.grad("h", t),
            op=f"{trace.activation} cell",
            operands=["W_xh", names.node("x", t), "W_hh", names.node("h", t - 1), "b_h"],
        )
        if t in shown.read_out:
            _logit(draft, shown, t, "affine", ["W_hy", names.node("h", t), "b_y"])
    return _finished(draft, shown)


def rolled_level(shown: Selection) -> Draft:
    """One node for each quantity, with its values over time, and the edge from h to itself.

    The self-edge has no local derivative of its own: it is another Jacobian at each step.
    """
    trace, sample, grads = shown.trace, shown.sample, shown.grads
    draft = Draft()
    for name, array in shown.parameters():
        _parameter(draft, shown, name, array)

    def over_time(
        letter: str, kind: str, value: Any, grad: Any, op: str | None, *operands: str
    ) -> None:
        draft.node(
            letter,
            kind,
            None,
            value,
            grad,
            symbol=letter,
            latex=_rolled_latex(letter),
            op=op,
            operands=operands,
        )
        draft.nodes[letter]["times"] = True

    def of(array: str, rows: slice = slice(None)) -> Any:
        return None if grads is None else getattr(grads, array)[rows, sample]

    later = slice(1, None)
    over_time("x", "input", trace.x[:, sample], of("x"), None)
    over_time(
        "h",
        "activation",
        trace.h[1:, sample],
        of("h", later),
        f"{trace.activation} cell",
        "W_xh",
        "x",
        "W_hh",
        "h",
        "b_h",
    )
    over_time("a", "logit", trace.logits[:, sample], of("logits"), "affine", "W_hy", "h", "b_y")
    zero = None if grads is None else np.zeros_like(trace.prediction[:, sample])
    over_time("p", "probability", trace.prediction[:, sample], zero, _prediction_op(shown), "a")
    if trace.target is not None:
        y = trace.target[:, sample]
        over_time("y", "target", y, None if grads is None else _target_gradients(shown), None)
        grad = None if grads is None else float(shown.by_loss)
        draft.node(
            "L",
            "loss",
            None,
            trace.loss,
            grad,
            symbol="L",
            latex="L",
            op=trace.loss_name,
            operands=["a", "y"],
        )
    return draft


def _leaves(shown: Selection) -> Draft:
    draft = Draft()
    for name, array in shown.parameters():
        _parameter(draft, shown, name, array)
    before = shown.first - 1
    value = shown.trace.h[before, shown.sample]
    _state(draft, "h", "state", before, value, shown.grad("h", before))
    return draft


def _parameter(draft: Draft, shown: Selection, name: str, array: Any) -> None:
    draft.node(
        name,
        "parameter",
        None,
        array,
        shown.gradient(name),
        symbol=name,
        latex=names.latex_parameter(name),
    )


def _state(
    draft: Draft,
    letter: str,
    kind: str,
    t: int,
    value: Any,
    grad: Any,
    op: str | None = None,
    operands: Any = (),
    locals_: Any = None,
) -> None:
    draft.node(
        names.node(letter, t),
        kind,
        t,
        value,
        grad,
        symbol=names.timed(letter, t),
        latex=names.latex_timed(letter, t),
        op=op,
        operands=operands,
        locals_=locals_,
    )


def _product(
    draft: Draft, t: int, matrix: str, letter: str, read: int, value: Any, grad: Any
) -> str:
    """Add W v at step t, where v may be the state of the step before."""
    vector = names.node(letter, read)
    return draft.node(
        f"{matrix} {vector}",
        "product",
        t,
        value,
        grad,
        symbol=f"{matrix} {names.timed(letter, read)}",
        latex=rf"{names.latex_parameter(matrix)}\,{names.latex_timed(letter, read)}",
        op="matvec",
        operands=[matrix, vector],
    )


def _logit(draft: Draft, shown: Selection, t: int, op: str, operands: list[str]) -> None:
    """Add the logits of a step with what is read from them: p, y and the loss of the step."""
    trace, sample, row = shown.trace, shown.sample, shown.readout_row(t)
    family = trace.family
    a = trace.logits[row, sample]
    no_gradient = None if shown.grads is None else np.zeros_like(a)
    _state(draft, "a", "logit", t, a, shown.grad("logits", row), op=op, operands=operands)
    logit = names.node("a", t)
    prediction = trace.prediction[row, sample]
    _state(
        draft,
        "p",
        "probability",
        t,
        prediction,
        no_gradient,
        op=_prediction_op(shown),
        operands=[logit],
    )
    if trace.target is None:
        return
    y = shown.target(t)
    scale = _scale(shown)
    count = 1 if family.spans_outputs else len(a)
    by_target = family.by_target(a, y) / count
    _state(draft, "y", "target", t, y, None if scale is None else scale * by_target)
    _state(
        draft,
        "l",
        "loss",
        t,
        shown.term(t),
        scale,
        op=trace.loss_name,
        operands=[logit, names.node("y", t)],
        locals_=[family.delta(a, y) / count, by_target],
    )


def _scale(shown: Selection) -> float | None:
    """Return ∂L/∂l_t."""
    return None if shown.grads is None else float(shown.by_loss) / shown.terms


def _target_gradients(shown: Selection) -> Any:
    family = shown.trace.family
    a = shown.trace.logits[:, shown.sample]
    assert shown.trace.target is not None  # noqa: S101  # only called with a target
    count = 1 if family.spans_outputs else a.shape[-1]
    return (_scale(shown) or 0.0) * family.by_target(a, shown.trace.target[:, shown.sample]) / count


def _finished(draft: Draft, shown: Selection) -> Draft:
    terms = [names.node("l", t) for t in shown.read_out if shown.trace.target is not None]
    add_loss(draft, shown, terms, shown.terms)
    return draft


def _prediction_op(shown: Selection) -> str:
    return shown.trace.family.prediction_op


def _rolled_latex(letter: str) -> str:
    return f"{letter}_t"
