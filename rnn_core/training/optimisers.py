r"""Optimisers, by name: from parameters θ and gradient g to new parameters.

Each follows `torch.optim` in form and in defaults, so a run can be repeated there. All work on
vectors (n,); a step returns new vectors and changes none. η is the learning rate, t counts the
updates from 1.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from rnn_core._arrays import FloatArray, choose, read_only
from rnn_core.training.vectors import from_vector, to_vector
from rnn_core.types import Parameters

Moments = tuple[FloatArray, ...]
Rule = Callable[
    [FloatArray, FloatArray, Moments, int, float, Mapping[str, float]],
    tuple[FloatArray, Moments],
]


@dataclass(frozen=True, eq=False)
class OptimiserState:
    """What an optimiser remembers: the number of updates made, and its running vectors (n,)."""

    updates: int
    moments: Moments


@dataclass(frozen=True)
class Optimiser:
    """One rule of descent.

    `rule(θ, g, moments, t, η, settings)` returns the new θ and the new moments. `moments` names
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
        return self.advance(params, to_vector(gradient), state, learning_rate, settings)

    def advance(
        self,
        params: Parameters,
        gradient: FloatArray,
        state: OptimiserState,
        learning_rate: float,
        settings: Mapping[str, float] | None = None,
    ) -> tuple[Parameters, OptimiserState]:
        """Do what `step` does with a gradient that is one vector (n,), and known settings."""
        count = state.updates + 1
        with np.errstate(all="ignore"):
            theta, moments = self.rule(
                to_vector(params),
                gradient,
                state.moments,
                count,
                learning_rate,
                self.settings if settings is None else settings,
            )
        for moment in moments:
            read_only(moment)
        return from_vector(theta, params), OptimiserState(count, moments)


def _sgd(
    theta: FloatArray,
    g: FloatArray,
    _moments: Moments,
    _t: int,
    rate: float,
    _settings: Mapping[str, float],
) -> tuple[FloatArray, Moments]:
    """Go against the gradient: θ − η g."""
    return theta - rate * g, ()


def _momentum(
    theta: FloatArray,
    g: FloatArray,
    moments: Moments,
    _t: int,
    rate: float,
    settings: Mapping[str, float],
) -> tuple[FloatArray, Moments]:
    """Keep moving: v ← μ v + g, then θ − η v (Polyak, 1964)."""
    v = settings["momentum"] * moments[0] + g
    return theta - rate * v, (v,)


def _rmsprop(
    theta: FloatArray,
    g: FloatArray,
    moments: Moments,
    _t: int,
    rate: float,
    settings: Mapping[str, float],
) -> tuple[FloatArray, Moments]:
    """Scale by the recent size: s ← α s + (1 − α) g², then θ − η g / (√s + ε) (Hinton, 2012)."""
    alpha = settings["alpha"]
    s = alpha * moments[0] + (1 - alpha) * (g * g)
    return theta - rate * g / (np.sqrt(s) + settings["epsilon"]), (s,)


def _adam(
    theta: FloatArray,
    g: FloatArray,
    moments: Moments,
    t: int,
    rate: float,
    settings: Mapping[str, float],
) -> tuple[FloatArray, Moments]:
    """Do both (Kingma and Ba, 2015): θ − η m̂ / (√ŝ + ε).

    m ← β₁ m + (1 − β₁) g and s ← β₂ s + (1 − β₂) g²; m̂ = m / (1 − β₁ᵗ) and ŝ = s / (1 − β₂ᵗ)
    undo their start from zero.
    """
    first, second = settings["beta_1"], settings["beta_2"]
    m = first * moments[0] + (1 - first) * g
    s = second * moments[1] + (1 - second) * (g * g)
    root = np.sqrt(s)
    root /= (1 - second**t) ** 0.5
    root += settings["epsilon"]
    return theta - rate / (1 - first**t) * m / root, (m, s)


def _adamw(
    theta: FloatArray,
    g: FloatArray,
    moments: Moments,
    t: int,
    rate: float,
    settings: Mapping[str, float],
) -> tuple[FloatArray, Moments]:
    """Decay the weights apart from the gradient: Adam from (1 − η λ) θ (Loshchilov, 2019)."""
    decayed = (1 - rate * settings["weight_decay"]) * theta
    return _adam(decayed, g, moments, t, rate, settings)


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
