"""Characters drawn from a network that was trained to say the next one."""

from collections.abc import Sequence

import numpy as np

from rnn_core._arrays import FloatArray
from rnn_core._checks import finite, floats, many, of, takes, whole
from rnn_core.activations import activation_named
from rnn_core.cells.cell import BEFORE, INPUT
from rnn_core.interpreter.program import program_of
from rnn_core.interpreter.run import operands_of
from rnn_core.types import Parameters

MOST_DRAWN = 10_000


@takes(temperature=finite(0))
def tempered(logits: FloatArray, temperature: float) -> FloatArray:
    """Return softmax(a / τ) over the last axis: sharper below τ = 1, flatter above.

    τ → 0 leaves all to the largest logit, shared where several are largest; τ = 0 is that limit.
    Logits that are not numbers have no probabilities: nan.

    Raises
    ------
    ValueError
        There is no logit, or the temperature is negative or not a number.
    """
    logits = floats("logits", logits)
    if not logits.size or not logits.ndim:
        raise ValueError(f"logits: expected at least one in a row, got shape {logits.shape}")
    below = logits - logits.max(axis=-1, keepdims=True)
    if temperature == 0:
        likely = (below == 0).astype(below.dtype)
    else:
        with np.errstate(over="ignore"):  # −∞ is what a tiny temperature is meant to give
            likely = np.exp(below / temperature)
    found: FloatArray = likely / likely.sum(axis=-1, keepdims=True)
    return found


@takes(
    params=of(Parameters),
    start=many(whole(0)),
    count=whole(0, MOST_DRAWN),
    seed=whole(0),
    temperature=finite(0),
)
def sample(
    params: Parameters,
    start: Sequence[int],
    count: int,
    *,
    seed: int,
    temperature: float = 1.0,
    activation: str = "tanh",
) -> list[int]:
    """Draw `count` characters, each from the probabilities after all that came before it.

    Inputs and outputs are one-hot and name the same K = D characters. The network reads `start`
    from the state zero, then what it has drawn itself.

    Raises
    ------
    ValueError
        `start` is empty or names none of the characters, inputs and outputs differ in number, the
        count is not from 0 to 10 000, or the temperature is negative.
    """
    inputs, _, outputs, _ = params.layout
    if inputs != outputs:
        raise ValueError(
            f"params: expected as many outputs as inputs, got D = {inputs}, K = {outputs}"
        )
    if not start or not all(0 <= index < inputs for index in start):
        raise ValueError(f"start: expected indices from 0 to {inputs - 1}, got {start!r}")
    activation_named(activation)
    program, rng = program_of(params.cell, activation), np.random.default_rng(seed)
    one_hot = np.eye(inputs, dtype=params.dtype)
    now = dict(params.items())
    now |= dict.fromkeys(program.before, np.zeros(params.hidden_size, params.dtype))
    drawn: list[int] = []
    waiting = list(start)
    with np.errstate(all="ignore"):
        while True:
            for index in waiting:
                now[INPUT] = one_hot[index]
                for step in program.instructions:
                    now[step.name] = step.op.value(operands_of(step, now))
                for state in params.cell.states:
                    now[state + BEFORE] = now[state]
            if len(drawn) == count:
                return drawn
            p = tempered(params.W_hy @ now["h"] + params.b_y, temperature)
            if not np.isfinite(p).all():
                raise ValueError("params: expected a network whose logits are finite numbers")
            place = int(np.searchsorted(np.cumsum(p), rng.random() * p.sum(), side="right"))
            drawn.append(min(place, outputs - 1))
            waiting = drawn[-1:]
