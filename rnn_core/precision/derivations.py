"""From the definition of the loss to its stable form, and from the chain rule to p − y, by lines.

In exact arithmetic all lines of a derivation are the same number. The titles say what was done.
"""

from rnn_core.forms.cross_entropy import (
    COMPLEMENT,
    GRADIENT_FORMS,
    LOSS_FORMS,
    POSITIVE,
    SIGMOID,
)
from rnn_core.forms.form import Form, Step

LOSS_DERIVATION: tuple[Form, ...] = (
    LOSS_FORMS["naive"],
    Form(
        "logs",
        r"Write both logarithms as $\log(1 + e^{-a})$: $-\log\sigma(a) = \log(1 + e^{-a})$, "
        r"$-\log(1 - \sigma(a)) = a + \log(1 + e^{-a})$",
        (
            Step("−a", "negative", ("a",)),
            Step("exp(−a)", "exp", ("−a",), POSITIVE),
            Step("log(1 + exp(−a))", "log1p", ("exp(−a)",), POSITIVE),
            Step("y log(1 + exp(−a))", "multiply", ("y", "log(1 + exp(−a))")),
            Step("1 − y", "subtract", (1.0, "y")),
            Step("a + log(1 + exp(−a))", "add", ("a", "log(1 + exp(−a))")),
            Step("second", "multiply", ("1 − y", "a + log(1 + exp(−a))")),
            Step("L", "add", ("y log(1 + exp(−a))", "second")),
        ),
        r"y\log(1+e^{-a}) + (1-y)\left(a + \log(1+e^{-a})\right)",
    ),
    Form(
        "collected",
        "Collect: the logarithm occurs $y + (1 - y) = 1$ times",
        (
            Step("a·y", "multiply", ("a", "y")),
            Step("a − a·y", "subtract", ("a", "a·y")),
            Step("−a", "negative", ("a",)),
            Step("exp(−a)", "exp", ("−a",), POSITIVE),
            Step("log(1 + exp(−a))", "log1p", ("exp(−a)",), POSITIVE),
            Step("L", "add", ("a − a·y", "log(1 + exp(−a))")),
        ),
        r"a - a\,y + \log(1+e^{-a})",
    ),
    Form(
        "shifted",
        r"Shift by $m = \max(0, -a)$, the larger exponent: $\log(e^0 + e^{-a}) = "
        r"m + \log(e^{0-m} + e^{-a-m})$; one term is now $e^0 = 1$, the other at most 1",
        (
            Step("a·y", "multiply", ("a", "y")),
            Step("a − a·y", "subtract", ("a", "a·y")),
            Step("−a", "negative", ("a",)),
            Step("m", "maximum", (0.0, "−a")),
            Step("a − a·y + m", "add", ("a − a·y", "m")),
            Step("0 − m", "subtract", (0.0, "m")),
            Step("exp(0 − m)", "exp", ("0 − m",), POSITIVE),
            Step("−a − m", "subtract", ("−a", "m")),
            Step("exp(−a − m)", "exp", ("−a − m",), POSITIVE),
            Step("sum", "add", ("exp(0 − m)", "exp(−a − m)")),
            Step("log sum", "log", ("sum",)),
            Step("L", "add", ("a − a·y + m", "log sum")),
        ),
        r"a - a\,y + m + \log\left(e^{0-m} + e^{-a-m}\right)",
    ),
    Form(
        "stable",
        r"Tidy up: $a + m = \max(a, 0)$, the smaller term is $e^{-\lvert a\rvert}$, and log1p "
        "keeps the digits of a small term that its sum with 1 would round away",
        LOSS_FORMS["stable"].steps,
        LOSS_FORMS["stable"].latex,
    ),
)
"""From the definition to the stable form; in exact arithmetic all lines are equal."""

GRADIENT_DERIVATION: tuple[Form, ...] = (
    GRADIENT_FORMS["naive"],
    Form(
        "multiplied",
        "Multiply out: $p$ cancels in one term, $1 - p$ in the other",
        (
            *SIGMOID,
            Step("1 − y", "subtract", (1.0, "y")),
            Step("(1 − y) p", "multiply", ("1 − y", "p")),
            COMPLEMENT,
            Step("y (1 − p)", "multiply", ("y", "1 − p")),
            Step("∂L/∂a", "subtract", ("(1 − y) p", "y (1 − p)")),
        ),
        r"(1-y)\,p - y\,(1-p)",
    ),
    GRADIENT_FORMS["stable"],
)
"""From the chain rule to p − y."""
