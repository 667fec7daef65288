"""The plots of a run, as figures of Plotly."""

from typing import TYPE_CHECKING

from rnn_core import Gradients, Trace
from unrolled import home

if TYPE_CHECKING:
    import plotly.graph_objects as go


def figures(
    trace: Trace, gradients: Gradients | None = None, *, sample: int = 0
) -> "dict[str, go.Figure]":
    """Return what the app plots of one sequence of a run, by title.

    Parameters
    ----------
    trace
        What `rnn_core.forward` returns.
    gradients
        What `rnn_core.backward` returns; without them, there are no plots of gradients.
    sample
        Which sequence of the batch, from 0.

    Raises
    ------
    ValueError
        There is no such sequence, the gradients are of another run, or a package is missing.
    """
    if gradients is not None and gradients.trace is not trace:
        raise ValueError("gradients: expected those of this run, got those of another")
    home.require_packages()
    with home.the_app():
        from app.figures import standalone
        from app.figures.run import payload

        data = payload(trace, gradients, sample=sample)
        return standalone.figures([chart for group in data["groups"] for chart in group["charts"]])
