"""The page "Without the loop": ways to make the time loop go away or shrink, and their price."""

from app import state
from app.experiment.run import trace_of
from app.views.shared import elman_only, heading, told
from app.views.shared.bound import Section, section
from app.views.without_the_loop.sections import batch, chunks, compare, iterate, linear, relu

QUESTION = "Can all steps be computed at once, and what does it cost?"

SECTIONS = {
    "compare": Section("Compare", compare.render),
    "batch": Section("Batch", batch.render),
    "chunks": Section("Chunks", chunks.render),
    "relu": Section("ReLU", relu.render),
    "linear": Section("Linear", linear.render),
    "iterate": Section("Iterate", iterate.render),
}

WHY = "these ways are of a loop with one sum and one function a step"


def tells() -> bool:
    """Whether the numbers here are those of the experiment's run."""
    return state.experiment().cell == "elman"


def render() -> None:
    """Draw the section chosen, for the current experiment or what stands in for it here."""
    heading.page(QUESTION)
    experiment = elman_only.in_place_of(state.experiment(), WHY)
    try:
        trace_of(experiment)
    except ValueError as error:
        told.refuse(error)
        return
    SECTIONS[section("wl", SECTIONS)].render(experiment)
