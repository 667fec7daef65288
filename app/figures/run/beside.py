"""The charts of a run with those of another run laid over them."""

from dataclasses import dataclass

from app.figures.types import Chart, Dict, View
from rnn_core import Gradients, Trace

DASH = "2px,3px"


@dataclass(frozen=True)
class Words:
    """What is said of the other run: `called` in a legend, what its lines are, and of its lack."""

    called: str
    over: str
    without: str
    without_terms: str

    @property
    def begins(self) -> str:
        """How a sentence about the other run begins."""
        return f"{self.called[0].upper()}{self.called[1:]}:"


@dataclass(frozen=True)
class Other:
    """A run to draw beside another one: of a sequence of its batch."""

    trace: Trace
    grads: Gradients | None
    sample: int
    words: Words


HELD = Words(
    called="with the hold",
    over="Thin dotted lines are the run with the hold.",
    without="Without the hold.",
    without_terms="Without the hold: the ledger of a number, in the inspector, has the terms with "
    "it.",
)
PINNED = Words(
    called="pinned",
    over="Thin dotted lines are the pinned run.",
    without="Without the pinned run.",
    without_terms="Without the pinned run.",
)


def beside(charts: list[Chart], other: list[Chart], words: Words) -> list[Chart]:
    """Return charts of a run with the lines of another run, and with what is said of them.

    What cannot be drawn over one another, heat maps and paths, says that it is without it.
    """
    others = {chart["id"]: chart for chart in other}
    return [
        {
            **chart,
            "views": [
                _view(view, again, words)
                for view, again in zip(chart["views"], others[chart["id"]]["views"], strict=True)
            ],
        }
        if _alike(chart, others.get(chart["id"]))
        else without(chart, words.without)
        for chart in charts
    ]


def without(chart: Chart, note: str) -> Chart:
    """Return a chart whose views say that they do not show the other run."""
    views: list[View] = [{**view, "notes": [*view["notes"], note]} for view in chart["views"]]
    return {**chart, "views": views}


def _alike(chart: Chart, other: Chart | None) -> bool:
    return other is not None and len(chart["views"]) == len(other["views"])


def _view(view: View, other: View, words: Words) -> View:
    if other["figure"] == view["figure"]:
        return view  # as the input, which is the same in both
    figure, over = view["figure"], [] if other["figure"] is None else _lines(other["figure"], words)
    said = f"{view['text']} {words.begins} {_lowered(other['text'])}"
    if other["text"] == view["text"]:
        said = view["text"]
    if figure is None or not over:
        return {
            **view,
            "text": said,
            "notes": [*view["notes"], words.without] if figure else view["notes"],
        }
    drawn = {"data": [*figure["data"], *over], "layout": _widened(figure, other["figure"] or {})}
    return {**view, "text": said, "figure": drawn, "notes": [*view["notes"], words.over]}


def _lowered(text: str) -> str:
    """Return a sentence as the rest of another, where it begins with a word of its own."""
    return text[0].lower() + text[1:] if text[:2].istitle() and text[1:2].islower() else text


def _lines(figure: Dict, words: Words) -> list[Dict]:
    """Return the lines over time of a figure, thin and dotted."""
    return [
        {
            **trace,
            "mode": "lines",
            "name": f"{trace['name']}, {words.called}",
            "showlegend": False,
            "line": {**trace["line"], "dash": DASH, "width": 1.5},
            "hovertemplate": trace["hovertemplate"].replace("<extra>", f" {words.called}<extra>"),
        }
        for trace in figure["data"]
        if trace["type"] == "scatter"
        and trace["mode"].startswith("lines")
        and "series" in trace.get("meta", {})
        and "hovertemplate" in trace
    ]


def _widened(figure: Dict, other: Dict) -> Dict:
    """Return the layout with room for both, where the vertical axis has ends of its own."""
    layout: Dict = figure["layout"]
    ends = [each["layout"].get("yaxis", {}).get("range") for each in (figure, other)]
    if any(end is None for end in ends):
        return layout
    (a, b), (c, d) = ends
    return {**layout, "yaxis": {**layout["yaxis"], "range": [min(a, c), max(b, d)]}}
