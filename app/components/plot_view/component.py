"""Mount the plots component."""

from collections.abc import Sequence

from app.components.plot_view import drawn
from app.components.shared.loader import component
from app.figures.naming import named_charts
from app.figures.run import payload
from app.figures.run.beside import Other
from app.figures.types import Chart
from rnn_core import Gradients, Trace


def plot_view(
    trace: Trace,
    grads: Gradients | None,
    *,
    sample: int = 0,
    labels: Sequence[str] | None = None,
    other: Other | None = None,
    group: str = "",
    key: str = "plots",
) -> None:
    """Draw the charts of one sequence of the batch, in groups; `labels` names the T steps.

    The choice of view, the zoom and the marked step live in the browser: none of them asks the
    server. Only the charts of one `group` are made. Where the browser shows another, it asks: a
    rerun whose state of this key holds its name as `group`. `grads` is None where there is no loss.
    `other` is a run that is drawn beside.
    """
    data = payload(trace, grads, sample=sample, labels=labels, other=other, group=group)
    component("plot_view")(
        key=key,
        data={**data, "player": True, "parameters": list(trace.params.names)},
        default={"group": None},
        on_group_change=_rerun,
    )


def _rerun() -> None:
    """Do nothing: that there is a callback makes Streamlit keep what the component asks for."""


def chart_view(
    charts: Sequence[Chart], *, key: str, steps: int = 0, columns: int = 1, close: bool = False
) -> None:
    """Draw some charts of a page's own, as cards in so many columns where there is room.

    Those that are to be compared at a glance stand `close`: side by side where there is less, too.
    Those with a time axis (a `phase`) zoom together over 0..`steps`; the others stand alone. They
    show everything wherever the player of Explore stands, and do not move it.
    """
    shown = named_charts(charts)
    drawn.note(key, shown)
    group = {"name": key, "charts": shown, "empty": ""}
    data = {
        "T": steps,
        "groups": [group],
        "factors": None,
        "columns": columns,
        "close": close,
        "player": False,
        "parameters": [],
    }
    component("plot_view")(key=key, data=data)
