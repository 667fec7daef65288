"""The sweep: how far a gradient reaches, over spectral radius and length, where there is time."""

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from functools import partial

import streamlit as st

from app import state
from app.components.plot_view.component import chart_view
from app.experiment.sources import Drawn
from app.experiment.value import Experiment
from app.figures.words import plural
from app.server import options
from app.views.gradient_flow.compute import sweep as compute
from app.views.gradient_flow.compute.sweep import Floats, Grid
from app.views.gradient_flow.figures import sweep as figures
from app.views.shared import heading, narrow, told
from app.views.shared.bound import choice, slider, whole_number
from app.views.shared.fragment import fragment
from app.views.shared.queue import about, standing
from app.work.jobs import Desk, Job, Progress, Stop
from app.work.sweeps import TURNS, cluster_available, in_process, on_cluster, on_processes
from rnn_core import SweepMap, run_sweep_chunk
from rnn_core.cells import ELMAN

POLL_S = 0.5
INPUTS = {"own": "The sequence, repeated", "noise": "Noise N(0, 1)"}
PLACES = {"here": "This process", "processes": "Processes", "dask": "Dask cluster"}
INSTALL = "Dask is not installed: `pip install -r requirements-dask.txt`, then start the app again."
ADDRESS = "No cluster: start the app with `python -m unrolled --scheduler tcp://host:8786`."
Result = tuple[int, Floats]
Key = tuple[Experiment, Grid, str]


def render(experiment: Experiment) -> None:
    """Draw the section: what is asked, the controls, the map as it fills in, and what it shows."""
    heading.part("At which spectral radius does a gradient survive, and how far?")
    grid, place = _controls(experiment)
    key = (experiment, grid, place)
    try:
        seconds = compute.seconds_of(experiment, grid)
        missing = _missing(place)
    except ValueError as error:
        told.refuse(error)
        return
    desk = state.kept_in_session("sweep", _desk)
    job = desk.find(key)
    running = job is not None and not job.progress().over
    done = job is not None and job.progress().state == "done"
    begun = job is not None and job.progress().done > 0
    asked = place != "here" or seconds > compute.FREE_SECONDS
    with st.container(horizontal=True, vertical_alignment="center"):
        if running:
            st.button("Cancel", key="gs-cancel", on_click=desk.cancel)
        elif asked and not done:
            st.button(
                "Continue the sweep" if begun else "Run the sweep",
                key="gs-run",
                type="primary",
                disabled=bool(missing),
                on_click=partial(_begin, desk, key),
            )
        if asked and not done:
            st.markdown(missing or _work(experiment, grid, seconds), width="stretch")
    fragment(_result, run_every=POLL_S if running else None)(desk, key, running)
    _explain(experiment)


def _explain(experiment: Experiment) -> None:
    """Say what each place of the map shows."""
    if experiment.kind is ELMAN:
        product = (
            r"$\frac{\partial h_T}{\partial h_0} = D_T W_{hh} \cdots D_1 W_{hh}$, "
            r"$D_t = \operatorname{diag}(\varphi'(z_t))$"
        )
        scaled = "$W_{hh}$"
    else:
        product = (
            r"$\frac{\partial h_T}{\partial h_0} = J_T \cdots J_1$, where $h$ stands for all "
            "states of the cell together"
        )
        scaled = "each of its recurrent matrices"
    st.markdown(
        f"Back-propagation over $T$ steps multiplies a gradient by {product}. Each place of the "
        f"map is a run of the network with {scaled} scaled to a spectral radius, and shows the "
        "largest factor by which that product can change a gradient, "
        r"$\lVert \partial h_T / \partial h_0 \rVert_2$."
    )


def _desk() -> Desk[Result]:
    return Desk()


def _controls(experiment: Experiment) -> tuple[Grid, str]:
    """Draw the controls and return what they say."""
    drawn = isinstance(experiment.weights, Drawn)
    place = narrow.folded("gs")
    with place.container(horizontal=True):
        low, high = slider(
            None,
            "Spectral radius",
            0.05,
            3.0,
            (0.5, 1.6),
            0.05,
            key="gs_radius",
            help=f"{', '.join(experiment.kind.recurrent)}: multiplied so that the largest "
            "eigenvalue has this magnitude.",
            width=190,
        )
        radii = _number("Radii", "gs_radii", (2, compute.MOST_RADII, compute.COARSE))
        longest = _number("Longest T", "gs_longest", (2, compute.LONGEST, 100))
        lengths = _number("Lengths", "gs_lengths", (2, compute.MOST_LENGTHS, compute.COARSE))
        networks = _number(
            "Networks",
            "gs_networks",
            (1, compute.MOST_NETWORKS, 1),
            disabled=not drawn,
            help="A cell is the median over so many seeds, counted up from the experiment's own."
            if drawn
            else "These weights are given number by number: draw them from a seed to have others.",
        )
    with place.container(horizontal=True):
        noise = choice("Input", "gs_input", INPUTS, "own", look="buttons")
        where = choice("Computed in", "gs_where", PLACES, "here", look="buttons")
    grid = Grid(low, high, radii, longest, lengths, networks if drawn else 1, noise == "noise")
    return grid, where


