"""The page "Without the loop": ways to make the time loop go away or shrink, and their price."""

from app import compute, state
from app.views import elman_only, heading, told
from app.views.bound import Section, section
from app.views.loop_free import batch, chunks, compare, iterate, linear, relu

SECTIONS = {
    "compare": Section("Compare", compare.render),
    "batch": Section("Batch", batch.render),
    "chunks": Section("Chunks", chunks.render),
    "relu": Section("ReLU", relu.render),
    "linear": Section("Linear", linear.render),
    "iterate": Section("Iterate", iterate.render),
}


def render() -> None:
    """Draw the section chosen, for the current experiment."""
    experiment = state.experiment()
    heading.page("How can the time loop go away or shrink, and what does it cost?")
    if elman_only.explains(experiment):
        return
    try:
        compute.trace_of(experiment)
    except ValueError as error:
        told.refuse(error)
        return
    SECTIONS[section("wl", SECTIONS)].render(experiment)
