"""Files: the history, the parameters of the moment, and the run as a script."""

from collections.abc import Callable

import streamlit as st

from app.experiment import weights_file
from app.figures.words import plural
from app.views.shared import heading, script
from app.views.training.runs.history import to_csv
from app.views.training.runs.plan import Plan
from app.views.training.scripts import numpy_run, torch_run
from app.views.training.sections.shown import Page

WRITERS: dict[str, tuple[str, Callable[[Plan], str]]] = {
    "NumPy": ("run_numpy.py", numpy_run),
    "PyTorch": ("run_torch.py", torch_run),
}


def render(page: Page) -> None:
    """Draw the downloads and say how files come back in."""
    name = page.plan.choice.name
    points = page.run.points() if page.run is not None else []
    st.markdown(
        f"The history holds {plural(len(points), 'update')}; the parameters are those after update "
        f"{page.update:,}, in float64."
    )
    with st.container(horizontal=True):
        st.download_button(
            "History as CSV",
            to_csv(points),
            f"{name}_history.csv",
            "text/csv",
            on_click="ignore",
            key="tr_history",
            disabled=not points,
        )
        for ending, write in weights_file.WRITERS.items():
            st.download_button(
                f"Parameters as .{ending}",
                write(page.checkpoint.params),
                f"{name}_{page.update}.{ending}",
                "application/octet-stream",
                on_click="ignore",
                key=f"tr_{ending}",
            )
    st.markdown(
        "To go on with parameters, open them with **Open weights** in the sidebar, which also "
        "reads those of a PyTorch `nn.RNN`, `nn.LSTM` or `nn.GRU` with an `nn.Linear`, and let the "
        "run start from *the sidebar's weights* (More settings). They must have the task's "
        f"{plural(page.task.inputs, 'input')} and {plural(page.task.outputs, 'output')}."
    )
    heading.part("The run as a script")
    st.markdown("It runs without this app, draws the same batches and prints the same losses.")
    script.offer(WRITERS, page.plan, key="tr_script")
