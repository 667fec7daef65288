"""The non-linear recurrence without the loop: iterations, one by one."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from app import state
from app.components.plot_view.component import chart_view
from app.experiment.sources import Drawn, Series
from app.experiment.value import Experiment
from app.figures.words import plural
from app.views.shared import told
from app.views.shared.bound import choice, slider, whole_number
from app.views.shared.fragment import fragment
from app.views.without_the_loop.compute import solve
from app.views.without_the_loop.compute.solve import Played
from app.views.without_the_loop.figures import iterates as figures
from app.views.without_the_loop.sections.words import off
from rnn_core import ITERATIVE_METHODS

PLAY_S = 0.7
STEPPING_PX = 80  # Play and Pause are equally wide: nothing moves under the pointer
LIMITS = (
    "In exact arithmetic T iterations always suffice (but for the damped methods, which reject "
    "steps), since each makes at least one more step final. With rounding, a chaotic recurrence "
    "multiplies the last bit until nothing agrees: then the limit ends the iterations and the loop "
    "does the rest."
)


def _open(title: str, radius: float) -> None:
    """Show a network of eight tanh units that reads a sine, with this spectral radius."""
    wanted = Experiment(
        title=title,
        sequence=Series(name="sine", length=LENGTH, scaling="none"),
        weights=Drawn(scheme="orthogonal", seed=2, hidden=8, spectral_radius=radius),
        loss="squared_error",
        readout="every",
    )
    state.change(wanted)


EXAMPLES = {"Forgets quickly": 0.6, "Hardly forgets": 1.0, "Chaotic": 2.5}
"""Spectral radii of W_hh."""

LENGTH = 150


@dataclass
class Player:
    """Where the player of this session is."""

    number: int = 0
    on: bool = False


def render(experiment: Experiment) -> None:
    """Draw the choice of method and the player of its iterates."""
    method, cap, chunk = _choices(experiment)
    try:
        played = solve.played_of(experiment, method, cap, chunk)
    except ValueError as error:
        told.refuse(error)
        return
    st.markdown(_story(played, method))
    player = state.kept_in_session("wl_player", Player)
    fragment(_play, run_every=PLAY_S if player.on else None)(played, experiment.hidden)
    sources = " ".join(f"{one.title}: {one.source}." for one in ITERATIVE_METHODS.values())
    st.caption(f"{LIMITS} {sources}")


def _choices(experiment: Experiment) -> tuple[str, int, int | None]:
    row = st.container(horizontal=True, vertical_alignment="bottom")
    titles = {name: method.title for name, method in ITERATIVE_METHODS.items()}
    method = choice("Method", "wl_m", titles, next(iter(titles)), place=row, width=270)
    steps = min(experiment.sizes[0], solve.MOST_STEPS)
    cap = whole_number(row, "Most iterations", 1, solve.MOST_CAP, 100, key="wl_cap", width=150)
    chunk = None
    if method == "chunked_jacobi":
        most = solve.MOST_STEPS
        chunk = whole_number(row, "Steps in a chunk", 1, most, 4, key="wl_c", width=150)
        chunk = min(chunk, steps)
    for name, radius in EXAMPLES.items():
        row.button(
            name,
            key=f"wl_try_{name.split()[0].lower()}",
            on_click=_open,
            args=(name, radius),
            help=f"8 tanh units with spectral radius {radius} read a sine of {LENGTH} steps.",
        )
    return method, cap, chunk


def _story(played: Played, method: str) -> str:
    solution, steps = played.solution, len(played.loop) - 1
    apart = played.differences[-1]
    idea = ITERATIVE_METHODS[method].idea
    count = plural(solution.iterations, "iteration")
    if solution.fell_back:
        text = (
            f"Gave up after **{count}** ({solution.reason[0].lower()}{solution.reason[1:-1]}); its "
            f"last iterate agrees with the loop up to step **{played.fronts[-1]}** of {steps} and "
            f"is off by up to **{off(float(apart.max()))}** after it. The loop did the rest."
        )
    else:
        text = (
            f"**{count}** for {plural(steps, 'step')}; the states agree with those of the loop to "
            f"**{off(float(apart.max()))}**."
        )
        if played.fronts[-1] < steps:
            text += (
                f" Each state follows from the one before it, but rounding errors grow: they agree "
                f"to 1e−12 only up to step **{played.fronts[-1]}**."
            )
    return f"{idea} {text} {played.left_out}"


def _play(played: Played, hidden: int) -> None:
    """Draw one iterate, with its controls; while playing, this alone runs again and again."""
    player, last = state.kept_in_session("wl_player", Player), len(played.iterates) - 1
    if player.on:
        if player.number >= last:
            player.on = False
            state.set_controls({"wl_i": last})  # what the browser has may be older
            st.rerun()
        state.set_controls({"wl_i": player.number + 1})
    elif player.number > last:  # the method before had more iterations
        state.set_controls({"wl_i": last})
    number, unit = _controls(player, last, hidden)
    front = played.fronts[number]
    steps = len(played.loop) - 1
    states = figures.states(played.iterates[number], played.loop, unit, number, front)
    chart_view([states], key="wl_states", steps=steps)
    overview = [
        figures.convergence(played.differences, number),
        figures.residuals(played.solution.residuals, number),
    ]
    chart_view(overview, key="wl_iterates", steps=steps, columns=2)


def _controls(player: Player, last: int, hidden: int) -> tuple[int, int]:
    """Return the iterate to show and the unit, counted from 0."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    number = slider(row, "Iteration", 0, max(1, last), 0, key="wl_i")
    player.number = min(number, last)
    for label, step in (("Back", -1), ("Step", 1)):
        row.button(
            label,
            key=f"wl_{label.lower()}",
            disabled=not 0 <= player.number + step <= last,
            on_click=state.set_controls,
            args=({"wl_i": int(np.clip(player.number + step, 0, last))},),
            width=STEPPING_PX,
        )
    if row.button("Pause" if player.on else "Play", key="wl_play", width=STEPPING_PX):
        player.on = not player.on
        if player.on and player.number >= last:
            player.number = 0
        st.rerun()
    if hidden == 1:
        return player.number, 0
    unit = whole_number(row, "Unit", 1, hidden, 1, key="wl_u", width=130)
    return player.number, min(unit, hidden) - 1
