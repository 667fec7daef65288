"""The logistic function and its slope, by an exponential that cannot overflow."""

from rnn_core.forms.form import Step, as_it_stands

SIGMOID = as_it_stands(
    r"\frac{1}{1+e^{-z}}",
    Step("|z|", "abs", ("z",)),
    Step("−|z|", "negative", ("|z|",)),
    Step("e", "exp", ("−|z|",), (0.0, float("inf"))),
    Step("1 + e", "add", (1.0, "e")),
    Step("larger", "divide", (1.0, "1 + e")),
    Step("smaller", "divide", ("e", "1 + e")),
    Step("h", "choose", ("z", "larger", "smaller"), (0.0, 1.0)),
)
SIGMOID_SLOPE = as_it_stands(
    r"\frac{e}{(1+e)^2},\ e = e^{-|z|}",
    *SIGMOID.steps[:4],
    Step("(1 + e)²", "multiply", ("1 + e", "1 + e")),
    Step("σ′(z)", "divide", ("e", "(1 + e)²")),
)
