"""Softmax cross-entropy from K logits, with and without the shift by the largest.

    L = −Σ_k y_k log(exp(a_k) / Σ_j exp(a_j)) = log Σ_k exp(a_k − m) − Σ_k y_k (a_k − m)

for any m; m = max a is safe: the largest shifted exponential is e⁰ = 1, so nothing overflows and
the sum is at least 1. With two logits 0 and a, class 1 against class 0, this is binary
cross-entropy: p = σ(a), and m = max(a, 0).
"""

from collections.abc import Mapping
from types import MappingProxyType

from rnn_core.forms.cross_entropy import NEGATIVE, POSITIVE, PROBABILITY
from rnn_core.forms.family import Family
from rnn_core.forms.form import Form, Step, as_it_stands, registry

_NAIVE = (
    Step("exp(a)", "exp", ("a",), POSITIVE),
    Step("Σ exp(a)", "sum", ("exp(a)",), POSITIVE),
    Step("p", "divide", ("exp(a)", "Σ exp(a)"), PROBABILITY),
)
_SHIFTED = (
    Step("m", "largest", ("a",)),
    Step("a − m", "subtract", ("a", "m")),
    Step("exp(a − m)", "exp", ("a − m",), POSITIVE),
    Step("Σ exp(a − m)", "sum", ("exp(a − m)",)),
)

SOFTMAX_LOSS_FORMS: Mapping[str, Form] = MappingProxyType(
    registry(
        (
            Form(
                "naive",
                "Naive",
                (
                    *_NAIVE,
                    Step("log p", "log", ("p",), NEGATIVE),
                    Step("y log p", "multiply", ("y", "log p")),
                    Step("Σ y log p", "sum", ("y log p",)),
                    Step("L", "negative", ("Σ y log p",)),
                ),
                r"-\sum_k y_k \log\frac{e^{a_k}}{\sum_j e^{a_j}}",
            ),
            Form(
                "stable",
                "Shifted",
                (
                    *_SHIFTED,
                    Step("log Σ exp(a − m)", "log", ("Σ exp(a − m)",)),
                    Step("y(a − m)", "multiply", ("y", "a − m")),
                    Step("Σ y(a − m)", "sum", ("y(a − m)",)),
                    Step("L", "subtract", ("log Σ exp(a − m)", "Σ y(a − m)")),
                ),
                r"\log\sum_k e^{a_k-m} - \sum_k y_k (a_k - m), \quad m = \max_k a_k",
            ),
        )
    )
)
"""The loss, (…, 1), of logits a and targets y, (…, K)."""

SOFTMAX_GRADIENT_FORMS: Mapping[str, Form] = MappingProxyType(
    registry(
        (
            Form(
                "naive",
                "Naive",
                (
                    *_NAIVE,
                    Step("y/p", "divide", ("y", "p")),
                    Step("∂L/∂p", "negative", ("y/p",)),
                    Step("p ∂L/∂p", "multiply", ("p", "∂L/∂p")),
                    Step("Σ p ∂L/∂p", "sum", ("p ∂L/∂p",)),
                    Step("∂L/∂p − Σ", "subtract", ("∂L/∂p", "Σ p ∂L/∂p")),
                    Step("∂L/∂a", "multiply", ("p", "∂L/∂p − Σ")),
                ),
                r"p_k\left(-\frac{y_k}{p_k} + \sum_j p_j \frac{y_j}{p_j}\right)",
            ),
            Form(
                "stable",
                "Shifted",
                (
                    *_SHIFTED,
                    Step("p", "divide", ("exp(a − m)", "Σ exp(a − m)")),
                    Step("∂L/∂a", "subtract", ("p", "y")),
                ),
                r"p_k - y_k",
            ),
        )
    )
)
"""∂L/∂a, (…, K)."""

_LOG_REST = (
    *_SHIFTED[:3],
    Step("Σ of the others", "rest", ("exp(a − m)",), POSITIVE),
    Step("log Σ exp(a − m)", "log1p", ("Σ of the others",), POSITIVE),
)

SOFTMAX_CROSS_ENTROPY = Family(
    term=as_it_stands(
        r"\sum_k y_k (m - a_k) + \sum_k y_k \log\sum_k e^{a_k-m}, \quad m = \max_k a_k",
        *_LOG_REST,
        Step("m − a", "subtract", ("m", "a")),
        Step("y(m − a)", "multiply", ("y", "m − a")),
        Step("Σ y(m − a)", "sum", ("y(m − a)",)),
        Step("Σ y", "sum", ("y",)),
        Step("Σ y log Σ", "multiply", ("Σ y", "log Σ exp(a − m)")),
        Step("L", "add", ("Σ y(m − a)", "Σ y log Σ")),
    ),
    by_logit=as_it_stands(
        r"p_k \sum_{j \ne k} y_j - y_k \sum_{j \ne k} p_j",
        *_SHIFTED,
        Step("p", "divide", ("exp(a − m)", "Σ exp(a − m)")),
        Step("other y", "others", ("y",)),
        Step("other p", "others", ("p",)),
        Step("p · other y", "multiply", ("p", "other y")),
        Step("y · other p", "multiply", ("y", "other p")),
        Step("∂L/∂a", "subtract", ("p · other y", "y · other p")),
    ),
    by_target=as_it_stands(
        r"m - a_k + \log\sum_j e^{a_j-m}",
        *_LOG_REST,
        Step("m − a", "subtract", ("m", "a")),
        Step("∂L/∂y", "add", ("m − a", "log Σ exp(a − m)")),
    ),
    loss=SOFTMAX_LOSS_FORMS,
    gradient=SOFTMAX_GRADIENT_FORMS,
)
"""Softmax cross-entropy of the logits a with the targets y."""
