"""Any moment of a run: the timeline, the network as it was then, and where else to look at it."""

from dataclasses import dataclass, replace

import streamlit as st

from app import state
from app.components.plot_view.component import chart_view
from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.figures import spectrum as spectra
from app.figures.run import preactivation, states
from app.figures.types import Chart, Steps
from app.figures.words import plural, short
from app.state import controls
from app.views.shared import heading
from app.views.shared.bound import slider
from app.views.training.figures import weights
from app.views.training.runs.plan import Plan
from app.views.training.runs.probe import experiment_of
from app.views.training.sections import prediction
from app.views.training.sections.shown import Page
from rnn_core import Trace, spectrum

ELSEWHERE = ("Explore", "Gradient flow", "Numerics", "Without the loop", "PyTorch")
KEY = "tr_at"
WAITS = "While it runs, the network after the latest update is shown"
ADDRESS = "tr_made"  # how many updates the moment that is looked at has, for a link and a scene


@dataclass
class _Asked:
    """The moment of a run that a link or a scene looks at, until the run has come so far."""

    plan: Plan | None = None
    update: int = 0


def hear(page: Page) -> bool:
    """Hear which moment a link or a scene looks at.

    Return whether that is a scene's, and the run has not come so far: its author has seen it there.
    """
    asked = state.kept_in_session(ADDRESS, _Asked)
    is_scene = controls.is_placed(ADDRESS)
    text = controls.asked(ADDRESS)
    if text is not None:
        total = page.plan.settings.updates
        update = int(text) if text.isdecimal() and len(text) < 8 else 0
        if text and not 1 <= update <= total:
            controls.not_taken(
                ADDRESS,
                f"Moment: expected from 1 to {total:,} updates, got {text[:60]!r} in the address.",
            )
            update = 0
        asked.plan, asked.update = page.plan, update
    return is_scene and bool(asked.update) and not _is_reached(page, asked)


def _is_reached(page: Page, asked: _Asked) -> bool:
    return page.run is not None and page.run.latest >= asked.update


def take(page: Page) -> None:
    """Go to the moment that a link or a scene looks at; where it has to be made first, say so."""
    asked = state.kept_in_session(ADDRESS, _Asked)
    if asked.plan != page.plan or not asked.update:
        return
    is_running = page.run is not None and page.run.running  # which ends at its last update
    if is_running or not _is_reached(page, asked):
        made = "They are being made again" if is_running else "**Start** makes them again"
        st.markdown(
            f"Here the network is looked at after {plural(asked.update, 'update')}. {made}: every "
            "number is the same."
        )
    else:
        controls.give(KEY, str(asked.update))
        asked.update = 0


def keep(page: Page) -> None:
    """Put the moment into the address."""
    asked = state.kept_in_session(ADDRESS, _Asked)
    waits = asked.update if asked.plan == page.plan else 0
    state.remember(ADDRESS, str(waits or page.update or ""))


def timeline(page: Page, running: bool) -> Page:
    """Draw the timeline and return the page at the moment that it shows; at first the latest."""
    run = page.run
    if running:  # in the place of the timeline, so that nothing moves once the run has ended
        st.slider(WAITS, 0, 1, 1, format="the latest", disabled=True, key=f"{KEY}_waits")
    if run is None or running or run.latest == 0:
        latest = run.latest if run is not None else 0
        return (
            page if run is None else replace(page, update=latest, checkpoint=run.checkpoint(latest))
        )
    if (state.control(KEY) or 0) > run.latest:  # of a longer run, looked at before this one
        state.set_controls({KEY: run.latest})
    update = slider(
        None,
        "Moment: the network after so many updates",
        0,
        run.latest,
        run.latest,
        key=KEY,
    )
    return replace(page, update=update, checkpoint=run.checkpoint(update))


def render(page: Page) -> None:
    """Draw the network of the moment on a sequence that it is not trained on."""
    noun = "update" if page.update == 1 else "updates"
    heading.part(f"After {page.update:,} {noun}, on a sequence held out")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sample = prediction.sequence(page)
        experiment = experiment_of(
            page.plan.choice, page.plan.settings, page.checkpoint.params, sample
        )
        for title in ELSEWHERE:
            if st.button(f"Open in {title}", key=f"tr-open-{title}") and state.change(experiment):
                page.open_page(title)
    _charts(experiment)


def _charts(experiment: Experiment) -> None:
    trace = trace_of(experiment)
    steps = Steps(trace.steps, experiment.labels())
    told, inside = _recurrence(trace, steps)
    st.markdown(f"Loss on it **{short(trace.loss or 0.0)}**{told}.")
    chart_view(
        [
            *states.charts(trace, 0, steps)[: 1 + len(trace.cell.states)],
            *inside,
            weights.chart("tr_weights", "Parameters", trace.params),
        ],
        key="tr-moment",
        steps=trace.steps,
        columns=2,
    )


def _recurrence(trace: Trace, steps: Steps) -> tuple[str, list[Chart]]:
    """Return words and charts of what carries the state from step to step.

    Where one matrix does, its spectrum says how far; elsewhere the gates do.
    """
    if "W_hh" not in trace.params.names:
        return "", preactivation.gates(trace, 0, steps)
    found = spectrum(trace.params["W_hh"])
    told = (
        f", spectral radius of W_hh **{short(found.radius)}**, largest singular value "
        f"**{short(found.norm)}**"
    )
    return told, [spectra.eigenvalues(found)]
