r"""Ways to compute binary cross-entropy and its derivative from the logit, operation by operation.

    L = −y log σ(a) − (1 − y) log(1 − σ(a)) = max(a, 0) − a·y + log1p(exp(−|a|)),  ∂L/∂a = σ(a) − y

"naive" is the definition as it stands. "clamped" is what `torch.nn.BCELoss` does after a sigmoid:
logarithms of at least −100, and 10⁻¹² as the least divisor in the backward pass. "stable" is the
right-hand side, as in `torch.nn.BCEWithLogitsLoss`. "regrouped" is what `rnn_core.losses` computes:
the stable loss with its difference rewritten as a sum of numbers of one sign, and p − y over one
denominator, where nothing cancels but what the target makes cancel.
"""

from collections.abc import Mapping
from types import MappingProxyType

from rnn_core.forms.family import Family
from rnn_core.forms.form import Form, Step, as_it_stands, registry

INFINITY = float("inf")
POSITIVE = (0.0, INFINITY)
PROBABILITY = (0.0, 1.0)
NEGATIVE = (-INFINITY, 0.0)
LEAST_LOG = -100.0  # of torch.nn.BCELoss
LEAST_DIVISOR = 1e-12  # of its backward pass

SIGMOID = (
    Step("−a", "negative", ("a",)),
    Step("exp(−a)", "exp", ("−a",), POSITIVE),
    Step("1 + exp(−a)", "add", (1.0, "exp(−a)"), (1.0, INFINITY)),
    Step("p", "divide", (1.0, "1 + exp(−a)"), PROBABILITY),
)
COMPLEMENT = Step("1 − p", "subtract", (1.0, "p"), PROBABILITY)
_DECAY = (
    Step("|a|", "abs", ("a",)),
    Step("−|a|", "negative", ("|a|",)),
    Step("exp(−|a|)", "exp", ("−|a|",), POSITIVE),
)
_SOFTPLUS = (*_DECAY, Step("log1p(exp(−|a|))", "log1p", ("exp(−|a|)",), POSITIVE))

LOSS_FORMS: Mapping[str, Form] = MappingProxyType(
    registry(
        (
            Form(
                "naive",
                "Naive",
                (
                    *SIGMOID,
                    Step("log p", "log", ("p",), NEGATIVE),
                    COMPLEMENT,
                    Step("log(1 − p)", "log", ("1 − p",), NEGATIVE),
                    Step("−y", "negative", ("y",)),
                    Step("−y log p", "multiply", ("−y", "log p")),
                    Step("1 − y", "subtract", (1.0, "y")),
                    Step("(1 − y) log(1 − p)", "multiply", ("1 − y", "log(1 − p)")),
                    Step("L", "subtract", ("−y log p", "(1 − y) log(1 − p)"), POSITIVE),
                ),
                r"-y\log\sigma(a) - (1-y)\log(1-\sigma(a))",
            ),
            Form(
                "clamped",
                "Clamped",
                (
                    *SIGMOID,
                    Step("log p", "log", ("p",), NEGATIVE),
                    Step("max(log p, −100)", "clamp", ("log p", LEAST_LOG)),
                    Step("−p", "negative", ("p",)),
                    Step("log1p(−p)", "log1p", ("−p",), NEGATIVE),
                    Step("max(log1p(−p), −100)", "clamp", ("log1p(−p)", LEAST_LOG)),
                    Step("y − 1", "subtract", ("y", 1.0)),
                    Step("(y − 1) log(1 − p)", "multiply", ("y − 1", "max(log1p(−p), −100)")),
                    Step("y log p", "multiply", ("y", "max(log p, −100)")),
                    Step("L", "subtract", ("(y − 1) log(1 − p)", "y log p"), POSITIVE),
                ),
                r"-y\max(\log p, -100) - (1-y)\max(\log(1-p), -100)",
            ),
            Form(
                "stable",
                "Stable",
                (
                    Step("max(a, 0)", "maximum", ("a", 0.0)),
                    Step("a·y", "multiply", ("a", "y")),
                    Step("max(a, 0) − a·y", "subtract", ("max(a, 0)", "a·y")),
                    *_SOFTPLUS,
                    Step("L", "add", ("max(a, 0) − a·y", "log1p(exp(−|a|))"), POSITIVE),
                ),
                r"\max(a,0) - a\,y + \operatorname{log1p}(e^{-\lvert a\rvert})",
            ),
            Form(
                "regrouped",
                "Regrouped",
                (
                    *_SOFTPLUS,
                    Step("1 − y", "subtract", (1.0, "y")),
                    Step("weight", "choose", ("a", "1 − y", "y")),
                    Step("weight·|a|", "multiply", ("weight", "|a|")),
                    Step("L", "add", ("weight·|a|", "log1p(exp(−|a|))"), POSITIVE),
                ),
                r"(1-y)\max(a,0) + y\max(-a,0) + \operatorname{log1p}(e^{-\lvert a\rvert})",
            ),
        )
    )
)
"""The loss, by name of the form."""

