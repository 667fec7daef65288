"""What the graph needs to ask for numbers before it shows them."""

from typing import Any

import numpy as np

from rnn_core import Trace
from rnn_core.practice import DIGITS, MISTAKES, TOLERANCE

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

NOT_FINITE = "Predict: expected a run of finite numbers, got ±∞ or NaN."


def why_not(trace: Trace) -> str:
    """Return why a run cannot be predicted, in a sentence; empty where it can."""
    steps, hidden = trace.steps, trace.h.shape[-1]
    if steps * hidden > MOST:
        return f"Predict: expected at most {MOST} hidden numbers, T · H, got {steps * hidden}."
    loss = 0.0 if trace.loss is None else trace.loss
    if not (np.isfinite(loss) and np.isfinite(trace.h).all() and np.isfinite(trace.logits).all()):
        return NOT_FINITE
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
