"""Data: what the task asks, how well it can be done, and what its sequences look like."""

import streamlit as st

from app.components.plot_view.component import chart_view
from app.figures.words import short
from app.views.shared import heading
from app.views.training.sections import prediction
from app.views.training.sections.shown import Page
from app.views.training.tasks.asked import asked_of
from app.views.training.tasks.offers import OWN_DATA, announced
from rnn_core.training import Task

SHOWN = 3
OWN_FORMAT = (
    "CSV: a line for each step, `sequence,x1,x2,y`, with y at every step or at the last one alone; "
    'y may be numbers or labels. JSON: a list of `{"x": [[…], …], "y": …}`.'
)


def render(page: Page) -> None:
    """Say what the task is, and show the first sequences held out."""
    task, length = page.task, page.plan.settings.length
    heading.part(task.title)
    st.markdown(asked_of(task).sentence)
    if task.name == OWN_DATA:
        st.caption(OWN_FORMAT)
    st.markdown(
        f"What counts is the {task.measure}{_marks(task, length)} There "
        f"{'is' if task.inputs == 1 else 'are'} **{task.inputs}** "
        f"{'input' if task.inputs == 1 else 'inputs'} and **{task.outputs}** "
        f"{'output' if task.outputs == 1 else 'outputs'}, read out at "
        f"{'every step' if task.readout == 'every' else 'the last step'}."
    )
    seconds = announced(page.plan.choice)
    takes = (
        "" if seconds is None else f" With its usual settings a run takes about {seconds:.0f} s."
    )
    st.caption(f"From: {task.source}.{takes}")
    charts = prediction.asked(page, SHOWN)
    chart_view(charts, key="tr-asked")


def _marks(task: Task, length: int) -> str:
    """Say how well a guess does, and from where the task counts as solved."""
    guess, reached, mark = asked_of(task).guess, task.baseline(length), task.solved(length)
    of_guess = f": {guess[0].lower()}{guess[1:]} reaches **{short(reached)}**"
    if task.measure != "accuracy":
        return f"{of_guess}, and at **{short(mark)}** or less the task counts as solved."
    if reached >= mark:
        return ". A guess is always right here: watch the loss instead."
    marked = f"from **{short(mark)}** on" if mark < 1 else "at **1**"
    return f"{of_guess}, and {marked} the task counts as solved."
