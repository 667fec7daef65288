"""The page from its question down to the section that is chosen."""

import streamlit as st

from app import state
from app.experiment.run import gradients_of
from app.pytorch import torch_reference
from app.views.pytorch.sections import effects, graphs, numbers, scripts
from app.views.shared import heading, no_target, told
from app.views.shared.bound import choice

QUESTION = "Does a framework agree, and how does its graph look?"

SECTIONS = {
    "graphs": "Graphs and numbers",
    "effects": "What cuts, frees and adds",
    "scripts": "Scripts",
}


def render() -> None:
    """Draw the page for the current experiment; without PyTorch, one sentence and the scripts."""
    experiment = state.experiment()
    heading.page(QUESTION)
    if no_target.explains(experiment):
        return
    try:
        gradients_of(experiment)
    except ValueError as error:
        told.refuse(error)
        return
    if not torch_reference.available():
        told.inform(
            f"PyTorch is not installed: {torch_reference.INSTALL} into the environment of this "
            "app brings the comparison and its graph. The scripts below do not need the app."
        )
        scripts.render(experiment)
        return
    with st.spinner("Importing PyTorch …"):
        torch_reference.wait()
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
    ):
        section = choice(
            "Section", "pt", SECTIONS, "graphs", look="buttons", label_visibility="collapsed"
        )
        if section == "graphs":
            graphs.buttons(experiment)
    if section == "effects":
        effects.render(experiment)
    elif section == "scripts":
        scripts.render(experiment)
    else:
        # Filled last: its switches stand with the table below. Not `empty`, which a rerun clears.
        answer = st.container()
        graphs.render(experiment)
        numbers.render(experiment, answer)
