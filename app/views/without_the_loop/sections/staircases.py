"""The point of the page as a picture: the loop's staircase beside that of a scan."""

import streamlit as st

from app.components.plot_view.component import chart_view
from app.figures.words import short
from app.views.shared.bound import slider
from app.views.without_the_loop.figures import waiting
from rnn_core import Sizes, forward_cost

STEPS = 16
MOST_STEPS = 32  # that a drawing has room for


def render() -> None:
    """Draw both for as many steps of one unit as the reader likes: no T of the network."""
    place = st.container(horizontal=True, vertical_alignment="center", gap="large")
    words = place.container(width="stretch")
    steps = int(slider(place, "Steps of this drawing", 2, MOST_STEPS, STEPS, width=260, key="wl_T"))
    sizes = Sizes(steps=steps, inputs=1, hidden=1)
    loop, scan = (forward_cost(way, sizes) for way in waiting.STAIRCASES)
    more = short(scan.work / loop.work, 2)
    words.markdown(
        f"Each state waits for the one before, on any machine: **{steps}** steps are "
        f"**{loop.depth}** operations in a row. A *scan* joins neighbours, then pairs, then fours: "
        f"**{scan.depth}** in a row, for **{more}** times the work, if a step is linear (no φ). "
        "Drag: the loop grows with the steps, the scan with their logarithm."
    )
    chart_view(waiting.staircases(sizes), key="wl_staircases", columns=2, close=True)
