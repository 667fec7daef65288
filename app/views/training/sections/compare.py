"""Compare: runs that were pinned, and the present one, over one another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, NamedTuple

import streamlit as st

from app import state
from app.components.plot_view.component import chart_view
from app.figures.words import listed
from app.state.controls import placed_by_scene
from app.views.shared import told
from app.views.shared.fragment import fragment
from app.views.training.figures import compare as figures
from app.views.training.figures.compare import Shown
from app.views.training.runs import token
from app.views.training.runs.as_controls import controls_for
from app.views.training.runs.compared import (
    called,
    differences,
    differences_in_words,
    fits_a_sentence,
    verdict,
)
from app.views.training.runs.examples import COMPARISONS
from app.views.training.runs.plan import Plan
from app.views.training.runs.run import Run
from app.views.training.sections import watch
from app.views.training.sections.shown import Page
from app.views.training.sections.visit import visitor

MOST_PINS = 3
NAMES = ("A", "B", "C")
PRESENT = "this run"
ADDRESS = "tr_pins"
POLL_S = 0.7


@dataclass
class Pins:
    """The plans that this session has pinned; those of the address, at first."""

    plans: list[Plan] = field(default_factory=list)
    problem: str = ""


class Named(NamedTuple):
    """A plan, what it is called here, and its colour."""

    name: str
    plan: Plan
    role: int


def pins() -> Pins:
    """Return the pins of the session; a scene of a lesson that has some brings its own."""
    found = state.kept_in_session("pins", _from_address)
    if text := "".join(placed_by_scene(ADDRESS) or ()):
        brought = _read(text)
        found.plans, found.problem = brought.plans, brought.problem
        for plan in found.plans:  # as the author of the scene has seen them
            _run(plan)
    return found


def keep() -> None:
    """Put the pins into the address, which Streamlit empties when the page changes."""
    state.remember(ADDRESS, token.encode(pins().plans))


def render(page: Page) -> None:
    """Draw the pins and the curves over one another."""
    found = pins()
    if found.problem:
        told.warn(found.problem)
    if found.plans:
        _buttons(page, found.plans)
        _examples(page, found.plans)
    else:
        _ways_to_begin(page)
    _lasting(found.plans)
    runs = _named(found.plans, page.plan)
    if len(runs) > 1:
        _difference(runs)
    going = _going(runs)
    fragment(_curves, run_every=POLL_S if going else None)(page, runs, going)


def _ways_to_begin(page: Page) -> None:
    """Offer a pair that shows something, and say how to make one's own."""
    examples, own = st.columns(2, border=True)
    with examples:
        for name, one in COMPARISONS.items():
            st.markdown(f"**{one.title}.** {one.question}")
            _example(page, name, [], "Run this pair", "primary")
    with own:
        st.markdown(
            "**A pair of your own.** Pin this run, then change one setting above, as the cell, the "
            "learning rate or the clipping: both are drawn in the same plots."
        )
        _buttons(page, [])


def _lasting(plans: list[Plan]) -> None:
    """Say which pins a reload, or a link to this page, does not have."""
    own = [name for name, plan in zip(NAMES, plans, strict=False) if plan.choice.private]
    if own:
        one = len(own) == 1
        st.caption(
            f"{listed(own)} {'learns' if one else 'learn'} from a file of yours, which is no part "
            f"of the address: {'this pin lasts' if one else 'these pins last'} while this page is "
            "open."
        )
    if len(own) < len(plans) and not token.encode(plans):
        st.caption(
            "The pinned runs are too long for the address: they last while this page is open."
        )


def _named(pinned: list[Plan], present: Plan) -> list[Named]:
    """Return all plans, the present one last, with a name and a colour that are a pin's own."""
    pins = list(enumerate(pinned))
    runs = [Named(NAMES[role], plan, role) for role, plan in pins if plan != present]
    for role, plan in pins:
        if plan == present:
            return [*runs, Named(f"{NAMES[role]} ({PRESENT})", plan, role)]
    return [*runs, Named(PRESENT, present, MOST_PINS)]


def _going(runs: list[Named]) -> bool:
    found = [visitor().find(one.plan) for one in runs]
    return any(run is not None and run.running for run in found)


