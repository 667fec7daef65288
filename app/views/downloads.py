"""What can be taken along: the graph as a page, as a figure and as data."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from app import compute
from app.experiment import Experiment
from app.graph_view import export
from app.graph_view.payload import step_of
from app.state import View

PICTURED_STEPS = 24
"""Steps around the position that a picture shows; data are of the whole sequence."""

Maker = Callable[..., bytes]
PICTURES: tuple[tuple[str, str, str, Maker], ...] = (
    ("Interactive page", "html", "text/html", export.html_page),
    ("Figure, SVG", "svg", "image/svg+xml", partial(export.figure, kind="svg")),
    ("Figure, PNG", "png", "image/png", partial(export.figure, kind="png")),
    ("Figure, PDF", "pdf", "application/pdf", partial(export.figure, kind="pdf")),
)
DATA: tuple[tuple[str, str, str, Maker], ...] = (
    ("GraphML", "graphml", "application/xml", export.graphml),
    ("JSON", "json", "application/json", export.json_text),
)
"""Title, ending of the file, media type, and what makes it of a graph."""


def render(experiment: Experiment, view: View) -> None:
    """Draw a menu of downloads; a file is only made when it is asked for."""
    steps = pictured(experiment.sizes[0], view.at)
    with st.popover("Download the graph"):
        where = f", steps {steps[0]} to {steps[1]}" if steps else ""
        st.caption(f"Pictures of level {view.level}{where}; the page opens without a network.")
        _buttons(PICTURES, experiment, view, steps)
        st.caption("Data of the whole sequence, with every value and gradient.")
        _buttons(DATA, experiment, view, None)


def pictured(length: int, at: str) -> tuple[int, int] | None:
    """Return the first and last step in a picture of a long sequence, None for all."""
    if length <= PICTURED_STEPS:
        return None
    first = min(max(step_of(at, length) - PICTURED_STEPS // 2, 1), length - PICTURED_STEPS + 1)
    return first, first + PICTURED_STEPS - 1


def _buttons(
    formats: tuple[tuple[str, str, str, Maker], ...],
    experiment: Experiment,
    view: View,
    steps: tuple[int, int] | None,
) -> None:
    for title, ending, media_type, make in formats:
        st.download_button(
            title,
            data=partial(_make, make, experiment, view.level, steps),
            file_name=f"unrolled-{view.level}.{ending}",
            mime=media_type,
            on_click="ignore",
            width="stretch",
            key=f"download-{ending}",
        )


def _make(make: Maker, experiment: Experiment, level: str, steps: tuple[int, int] | None) -> bytes:
    return make(compute.graph_of(experiment, level, steps))
