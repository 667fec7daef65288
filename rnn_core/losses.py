r"""The losses, by name: in each, ∂(term)/∂a is prediction − target, or a multiple of it.

Logits a, predictions and targets have shape (S, B, K): steps read out, sequences, outputs. The
loss of a run is the mean of the loss's terms, so its gradient is ∂L/∂a divided by their number.

Accuracy (float64, against mpmath, for every finite a): with hard targets, 0 or 1, each term of the
binary cross-entropy and each entry of its gradient is within 2 units in the last place (measured:
1.4 and 1.6). With soft targets 0 < y < 1 the term keeps that bound (measured: 1.7), being a sum of
numbers that are never negative; the gradient cancels where σ(a) meets y, and its error is at most
3 ulp of max((1 − y)·σ(a), y·σ(−a)) instead (measured over 5·10⁷ pairs: 2.75).
"""

from math import exp, log1p

import numpy as np

from rnn_core import listings
from rnn_core._arrays import FloatArray, choose
from rnn_core._loss import Loss
from rnn_core._targets import binary_target, real_target, softmax_target
from rnn_core.activations import sigmoid
from rnn_core.forms.cross_entropy import CROSS_ENTROPY
from rnn_core.forms.family import ByForm, Family
from rnn_core.forms.form import Step, as_it_stands
from rnn_core.forms.softmax import SOFTMAX_CROSS_ENTROPY
from rnn_core.forms.squared import HALF_SQUARED, SQUARED

__all__ = ["LOSSES", "Loss", "loss_named", "softmax"]


def _binary_terms(a: FloatArray, y: FloatArray) -> FloatArray:
    """(1 − y)·max(a, 0) + y·max(−a, 0) + log(1 + exp(−|a|)): three numbers ≥ 0, no cancellation.

    One of the two maxima is |a| and the other is 0, hence `where`.
    """
    size = np.abs(a)
    return np.where(a > 0, 1 - y, y) * size + np.log1p(np.exp(-size))


def _binary_delta(a: FloatArray, y: FloatArray) -> FloatArray:
    """(1 − y)·σ(a) − y·σ(−a), which is σ(a) − y with all its digits where σ(a) is close to y.

    Over the common denominator, with e = exp(−|a|): n / (1 + e), where n = (1 − y) − y·e for
    a > 0, else (1 − y)·e − y; and the quotient as n − n·(e / (1 + e)), as in `sigmoid`.
    """
    e = np.exp(-np.abs(a))
    n = np.where(a > 0, (1 - y) - y * e, (1 - y) * e - y)
    delta: FloatArray = n - n * (e / (1 + e))
    return delta


def _binary_term(a: float, y: float) -> float:
    size = abs(a)
    return (1 - y if a > 0 else y) * size + log1p(exp(-size))


def _binary_single_delta(a: float, y: float) -> float:
    e = exp(-abs(a))
    n = (1 - y) - y * e if a > 0 else (1 - y) * e - y
    return n - n * (e / (1 + e))


def _binary_naive(a: FloatArray, y: FloatArray) -> FloatArray:
    """−y log p − (1 − y) log(1 − p) with p = 1 / (1 + exp(−a))."""
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-a))
        terms: FloatArray = -y * np.log(p) - (1 - y) * np.log(1 - p)
        return terms


def _binary_by_target(a: FloatArray, y: FloatArray) -> FloatArray:
    return -a


def softmax(a: FloatArray) -> FloatArray:
    """Return exp(a_k) / Σ_j exp(a_j) over the last axis, shifted by the largest logit."""
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    p: FloatArray = e / e.sum(axis=-1, keepdims=True)
    return p


def _softmax_terms(a: FloatArray, y: FloatArray) -> FloatArray:
    """Σ_k y_k·(max a − a_k) + log Σ_k exp(a_k − max a), as log1p of all but the largest."""
    top = a.argmax(axis=-1, keepdims=True)
    below = np.take_along_axis(a, top, axis=-1) - a
    e = np.exp(-below)
    np.put_along_axis(e, top, 0, axis=-1)
    paid = np.multiply(y, below, out=np.zeros_like(below), where=y > 0)
    shares = y.sum(axis=-1, keepdims=True)
    rest = np.log1p(e.sum(axis=-1, keepdims=True))
    terms: FloatArray = paid.sum(axis=-1, keepdims=True) + shares * rest
    return terms


