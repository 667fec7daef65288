"""Predict, then reveal: while it is on, no number of the run is shown before it is asked for.

The graph asks, marks and keeps the answers, in the browser. Here is only that it is on, and what is
asked: in the session, and in the address.
"""

from dataclasses import dataclass

from app import state
from app.components.graph_view.asking import KINDS, why_not
from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.state import controls

NAME = "predict"  # in the address, and what the graph sends
COMPONENT = "graph"


@dataclass
class _Chosen:
    kind: str = ""  # empty: nothing is asked


def _chosen() -> _Chosen:
    return state.kept_in_session(NAME, _Chosen)


def kind(experiment: Experiment) -> str:
    """Return what is asked of an experiment: a name of `KINDS`, or empty for nothing."""
    chosen = _chosen()
    asked = controls.asked(NAME)
    if asked is not None:
        chosen.kind = asked if asked in KINDS else ""
        if asked and not chosen.kind:
            controls.not_taken(
                NAME,
                f"Predict: expected one of {', '.join(KINDS)}, got {asked[:60]!r} in the address; "
                "nothing is asked.",
            )
    if chosen.kind:
        try:
            reason = why_not(trace_of(experiment))
        except ValueError:  # the page says it
            reason = ""
        if reason:
            chosen.kind = ""
            controls.not_taken(NAME, reason)
    controls.keep_control(NAME, chosen.kind, chosen.kind)
    return chosen.kind


def on_choice() -> None:
    """Take what the reader has chosen in the graph."""
    sent = state.sent(COMPONENT, NAME)
    if isinstance(sent, str) and (sent in KINDS or not sent):
        _chosen().kind = sent
