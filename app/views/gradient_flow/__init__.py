"""The page "Gradient flow": why gradients vanish or explode, and what helps."""

import streamlit as st

from app import state
from app.views import heading, no_target, told
from app.views.gradient_flow import (
    clipping,
    controls,
    jacobian,
    over_time,
    remedies,
    space,
    spectrum,
    sweep,
)

SECTIONS = {
    "Over time": over_time.render,
    "Spectrum": spectrum.render,
    "Jacobian": jacobian.render,
    "Clipping": clipping.render,
    "Remedies": remedies.render,
    "State space": space.render,
    "Sweep": sweep.render,
}
FIRST = next(iter(SECTIONS))
OF_THE_LOSS = ("Over time", "Clipping", "Remedies")


def render() -> None:
    """Draw the controls and the section chosen, for the experiment with the page's what-if."""
    experiment = state.experiment()
    heading.page("Why do gradients vanish or explode, and what helps?")
    controls.examples()
    try:
        shown = controls.what_if(experiment)
        section = st.segmented_control(
            "Section",
            list(SECTIONS),
            default=FIRST,
            key="gf",
            bind="query-params",
            persist_state="session",
            label_visibility="collapsed",
        )
        chosen = section if section in SECTIONS else FIRST
        if chosen not in OF_THE_LOSS or not no_target.explains(shown):
            SECTIONS[chosen](shown)
    except ValueError as error:
        told.refuse(error)
