"""The graph that PyTorch builds for an experiment, and what can be done to it."""

from dataclasses import dataclass

import networkx as nx

from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment
from app.pytorch import autograd_graph, torch_reference
from app.pytorch.autograd_graph import Accumulation, Detached, Freed, NoGrad, Recording
from app.work.caching import cached
from rnn_core import Trace, backward, computational_graph, forward

DEMONSTRATED_STEPS = 3


@dataclass(frozen=True)
class Graphs:
    """The same steps as torch's graph and as ours."""

    theirs: Recording
    ours: "nx.DiGraph[str]"
    steps: tuple[int, int]
    whole: bool  # whether all steps of the run are in it
    truncated: bool  # whether it is cut where the experiment's truncation cuts


@cached
def graphs_of(experiment: Experiment) -> Graphs:
    """Record torch's graph of the steps that can be drawn, the last ones, with ours of the same.

    A truncated gradient of a loss at the last step is one graph, which ends at the detached states.
    With a loss at every step, truncation makes a graph for each: the full one is shown instead.
    """
    torch_reference.wait()
    trace, grads = trace_of(experiment), gradients_of(experiment)
    length = min(trace.steps, autograd_graph.steps_that_fit(trace))
    cut = grads.truncate is not None and grads.truncate < trace.steps
    truncated = cut and trace.readout == "last"
    detach_at = None
    if truncated and grads.truncate is not None:
        if grads.truncate <= length:
            length = grads.truncate
            detach_at = trace.steps - length
    elif cut:
        grads = backward(trace)
    first = trace.steps - length + 1
    return Graphs(
        theirs=autograd_graph.record(trace, first=first, detach_at=detach_at),
        ours=computational_graph(
            trace,
            grads,
            level="operation",
            sample=experiment.sample,
            steps=(first, trace.steps),
            jacobians=False,
        ),
        steps=(first, trace.steps),
        whole=length == trace.steps,
        truncated=truncated,
    )


@cached
def short_run_of(experiment: Experiment) -> Trace:
    """Return the last few steps of the shown sequence, read out at the last one, as a run."""
    trace = trace_of(experiment)
    length = min(trace.steps, DEMONSTRATED_STEPS)
    one = slice(experiment.sample, experiment.sample + 1)
    assert trace.target is not None  # noqa: S101  # the page asks for nothing else
    return forward(
        trace.params,
        trace.x[-length:, one],
        trace.target[-1:, one],
        activation=trace.activation,
        loss=trace.loss_name,
        h0=trace.h[-length - 1, one],
        c0=trace["c"][-length - 1, one] if "c" in trace.cell.states else None,
    )


@cached
def short_graph_of(experiment: Experiment) -> "nx.DiGraph[str]":
    """Return our graph of the short run."""
    trace = short_run_of(experiment)
    return computational_graph(trace, backward(trace), level="operation", jacobians=False)


@cached
def cut_of(experiment: Experiment, step: int) -> Detached:
    """Detach the states at a step of the short run."""
    torch_reference.wait()
    return autograd_graph.detached_at(short_run_of(experiment), step)


@cached
def no_grad_of(experiment: Experiment) -> NoGrad:
    """Run the short run without a graph."""
    torch_reference.wait()
    return autograd_graph.no_grad(short_run_of(experiment))


@cached
def freed_of(experiment: Experiment) -> Freed:
    """Walk the short run's graph a second time, with and without `retain_graph`."""
    torch_reference.wait()
    return autograd_graph.free(short_run_of(experiment))


@cached
def accumulation_of(experiment: Experiment) -> Accumulation:
    """Let `.grad` of the short run's leaves add up over two backward passes."""
    torch_reference.wait()
    return autograd_graph.accumulate(short_run_of(experiment))
