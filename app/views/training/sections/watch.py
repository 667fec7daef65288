"""Watch: start, pause and step the run, its curves as they grow, and any moment of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from app import state
from app.components.plot_view.component import chart_view
from app.figures.words import plural, short
from app.views.shared import told
from app.views.shared.fragment import fragment
from app.views.shared.queue import about, standing
from app.views.training.figures import curves
from app.views.training.runs.plan import Plan
from app.views.training.runs.probe import probe
from app.views.training.runs.run import TURNS, Run
from app.views.training.sections import moment, prediction
from app.views.training.sections.shown import Page
from app.views.training.sections.visit import visitor
from app.views.training.tasks.asked import asked_of
from app.views.training.tasks.offers import announced
from app.work.jobs import Progress
from rnn_core.training import Settings

POLL_S = 0.7


@dataclass
class Wish:
    """The run that this session wants to go on, also after a pause that nobody asked for."""

    plan: Plan | None = None


def wish() -> Wish:
    """Return this session's wish."""
    return state.kept_in_session("training", Wish)


def wanted(page: Page) -> bool:
    """Whether the run is to go on."""
    return page.run is not None and not page.run.over and wish().plan == page.plan


def buttons(page: Page) -> None:
    """Draw the buttons that make the run go, and how far it is."""
    run = page.run
    if run is not None and _ended(run) and wish().plan == page.plan:
        wish().plan = None  # what has failed is said, and goes on only when asked
        state.set_controls({moment.KEY: run.latest})
    with st.container(horizontal=True, vertical_alignment="center", key="training-run"):
        _buttons(page.plan, page.run, wanted(page))
        with st.container(width="stretch"):
            fragment(_progress, run_every=POLL_S if wanted(page) else None)(page, wanted(page))


def render(page: Page) -> None:
    """Draw the prediction against the target, and below it the curves, as the run goes on."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.markdown(asked_of(page.task).sentence, width="stretch")
        sample = prediction.sequence(page)
    fragment(_charts, run_every=POLL_S if wanted(page) else None)(page, sample)


def _buttons(plan: Plan, run: Run | None, running: bool) -> None:
    begun, over = run is not None and run.latest > 0, run is not None and run.over
    st.button(  # one button of one kind throughout: it keeps the focus
        "Pause" if running else "Run again" if over else "Continue" if begun else "Start",
        key="tr-go",
        type="primary",
        on_click=partial(_pause if running else go, plan),
    )
    st.button("One update", key="tr-step", disabled=running or over, on_click=partial(_step, plan))
    st.button("Reset", key="tr-reset", disabled=run is None, on_click=partial(_reset, plan))


def go(plan: Plan) -> None:
    """Let the run go on, or begin anew if it has ended."""
    run = visitor().find(plan)
    if run is not None and run.over:
        visitor().forget(plan)

    def begun() -> None:
        visitor().open(plan).go()
        state.say(f"The run goes on, to {plan.settings.updates:,} updates.")

    _try(begun)
    wish().plan = plan


def _pause(plan: Plan) -> None:
    wish().plan = None
    run = visitor().find(plan)
    if run is not None:
        run.pause()
        run.wait()
        state.set_controls({moment.KEY: run.latest})
        state.say(f"Paused. {_made(run)}")


def _step(plan: Plan) -> None:
    def one() -> None:
        run = visitor().open(plan)
        run.go(1)
        run.wait()
        if run.running:
            run.pause()
            run.wait()
            raise ValueError(
                "One update: expected an answer within 30 s, got none: the server is busy"
            )
        state.set_controls({moment.KEY: run.latest})
        state.say(_made(run))

    _try(one)


def _reset(plan: Plan) -> None:
    wish().plan = None
    visitor().forget(plan)
    state.say("Reset: no update is made.")


def _try(action: Callable[[], None]) -> None:
    try:
        action()
    except ValueError as error:
        state.report(str(error))
    else:
        state.report(None)


def _progress(page: Page, was_running: bool) -> None:
    """Say how far the run is, and keep it going; once it is over, draw the whole page anew."""
    run = page.run
    if run is not None and was_running:
        run.beat()
        if _ended(run):
            state.say(f"The run has ended. {_made(run)}")
            st.rerun()
        run.go()  # also after it was left because this tab was asleep
    _say(page, was_running)


def _made(run: Run) -> str:
    """Say how far a run is, and the loss of its last update."""
    points = run.points()
    loss = f" The loss was {short(points[-1].loss)}." if points else ""
    return f"{run.latest:,} of {run.plan.settings.updates:,} updates made.{loss}"


def _ended(run: Run) -> bool:
    """Whether it goes on no more by itself: it is over, or has failed."""
    progress = run.progress()
    return run.over or (progress is not None and progress.state == "failed")


def _charts(page: Page, sample: int) -> None:
    run, settings = page.run, page.plan.settings
    points = run.points() if run is not None else []
    at = run.checkpoint(run.latest) if run is not None and wanted(page) else page.checkpoint
    charts = [prediction.chart(page, at, sample)]
    if points or wanted(page):
        charts += curves.charts(points, page.task, settings.length, settings.updates)
    chart_view(charts, key="tr-curves", columns=2)


def _say(page: Page, running: bool) -> None:
    run, total = page.run, page.plan.settings.updates
    latest = run.latest if run is not None else 0
    progress = run.progress() if run is not None else None
    if run is not None and run.trouble:
        told.warn(_trouble(run))
        return
    if progress is not None and progress.state == "failed":
        told.refuse(progress.problem)
    if running and run is not None and progress is not None:
        st.progress(latest / total, _pace(run, progress))
    elif latest:
        st.progress(latest / total, f"{latest:,} of {total:,} updates made.")
    else:
        if visitor().missed:
            st.caption(
                "A run of this address is kept no longer: Start makes it again, the same numbers."
            )
        st.markdown(f"Not begun. {total:,} updates of {_batch(page)}{_announced(page)}.")


def _pace(run: Run, progress: Progress) -> str:
    """Say how far it is, how long it will take, and who takes turns with it."""
    parts = [f"{run.latest:,} of {run.plan.settings.updates:,} updates"]
    if progress.remaining is not None:
        parts.append(f"{about(progress.remaining)} left")
    if turns := standing(TURNS, run, begun=progress.done > 0):
        parts.append(turns)
    return ", ".join(parts)


def _announced(page: Page) -> str:
    """Say how long the run takes, where it is the usual one."""
    seconds = announced(page.plan.choice)
    usual = replace(Settings.of(page.task), seed=page.plan.settings.seed)
    if seconds is None or page.plan.start is not None or page.plan.settings != usual:
        return ""
    return f": {about(seconds)} in all, and the task is solved before the end"


def _batch(page: Page) -> str:
    settings = page.plan.settings
    steps = len(probe(page.plan.choice, settings).x)
    if settings.chunk is not None:
        return f"{plural(settings.batch, 'chunk')} of {plural(min(settings.chunk, steps), 'step')}"
    return f"{plural(settings.batch, 'sequence')} of {plural(steps, 'step')} each"


def _trouble(run: Run) -> str:
    number = run.points()[-1].number
    what = {"loss": "The loss"}.get(run.trouble or "", run.trouble)
    return (
        f"{what} of update {number:,} is not finite, so the run has stopped after update "
        f"{run.latest:,}. Try a smaller learning rate, clip the norm of the gradient, or take tanh "
        "instead of an activation without bounds."
    )
