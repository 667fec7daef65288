"""How the numbers of a run in a format were computed, so that the inspector can print it."""

from typing import Any

from rnn_core import FormatRun
from rnn_core.precision import Form

LOGIT, TARGET = "⟦a⟧", "⟦y⟧"  # where the front end puts names or numbers in
PREDICTION = "p"


def arithmetic(run: FormatRun) -> dict[str, Any]:
    """Return the format, and the operations of the loss's form as lists: name, operation, operands.

    `terms` computes a term of the loss from a and y, `delta` its derivative by a, and `prediction`,
    where there is one, p from a; the last operation of each is its result.
    """
    family = run.trace.family.forms
    terms, delta = family.loss[run.form], family.gradient[run.form]
    return {
        "dtype": run.dtype,
        "loss": run.trace.loss_name,
        "spans": run.trace.family.spans_outputs,
        "latex": terms.latex_with({"a": LOGIT, "y": TARGET}),
        "terms": _operations(terms),
        "delta": _operations(delta),
        "prediction": _up_to(_operations(delta), PREDICTION),
    }


def _operations(form: Form) -> list[list[Any]]:
    return [[step.name, step.operation, list(step.operands)] for step in form.steps]


def _up_to(operations: list[list[Any]], name: str) -> list[list[Any]]:
    """Return the operations as far as the one of that name; none where there is no such."""
    names = [operation[0] for operation in operations]
    return operations[: names.index(name) + 1] if name in names else []