def _buttons(page: Page, plans: list[Plan]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Pin this run",
            key="tr-pin",
            on_click=partial(_pin, page.plan),
            disabled=page.plan in plans or len(plans) == MOST_PINS,
        )
        for name, plan in zip(NAMES, plans, strict=False):
            run = visitor().find(plan)
            if run is None or not (run.over or run.running):
                st.button(f"Run {name}", key=f"tr-run-{name}", on_click=partial(_run, plan))
            controls = controls_for(plan, page.plan, state.experiment())
            if controls is not None and plan != page.plan:
                st.button(
                    f"Use the settings of {name}",
                    key=f"tr-set-{name}",
                    on_click=partial(state.set_controls, controls),
                )
            st.button(f"Unpin {name}", key=f"tr-unpin-{name}", on_click=partial(_unpin, plan))


def _examples(page: Page, plans: list[Plan]) -> None:
    """Offer what there is room to pin, and say of what is pinned what it shows."""
    for name, one in COMPARISONS.items():
        missing = [plan for plan in one.plans if plan not in plans]
        if not missing:
            st.caption(one.sentence)
        elif len(plans) + len(missing) <= MOST_PINS:
            _example(page, name, plans, f"Example: {one.title}")


def _example(
    page: Page,
    name: str,
    plans: list[Plan],
    label: str,
    look: Literal["primary", "secondary"] = "secondary",
) -> None:
    """Draw the button that runs an example beside what is pinned."""
    wanted = COMPARISONS[name].plans
    missing = [plan for plan in wanted if plan not in plans]
    controls = controls_for(wanted[-1], page.plan, state.experiment()) or {}
    st.button(
        label,
        key=f"tr-example-{name}",
        type=look,
        on_click=partial(_begin, missing, wanted, controls),
    )


def _begin(missing: Sequence[Plan], plans: Sequence[Plan], controls: Mapping[str, Any]) -> None:
    """Pin the runs of an example that are not, take the settings of the last, and start all."""
    for plan in missing:
        _pin(plan)
    state.set_controls(controls)
    watch.wish().plan = plans[-1]
    for plan in plans:
        _run(plan)


def _difference(runs: list[Named]) -> None:
    names, rows = [one.name for one in runs], differences([one.plan for one in runs])
    st.markdown(differences_in_words(names, rows))
    if fits_a_sentence(names, rows):
        return
    head = f"| | {' | '.join(names)} |\n|:--|{':--|' * len(names)}\n"
    st.markdown(head + "\n".join(f"| {key} | {' | '.join(row)} |" for key, row in rows.items()))


def _curves(page: Page, runs: list[Named], going: bool) -> None:
    if going and not _going(runs):
        st.rerun()
    shown = []
    legend = called([one.name for one in runs], differences([one.plan for one in runs]))
    for one, name in zip(runs, legend, strict=True):
        run = visitor().find(one.plan)
        if run is not None:
            run.beat()
            progress = run.progress()
            if progress is not None and progress.state == "failed" and one.plan != page.plan:
                told.refuse(f"{one.name}: {progress.problem}")
        if one.plan.choice == page.plan.choice:
            shown.append(Shown(name, run.points() if run is not None else [], one.role))
    away = [one.name for one in runs if one.plan.choice != page.plan.choice]
    if away:
        st.caption(f"Not drawn, since another task is learnt: {', '.join(away)}.")
    judged = verdict([one.name for one in shown], [one.points for one in shown], page.task)
    if judged or len(runs) > 1:
        st.markdown(judged or "None of these runs has been judged yet.")
    updates = max(one.plan.settings.updates for one in runs if one.plan.choice == page.plan.choice)
    if going or any(one.points for one in shown):
        chart_view(figures.charts(shown, page.task, updates), key="tr-compare", columns=2)


def _from_address() -> Pins:
    return _read(state.remembered(ADDRESS))


def _read(text: str) -> Pins:
    if not text:
        return Pins()
    try:
        return Pins(token.decode(text)[:MOST_PINS])
    except ValueError as error:
        return Pins(problem=str(error))


def _pin(plan: Plan) -> None:
    pins().problem = ""
    pins().plans.append(plan)


def _unpin(plan: Plan) -> None:
    pins().plans.remove(plan)


def _run(plan: Plan) -> None:
    try:
        run: Run = visitor().open(plan)
    except ValueError as error:
        state.report(str(error))
        return
    run.go()
