"""The charts of a run with those of the run with what is held laid over them."""

from app.figures.types import Chart, Dict, View

DASH = "2px,3px"
OVER = "Thin dotted lines are the run with the hold."
WITHOUT = "Without the hold."
WITHOUT_TERMS = "Without the hold: the ledger of a number, in the inspector, has the terms with it."


def beside(charts: list[Chart], held: list[Chart]) -> list[Chart]:
    """Return charts of a run with the lines of another run, and with what is said of them.

    What cannot be drawn over one another, heat maps and paths, says that it is without the hold.
    """
    others = {chart["id"]: chart for chart in held}
    return [
        {
            **chart,
            "views": [
                _view(view, other)
                for view, other in zip(chart["views"], others[chart["id"]]["views"], strict=True)
            ],
        }
        if _alike(chart, others.get(chart["id"]))
        else without(chart)
        for chart in charts
    ]


def without(chart: Chart, note: str = WITHOUT) -> Chart:
    """Return a chart whose views say that nothing is held in what they show."""
    views: list[View] = [{**view, "notes": [*view["notes"], note]} for view in chart["views"]]
    return {**chart, "views": views}


def _alike(chart: Chart, other: Chart | None) -> bool:
    return other is not None and len(chart["views"]) == len(other["views"])


def _view(view: View, other: View) -> View:
    if other["figure"] == view["figure"]:
        return view  # as the input, which nothing held changes
    figure, over = view["figure"], [] if other["figure"] is None else _lines(other["figure"])
    said = f"{view['text']} With the hold: {_lowered(other['text'])}"
    if other["text"] == view["text"]:
        said = view["text"]
    if figure is None or not over:
        return {
            **view,
            "text": said,
            "notes": [*view["notes"], WITHOUT] if figure else view["notes"],
        }
    drawn = {"data": [*figure["data"], *over], "layout": _widened(figure, other["figure"] or {})}
    return {**view, "text": said, "figure": drawn, "notes": [*view["notes"], OVER]}


def _lowered(text: str) -> str:
    """Return a sentence as the rest of another, where it begins with a word of its own."""
    return text[0].lower() + text[1:] if text[:2].istitle() and text[1:2].islower() else text


def _lines(figure: Dict) -> list[Dict]:
    """Return the lines over time of a figure, thin and dotted."""
    return [
        {
            **trace,
            "mode": "lines",
            "name": f"{trace['name']}, with the hold",
            "showlegend": False,
            "line": {**trace["line"], "dash": DASH, "width": 1.5},
            "hovertemplate": trace["hovertemplate"].replace("<extra>", " with the hold<extra>"),
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
