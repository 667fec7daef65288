"""Mount the graph component."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from app.components.graph_view.following import following
from app.components.graph_view.mention import Mention
from app.components.graph_view.payload import HeldAt, payload
from app.components.shared.loader import component
from app.experiment.pinned import Pinned
from rnn_core import Gradients, Trace


class View(Protocol):
    """What the address bar says about the view."""

    @property
    def level(self) -> str:
        """One of the graph's levels."""

    @property
    def selected(self) -> str | None:
        """Name of the selected node or edge."""

    @property
    def at(self) -> str:
        """Position of the player."""


def graph_view(
    trace: Trace,
    grads: Gradients | None,
    *,
    sample: int = 0,
    view: View,
    focus: View | None = None,
    mentions: Sequence[Mention] = (),
    led_by: str = "",
    arithmetic: Mapping[str, Any] | None = None,
    labels: Sequence[str] | None = None,
    equations: Mapping[str, Sequence[Any]] | None = None,
    apart: str = "",
    large: bool = False,
    follows: bool = False,
    held: HeldAt | None = None,
    on_hold: Callable[[], None] | None = None,
    pinned: Pinned | None = None,
    predict: Mapping[str, Any] | None = None,
    on_predict: Callable[[], None] | None = None,
    key: str = "graph",
) -> None:
    """Draw graph, player and inspector of one sequence of the batch.

    Stepping, inspecting and, for small graphs, changing the level happen in the browser. What needs
    Python (another level, the next chunk of a long sequence, a ledger) makes the component ask: a
    rerun whose state of this key holds `asked = {level, selected, at}`. Streamlit hands Python the
    address as Python last wrote it, so `view` should take `asked` first and the address without it.
    The browser goes to `focus`, if given, as soon as it is another one than before, or `led_by` is.
    Of a run in a floating-point format, `arithmetic` says how it was computed, for the printed
    lines. `labels` names the T steps (a text's characters). `equations` stand above the graph:
    those of each pass, "forward" and "backward", as (names of what one says, LaTeX, which steps).
    A graph of another run than the experiment's is `apart`, by a name: its player moves nothing
    else on the page, and is not in the address.

    One that is `large` shows what a text `mentions` in letters for the last
    row of a lecture hall.

    With `follows`, the graph is of the experiment that the sidebar edits, and its numbers follow a
    number that is dragged there, or here, before Python has heard of it.

    With `on_hold`, computed numbers can be held: it is called before the rerun of each wish, which
    is `{source, n, do, node, unit, text}` in the key's `wish`; `held` gives the run with them.
    Where nothing is held, the numbers of a `pinned` run stand beside; a wish is to unpin it.

    With `predict`, what `asking.told` says, numbers can be asked for before they are shown:
    `on_predict` is called where the reader chooses what is asked, a name in the key's `predict`.
    """
    data = payload(
        trace,
        grads,
        level=view.level,
        sample=sample,
        at=view.at,
        selected=view.selected,
        held=held,
        pinned=pinned,
    )
    data["arithmetic"] = arithmetic
    data["labels"] = None if labels is None else list(labels)
    data["equations"] = equations
    data["apart"] = apart
    data["large"] = large
    data["run"] = following(trace, grads, sample) if follows and held is None else None
    if focus is not None:
        data["focus"] = {
            "level": focus.level,
            "selected": focus.selected,
            "at": focus.at,
            "key": led_by,
            "mentions": [each._asdict() for each in mentions],
        }
    data["holds"] = on_hold is not None
    data["predict"] = predict
    options = {} if on_hold is None else {"on_wish_change": on_hold}
    options |= {} if on_predict is None else {"on_predict_change": on_predict}
    component("graph_view")(
        key=key, data=data, default={"asked": None}, on_asked_change=_rerun, **options
    )


def _rerun() -> None:
    """Do nothing: that there is a callback makes Streamlit keep the component's question."""
