"""Torch's graph beside ours, and the number of steps that shapes both."""

from typing import Any

import streamlit as st

from app import state
from app.components.autograd_view.component import autograd_view
from app.components.autograd_view.payload import payload
from app.experiment import resizing
from app.experiment.value import Experiment
from app.figures.words import digits
from app.views.pytorch import compute
from app.views.pytorch.compute import Graphs
from app.views.shared import notations, scene
from app.work.caching import cached
from rnn_core import activation_named
from rnn_core.cells import symbol
from rnn_core.cells.cell import ACTIVATION


def buttons(experiment: Experiment) -> None:
    """Draw the buttons of names, and those of a shorter and longer sequence, which rebuild both."""
    steps = experiment.sizes[0]
    with st.container(horizontal=True, width="content", gap="small"):
        notations.offer("pytorch")
        shorter, longer = steps - 1, steps + 1
        st.button(
            f"One step less: T = {shorter}" if shorter else "One step less",
            key="pt_shorter",
            on_click=_resize,
            args=(shorter,),
            disabled=steps < 2,
            help="The sequence of the sidebar is cut by its last step; both graphs are rebuilt",
        )
        st.button(
            f"One step more: T = {longer}",
            key="pt_longer",
            on_click=_resize,
            args=(longer,),
            help="The sequence of the sidebar is longer by a step; both graphs are rebuilt",
        )


def render(experiment: Experiment) -> None:
    """Draw both graphs, with what is drawn of a long run."""
    steps = experiment.sizes[0]
    graphs = compute.graphs_of(experiment)
    autograd_view(
        _data(experiment, digits()),
        about={
            "shape": f"{experiment.cell} {graphs.steps} {experiment.readout} {experiment.loss} "
            f"{graphs.truncated}",
            "steps": steps,
        },
        key="pt_graphs",
        large=scene.is_large(),
    )
    st.markdown(_about(experiment, graphs))


@cached
def _data(experiment: Experiment, _digits: int) -> dict[str, Any]:
    graphs = compute.graphs_of(experiment)
    return payload(
        graphs.theirs,
        graphs.ours,
        sample=experiment.sample,
        batch=experiment.sizes[1],
        whole=graphs.whole or graphs.truncated,
    )


def _resize(steps: int) -> None:
    """Make the sequence of the experiment longer or shorter, as the sidebar does."""
    try:
        state.change(resizing.with_steps(state.experiment(), steps))
    except ValueError as error:
        state.report(str(error))


def _about(experiment: Experiment, graphs: Graphs) -> str:
    """Say what the graph is and which part of the run is drawn."""
    steps, batch, *_ = experiment.sizes
    theirs = graphs.theirs
    functions = sum(not node.is_leaf for node in theirs.nodes.values())
    leaves = len(theirs.nodes) - functions
    count = graphs.steps[1] - graphs.steps[0] + 1
    told = [
        f"Each operation on tensors leaves a node: {functions} backward functions and {leaves} "
        f"leaves for {count} {'step' if count == 1 else 'steps'}. Arrows run as the gradient will. "
        "What stands in the same place in both graphs is the same quantity."
    ]
    states, first = experiment.kind.states, graphs.steps[0]
    before = " and ".join(f"${state}_{{{first - 1}}}$" for state in states)
    alone = len(states) == 1
    if graphs.truncated:
        told.append(
            f"The experiment is truncated: {before} {'is' if alone else 'are'} detached, so the "
            f"graph begins after {'it' if alone else 'them'}."
        )
    elif not graphs.whole:
        told.append(
            f"The last steps are drawn, {graphs.steps[0]} to {graphs.steps[1]} of {steps}, from "
            f"the given {before}: {'its gradient' if alone else 'their gradients'} and those of "
            "the weights are these steps’ part."
        )
    if (
        experiment.truncate is not None
        and experiment.truncate < steps
        and experiment.readout == "every"
    ):
        told.append(
            "The experiment is truncated, which makes a graph for each loss; this is the full one."
        )
    if batch > 1:
        told.append(
            f"The {batch} sequences are columns of each tensor: the graph has the same nodes as "
            f"for one. Numbers are those of sequence {experiment.sample + 1}."
        )
    if activation_named(experiment.activation).is_identity:
        same = [
            f"${symbol(line.name)}$ is ${symbol(str(line.operands[0]))}$"
            for line in experiment.kind.lines
            if line.op == ACTIVATION
        ]
        told.append(
            "The identity leaves no node: it returns the tensor that it is given"
            f"{', so ' * bool(same)}{' and '.join(same)}."
        )
    return " ".join(told)