def _number(
    label: str,
    key: str,
    limits: tuple[int, int, int],
    *,
    disabled: bool = False,
    help: str | None = None,
) -> int:
    least, most, value = limits
    return whole_number(
        None,
        label,
        least,
        most,
        value,
        key=key,
        disabled=disabled,
        help=help,
        width=110,
    )


def _missing(place: str) -> str:
    """Say what the chosen place needs and does not have, or nothing.

    Raises
    ------
    ValueError
        The operator's address of the scheduler is not one.
    """
    if place != "dask":
        return ""
    if not cluster_available():
        return INSTALL
    return "" if _scheduler() else ADDRESS


def _scheduler() -> str | None:
    """Return the address of the cluster: the operator's alone, a visitor cannot give one."""
    return options.read(sys.argv[1:]).scheduler


def _work(experiment: Experiment, grid: Grid, seconds: float) -> str:
    sweep = compute.sweep_of(experiment, grid)
    size = f"{len(sweep.radii)} radii × {len(sweep.lengths)} lengths"
    if grid.networks > 1:
        size += f" × {grid.networks} networks"
    chunks = plural(len(compute.parts_of(experiment, grid)), "chunk")
    return f"{size}: {about(seconds)} of work on one core, in {chunks}."


def _begin(desk: Desk[Result], key: Key) -> None:
    """Compute what is missing: what an earlier job of the same sweep has computed is kept."""
    experiment, grid, place = key
    parts = compute.parts_of(experiment, grid)
    earlier = desk.find(key)
    had = earlier.items() if earlier is not None else []
    missing = sorted(set(range(len(parts))) - {number for number, _ in had})
    run: dict[str, Callable[..., Generator[Result, None, None]]] = {
        "here": partial(in_process, turns=TURNS, who=desk),
        "processes": partial(on_processes, turns=TURNS, who=desk),
        "dask": partial(on_cluster, address=_scheduler() or ""),
    }

    def work(stop: Stop) -> Iterator[Result]:
        found = run[place](run_sweep_chunk, [parts[number] for number in missing], stop)
        with closing(found):
            for number, result in found:
                yield missing[number], result

    desk.begin(Job(work, len(parts), key=key, had=had))


def _result(desk: Desk[Result], key: Key, was_running: bool) -> None:
    """Draw the job's progress and the map, and the page anew once the job is over."""
    experiment, grid, place = key
    job = desk.find(key)
    if job is not None:
        progress = job.progress()
        if was_running and progress.state == "left":  # this tab was asleep, and nobody asked
            _begin(desk, key)
        elif was_running and progress.over:
            st.rerun()
        begun = progress.remaining is not None
        _progress(progress, "" if place == "dask" else standing(TURNS, desk, begun=begun))
        _chart(compute.partial_map(experiment, grid, job.items()))
    elif compute.seconds_of(experiment, grid) <= compute.FREE_SECONDS:
        _chart(compute.map_of(experiment, grid))
    else:
        small = compute.coarse(experiment, grid)
        st.markdown(
            f"For a first look, {small.radii} radii × {small.lengths} lengths up to "
            f"T = {small.longest}:"
        )
        _chart(compute.map_of(experiment, small))


def _progress(progress: Progress, turns: str) -> None:
    done = f"{progress.done} of {plural(progress.total, 'chunk')}"
    if progress.state == "failed":
        told.refuse(progress.problem)
    elif progress.state == "running":
        left = "" if progress.remaining is None else f", {about(progress.remaining)} left"
        others = f", {turns}" if turns else ""
        st.progress(progress.share, f"{done}{left}{others}. It ends when this page is left.")
    elif progress.state == "done":
        st.markdown(f"Done in {about(progress.elapsed)}.")
    else:
        why = "Cancelled" if progress.state == "cancelled" else "Ended, as the page was left,"
        st.markdown(f"{why} after {done}; what was computed is shown.")


def _chart(found: SweepMap) -> None:
    chart_view([figures.chart(found)], key="gs-chart")
