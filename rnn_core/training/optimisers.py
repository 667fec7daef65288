r"""Optimisers, by name: from parameters θ and gradient g to new parameters.

Each follows `torch.optim` in form and in defaults, so a run can be repeated there. All work on
`Parameters.vector`, (n,); a step returns new vectors and changes none. η is the learning rate, t
counts the updates from 1.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from rnn_core._arrays import FloatArray, choose, read_only
from rnn_core._quiet import quietly
from rnn_core._short import Shown
from rnn_core.frozen import Frozen
from rnn_core.types import Parameters

Moments = tuple[FloatArray, ...]


class Descent(NamedTuple):
    """What a rule goes by: vectors (n,) and constants."""

    theta: FloatArray
    g: FloatArray
    moments: Moments
    t: int
    rate: float
    settings: Mapping[str, float]


Rule = Callable[[Descent], tuple[FloatArray, Moments]]


@dataclass(frozen=True, eq=False)
class OptimiserState(Frozen):
    """What an optimiser remembers: the number of updates made, and its running vectors (n,)."""

    updates: int
    moments: Moments


@dataclass(frozen=True)
class Optimiser(Shown):
    """One rule of descent.

    `rule` returns the new θ and the new moments. `moments` names
    the running vectors, in their order; `settings` are the constants with their usual values.
    """

    name: str
    title: str
    rule: Rule
    latex: str
    moments: tuple[str, ...] = ()
    settings: Mapping[str, float] = field(default_factory=dict)

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
        theta, moments = self.rule(
            Descent(params.vector, gradient, state.moments, count, learning_rate, used)
        )
        for moment in moments:
            read_only(moment)
        return params.with_vector(theta), OptimiserState(count, moments)


def _sgd(at: Descent) -> tuple[FloatArray, Moments]:
    """Go against the gradient: θ − η g."""
    return at.theta - at.rate * at.g, ()


def _momentum(at: Descent) -> tuple[FloatArray, Moments]:
    """Keep moving: v ← μ v + g, then θ − η v (Polyak, 1964)."""
    v = at.settings["momentum"] * at.moments[0] + at.g
    return at.theta - at.rate * v, (v,)


def _rmsprop(at: Descent) -> tuple[FloatArray, Moments]:
    """Scale by the recent size: s ← α s + (1 − α) g², then θ − η g / (√s + ε) (Hinton, 2012)."""
    alpha = at.settings["alpha"]
    s = alpha * at.moments[0] + (1 - alpha) * (at.g * at.g)
    return at.theta - at.rate * at.g / (np.sqrt(s) + at.settings["epsilon"]), (s,)


def _adam(at: Descent) -> tuple[FloatArray, Moments]:
    """Do both (Kingma and Ba, 2015): θ − η m̂ / (√ŝ + ε).

    m ← β₁ m + (1 − β₁) g and s ← β₂ s + (1 − β₂) g²; m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ)
    undo their start from zero.
    """
    first, second = at.settings["beta_1"], at.settings["beta_2"]
    m = first * at.moments[0] + (1 - first) * at.g
    s = second * at.moments[1] + (1 - second) * (at.g * at.g)
    root = np.sqrt(s)
    root /= (1 - second**at.t) ** 0.5
    root += at.settings["epsilon"]
    return at.theta - at.rate / (1 - first**at.t) * m / root, (m, s)


def _adamw(at: Descent) -> tuple[FloatArray, Moments]:
    """Decay the weights apart from the gradient: Adam from (1 − η λ) θ (Loshchilov, 2019)."""
    decay = at.rate * at.settings["weight_decay"]
    return _adam(at._replace(theta=(1 - decay) * at.theta))


_ADAM = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8}

OPTIMISERS: Mapping[str, Optimiser] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            Optimiser("sgd", "SGD", _sgd, r"\theta - \eta\,g"),
            Optimiser(
                "momentum",
                "Momentum",
                _momentum,
                r"v \leftarrow \mu v + g,\quad \theta - \eta\,v",
                ("v",),
                MappingProxyType({"momentum": 0.9}),
            ),
            Optimiser(
                "rmsprop",
                "RMSProp",
                _rmsprop,
                r"s \leftarrow \alpha s + (1-\alpha) g^2,\quad "
                r"\theta - \eta\,g / (\sqrt{s} + \epsilon)",
                ("s",),
                MappingProxyType({"alpha": 0.99, "epsilon": 1e-8}),
            ),
            Optimiser(
                "adam",
                "Adam",
                _adam,
                r"\theta - \eta\,\hat m / (\sqrt{\hat s} + \epsilon)",
                ("m", "s"),
                MappingProxyType(_ADAM),
            ),
            Optimiser(
                "adamw",
                "AdamW",
                _adamw,
                r"(1 - \eta\lambda)\,\theta - \eta\,\hat m / (\sqrt{\hat s} + \epsilon)",
                ("m", "s"),
                MappingProxyType({**_ADAM, "weight_decay": 0.01}),
            ),
        )
    }
)


def optimiser_named(name: str) -> Optimiser:
    """Return the optimiser of that name; ValueError lists the known ones."""
    return choose("optimiser", OPTIMISERS, name)
