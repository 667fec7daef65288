"""Mount the plots component."""

from collections.abc import Sequence

from app.figures import payload
from app.frontend_component import component
from rnn_core import Gradients, Trace


def plot_view(
    trace: Trace,
    grads: Gradients | None,
    *,
    sample: int = 0,
    labels: Sequence[str] | None = None,
    key: str = "plots",
) -> None:
    """Draw the charts of one sequence of the batch, in groups; `labels` names the T steps.

    The choice of group and view, the zoom and the marked step live in the browser: none of them
    asks the server. `grads` is None where there is no loss.
    """
    data = payload(trace, grads, sample=sample, labels=labels)
    component("plot_view", "plots.js")(key=key, data=data)
