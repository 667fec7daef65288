"""Which forms each loss of `rnn_core.losses` can be computed by, by name of the loss."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import numpy as np

from rnn_core._arrays import FloatArray, choose
from rnn_core._short import Shown
from rnn_core.forms.cross_entropy import GRADIENT_FORMS, LOSS_FORMS
from rnn_core.forms.form import Form, Step, evaluate
from rnn_core.forms.softmax import SOFTMAX_GRADIENT_FORMS, SOFTMAX_LOSS_FORMS
from rnn_core.losses import Loss, loss_named

_SQUARED = Form(
    "stable",
    "As it stands",
    (
        Step("a − y", "subtract", ("a", "y")),
        Step("½(a − y)", "multiply", (0.5, "a − y")),
        Step("L", "multiply", ("a − y", "½(a − y)")),
    ),
    r"\tfrac{1}{2}(a-y)^2",
)
_SQUARED_GRADIENT = Form("stable", "As it stands", (Step("∂L/∂a", "subtract", ("a", "y")),), r"a-y")


@dataclass(frozen=True)
class Family(Shown):
    """The forms of a loss's terms and of ∂(term)/∂a, by name; every name is in both."""

    loss: Mapping[str, Form]
    gradient: Mapping[str, Form]


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "binary_cross_entropy": Family(LOSS_FORMS, GRADIENT_FORMS),
        "softmax_cross_entropy": Family(SOFTMAX_LOSS_FORMS, SOFTMAX_GRADIENT_FORMS),
        "squared_error": Family({"stable": _SQUARED}, {"stable": _SQUARED_GRADIENT}),
    }
)


def forms_of(loss: str, form: str) -> tuple[Form, Form]:
    """Return the forms of a loss and its gradient.

    Raises
    ------
    ValueError
        The loss has no form of that name.
    """
    family = choose("loss", FAMILIES, loss)
    return choose("form", family.loss, form), choose("form", family.gradient, form)


PREDICTION = "p"
"""The step of a gradient's form that is the prediction; where there is none, that is the logit."""


def loss_by(loss: str, form: str, dtype: str) -> Loss:
    """Return a loss of the family whose prediction, terms and delta are those of a form.

    Raises
    ------
    ValueError
        The loss has no form of that name.
    """
    forms_of(loss, form)
    return replace(
        loss_named(loss),
        predict=partial(_predicted, loss, form, dtype),
        terms=partial(_term, loss, form, dtype),
        delta=partial(_delta, loss, form, dtype),
        single_term=None,
        single_delta=None,
    )


# Functions of names, and not of forms, since a run that holds them can then be pickled.


def _predicted(loss: str, form: str, dtype: str, a: FloatArray) -> FloatArray:
    by_gradient = FAMILIES[loss].gradient[form]
    made = evaluate(by_gradient, {"a": a, "y": np.zeros_like(a)}, dtype).values
    return made.get(PREDICTION, made["a"])


def _term(loss: str, form: str, dtype: str, a: FloatArray, y: FloatArray) -> FloatArray:
    return evaluate(FAMILIES[loss].loss[form], {"a": a, "y": y}, dtype).result


def _delta(loss: str, form: str, dtype: str, a: FloatArray, y: FloatArray) -> FloatArray:
    return evaluate(FAMILIES[loss].gradient[form], {"a": a, "y": y}, dtype).result
