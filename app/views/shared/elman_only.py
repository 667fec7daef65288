"""What a page about the Elman recurrence says of an experiment with another cell."""

from collections.abc import Callable

import streamlit as st

from app import state
from app.experiment import changes
from app.experiment.value import Experiment
from app.figures import notation
from app.views.shared import told


def _take(made: Experiment) -> None:
    state.change(made)


def explains(experiment: Experiment, about: str) -> bool:
    """Say whose equation is meant, and offer such a network, unless there is one; whether said."""
    if experiment.cell == "elman":
        return False
    told.inform(
        f"{about} is about the recurrence of an Elman network, which has one sum and one function "
        f"a step; this experiment has the cell {experiment.kind.title}."
    )
    elman = changes.with_network(state.experiment(), "elman")
    label = "Take an Elman network of these sizes"
    st.button(label, key="take-elman", on_click=_take, args=(elman,))
    return True


def in_place_of(
    experiment: Experiment, why: str, take: Callable[[Experiment], None] = _take
) -> Experiment:
    """Return the experiment, or an Elman network of its sizes in place of one with another cell.

    That it is another network is said, and `why`, with a button that makes it the reader's own:
    it is given to `take`.
    """
    if experiment.cell == "elman":
        return experiment
    instead = changes.with_network(experiment, "elman")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"**An Elman network of these sizes** is below: {why}. Yours, with the cell "
            f"{experiment.kind.title}, stays in the sidebar.",
            width="stretch",
        )
        st.button("Take the one below", key="take-elman", on_click=take, args=(instead,))
    notation.turn_to(instead.kind)
    return instead
