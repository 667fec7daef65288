"""The run whose numbers a scene's text has: of what its page shows."""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl

from app.experiment.run import gradients_if_any, trace_of
from app.experiment.value import Experiment
from app.views.lessons.lesson import Scene
from app.views.shared import sheets
from rnn_core import Gradients, Trace

OF_A_SHEET, WITHOUT_ONE = "practice", "training"
"""Pages that show another network than the experiment: a sheet's; one that changes as it learns."""


class Run(NamedTuple):
    """A forward pass, its gradients if it has a target, and which of its sequences is shown."""

    trace: Trace
    grads: Gradients | None
    sample: int = 0


def of_experiment(experiment: Experiment) -> Run:
    """Return the run of an experiment."""
    return Run(trace_of(experiment), gradients_if_any(experiment), experiment.sample)


def of_scene(
    scene: Scene, experiment: Experiment, now: Callable[[str], str | None] = lambda name: None
) -> Run:
    """Return the run that a scene's page shows.

    `now` gives what one of the page's controls has become, by its name in the address.

    Raises
    ------
    ValueError
        It shows none that a text could name numbers of, or its experiment makes no sheet.
    """
    if scene.page == WITHOUT_ONE:
        raise ValueError(
            "numbers: expected none in a text on the page training, whose network changes as it "
            "learns, got one"
        )
    if scene.page != OF_A_SHEET:
        return of_experiment(experiment)
    asked = dict(parse_qsl(scene.controls))
    for name in sheets.CONTROLS:
        if (text := now(name)) is not None:
            asked[name] = text
    network = sheets.asked(experiment, asked).network
    return Run(network.trace, network.gradients)