def _softmax_delta(a: FloatArray, y: FloatArray) -> FloatArray:
    """p_k·Σ_{j≠k} y_j − y_k·Σ_{j≠k} p_j, which is p_k·Σ_j y_j − y_k without cancellation."""
    p = softmax(a)
    others = 1 - np.eye(a.shape[-1], dtype=a.dtype)
    delta: FloatArray = p * (y @ others) - y * (p @ others)
    return delta


def _softmax_naive(a: FloatArray, y: FloatArray) -> FloatArray:
    """−Σ_k y_k log(exp(a_k) / Σ_j exp(a_j))."""
    with np.errstate(all="ignore"):
        e = np.exp(a)
        logs = np.log(e / e.sum(axis=-1, keepdims=True))
        terms: FloatArray = -np.sum(y * logs, axis=-1, keepdims=True)
        return terms


def _softmax_by_target(a: FloatArray, y: FloatArray) -> FloatArray:
    """Return log Σ_j exp(a_j) − a_k, where the largest logit adds exactly 1 to the sum."""
    top = a.argmax(axis=-1, keepdims=True)
    largest = np.take_along_axis(a, top, axis=-1)
    e = np.exp(a - largest)
    np.put_along_axis(e, top, 0, axis=-1)
    slope: FloatArray = largest - a + np.log1p(e.sum(axis=-1, keepdims=True))
    return slope


def _squared_terms(a: FloatArray, y: FloatArray) -> FloatArray:
    """½·(a − y)²."""
    difference = a - y
    return difference * (0.5 * difference)


def _squared_by_target(a: FloatArray, y: FloatArray) -> FloatArray:
    return y - a


def _identity(a: FloatArray) -> FloatArray:
    return a


_ERROR = (
    Step("a − y", "subtract", ("a", "y")),
    Step("|a − y|", "abs", ("a − y",)),
    Step("|a − y| − 1", "subtract", ("|a − y|", 1.0)),
)
_HUBER = Family.of(
    as_it_stands(
        r"\tfrac{1}{2}\min(1, |a-y|)^2 + \max(0, |a-y|-1)",
        *_ERROR,
        Step("½(a − y)", "multiply", (0.5, "a − y")),
        Step("½(a − y)²", "multiply", ("a − y", "½(a − y)")),
        Step("|a − y| − ½", "subtract", ("|a − y|", 0.5)),
        Step("L", "choose", ("|a − y| − 1", "|a − y| − ½", "½(a − y)²")),
    ),
    as_it_stands(
        r"\max(-1, \min(1, a-y))",
        *_ERROR,
        Step("sign", "choose", ("a − y", 1.0, -1.0)),
        Step("∂L/∂a", "choose", ("|a − y| − 1", "sign", "a − y")),
    ),
    as_it_stands(
        r"\max(-1, \min(1, y-a))",
        *_ERROR,
        Step("y − a", "subtract", ("y", "a")),
        Step("sign", "choose", ("a − y", -1.0, 1.0)),
        Step("∂L/∂y", "choose", ("|a − y| − 1", "sign", "y − a")),
    ),
)
"""½ (a − y)² up to an error of 1, and |a − y| − ½ beyond (Huber, 1964)."""


