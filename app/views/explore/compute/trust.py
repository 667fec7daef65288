"""Do others agree with the gradients? Finite differences and, where it is installed, PyTorch."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment
from app.pytorch import torch_reference
from app.work.caching import cached
from rnn_core import Gradients, Trace, gradient_check

FREE_CHECK_STEPS = 100_000
"""Time steps of forward passes a finite-difference check may take without being asked for."""

FINITE_DIFFERENCES = "finite differences"  # a witness

VERDICTS_BYTES = 2000  # a few short texts

TORCH_TOLERANCE = 1e-9
"""Normwise; moderate networks agree to 1e-12, and a wrong term is far above either."""


@dataclass(frozen=True)
class Verdict:
    """What one witness says of the gradients: whether it agrees, and where it differs most.

    `reason` says why nothing was checked, or what was left out.
    """

    witness: str
    agrees: bool | None  # None: not checked
    culprit: str = ""
    difference: float = 0.0
    reason: str = ""


@partial(cached, takes=VERDICTS_BYTES)
def verdicts_of(experiment: Experiment) -> tuple[Verdict, ...]:
    """Compare the gradients with finite differences and, where it is installed, with PyTorch.

    Finite differences of a large network take seconds: `checked_gradients` makes them, in a process
    of its own. Without a target there is nothing to compare.
    """
    if not experiment.has_target:
        return ()
    many = Verdict(FINITE_DIFFERENCES, None, reason="many numbers")
    return (
        many if needs_permission(experiment) else checked_gradients(experiment),
        _by_torch(trace_of(experiment), gradients_of(experiment)),
    )


def needs_permission(experiment: Experiment) -> bool:
    """Whether finite differences of this experiment are too much work to make unasked."""
    return experiment.has_target and _steps_to_check(trace_of(experiment)) > FREE_CHECK_STEPS


def _steps_to_check(trace: Trace) -> int:
    """Time steps of all forward passes that one gradient check takes: two for each number."""
    states = len(trace.cell.states) * trace.h[0].size
    numbers: int = trace.params.count + trace.x.size + states
    return 2 * numbers * trace.steps * trace.batch


def checked_gradients(experiment: Experiment) -> Verdict:
    """Compare all gradients with finite differences, however long it takes."""
    trace, grads = trace_of(experiment), gradients_of(experiment)
    witness = FINITE_DIFFERENCES
    if reason := _incomparable(trace, grads):
        return Verdict(witness, None, reason=reason)
    try:
        check = gradient_check(trace, grads)
    except ValueError as error:  # over the core's budget
        return Verdict(witness, None, reason=str(error))
    if not check.culprit:
        return Verdict(witness, None, reason="every gradient is too small for it")
    unchecked = ", ".join(check.unchecked)
    reason = f"too small to check: {unchecked}" if unchecked else ""
    return Verdict(witness, check.ok, check.culprit, check.relative, reason)


def _by_torch(trace: Trace, grads: Gradients) -> Verdict:
    witness = "PyTorch"
    if not torch_reference.available():
        return Verdict(witness, None, reason="it is not installed")
    if reason := _incomparable(trace, grads):
        return Verdict(witness, None, reason=reason)
    found = torch_reference.compare(trace, grads)
    return Verdict(witness, found.difference <= TORCH_TOLERANCE, found.culprit, found.difference)


def _incomparable(trace: Trace, grads: Gradients) -> str:
    """Say why these gradients have no independent value to compare with, or nothing."""
    if trace.loss is None or not np.isfinite(trace.loss):
        return "the loss is not finite"
    if grads.truncate is not None and grads.truncate < trace.steps:
        return f"the gradient is cut after {grads.truncate} steps"
    return ""
