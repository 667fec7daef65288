"""How the numbers of a run in a format were computed, so that the inspector can print it."""

from dataclasses import replace
from typing import Any

from rnn_core import FormatRun
from rnn_core.precision import Form

LOGIT, TARGET = "⟦a⟧", "⟦y⟧"  # where the front end puts names or numbers in
PREDICTION = "p"


def arithmetic(run: FormatRun) -> dict[str, Any]:
    """Return the format, and the forms of the loss as `Form.described` has them.

    `terms` computes a term of the loss from a and y, `delta` its derivative by a, and `prediction`,
    where there is one, what the operation `predicts` gives, from a.
    """
    family = run.trace.family.forms
    terms, delta = family.loss[run.form], family.gradient[run.form]
    return {
        "dtype": run.dtype,
        "loss": run.trace.loss_name,
        "spans": run.trace.family.spans_outputs,
        "latex": terms.latex_with({"a": LOGIT, "y": TARGET}),
        "terms": terms.described(),
        "delta": delta.described(),
        "predicts": run.trace.family.prediction_op,
        "prediction": _up_to(delta, PREDICTION),
    }


def _up_to(form: Form, name: str) -> dict[str, Any] | None:
    """Return the form as far as the step of that name; None where there is no such."""
    names = [step.name for step in form.steps]
    if name not in names:
        return None
    return replace(form, steps=form.steps[: names.index(name) + 1], result=None).described()