LOSSES: dict[str, Loss] = {
    entry.name: entry
    for entry in (
        Loss(
            name="binary_cross_entropy",
            title="binary cross-entropy",
            predict=sigmoid,
            terms=_binary_terms,
            delta=_binary_delta,
            naive=_binary_naive,
            by_target=_binary_by_target,
            prediction_op="sigmoid",
            target=binary_target,
            single_term=_binary_term,
            single_delta=_binary_single_delta,
            spans_outputs=False,
            latex=r"-y\log p - (1-y)\log(1-p)",
            stable_latex=r"(1-y)\max(a,0) + y\max(-a,0) + \log(1+e^{-|a|})",
            prediction_symbol="p",
            prediction_latex=r"\sigma(a)",
            forms=CROSS_ENTROPY,
            words="cross-entropy of the logit ⟦a⟧ and the target ⟦y⟧",
            by_logit_latex="p-y",
            numpy=listings.BINARY_NUMPY,
            torch=listings.BINARY_TORCH,
            torch_usual="functional.binary_cross_entropy_with_logits(a, y)",
            torch_steps=("binary_cross_entropy_with_logits(⟦v⟧, ⟦y⟧)",),
        ),
        Loss(
            name="softmax_cross_entropy",
            title="softmax cross-entropy",
            predict=softmax,
            terms=_softmax_terms,
            delta=_softmax_delta,
            naive=_softmax_naive,
            by_target=_softmax_by_target,
            prediction_op="softmax",
            target=softmax_target,
            spans_outputs=True,
            latex=r"-\textstyle\sum_k y_k \log p_k",
            stable_latex=r"\log\textstyle\sum_j e^{a_j-m} - \sum_k y_k (a_k-m), \; m = \max_k a_k",
            prediction_symbol="p",
            prediction_latex=r"\operatorname{softmax}(a)",
            forms=SOFTMAX_CROSS_ENTROPY,
            latex_value=r"-{⟦y⟧}^{\top}\log ⟦p⟧",
            words="cross-entropy of ⟦a⟧ and ⟦y⟧",
            by_logit_latex="p-y",
            by_target_latex=r"-\log p",
            numpy=listings.SOFTMAX_NUMPY,
            torch=listings.SOFTMAX_TORCH,
            torch_usual="functional.cross_entropy(a.flatten(0, 1), y.flatten(0, 1))",
            torch_steps=("log_softmax(⟦v⟧, dim=0)", "⟦y⟧ * ⟦v⟧", "(⟦v⟧).sum()", "-⟦v⟧"),
        ),
        Loss(
            name="squared_error",
            title="½ squared error",
            predict=_identity,
            terms=_squared_terms,
            delta=np.subtract,
            naive=_squared_terms,
            by_target=_squared_by_target,
            prediction_op="identity",
            target=real_target,
            spans_outputs=False,
            latex=r"\tfrac{1}{2}(p-y)^2",
            by_logit_latex="p-y",
            by_target_latex="y-p",
            prediction_symbol="ŷ",
            prediction_latex="a",
            forms=HALF_SQUARED,
            words="½ (⟦a⟧ − ⟦y⟧)²",
            numpy=listings.SQUARED_NUMPY,
            torch="functional.mse_loss(a, y) / 2",
            torch_steps=("mse_loss(⟦v⟧, ⟦y⟧)", "⟦v⟧ / 2"),
        ),
        Loss(
            name="mean_squared_error",
            title="squared error",
            predict=_identity,
            terms=ByForm(SQUARED.term),
            delta=ByForm(SQUARED.by_logit),
            naive=ByForm(SQUARED.term),
            by_target=ByForm(SQUARED.by_target),
            prediction_op="identity",
            target=real_target,
            spans_outputs=False,
            latex="(p-y)^2",
            by_logit_latex=r"2\,(p-y)",
            by_target_latex=r"2\,(y-p)",
            prediction_symbol="ŷ",
            prediction_latex="a",
            forms=SQUARED,
            words="(⟦a⟧ − ⟦y⟧)²",
            torch="functional.mse_loss(a, y)",
            torch_steps=("mse_loss(⟦v⟧, ⟦y⟧)",),
        ),
        Loss(
            name="huber",
            title="Huber loss",
            predict=_identity,
            terms=ByForm(_HUBER.term),
            delta=ByForm(_HUBER.by_logit),
            naive=ByForm(_HUBER.term),
            by_target=ByForm(_HUBER.by_target),
            prediction_op="identity",
            target=real_target,
            spans_outputs=False,
            latex=r"\tfrac{1}{2}\min(1, |p-y|)^2 + \max(0, |p-y|-1)",
            by_logit_latex=r"\max(-1, \min(1, p-y))",
            by_target_latex=r"\max(-1, \min(1, y-p))",
            prediction_symbol="ŷ",
            prediction_latex="a",
            forms=_HUBER,
            words="Huber loss of ⟦a⟧ and ⟦y⟧",
            torch="functional.huber_loss(a, y)",
            torch_steps=("huber_loss(⟦v⟧, ⟦y⟧)",),
        ),
    )
}


def loss_named(name: str) -> Loss:
    """Return the loss of that name; ValueError lists the known ones."""
    return choose("loss", LOSSES, name)