GRADIENT_FORMS: Mapping[str, Form] = MappingProxyType(
    registry(
        (
            Form(
                "naive",
                "Naive",
                (
                    *SIGMOID,
                    COMPLEMENT,
                    Step("y/p", "divide", ("y", "p")),
                    Step("1 − y", "subtract", (1.0, "y")),
                    Step("(1 − y)/(1 − p)", "divide", ("1 − y", "1 − p")),
                    Step("∂L/∂p", "subtract", ("(1 − y)/(1 − p)", "y/p")),
                    Step("p(1 − p)", "multiply", ("p", "1 − p"), PROBABILITY),
                    Step("∂L/∂a", "multiply", ("∂L/∂p", "p(1 − p)")),
                ),
                r"\left(\frac{1-y}{1-p} - \frac{y}{p}\right) p\,(1-p)",
            ),
            Form(
                "clamped",
                "Clamped",
                (
                    *SIGMOID,
                    Step("p − y", "subtract", ("p", "y")),
                    COMPLEMENT,
                    Step("p(1 − p)", "multiply", ("p", "1 − p"), PROBABILITY),
                    Step("max(p(1 − p), 1e-12)", "clamp", ("p(1 − p)", LEAST_DIVISOR)),
                    Step("∂L/∂p", "divide", ("p − y", "max(p(1 − p), 1e-12)")),
                    Step("∂L/∂a", "multiply", ("∂L/∂p", "p(1 − p)")),
                ),
                r"\frac{p-y}{\max(p(1-p),\,10^{-12})}\; p\,(1-p)",
            ),
            Form(
                "stable",
                "Stable",
                (
                    *_DECAY,
                    Step("1 + exp(−|a|)", "add", (1.0, "exp(−|a|)")),
                    Step("larger", "divide", (1.0, "1 + exp(−|a|)")),
                    Step("smaller", "divide", ("exp(−|a|)", "1 + exp(−|a|)")),
                    Step("p", "choose", ("a", "larger", "smaller")),
                    Step("∂L/∂a", "subtract", ("p", "y")),
                ),
                r"p - y",
            ),
            Form(
                "regrouped",
                "Regrouped",
                (
                    *_DECAY,
                    Step("1 − y", "subtract", (1.0, "y")),
                    Step("(1 − y) e", "multiply", ("1 − y", "exp(−|a|)")),
                    Step("y e", "multiply", ("y", "exp(−|a|)")),
                    Step("first", "choose", ("a", "1 − y", "(1 − y) e")),
                    Step("second", "choose", ("a", "y e", "y")),
                    Step("n", "subtract", ("first", "second")),
                    Step("1 + exp(−|a|)", "add", (1.0, "exp(−|a|)")),
                    Step("e/(1 + e)", "divide", ("exp(−|a|)", "1 + exp(−|a|)")),
                    Step("n e/(1 + e)", "multiply", ("n", "e/(1 + e)")),
                    Step("∂L/∂a", "subtract", ("n", "n e/(1 + e)")),
                ),
                r"(1-y)\,\sigma(a) - y\,\sigma(-a)",
            ),
        )
    )
)
"""∂L/∂a, by name of the form."""

QUANTITIES: Mapping[str, Mapping[str, Form]] = MappingProxyType(
    {"loss": LOSS_FORMS, "gradient": GRADIENT_FORMS}
)

CROSS_ENTROPY = Family(
    term=LOSS_FORMS["regrouped"],
    by_logit=as_it_stands(
        r"(1-y)\,\sigma(a) - y\,\sigma(-a)",
        *_DECAY,
        Step("1 + exp(−|a|)", "add", (1.0, "exp(−|a|)")),
        Step("larger", "divide", (1.0, "1 + exp(−|a|)")),
        Step("smaller", "divide", ("exp(−|a|)", "1 + exp(−|a|)")),
        Step("p", "choose", ("a", "larger", "smaller"), PROBABILITY),
        Step("1 − p", "choose", ("a", "smaller", "larger"), PROBABILITY),
        Step("1 − y", "subtract", (1.0, "y")),
        Step("(1 − y) p", "multiply", ("1 − y", "p")),
        Step("y (1 − p)", "multiply", ("y", "1 − p")),
        Step("∂L/∂a", "subtract", ("(1 − y) p", "y (1 − p)")),
    ),
    by_target=as_it_stands("-a", Step("∂L/∂y", "negative", ("a",))),
    loss=LOSS_FORMS,
    gradient=GRADIENT_FORMS,
)
"""Binary cross-entropy of the logit a with the target y."""
