"""What detach, no_grad, retain_graph and a second backward pass do to the graph: real runs."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.pytorch.autograd_graph.recorder import Array, Recorder, Recording
from app.pytorch.autograd_graph.run import forward, record
from rnn_core import Trace, backward
from rnn_core.frozen import Frozen


@dataclass(frozen=True)
class Detached(Frozen):
    """All states detached at a step, beside the whole graph and the core's truncated gradient."""

    whole: Recording
    cut: Recording
    step: int
    truncated: Mapping[str, Array]  # the core's gradients with truncate = T − step


@dataclass(frozen=True)
class NoGrad:
    """The same lines under `torch.no_grad()`."""

    with_graph: Recording
    without: Recording
    loss_has_grad_fn: bool
    refusal: str  # what torch says to loss.backward()


@dataclass(frozen=True)
class Freed:
    """A backward pass with and without `retain_graph`, and what a second one does."""

    plain: Recording
    freed: frozenset[str]
    refusal: str  # what torch says to the second backward()
    retained: Recording
    freed_when_retained: frozenset[str]
    second_pass_ran: bool


@dataclass(frozen=True)
class Accumulation(Frozen):
    """`.grad` of every leaf after one and two backward passes, after zero_grad, and after one more.

    `None` stands for no `.grad` at all.
    """

    first: Recording
    second: Recording
    zeroed: Mapping[str, Array | None]
    again: Recording


def detached_at(trace: Trace, step: int) -> Detached:
    """Detach the states at a step of a trace whose last step alone is read out."""
    truncated = backward(trace, truncate=trace.steps - step)
    return Detached(
        whole=record(trace),
        cut=record(trace, detach_at=step),
        step=step,
        truncated=dict(truncated.parameters.items()),
    )


def no_grad(trace: Trace) -> NoGrad:
    """Run the forward pass without a graph, and ask for a backward pass nevertheless."""
    import torch

    recorder = Recorder()
    with torch.no_grad():
        loss = forward(recorder, trace)
    return NoGrad(
        with_graph=record(trace),
        without=recorder.recording(loss),
        loss_has_grad_fn=loss.grad_fn is not None,
        refusal=_refusal(recorder, loss),
    )


def free(trace: Trace) -> Freed:
    """Walk one graph twice without `retain_graph`, and another one with it."""
    plain = Recorder()
    loss = forward(plain, trace)
    plain.walk(loss)
    walked = plain.recording(loss)
    kept = Recorder()
    kept_loss = forward(kept, trace)
    kept.walk(kept_loss, retain_graph=True)
    retained, freed_when_retained = kept.recording(kept_loss), kept.freed()
    return Freed(
        plain=walked,
        freed=plain.freed(),
        refusal=_refusal(plain, loss),
        retained=retained,
        freed_when_retained=freed_when_retained,
        second_pass_ran=not _refusal(kept, kept_loss),
    )


def accumulate(trace: Trace) -> Accumulation:
    """Walk one graph twice, clear the gradients, and walk it again."""
    import torch

    recorder = Recorder()
    loss = forward(recorder, trace)
    recorder.walk(loss, retain_graph=True)
    first = recorder.recording(loss)
    recorder.walk(loss, retain_graph=True)
    second = recorder.recording(loss)
    torch.nn.ParameterList(recorder.leaves()).zero_grad()  # as an optimizer's does
    cleared = recorder.recording(loss).gradients
    recorder.walk(loss)
    return Accumulation(
        first=first,
        second=second,
        zeroed={name: cleared.get(name) for name in first.gradients},
        again=recorder.recording(loss),
    )


def _refusal(recorder: Recorder, loss: object) -> str:
    """Return the first sentence of torch's refusal to walk, or nothing where it walks."""
    try:
        recorder.walk(loss)
    except RuntimeError as error:
        return str(error)
    return ""
