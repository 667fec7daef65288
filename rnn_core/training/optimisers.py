r"""Optimisers, by name: from parameters θ and gradient g to new parameters.

Each follows `torch.optim` in form and in defaults, so a run can be repeated there. All work on
`Parameters.vector`, (n,); a step returns new vectors and changes none. η is the learning rate, t
counts the updates from 1.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

import numpy as np
from numpy import sqrt

from rnn_core._arrays import FloatArray, choose, read_only
from rnn_core._quiet import quietly
from rnn_core._short import Shown
from rnn_core.frozen import Frozen
from rnn_core.types import Parameters

Moments = tuple[FloatArray, ...]


Rule = Callable[..., Moments]
"""`rule(theta, g, *moments, …)` returns the new θ and the new moments, vectors (n,).

What else it goes by it takes by name: `rate`, `t`, and its settings. Its body is one assignment a
line, in `+ - * / **` and `sqrt`: scripts repeat it, and a page writes it out with numbers in.
"""


@dataclass(frozen=True, eq=False)
class OptimiserState(Frozen):
    """What an optimiser remembers: the number of updates made, and its running vectors (n,)."""

    updates: int
    moments: Moments


@dataclass(frozen=True)
class Optimiser(Shown):
    """One rule of descent, written once: core, scripts and the page of one update read `rule`.

    `moments` names the running vectors, in their order; `settings` are the constants with their
    usual values. `torch` is the call of `torch.optim` that does the same to `tensors`, with the
    settings in braces, where there is one.
    """

    name: str
    title: str
    rule: Rule
    latex: str
    moments: tuple[str, ...] = ()
    settings: Mapping[str, float] = field(default_factory=dict)
    torch: str = ""

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """The rule line by line: what is assigned, and the expression in Python's arithmetic."""
        return tuple(line for rule in _in_turn(self.rule) for line in _lines(rule))

    @property
    def named(self) -> tuple[str, ...]:
        """What the rule takes by name, beside θ, the gradient and the moments."""
        return _named(self.rule)

    @property
    def source(self) -> str:
        """The rule as Python, after the one that it goes on as."""
        return "\n\n\n".join(_source(rule) for rule in reversed(_in_turn(self.rule)))

    def start(self, params: Parameters) -> OptimiserState:
        """Return the state before the first update: all moments zero."""
        zero = read_only(np.zeros(params.count, params.dtype))
        return OptimiserState(0, (zero,) * len(self.moments))

    @quietly
    def step(
        self,
        params: Parameters,
        gradient: Parameters,
        state: OptimiserState,
        learning_rate: float,
        **changed: float,
    ) -> tuple[Parameters, OptimiserState]:
        """Return the parameters and the state after one update.

        `changed` replaces some of the settings.

        Raises
        ------
        ValueError
            `changed` names a setting that this optimiser does not have.
        """
        for name in changed:
            if name not in self.settings:
                known = ", ".join(self.settings) or "none"
                raise ValueError(f"{self.name}: expected a setting among {known}, got {name!r}")
        settings = {**self.settings, **changed}
        return self.advance(params, gradient.vector, state, learning_rate, settings)

    def advance(
        self,
        params: Parameters,
        gradient: FloatArray,
        state: OptimiserState,
        learning_rate: float,
        settings: Mapping[str, float] | None = None,
    ) -> tuple[Parameters, OptimiserState]:
        """Do what `step` does with a gradient that is one vector (n,), and known settings.

        NumPy warns where the numbers overflow, unless it is told not to.
        """
        count = state.updates + 1
        used = self.settings if settings is None else settings
        known = {"rate": learning_rate, "t": count, **used}
        named = {name: known[name] for name in self.named}
        theta, *moments = self.rule(params.vector, gradient, *state.moments, **named)
        for moment in moments:
            read_only(moment)
        return params.with_vector(theta), OptimiserState(count, tuple(moments))


@cache
def _named(rule: Rule) -> tuple[str, ...]:
    """Return what a rule takes by name."""
    parameters = inspect.signature(rule).parameters.values()
    return tuple(one.name for one in parameters if one.kind is one.KEYWORD_ONLY)


def _source(rule: Rule) -> str:
    return textwrap.dedent(inspect.getsource(rule)).rstrip()


def _body(source: str) -> list[ast.stmt]:
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)  # noqa: S101  # a rule is a plain function
    return function.body


@cache
def _in_turn(rule: Rule) -> tuple[Rule, ...]:
    """Return the rule, and the rules that it goes on as: what `return other(…)` calls."""
    last = _body(_source(rule))[-1]
    if isinstance(last, ast.Return) and isinstance(last.value, ast.Call):
        called = last.value.func
        other = rule.__globals__.get(called.id) if isinstance(called, ast.Name) else None
        if inspect.isfunction(other):
            return (rule, *_in_turn(other))
    return (rule,)


