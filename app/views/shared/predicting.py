"""Predict, then reveal: while it is on, no number of the run is shown before it is asked for.

The graph asks, marks and keeps the answers, in the browser. Here is only that it is on, and what is
asked: in the session, and in the address.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app import state
from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.state import controls
from rnn_core import Trace
from rnn_core.practice import DIGITS, MISTAKES, TOLERANCE

NAME = "predict"  # in the address, and what the graph sends
COMPONENT = "graph"
MOST = 60
"""T · H at most: more numbers than anybody predicts."""

KINDS = {
    "mixed": "A bit of each",
    "value": "Values",
    "sign": "Signs",
    "larger": "Larger or smaller",
    "stronger": "The strongest term",
}
"""What is asked, by its name in the address."""


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


def why_not(trace: Trace) -> str:
    """Return why a run cannot be predicted, in a sentence; empty where it can."""
    steps, hidden = trace.steps, trace.h.shape[-1]
    if steps * hidden > MOST:
        return f"Predict: expected at most {MOST} hidden numbers, T · H, got {steps * hidden}."
    loss = 0.0 if trace.loss is None else trace.loss
    if not (np.isfinite(loss) and np.isfinite(trace.h).all() and np.isfinite(trace.logits).all()):
        return "Predict: expected a run of finite numbers, got ±∞ or NaN."
    return ""


def told(trace: Trace, kind: str) -> dict[str, Any]:
    """Return what the graph needs to ask and to mark."""
    return {
        "kind": kind,
        "kinds": list(KINDS.items()),
        "why": why_not(trace),
        "tolerance": TOLERANCE,
        "digits": DIGITS,
        "mistakes": {name: mistake.says for name, mistake in MISTAKES.items()} if kind else {},
    }


def on_choice() -> None:
    """Take what the reader has chosen in the graph."""
    sent = state.sent(COMPONENT, NAME)
    if isinstance(sent, str) and (sent in KINDS or not sent):
        _chosen().kind = sent
