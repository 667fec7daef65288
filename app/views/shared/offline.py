"""The charts of a page as one file, to be pointed at and zoomed where there is no network."""

from itertools import chain

import streamlit as st

from app.components.plot_view.drawn import Drawn
from app.figures import standalone


def offer(drawn: Drawn, title: str) -> None:
    """Draw the button of that file, below a page that has drawn charts.

    What a part of the page draws later is in it, too: the file is made when it is asked for.
    """
    if not any(drawn.values()):
        return

    def page() -> bytes:
        return standalone.page([*chain.from_iterable([*drawn.values()])], f"{title}: plots")

    st.download_button(
        "Download these plots, interactive",
        data=page,
        file_name=f"unrolled-{title.lower().replace(' ', '-')}-plots.html",
        mime="text/html",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        key="page-plots",
        help=standalone.ABOUT,
    )