@cache
def _lines(rule: Rule) -> tuple[tuple[str, str], ...]:
    source = _source(rule)
    found = []
    for statement in _body(source):
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            expression = ast.get_source_segment(source, statement.value) or ""
            found.append((statement.targets[0].id, re.sub(r"\s*([*/])\s*", r"\1", expression)))
    return tuple(found)


def sgd(theta: FloatArray, g: FloatArray, *, rate: float) -> Moments:
    """Go against the gradient."""
    theta = theta - rate * g
    return (theta,)


def momentum(
    theta: FloatArray, g: FloatArray, v: FloatArray, *, rate: float, momentum: float
) -> Moments:
    """Keep moving (Polyak, 1964)."""
    v = momentum * v + g
    theta = theta - rate * v
    return theta, v


def adagrad(
    theta: FloatArray, g: FloatArray, s: FloatArray, *, rate: float, epsilon: float
) -> Moments:
    """Scale by the size of all gradients so far (Duchi, Hazan and Singer, 2011)."""
    s = s + g**2
    theta = theta - rate * g / (sqrt(s) + epsilon)
    return theta, s


def rmsprop(
    theta: FloatArray, g: FloatArray, s: FloatArray, *, rate: float, alpha: float, epsilon: float
) -> Moments:
    """Scale by the recent size (Hinton, 2012)."""
    s = alpha * s + (1 - alpha) * g**2
    theta = theta - rate * g / (sqrt(s) + epsilon)
    return theta, s


def adam(
    theta: FloatArray,
    g: FloatArray,
    m: FloatArray,
    s: FloatArray,
    *,
    rate: float,
    t: int,
    beta_1: float,
    beta_2: float,
    epsilon: float,
) -> Moments:
    """Do both (Kingma and Ba, 2015); the hats undo the start from zero."""
    m = beta_1 * m + (1 - beta_1) * g
    s = beta_2 * s + (1 - beta_2) * g**2
    m_hat = m / (1 - beta_1**t)
    s_hat = s / (1 - beta_2**t)
    theta = theta - rate * m_hat / (sqrt(s_hat) + epsilon)
    return theta, m, s


def adamw(
    theta: FloatArray,
    g: FloatArray,
    m: FloatArray,
    s: FloatArray,
    *,
    rate: float,
    t: int,
    beta_1: float,
    beta_2: float,
    epsilon: float,
    weight_decay: float,
) -> Moments:
    """Decay the weights apart from the gradient, then as Adam (Loshchilov and Hutter, 2019)."""
    theta = (1 - rate * weight_decay) * theta
    return adam(theta, g, m, s, rate=rate, t=t, beta_1=beta_1, beta_2=beta_2, epsilon=epsilon)


_ADAM = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8}

OPTIMISERS: dict[str, Optimiser] = {
    entry.name: entry
    for entry in (
        Optimiser("sgd", "SGD", sgd, r"\theta - \eta\,g", torch="SGD(tensors, lr=RATE)"),
        Optimiser(
            "momentum",
            "Momentum",
            momentum,
            r"v \leftarrow \mu v + g,\quad \theta - \eta\,v",
            ("v",),
            MappingProxyType({"momentum": 0.9}),
            "SGD(tensors, lr=RATE, momentum={momentum})",
        ),
        Optimiser(
            "adagrad",
            "AdaGrad",
            adagrad,
            r"s \leftarrow s + g^2,\quad \theta - \eta\,g / (\sqrt{s} + \epsilon)",
            ("s",),
            MappingProxyType({"epsilon": 1e-10}),
            "Adagrad(tensors, lr=RATE, eps={epsilon})",
        ),
        Optimiser(
            "rmsprop",
            "RMSProp",
            rmsprop,
            r"s \leftarrow \alpha s + (1-\alpha) g^2,\quad "
            r"\theta - \eta\,g / (\sqrt{s} + \epsilon)",
            ("s",),
            MappingProxyType({"alpha": 0.99, "epsilon": 1e-8}),
            "RMSprop(tensors, lr=RATE, alpha={alpha}, eps={epsilon})",
        ),
        Optimiser(
            "adam",
            "Adam",
            adam,
            r"\theta - \eta\,\hat m / (\sqrt{\hat s} + \epsilon)",
            ("m", "s"),
            MappingProxyType(_ADAM),
            "Adam(tensors, lr=RATE, betas=({beta_1}, {beta_2}), eps={epsilon})",
        ),
        Optimiser(
            "adamw",
            "AdamW",
            adamw,
            r"(1 - \eta\lambda)\,\theta - \eta\,\hat m / (\sqrt{\hat s} + \epsilon)",
            ("m", "s"),
            MappingProxyType({**_ADAM, "weight_decay": 0.01}),
            "AdamW(tensors, lr=RATE, betas=({beta_1}, {beta_2}), eps={epsilon}, "
            "weight_decay={weight_decay})",
        ),
    )
}


def optimiser_named(name: str) -> Optimiser:
    """Return the optimiser of that name; ValueError lists the known ones."""
    return choose("optimiser", OPTIMISERS, name)
