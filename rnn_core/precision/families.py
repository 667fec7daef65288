"""Which forms each loss of `rnn_core.losses` can be computed by, by name of the loss."""

from dataclasses import replace
from functools import partial

import numpy as np

from rnn_core._arrays import FloatArray, choose
from rnn_core.forms.form import Form, evaluate
from rnn_core.losses import Loss, loss_named


def forms_of(loss: str, form: str) -> tuple[Form, Form]:
    """Return the forms of a loss and its gradient.

    Raises
    ------
    ValueError
        The loss has no form of that name.
    """
    family = loss_named(loss).forms
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
    by_gradient = loss_named(loss).forms.gradient[form]
    made = evaluate(by_gradient, {"a": a, "y": np.zeros_like(a)}, dtype).values
    return made.get(PREDICTION, made["a"])


def _term(loss: str, form: str, dtype: str, a: FloatArray, y: FloatArray) -> FloatArray:
    return evaluate(loss_named(loss).forms.loss[form], {"a": a, "y": y}, dtype).result


def _delta(loss: str, form: str, dtype: str, a: FloatArray, y: FloatArray) -> FloatArray:
    return evaluate(loss_named(loss).forms.gradient[form], {"a": a, "y": y}, dtype).result
