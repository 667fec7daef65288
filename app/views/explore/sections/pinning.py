"""Before and after: an experiment that is pinned, to stand beside what it is changed into."""

from dataclasses import dataclass

import streamlit as st

from app import state
from app.experiment import link
from app.experiment.pinned import Pinned, changes
from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.figures.run.beside import PINNED, Other
from app.state import controls

NAME = "pin"  # in the address


@dataclass
class _Pin:
    experiment: Experiment | None = None
    token: str = ""  # of it, in the address; empty where it is too long for one

    def take(self, experiment: Experiment | None) -> None:
        """Pin another experiment, or none."""
        token = "" if experiment is None else link.encode(experiment)
        self.experiment, self.token = experiment, "" if link.too_long(token) else token


def _kept() -> _Pin:
    return state.kept_in_session("pinned", _Pin)


def pinned(experiment: Experiment) -> Pinned | None:
    """Return what is pinned, None where nothing is; what the address asks for is taken first."""
    kept = _kept()
    asked = controls.asked(NAME)
    if asked is not None:
        kept.take(_opened(asked) if asked else None)
    controls.keep_control(NAME, kept.experiment, kept.token)
    if kept.experiment is None:
        return None
    return Pinned(kept.experiment, changes(kept.experiment, experiment))


def _opened(token: str) -> Experiment | None:
    try:
        experiment = link.decode(token)
        trace_of(experiment)  # what the core refuses is refused here
    except ValueError as error:
        controls.not_taken(NAME, f"Pin: {error} in the address; nothing is pinned.")
        return None
    return experiment


def other(pin: Pinned, experiment: Experiment) -> Other | None:
    """Return the pinned run for plots; None where it has another number of steps."""
    if pin.experiment.sizes[0] != experiment.sizes[0]:
        return None
    return Other(pin.trace, pin.grads, pin.experiment.sample, PINNED)


def render(experiment: Experiment) -> None:
    """Draw the button that pins what is shown, in place of what was pinned before."""
    kept = _kept()
    st.button(
        "Pin this run" if kept.experiment is None else "Pin this run instead",
        key="pin-run",
        help="Then change one thing: nodes, plots and the loss show before and after.",
        disabled=kept.experiment == experiment,
        on_click=_pin,
        args=(experiment,),
    )
    if kept.experiment is not None and not kept.token:
        st.caption("The pinned run is too long for the address: it lasts while this tab is open.")


def _pin(experiment: Experiment) -> None:
    _kept().take(experiment)


def unpin() -> None:
    """Let go of what is pinned."""
    _kept().take(None)
