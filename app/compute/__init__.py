"""The only cached calls into `rnn_core`: one module for each page's computations."""

from app.compute.run import gradients_if_any, gradients_of, graph_of, trace_of
from app.compute.trust import Verdict, checked, needs_permission, verdicts_of

__all__ = [
    "Verdict",
    "checked",
    "gradients_if_any",
    "gradients_of",
    "graph_of",
    "needs_permission",
    "trace_of",
    "verdicts_of",
]
