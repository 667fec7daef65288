"""The front page: what happens at each step, and where each number comes from."""

from collections.abc import Callable

import streamlit as st

from app import state
from app.components.graph_view import asking
from app.components.graph_view.component import graph_view
from app.components.graph_view.extent import level_shown
from app.components.plot_view.component import plot_view
from app.experiment.pinned import Pinned
from app.experiment.run import gradients_if_any, trace_of
from app.experiment.value import Experiment
from app.figures.equations import equations
from app.figures.run.beside import HELD, Other
from app.views.explore.sections import downloads, header, held, introduction, pinning
from app.views.shared import heading, non_finite, predicting, scene, told
from rnn_core import Trace

QUESTION = "What happens at each step, and where does each number come from?"


def render(open_page: Callable[[str], None]) -> None:
    """Draw the page for the current experiment; what does not fit together is one sentence."""
    is_first_visit = state.is_first_visit()
    if is_first_visit:
        introduction.render(open_page)
    else:  # a scene has a title of its own
        (heading.unseen if scene.said() else heading.small)(QUESTION)
    experiment = state.experiment()
    try:
        trace, grads = trace_of(experiment), gradients_if_any(experiment)
    except ValueError as error:
        told.refuse(error)
        return
    hides_gradient = scene.hides("gradient")
    if hides_gradient:
        grads = None
    led = scene.place()
    view = led if led and led.is_new else state.view()
    level = level_shown(trace, view.level)
    holds = None if hides_gradient else held.runs(experiment, level)
    pin = None if hides_gradient else pinning.pinned(experiment)
    losses = _losses(trace, holds, pin, level)
    asks = predicting.kind(experiment)
    if asks:
        header.render_hidden()
    elif not is_first_visit:
        badge = header.render_numbers(
            experiment, trace, losses, lambda: introduction.render_again(open_page)
        )
    focus = non_finite.explain(experiment, trace, grads)
    graph_view(
        trace,
        grads,
        sample=experiment.sample,
        view=focus or view,
        focus=focus or led,
        mentions=led.mentions if led and not focus else (),
        led_by="" if focus or not led else led.key,
        labels=experiment.labels(),
        equations=equations(trace, experiment.truncate),
        large=scene.is_large(),
        follows=not asks,
        held=None if holds is None else holds.run,
        on_hold=held.on_wish,
        predict=asking.told(trace, asks),
        on_predict=predicting.on_choice,
        pinned=None if asks else pin,  # its numbers may be those that are asked for
        key="graph",
    )
    if asks:  # all that follows would tell what is asked
        return
    if is_first_visit:  # what the run will give is not told before it runs
        badge = header.render_numbers(experiment, trace, losses)
    with st.container(horizontal=True, vertical_alignment="center"):
        pinning.render(experiment)
        downloads.render(experiment, state.view(), holds)
    plot_view(
        trace,
        grads,
        sample=experiment.sample,
        labels=experiment.labels(),
        other=_other(experiment, holds, pin, level),
        group=state.charts("plots"),
        key="plots",
    )
    if not hides_gradient:
        header.render_badge(badge, experiment)


def _losses(
    trace: Trace, holds: held.Held | None, pin: Pinned | None, level: str
) -> tuple[float | None, ...]:
    """Return the loss, with the one before that what is held, or changed, leads to."""
    if holds is not None and (run := holds.run(level)).loss is not None:
        return trace.loss, run.loss
    if pin is not None and None not in (trace.loss, pin.trace.loss):
        return pin.trace.loss, trace.loss
    return (trace.loss,)


def _other(
    experiment: Experiment, holds: held.Held | None, pin: Pinned | None, level: str
) -> Other | None:
    """Return the run that is drawn beside: what is held comes before what is pinned."""
    if holds is not None:
        arrays = holds.arrays(level)
        return None if arrays is None else Other(*arrays, experiment.sample, HELD)
    return None if pin is None else pinning.other(pin, experiment)
