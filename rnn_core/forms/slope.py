"""Ways to compute the slope of tanh: from the state, in factors, from the pre-activation."""

from collections.abc import Mapping
from types import MappingProxyType

from rnn_core.forms.form import Form, Step, registry

_INSIDE = (-1.0, 1.0)
_STATE = Step("h", "tanh", ("z",), _INSIDE)

SLOPE_FORMS: Mapping[str, Form] = MappingProxyType(
    registry(
        (
            Form(
                "state",
                "From h",
                (
                    _STATE,
                    Step("h²", "multiply", ("h", "h")),
                    Step("tanh′(z)", "subtract", (1.0, "h²"), (0.0, float("inf"))),
                ),
                "1 - h^2",
            ),
            Form(
                "factors",
                "Factors",
                (
                    _STATE,
                    Step("1 − h", "subtract", (1.0, "h")),
                    Step("1 + h", "add", (1.0, "h")),
                    Step("tanh′(z)", "multiply", ("1 − h", "1 + h")),
                ),
                "(1 - h)(1 + h)",
            ),
            Form(
                "preactivation",
                "From z",
                (
                    Step("|z|", "abs", ("z",)),
                    Step("−2|z|", "multiply", (-2.0, "|z|")),
                    Step("e", "exp", ("−2|z|",), (0.0, float("inf"))),
                    Step("1 + e", "add", (1.0, "e")),
                    Step("(1 + e)²", "multiply", ("1 + e", "1 + e")),
                    Step("4 e", "multiply", (4.0, "e")),
                    Step("tanh′(z)", "divide", ("4 e", "(1 + e)²")),
                ),
                r"\frac{4e}{(1+e)^2},\ e = e^{-2\lvert z\rvert}",
            ),
        )
    )
)
"""The last step of each is the slope; the input is z."""
