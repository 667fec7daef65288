"""What a page about the Elman recurrence says of an experiment with another cell."""

import streamlit as st

from app import state
from app.experiment import changes
from app.experiment.value import Experiment
from app.views.shared import told


def explains(experiment: Experiment, about: str = "This page") -> bool:
    """Say whose equation is meant, and offer such a network, unless there is one; whether said."""
    if experiment.cell == "elman":
        return False
    told.inform(
        f"{about} is about the recurrence of an Elman network, which has one sum and one function "
        f"a step; this experiment has the cell {experiment.kind.title}."
    )
    st.button("Take an Elman network of these sizes", key="take-elman", on_click=_take)
    return True


def _take() -> None:
    state.change(changes.with_network(state.experiment(), "elman"))
