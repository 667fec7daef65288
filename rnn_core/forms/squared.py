"""The squared error, as it stands: nothing in it overflows or cancels but what should."""

from rnn_core.forms.family import Family
from rnn_core.forms.form import Step, as_it_stands

_DIFFERENCE = Step("a − y", "subtract", ("a", "y"))

HALF_SQUARED = Family.of(
    as_it_stands(
        r"\tfrac{1}{2}(a-y)^2",
        _DIFFERENCE,
        Step("½(a − y)", "multiply", (0.5, "a − y")),
        Step("L", "multiply", ("a − y", "½(a − y)")),
    ),
    as_it_stands("a-y", Step("∂L/∂a", "subtract", ("a", "y"))),
    as_it_stands("y-a", Step("∂L/∂y", "subtract", ("y", "a"))),
)
"""½ (a − y)²."""

SQUARED = Family.of(
    as_it_stands("(a-y)^2", _DIFFERENCE, Step("L", "multiply", ("a − y", "a − y"))),
    as_it_stands(r"2\,(a-y)", _DIFFERENCE, Step("∂L/∂a", "multiply", (2.0, "a − y"))),
    as_it_stands(
        r"2\,(y-a)",
        Step("y − a", "subtract", ("y", "a")),
        Step("∂L/∂y", "multiply", (2.0, "y − a")),
    ),
)
"""(a − y)², as `torch.nn.MSELoss` has it."""
