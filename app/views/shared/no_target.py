"""What a page of losses and gradients says of an experiment that has no target."""

import streamlit as st

from app import state
from app.experiment.value import Experiment
from app.views.shared import told


def explains(experiment: Experiment) -> bool:
    """Say that there is no loss, and offer one, unless there is a target; return whether said."""
    if experiment.has_target:
        return False
    told.inform("This experiment has no target, so there is no loss and no gradient to show.")
    st.button("Give it its target", key="give-target", on_click=_give)
    return True


def _give() -> None:
    state.change(state.experiment().replace(has_target=True))
