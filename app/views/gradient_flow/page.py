"""The page "Gradient flow": why gradients vanish or explode, and what helps."""

from app import state
from app.state.controls import coming
from app.views.gradient_flow.sections import (
    clipping,
    controls,
    jacobian,
    over_time,
    remedies,
    space,
    spectrum,
    sweep,
    trajectory,
)
from app.views.shared import elman_only, heading, no_target, told
from app.views.shared.bound import Section, section

QUESTION = "Why do gradients vanish or explode, and what helps?"

SECTIONS = {
    "over_time": Section("Over time", over_time.render),
    "spectrum": Section("Spectrum", spectrum.render),
    "jacobian": Section("Jacobian", jacobian.render),
    "clipping": Section("Clipping", clipping.render),
    "remedies": Section("Remedies", remedies.render),
    "space": Section("State space", space.render),
    "sweep": Section("Sweep", sweep.render),
}
FIELD = "The field with its fixed points"
OF_THE_LOSS = ("over_time", "clipping", "remedies")


def tells() -> bool:
    """Whether the numbers here are of the experiment's cell: in one section another stands in."""
    return state.experiment().cell == "elman" or coming("gf") != "spectrum"


def render() -> None:
    """Draw the controls and the section chosen, for the experiment with the page's what-if."""
    experiment = state.experiment()
    heading.page(QUESTION)
    controls.examples()
    try:
        shown = controls.what_if(experiment)
        chosen = section("gf", SECTIONS)
        if chosen == "space" and elman_only.explains(shown, FIELD):
            trajectory.render(shown)  # what of it any cell has
            return
        if chosen not in OF_THE_LOSS or not no_target.explains(shown):
            SECTIONS[chosen].render(shown)
    except ValueError as error:
        told.refuse(error)
