"""What can be taken along: a page with the whole network, and its graph as a figure and as data."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from app.components.graph_view import export
from app.components.graph_view.extent import (
    level_shown,
    levels_offered,
    node_count,
    nodes_per_step,
    step_of,
)
from app.components.graph_view.figure import figure
from app.components.graph_view.held_data import with_held_numbers
from app.components.graph_view.written import explained, in_notation
from app.components.portable.data import why_not
from app.components.portable.page import portable_page
from app.experiment import presets
from app.experiment.held_run import HeldRun
from app.experiment.run import gradients_if_any, graph_of, trace_of
from app.experiment.value import Experiment
from app.figures import notation, standalone, words
from app.figures.run import payload
from app.state import View
from app.views.explore.sections.held import Held
from app.views.shared import aside, told
from rnn_core import Trace
from rnn_core.cells import Rewriter

PICTURED_STEPS, PICTURED_NODES = 10, 300
"""The most a picture shows, around the position; data are of the whole sequence."""

HERE_NODES = 10_000
"""Of all levels, the most of a page that this process makes; longer, all visitors would wait."""

Maker = Callable[..., bytes]
PICTURES: tuple[tuple[str, str, str, Maker], ...] = (
    ("Interactive picture", "html", "text/html", export.html_page),
    ("Figure, SVG", "svg", "image/svg+xml", partial(figure, format="svg")),
    ("Figure, PNG", "png", "image/png", partial(figure, format="png")),
    ("Figure, PDF", "pdf", "application/pdf", partial(figure, format="pdf")),
)
DATA: tuple[tuple[str, str, str, Maker], ...] = (
    ("GraphML", "graphml", "application/xml", export.graphml),
    ("JSON", "json", "application/json", export.json_text),
)
"""Title, ending of the file, media type, and what makes it of a graph."""


def render(experiment: Experiment, view: View, held: Held | None = None) -> None:
    """Draw a menu of downloads, once it is opened; a file is only made when it is asked for.

    Where numbers are held, the reader chooses the run with them or without.
    """
    with st.popover("Download", key="downloads", on_change="rerun") as menu:
        if not menu.open:  # most edits are made with the menu closed
            return
        trace = trace_of(experiment)
        level = level_shown(trace, view.level)
        run = _chosen(held, level)
        steps = pictured(trace, level, view.at)
        where = f", steps {steps[0]} to {steps[1]}" if steps else ""
        _page(experiment, view)
        _plots(experiment)
        st.caption(
            f"Pictures of level {level}{where}; the interactive one opens without a network."
        )
        _buttons(PICTURES, experiment, level, steps, run, notation.rewriter())
        st.caption("Data of the whole sequence, with every value and gradient.")
        kind = experiment.kind
        legend = notation.legend(("x", *kind.line, "a", "p", "y", "l", "L", *kind.shapes))
        _buttons(DATA, experiment, level, None, run, legend=legend)


def _page(experiment: Experiment, view: View) -> None:
    """Draw the button of the page that computes every number itself, or say why there is none."""
    if reason := why_not(trace_of(experiment)):
        st.caption(told.plain(reason))
        return
    asked = notation.asked()
    shown = {
        "level": view.level,
        "selected": view.selected,
        "at": "start",  # where the player stands, the browser alone knows; the end would tell all
        "digits": words.digits(),
        "notation": asked.name if asked else "",
    }
    make, is_large = partial(portable_page, experiment, **shown), _is_large(trace_of(experiment))
    _button(
        "Page that works without a server",
        partial(aside.elsewhere, make) if is_large else make,
        ("unrolled.html", "text/html", "page"),
        "One file: player, inspector, all levels, and every given number to drag.",
    )
    if is_large:
        st.caption("The page of so large a network takes some seconds to make.")


def _is_large(trace: Trace) -> bool:
    nodes = sum(node_count(trace, level) for level in levels_offered(trace))
    return nodes > HERE_NODES


def _plots(experiment: Experiment) -> None:
    """Draw the button of a page with every plot of the run."""
    data = payload(
        trace_of(experiment),
        gradients_if_any(experiment),
        sample=experiment.sample,
        labels=experiment.labels(),
    )
    charts = [chart for group in data["groups"] for chart in group["charts"]]
    _button(
        "All plots, interactive",
        partial(
            standalone.page, charts, presets.called(experiment) or "Plots of a recurrent network"
        ),
        ("unrolled-plots.html", "text/html", "plots"),
        standalone.ABOUT,
    )


def pictured(trace: Trace, level: str, at: str) -> tuple[int, int] | None:
    """Return the first and last step in a picture of a long sequence, None for all."""
    fitting = PICTURED_NODES // max(nodes_per_step(trace, level), 1)
    length = max(1, min(PICTURED_STEPS, fitting))
    if trace.steps <= length or level == "rolled":
        return None
    middle = step_of(trace, level, at) - length // 2
    first = min(max(middle, 1), trace.steps - length + 1)
    return first, first + length - 1


def _buttons(
    formats: tuple[tuple[str, str, str, Maker], ...],
    experiment: Experiment,
    level: str,
    steps: tuple[int, int] | None,
    held: HeldRun | None,
    writer: Rewriter | None = None,
    legend: str = "",
) -> None:
    name = f"unrolled-{level}{'' if held is None else '-with-the-hold'}"
    for title, ending, media_type, make in formats:
        made = partial(_make, make, experiment, level, steps, held, writer, legend)
        _button(title, made, (f"{name}.{ending}", media_type, ending))


def _button(
    title: str, make: Callable[[], bytes], file: tuple[str, str, str], help_: str | None = None
) -> None:
    """Draw a button of a file, by its name, media type and key, that is made when it is pressed."""
    name, media_type, key = file
    st.download_button(
        title,
        data=make,
        file_name=name,
        mime=media_type,
        on_click="ignore",
        width="stretch",
        key=f"download-{key}",
        help=help_,
    )


def _chosen(held: Held | None, level: str) -> HeldRun | None:
    """Return the run with the holds where the reader wants that one."""
    if held is None or not held.run(level).at:
        return None
    places = ", ".join(hold.place for hold in held.run(level).at)
    run = st.radio("Run", ["as it is", f"with {places} held"], horizontal=True, key="download-run")
    return None if run == "as it is" else held.run(level)


def _make(
    make: Maker,
    experiment: Experiment,
    level: str,
    steps: tuple[int, int] | None,
    held: HeldRun | None,
    writer: Rewriter | None,
    legend: str,
) -> bytes:
    graph = graph_of(experiment, level, steps)
    graph = explained(graph if held is None else with_held_numbers(graph, held), legend)
    return make(in_notation(graph, writer))
