"""How the numbers of a run in a format were computed, so that the inspector can print it."""

from dataclasses import replace
from typing import Any

from rnn_core import FormatRun
from rnn_core.precision import Form

LOGIT, TARGET = "⟦a⟧", "⟦y⟧"  # where the front end puts names or numbers in
PREDICTION = "p"


def arithmetic(run: FormatRun) -> dict[str, Any]:
    """Return the format, and the operations that the run did in a way of its own.

    These are the loss, by its form of the run, and the prediction where that form computes it: as
    `program` describes them, to be printed operation by operation ("whole").
    """
    family = run.trace.family
    terms, delta = family.forms.loss[run.form], family.forms.gradient[run.form]
    ops: dict[str, Any] = {
        run.trace.loss_name: {
            "kind": "loss",
            **family.described(),
            "stable": "",
            "latex": terms.latex_with({"a": LOGIT, "y": TARGET}),
            "value": terms.described(),
            "by_logit": delta.described(),
            "whole": True,
        }
    }
    prediction = _up_to(delta, PREDICTION)
    if prediction is not None:
        ops[family.prediction_op] = {"kind": "prediction", "value": prediction}
    return {"dtype": run.dtype, "ops": ops}


def _up_to(form: Form, name: str) -> dict[str, Any] | None:
    """Return the form as far as the step of that name; None where there is no such."""
    names = [step.name for step in form.steps]
    if name not in names:
        return None
    return replace(form, steps=form.steps[: names.index(name) + 1], result=None).described()
