"""What a first visit sees above the network: what this is, what to press, and where else to go."""

from collections.abc import Callable

import streamlit as st

from app import state
from app.experiment import presets
from app.experiment.reading import foreign
from app.experiment.value import Experiment
from app.views.shared import handed_on, heading, scene, styles

HEADING = "See how a recurrent network computes and learns"
TASK = "It reads three numbers and says how likely y = 1 is."
"""What the network of a first visit does."""

PURPOSE = "Run it, forward to the loss and back."
WEIGHTS = "Open my PyTorch weights"
SAVING = f"""{foreign.SAVING}
{foreign.SAVE.format(state="model.state_dict()", stem="weights")}"""
OPENING = "open-weights"
"""The key of the button that opens the sidebar's choice of a file: `editor/frontend/weights.js`."""

LOOK_AT = {"Why do gradients vanish?": ("vanishing", "Gradient flow")}
"""Ways that begin with a preset, on a page."""

OPENS: dict[str, tuple[str, dict[str, int]]] = {
    "Watch one learn": ("Training", {}),
    "Check my homework": ("Practice", {"pr": 0}),  # the network of the sidebar
}
"""Ways to a page, with controls that are set there."""


def render(open_page: Callable[[str], None]) -> None:
    """Draw the heading, the purpose and the ways on."""
    styles.apply("introduction")
    heading.page(HEADING)
    st.markdown(f"{TASK} {PURPOSE}" if _is_its_task(state.experiment()) else PURPOSE)
    with st.container(horizontal=True, vertical_alignment="center", key="ways"):
        _ways(open_page)
        with st.popover(WEIGHTS):
            _weights()
        st.button("Skip the introduction", type="tertiary", on_click=state.introduced)


def _is_its_task(experiment: Experiment) -> bool:
    """Whether a network does what that of a first visit does, whatever its numbers are."""

    def asked(of: Experiment) -> tuple[object, ...]:
        steps, batch, inputs, _, outputs = of.sizes
        return steps, batch, inputs, outputs, of.readout, of.loss

    return asked(experiment) == asked(presets.default())


def render_again(open_page: Callable[[str], None]) -> None:
    """Draw the ways on where the introduction has been put away: they stay to be found."""
    with st.popover("Where to go", type="tertiary", key="ways-again"):
        _ways(open_page)
        st.markdown(f"**{WEIGHTS}**")
        _weights()


def _weights() -> None:
    st.markdown("In Python, beside your model:")
    st.code(SAVING, wrap_lines=True)
    st.button("Choose the file", key=OPENING)
    st.caption("The same is in the sidebar: **Open weights**, or drop the file there.")


def _ways(open_page: Callable[[str], None]) -> None:
    st.button("Take the tour", on_click=scene.want, args=("tour",))
    for text, (preset, page) in LOOK_AT.items():
        if st.button(text) and state.swap(presets.PRESETS[preset].experiment):
            open_page(page)
    for text, (page, controls) in OPENS.items():
        if st.button(text):
            state.set_controls(controls)
            handed_on.begin_at(page)
            open_page(page)
