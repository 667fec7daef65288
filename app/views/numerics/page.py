"""The page "Numerics": why the naive loss breaks, and why the stable one is right."""

from app.views.numerics.sections import (
    derivation,
    differences,
    loss,
    non_finite_run,
    slope,
    softmax,
)
from app.views.shared import heading
from app.views.shared.bound import Section, section

QUESTION = "Why does the naive loss break on a computer, and which one does not?"

SECTIONS = {
    "loss": Section("Loss and gradient", loss.render),
    "derivation": Section("Derivation", derivation.render),
    "gradient": Section("p − y", derivation.render_gradient),
    "differences": Section("Finite differences", differences.render),
    "softmax": Section("Softmax", softmax.render),
    "slope": Section("Slope of tanh", slope.render),
    "non_finite": Section("First non-finite number", non_finite_run.render),
}


def render() -> None:
    """Draw the section chosen."""
    heading.page(QUESTION)
    SECTIONS[section("nu", SECTIONS)].render()
