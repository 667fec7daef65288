"""The controls of the page: a task, and everything else that determines a run."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import state
from app.experiment.sources import MAX_HIDDEN, MAX_SEED
from app.experiment.value import Experiment
from app.views.shared import bound, narrow
from app.views.training.runs.as_controls import usual_controls
from app.views.training.runs.plan import MOST_BATCH, MOST_LENGTH, MOST_UPDATES, Plan
from app.views.training.sections import own
from app.views.training.tasks.offers import (
    EXAMPLES,
    OFFERS,
    OWN_DATA,
    OWN_SEQUENCE,
    TaskChoice,
    sequence_of,
    task_of,
)
from rnn_core import ACTIVATIONS, CELLS, INITIALISERS
from rnn_core.training import OPTIMISERS, SCHEDULES, Clip, Settings, Task

LEAST_RATE, MOST_RATE, MOST_CLIP, MOST_BIAS = 1e-6, 10.0, 1000.0, 20.0
FIRST = next(iter(OFFERS))
STARTS = {"drawn": "Drawn anew", "sidebar": "The sidebar's weights"}
TASK, WIDTH, NARROW = 270, 130, 115  # the first row is one at 1024
NOTES = (
    "The sidebar's weights must have as many inputs D and outputs K as the task, and bring their "
    "cell along. Keeping bias: what the bias of the gate that keeps the state begins with, the "
    "forget gate in an LSTM and the update gate in a GRU. Truncate: "
    "gradients flow so many steps back and no further. Chunks: an update is made after so many "
    "steps, and the next chunk starts from the last state; for tasks with an answer at every step."
)

Controls = Mapping[str, Any]


def plan_of(experiment: Experiment) -> Plan | None:
    """Draw the controls and return the plan they describe; None while a file is missing.

    Raises
    ------
    ValueError
        They describe none; one sentence.
    """
    narrow.switch("tr", "Choose the task and its settings")
    row = narrow.folded("tr").container(horizontal=True, vertical_alignment="bottom")
    with row:
        name = _choice("Task", "tr_task", _titles(OFFERS), FIRST, on_change=_to_chosen, width=TASK)
        cell_place = st.container(width=WIDTH)
    choice = own.render(name) if name in EXAMPLES else _held(name, experiment)
    if choice is None:
        return None
    task = own.own().task = task_of(choice)
    usual = usual_controls(task, experiment)
    if name == OWN_DATA:
        _follow(usual["tr_length"])
    with row:
        optimiser = _choice("Optimiser", "tr_opt", _titles(OPTIMISERS), usual["tr_opt"])
        rate = _number("Learning rate", "tr_rate", LEAST_RATE, MOST_RATE, usual["tr_rate"])
        updates = _whole("Updates", "tr_updates", 1, MOST_UPDATES, usual)
        st.button("Usual settings", key="tr-usual", on_click=partial(_set_usual, usual))
    more = narrow.folded("tr-more")
    with more.expander("More settings: network, batch, clipping, truncation, seed"):
        plan = _rest(choice, task, usual, experiment, cell_place, optimiser, rate, updates)
    values = {key: state.control(key) for key in usual}
    _chosen()[name] = {
        key: value for key, value in values.items() if value is not None or usual[key] is None
    }
    return plan


def _follow(length: int) -> None:
    """Give other data the length that they have; what the reader has chosen for them stays."""
    known = state.kept_in_session("tr_own_length", lambda: [length])
    if known != [length]:
        known[:] = [length]
        state.set_controls({"tr_length": length})


def _rest(
    choice: TaskChoice,
    task: Task,
    usual: Controls,
    experiment: Experiment,
    cell_place: DeltaGenerator,
    optimiser: str,
    rate: float,
    updates: int,
) -> Plan:
    own = task.name == OWN_SEQUENCE
    with st.container(horizontal=True):
        start = _choice(
            "Starts from",
            "tr_start",
            STARTS,
            usual["tr_start"],
            width=175,
        )
        sidebar = start == "sidebar"
        cell = _cell(cell_place, usual, experiment.cell if sidebar else None)
        gated = CELLS[cell].keeping is not None and not sidebar
        initialiser = _choice(
            "Initialiser", "tr_init", _titles(INITIALISERS), usual["tr_init"], disabled=sidebar
        )
        keep = bound.optional_number(
            None,
            "Keeping bias (empty: as drawn)",
            -MOST_BIAS,
            MOST_BIAS,
            usual["tr_keep"],
            key="tr_keep",
            disabled=not gated,
            width=200,
        )
        hidden = _whole(
            "Hidden units H", "tr_hidden", 1, MAX_HIDDEN, usual, disabled=sidebar, width=NARROW
        )
        activation = _choice("Activation", "tr_act", _symbols(), usual["tr_act"], width=NARROW)
        most = min(task.longest or MOST_LENGTH, MOST_LENGTH)
        length = _whole(
            "Length T", "tr_length", task.shortest, most, usual, disabled=own, width=NARROW
        )
        batch = _whole("Batch", "tr_batch", 1, MOST_BATCH, usual, disabled=own, width=NARROW)
    with st.container(horizontal=True):
        schedule = _choice("Schedule", "tr_sched", _titles(SCHEDULES), usual["tr_sched"], width=175)
        norm = _number("Clip norm at (0: off)", "tr_clip", 0.0, MOST_CLIP, usual["tr_clip"])
        value = _number("Clip entries at (0: off)", "tr_clipv", 0.0, MOST_CLIP, usual["tr_clipv"])
        cut = _whole(
            "Truncate after (0: off)",
            "tr_cut",
            0,
            MOST_LENGTH,
            usual,
        )
        every = task.readout == "every"
        chunk = _whole(
            "Chunks of steps (0: off)",
            "tr_chunk",
            0,
            MOST_LENGTH,
            usual,
            disabled=not every,
        )
        seed = _whole("Seed", "tr_seed", 0, MAX_SEED, usual)
    st.caption(NOTES)
    settings = Settings(
        length=task.setup.length if own else length,
        updates=updates,
        hidden=experiment.hidden if sidebar else hidden,
        batch=batch,
        activation=activation,
        initialiser=initialiser,
        optimiser=optimiser,
        learning_rate=rate,
        schedule=schedule,
        clip=Clip(norm=norm or None, value=value or None),
        truncate=cut or None,
        chunk=(chunk or None) if every else None,
        seed=seed,
        cell=cell,
        keep_bias=keep if gated else None,
    )
    return Plan(choice, settings, experiment.weights if sidebar else None)


def _cell(place: DeltaGenerator, usual: Controls, fixed: str | None) -> str:
    """Draw the choice of a cell and return it; `fixed` is that of the sidebar's weights."""
    if fixed is None:
        return _choice("Cell", "tr_cell", _titles(CELLS), usual["tr_cell"], place=place)
    place.selectbox(
        "Cell",
        [CELLS[fixed].title],
        key="tr-cell-fixed",
        disabled=True,
        width=WIDTH,
        help="The sidebar's weights bring their cell along.",
    )
    return fixed


