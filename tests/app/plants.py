"""An activation, a loss, an optimiser and a task that the app has not: each is one entry."""

import numpy as np

from rnn_core import Activation, Loss
from rnn_core._targets import real_target
from rnn_core.forms.family import ByForm, Family
from rnn_core.forms.form import Step, as_it_stands
from rnn_core.training import Optimiser
from rnn_core.training.tasks.task import Asked, Batch, Generator, Setup, Task

SOFTSIGN = Activation(
    name="softsign",
    symbol="softsign",
    latex=r"\operatorname{softsign}",
    derivative_latex=r"(1 - |h|)^2",
    form=as_it_stands(
        r"\frac{z}{1+|z|}",
        Step("|z|", "abs", ("z",)),
        Step("1 + |z|", "add", (1.0, "|z|")),
        Step("h", "divide", ("z", "1 + |z|")),
    ),
    slope_form=as_it_stands(
        r"\frac{1}{(1+|z|)^2}",
        Step("|z|", "abs", ("z",)),
        Step("1 + |z|", "add", (1.0, "|z|")),
        Step("(1 + |z|)²", "multiply", ("1 + |z|", "1 + |z|")),
        Step("φ′", "divide", (1.0, "(1 + |z|)²")),
    ),
)

_INSIDE = (
    Step("z²", "multiply", ("z", "z")),
    Step("z³", "multiply", ("z²", "z")),
    Step("c z³", "multiply", (0.044715, "z³")),
    Step("z + c z³", "add", ("z", "c z³")),
    Step("u", "multiply", (float(np.sqrt(2 / np.pi)), "z + c z³")),
    Step("t", "tanh", ("u",)),
    Step("1 + t", "add", (1.0, "t")),
    Step("½ z", "multiply", (0.5, "z")),
)
GELU = Activation(
    name="gelu",
    symbol="gelu",
    latex=r"\operatorname{gelu}",
    derivative_latex=r"\operatorname{gelu}'(z)",
    form=as_it_stands(r"\tfrac12 z (1+t)", *_INSIDE, Step("h", "multiply", ("½ z", "1 + t"))),
    slope_form=as_it_stands(
        r"\tfrac12 (1+t) + \tfrac12 z (1-t^2) u'",
        *_INSIDE,
        Step("½ (1 + t)", "multiply", (0.5, "1 + t")),
        Step("t²", "multiply", ("t", "t")),
        Step("1 − t²", "subtract", (1.0, "t²")),
        Step("3 c z²", "multiply", (3 * 0.044715, "z²")),
        Step("1 + 3 c z²", "add", (1.0, "3 c z²")),
        Step("u′", "multiply", (float(np.sqrt(2 / np.pi)), "1 + 3 c z²")),
        Step("½ z (1 − t²)", "multiply", ("½ z", "1 − t²")),
        Step("½ z (1 − t²) u′", "multiply", ("½ z (1 − t²)", "u′")),
        Step("φ′", "add", ("½ (1 + t)", "½ z (1 − t²) u′")),
    ),
)
"""Its slope is a line of more than 250 characters (Hendrycks and Gimpel, 2016)."""

_D = Step("d", "subtract", ("a", "y"))
LOG_COSH_FORMS = Family.of(
    as_it_stands(
        r"\log\cosh(a-y)",
        _D,
        Step("|d|", "abs", ("d",)),
        Step("−2|d|", "multiply", (-2.0, "|d|")),
        Step("e", "exp", ("−2|d|",)),
        Step("log1p", "log1p", ("e",)),
        Step("|d| + log1p", "add", ("|d|", "log1p")),
        Step("L", "subtract", ("|d| + log1p", float(np.log(2)))),
    ),
    as_it_stands(r"\tanh(a-y)", _D, Step("∂L/∂a", "tanh", ("d",))),
    as_it_stands(
        r"-\tanh(a-y)", _D, Step("tanh d", "tanh", ("d",)), Step("∂L/∂y", "negative", ("tanh d",))
    ),
)
LOG_COSH = Loss(
    name="log_cosh",
    title="log-cosh",
    predict=np.asarray,
    terms=ByForm(LOG_COSH_FORMS.term),
    delta=ByForm(LOG_COSH_FORMS.by_logit),
    naive=ByForm(LOG_COSH_FORMS.term),
    by_target=ByForm(LOG_COSH_FORMS.by_target),
    prediction_op="identity",
    target=real_target,
    spans_outputs=False,
    latex=r"\log\cosh(a-y)",
    prediction_symbol="ŷ",
    prediction_latex="a",
    forms=LOG_COSH_FORMS,
)


def nesterov(
    theta: np.ndarray, g: np.ndarray, v: np.ndarray, *, rate: float, momentum: float
) -> tuple[np.ndarray, ...]:
    """Look ahead (Nesterov, 1983), as torch.optim.SGD does it."""
    v = momentum * v + g
    theta = theta - rate * (g + momentum * v)
    return theta, v


NESTEROV = Optimiser(
    "nesterov", "Nesterov", nesterov, r"\theta - \eta(g + \mu v)", ("v",), {"momentum": 0.9}
)


def _echo(rng: Generator, batch: int, length: int) -> Batch:
    """Say the number of the step before."""
    x = rng.normal(size=(length, batch, 1))
    return Batch(x, np.concatenate([np.zeros((1, batch, 1)), x[:-1]]))


ECHO = Task(
    name="echo",
    title="The number before",
    source="",
    loss="log_cosh",
    asked=Asked("After each number: which was the one before?", ("number",), "the one before"),
    readout="every",
    inputs=1,
    outputs=1,
    measure="mean squared error",
    draw=_echo,
    baseline=lambda length: 1.0,
    solved=lambda length: 0.1,
    setup=Setup(length=6, hidden=4, updates=8, activation="softsign", optimiser="nesterov"),
)
