"""What surrounds every page: page config, navigation and the sidebar that holds the experiment."""

import gc
from functools import cache
from pathlib import Path

import streamlit as st

from app import state
from app.views import explore, gradient_flow, loop_free, non_finite, numerics, pytorch, sidebar

ASSETS = Path(__file__).resolve().parents[1] / "assets"
EXPLAIN_THEMSELVES = ("Explore", "Numerics")  # numbers that are not finite, and show where
ICON = ASSETS / "icon.svg"  # Streamlit's named icons are fetched from another host


def run() -> None:
    """Draw the whole app once; Streamlit calls this at every rerun."""
    st.set_page_config(page_title="Unrolled", page_icon=ICON, layout="wide")
    st.html(ASSETS / "page.css")
    _settle_memory()
    state.start()
    page = st.navigation(
        [
            st.Page(explore.render, title="Explore", url_path="explore", default=True),
            st.Page(gradient_flow.render, title="Gradient flow", url_path="gradient-flow"),
            st.Page(numerics.render, title="Numerics", url_path="numerics"),
            st.Page(loop_free.render, title="Without the loop", url_path="without-the-loop"),
            st.Page(pytorch.render, title="PyTorch", url_path="pytorch"),
        ],
        position="top",
    )
    with st.sidebar:
        sidebar.render()
    if problem := state.problem():
        st.error(problem)
    if page.title not in EXPLAIN_THEMSELVES:
        non_finite.warn(state.experiment())
    page.run()


@cache
def _settle_memory() -> None:
    """Take what the imports left out of the garbage collector's sight.

    Streamlit collects all generations after each rerun, which costs about 100 ms with pandas and
    plotly loaded and finds nothing: frozen objects are skipped.
    """
    gc.collect()
    gc.freeze()
