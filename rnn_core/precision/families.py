"""Which forms each loss of `rnn_core.losses` can be computed by, by name of the loss."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rnn_core._arrays import choose
from rnn_core.precision.cross_entropy_forms import GRADIENT_FORMS, LOSS_FORMS
from rnn_core.precision.forms import Form, Step
from rnn_core.precision.softmax_forms import SOFTMAX_GRADIENT_FORMS, SOFTMAX_LOSS_FORMS

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
class Family:
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