def _set_usual(usual: Controls) -> None:
    """Set everything to what is usual but the cell, which stays the one that is chosen."""
    _set({**usual, "tr_cell": state.control("tr_cell") or usual["tr_cell"]})


def _to_chosen() -> None:
    """Give all controls the settings that the task just chosen had last, or its usual ones."""
    name, experiment = state.control("tr_task"), state.experiment()
    settings = _chosen().get(name)
    if settings is None:
        try:
            task = task_of(_held(name, experiment))
        except ValueError:  # it is told where the data stand
            task = task_of(TaskChoice(name, EXAMPLES[name]))
        _set_usual(usual_controls(task, experiment))
    else:
        _set(settings)


def _chosen() -> dict[str, Controls]:
    """Return the settings that each task had last in this session."""
    return state.kept_in_session("tr_chosen", dict)


def _held(name: str, experiment: Experiment) -> TaskChoice:
    """Return the choice of a task with the data that are there for it."""
    if name == OWN_SEQUENCE:
        return sequence_of(experiment)
    if name in EXAMPLES:
        return own.choice_of(name) or TaskChoice(name, EXAMPLES[name])
    return TaskChoice(name)


def _set(controls: Controls) -> None:
    state.set_controls(controls)


def _titles(registry: Mapping[str, Any]) -> dict[str, str]:
    return {name: entry.title for name, entry in registry.items()}


def _symbols() -> dict[str, str]:
    return {name: entry.symbol for name, entry in ACTIVATIONS.items()}


def _choice(
    label: str, key: str, titles: Mapping[str, str], usual: str, *, width: int = WIDTH, **more: Any
) -> str:
    return bound.choice(label, key, titles, usual, width=width, **more)


def _whole(label: str, key: str, least: int, most: int, usual: Controls, **more: Any) -> int:
    value = min(max(usual[key], least), most)
    return bound.whole_number(None, label, least, most, value, key=key, **{"width": WIDTH} | more)


def _number(label: str, key: str, least: float, most: float, usual: float, **more: Any) -> float:
    return bound.number(None, label, least, most, usual, key=key, **{"width": WIDTH} | more)
