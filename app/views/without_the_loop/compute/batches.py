"""Many sequences at once: the same numbers as one by one, padding, and throughput."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.views.without_the_loop.compute.results import difference
from app.views.without_the_loop.compute.times import Times, keep_times, timed
from app.views.without_the_loop.compute.ways import Start, start_of
from app.work.caching import cached
from rnn_core import (
    PARAMETER_NAMES,
    Gradients,
    PaddedRun,
    backward,
    backward_padded,
    forward,
    forward_padded,
    pad,
)

Floats = NDArray[np.floating[Any]]

SIZES = (1, 2, 4, 8, 16, 32, 64)
MOST_STEPS = 500
MOST_LENGTHS = 16
SEED = 0


@dataclass(frozen=True)
class Proof:
    """A batch against its sequences one by one: the largest differences."""

    states: float
    gradients: float  # of the sums over the batch, relative to the largest entry
    steps: int
    left_out: str


@dataclass(frozen=True, eq=False)
class Padding:
    """A padded batch of prefixes, its gradients, and what separate runs differ by."""

    run: PaddedRun
    grads: Gradients
    losses: tuple[float, ...]  # of the separate runs
    states: float  # largest difference of a state before the sequence's end
    loss: float  # |loss of the batch − mean of the separate losses|
    gradients: float  # largest difference of a parameter's gradient, relative as in Proof
    padding: int  # cells of the batch that are padding


def batch_of(experiment: Experiment, size: int) -> tuple[Start, Floats]:
    """Return the start cut to `MOST_STEPS` and x (T, size, D).

    The sequence that is shown, then others of its mean and spread, drawn from seed 0.
    """
    start, sample = start_of(experiment), experiment.sample
    own = start.x[:MOST_STEPS, sample]
    rng = np.random.default_rng(SEED)
    others = rng.normal(own.mean(), own.std() or 1.0, size=(size - 1, *own.shape))
    return start, np.ascontiguousarray(np.concatenate([own[np.newaxis], others]).swapaxes(0, 1))


@cached
@np.errstate(all="ignore")
def proof_of(experiment: Experiment, size: int) -> Proof:
    """Return how far a batch is from its sequences run one by one, as computed."""
    start, x = batch_of(experiment, size)
    steps = len(x)
    h0 = start.h0[experiment.sample]
    settings: dict[str, Any] = {"activation": start.activation, "h0": h0}
    upstream = np.ones((steps, size, start.params.hidden_size))
    at_once = forward(start.params, x, **settings)
    sums = backward(at_once, upstream=upstream).parameters
    states, totals = 0.0, dict.fromkeys(PARAMETER_NAMES, np.zeros(()))
    for b in range(size):
        alone = forward(start.params, np.ascontiguousarray(x[:, b]), **settings)
        states = max(states, difference(alone.h[:, 0], at_once.h[:, b]))
        parts = backward(alone, upstream=upstream[:, :1]).parameters
        totals = {name: totals[name] + getattr(parts, name) for name in PARAMETER_NAMES}
    gradients = max(_relative(totals[name], getattr(sums, name)) for name in PARAMETER_NAMES)
    left_out = ""
    if steps < len(start.x):
        left_out = f"The first {steps} of {len(start.x)} steps are run."
    return Proof(states, gradients, steps, left_out)


def throughput_key(experiment: Experiment) -> tuple[str, Experiment]:
    """Return the key under which the times of the batch sizes are kept."""
    return ("throughput", experiment)


def measure_throughput(experiment: Experiment, budget_s: float) -> Times:
    """Measure one forward pass over each batch size of `SIZES`, and keep the times."""
    start, x = batch_of(experiment, SIZES[-1])
    h0 = start.h0[experiment.sample]
    calls = {
        str(size): partial(
            forward,
            start.params,
            np.ascontiguousarray(x[:, :size]),
            activation=start.activation,
            h0=h0,
        )
        for size in SIZES
    }
    return keep_times(throughput_key(experiment), timed(calls, budget_s))


def throughput_work(experiment: Experiment) -> int:
    """Return the multiply-adds of one pass over all batch sizes."""
    steps, _, inputs, hidden, _ = experiment.sizes
    return sum(SIZES) * min(steps, MOST_STEPS) * hidden * (hidden + inputs + 1)


def default_lengths(experiment: Experiment) -> tuple[int, ...]:
    """Return four lengths for a first look: T, two thirds, one third, and one step."""
    steps = min(experiment.sizes[0], MOST_STEPS)
    wanted = (steps, -(-2 * steps // 3), -(-steps // 3), 1)
    return tuple(dict.fromkeys(wanted))


def checked_lengths(text: str, experiment: Experiment) -> tuple[int, ...]:
    """Read lengths typed by the user, such as "6, 4, 1".

    Raises
    ------
    ValueError
        They are not 1 to 16 whole numbers from 1 to T.
    """
    steps = min(experiment.sizes[0], MOST_STEPS)
    words = text.replace(",", " ").replace(";", " ").split()
    if not 1 <= len(words) <= MOST_LENGTHS or not all(
        word.isascii() and word.isdigit() and len(word) < 6 and 1 <= int(word) <= steps
        for word in words
    ):
        raise ValueError(
            f"lengths: expected 1 to {MOST_LENGTHS} whole numbers from 1 to {steps}, "
            f"got {text[:40]!r}"
        )
    return tuple(map(int, words))


@cached
@np.errstate(all="ignore")
def padding_of(experiment: Experiment, lengths: tuple[int, ...]) -> Padding:
    """Return prefixes of the sequence shown as one padded batch, against separate runs.

    The target is that of each prefix's last step where every step is read out, else the one there
    is.
    """
    trace, sample = trace_of(experiment), experiment.sample
    if trace.target is None:
        raise ValueError("padding: expected a target, got an experiment without one")
    own = trace.x[:, sample]
    rows = [0 if len(trace.target) == 1 else length - 1 for length in lengths]
    target = trace.target[rows, sample]
    settings: dict[str, Any] = {
        "activation": trace.activation,
        "loss": trace.loss_name,
        "h0": np.ascontiguousarray(trace.h0[sample]),
    }
    prefixes: Sequence[Floats] = [np.ascontiguousarray(own[:length]) for length in lengths]
    run = forward_padded(trace.params, *pad(prefixes), target, **settings)
    grads = backward_padded(run)
    losses, states = [], 0.0
    totals = dict.fromkeys(PARAMETER_NAMES, np.zeros(()))
    for b, prefix in enumerate(prefixes):
        alone = forward(trace.params, prefix, target[b : b + 1][np.newaxis], **settings)
        losses.append(float("nan") if alone.loss is None else alone.loss)
        states = max(states, difference(alone.h[:, 0], run.trace.h[: len(prefix) + 1, b]))
        parts = backward(alone).parameters
        totals = {
            name: totals[name] + getattr(parts, name) / len(lengths) for name in PARAMETER_NAMES
        }
    found = grads.parameters
    return Padding(
        run=run,
        grads=grads,
        losses=tuple(losses),
        states=states,
        loss=abs((run.loss or 0.0) - float(np.mean(losses))),
        gradients=max(_relative(totals[name], getattr(found, name)) for name in PARAMETER_NAMES),
        padding=int((~run.mask).sum()),
    )


def _relative(found: Floats, reference: Floats) -> float:
    """Return the largest difference over the largest entry; 0 where both are zero."""
    largest = float(np.abs(reference).max())
    apart = difference(found, reference)
    return apart / largest if largest > 0 else apart
