"""What a loss is: all there is to say of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from rnn_core._arrays import FLOAT32, FLOAT64, FloatArray
from rnn_core._short import Shown
from rnn_core.forms.family import Family
from rnn_core.forms.form import templated

_ACCENTED = {"ŷ": r"\hat{y}"}
"""Symbols that are another in LaTeX."""


@dataclass(frozen=True)
class Loss(Shown):
    """One loss of the family.

    `predict(a)` is the prediction, `terms(a, y)` the losses whose mean is L: (S, B, K), or
    (S, B, 1) where one term spans the outputs; `delta(a, y)` is ∂(term)/∂a, prediction − target in
    most, computed so that no digits are lost; `naive(a, y)` is the textbook form of `terms`, for
    teaching: it gives inf or nan where the stable form does not. `by_target(a, y)` is ∂(term)/∂y.
    `prediction_op` names the operation that `predict` is. `target(value, shape)` checks a target
    and gives it the shape (S, B, K).

    `forms` are the same as elementary operations: what is printed, differentiated in the browser,
    written into scripts and rounded to a format follows from them. `latex` is a term as textbooks
    write it, of p and y, where p stands for `prediction_symbol`; `stable_latex`, where that is
    another, how it is computed.
    `latex_value` and `words` write it of ⟦a⟧, ⟦p⟧ and ⟦y⟧ where another way reads better,
    `by_logit_latex` and `by_target_latex` its derivatives. `numpy` are lines that make `loss` and
    `da` of `a` and `y`, (S, B, K). `torch` is the mean as an expression of PyTorch, such that its
    gradient by autograd keeps its digits, `torch_usual` the call that is usual, and `torch_steps`
    are the operations of one step's loss, each of the one before, ⟦v⟧, and the target ⟦y⟧.
    """

    name: str
    title: str
    predict: Callable[[FloatArray], FloatArray]
    terms: Callable[[FloatArray, FloatArray], FloatArray]
    delta: Callable[[FloatArray, FloatArray], FloatArray]
    naive: Callable[[FloatArray, FloatArray], FloatArray]
    by_target: Callable[[FloatArray, FloatArray], FloatArray]
    prediction_op: str
    target: Callable[[ArrayLike, tuple[int, int, int], np.dtype[Any]], FloatArray]
    spans_outputs: bool
    latex: str
    prediction_symbol: str
    prediction_latex: str
    forms: Family
    latex_value: str = ""
    stable_latex: str = ""
    words: str = ""
    by_logit_latex: str = ""
    by_target_latex: str = ""
    numpy: str = ""
    torch: str = ""
    torch_usual: str = ""
    torch_steps: tuple[str, ...] = ()
    single_term: Callable[[float, float], float] | None = None
    single_delta: Callable[[float, float], float] | None = None

    @property
    def answer(self) -> str:
        """What a target says: a "class" of K, a "probability" of each output, or a "number"."""
        if self.spans_outputs:
            return "class"
        return "probability" if self.prediction_op == "sigmoid" else "number"

    @property
    def by_logit(self) -> str:
        """How ∂(term)/∂a is written, in LaTeX."""
        return self.by_logit_latex or self.forms.by_logit.latex

    def written(self, latex: str, prediction: str = "") -> str:
        """Return a formula of p with the loss's own symbol of the prediction, or with another."""
        symbol = prediction or _ACCENTED.get(self.prediction_symbol, self.prediction_symbol)
        return templated(latex, "p").replace("{⟦p⟧}", symbol)

    def in_numpy(self) -> str:
        """Return the lines of NumPy that make `loss` and `da`, ∂L/∂a, of `a` and `y`."""
        if self.numpy:
            return self.numpy
        terms, delta = (
            form.written({"a": "a", "y": "y"}, notation="numpy")
            for form in (self.forms.term, self.forms.by_logit)
        )
        count = "(a.shape[0] * a.shape[1])" if self.spans_outputs else "a.size"
        title = self.title[0].upper() + self.title[1:]
        return f"# {title}.\nloss = np.mean({terms})\nda = ({delta}) / {count}  # ∂L/∂a"

    def in_torch(self, *, usual: bool = False) -> str:
        """Return the mean as an expression of PyTorch on tensors a and y, (S, B, K)."""
        if usual and self.torch_usual:
            return self.torch_usual
        if self.torch:
            return self.torch
        return f"({self.forms.term.written({'a': 'a', 'y': 'y'}, notation='torch')}).mean()"

    def described(self) -> dict[str, Any]:
        """Return what another language needs to print and to redo it, as JSON has it."""
        return {
            "latex": self.latex_value or templated(self.latex, "apy"),
            "stable": templated(self.stable_latex, "ay"),
            "words": self.words or f"{self.title} of ⟦a⟧ and ⟦y⟧",
            "by_logit_latex": templated(self.by_logit, "apy"),
            "by_target_latex": templated(self.by_target_latex or self.forms.by_target.latex, "apy"),
            "prediction_latex": self.prediction_symbol,
            "spans": self.spans_outputs,
            "value": self.forms.term.described(),
            "by_logit": self.forms.by_logit.described(),
            "by_target": self.forms.by_target.described(),
        }

    def count(self, shape: tuple[int, ...]) -> int:
        """Return the number of terms the mean is over: S·B·K, or S·B where a term spans K."""
        steps, batch, outputs = shape
        return steps * batch * (1 if self.spans_outputs else outputs)

    def mean(self, a: FloatArray, y: FloatArray) -> float:
        """Return L, the mean of the terms; it is finite where the terms are.

        In float32 it is computed in float64 and rounded once, so that it does not depend on how
        the terms were added up: a sequence and twice that sequence have the same loss.
        """
        if a.size == 1 and self.single_term is not None:
            term = self.single_term(a.item(), y.item())
            return float(FLOAT32.type(term)) if a.dtype == FLOAT32 else term
        if a.dtype == FLOAT32:
            return float(FLOAT32.type(self.mean(a.astype(FLOAT64), y.astype(FLOAT64))))
        terms = self.terms(a, y)
        total = float(np.add.reduce(terms, None)) / terms.size
        return total if isfinite(total) else float(np.add.reduce(terms / terms.size, None))

    def gradient(self, a: FloatArray, y: FloatArray) -> FloatArray:
        """Return ∂L/∂a, which is delta over the number of terms."""
        if a.size == 1 and self.single_delta is not None:
            found = np.empty(a.shape, a.dtype)
            found.fill(self.single_delta(a.item(), y.item()))
            return found
        delta = self.delta(a, y)
        delta /= self.count(a.shape)
        return delta
