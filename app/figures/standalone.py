"""Charts outside the app: as figures of Plotly's Python package, and as a page without a server.

The browser paints the roles that charts name in the colours of the page's theme. Here they get
those of the light one; `plotly` looks over every property on the way.
"""

import html
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import LETTERS, exponents
from app.figures.palette import CANVAS, palette, theme
from app.figures.types import Chart, Dict, unpacked
from app.figures.types import View as Drawn
from app.figures.words import plotly_symbol

SCRIPT = Path(__file__).resolve().parents[2] / "assets/vendor/plotly/plotly-cartesian.min.js"
LICENCE = SCRIPT.with_name("LICENSE")
QUIET = CANVAS["light"]["line"]
ABOUT = "One file that opens without a network: point at a number, zoom, hide a line."
CONFIG = {"displaylogo": False, "responsive": True}
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; base-uri 'none'; form-action 'none'"
)
STYLE = """body {{ font: 16px/1.5 system-ui, sans-serif; color: {textColor};
  background: {backgroundColor}; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
h2 {{ margin: 2.5rem 0 0; font-size: 1.2rem; }} h3 {{ margin: 1.5rem 0 0; font-size: 1rem; }}
p {{ margin: .25rem 0; }} .note {{ opacity: .75; font-size: .9rem; }}"""


def figure(view: Drawn) -> go.Figure | None:
    """Return a view of a chart as Plotly's package has it, or None where nothing is drawn.

    Raises
    ------
    ValueError
        Plotly knows no such property, or it cannot have that value.
    """
    if view["figure"] is None:
        return None
    made = go.Figure(
        data=[_painted(trace) for trace in view["figure"]["data"] if not _is_written(trace)],
        layout=view["figure"]["layout"],
    )
    colours = theme("light")
    made.update_layout(
        font={"size": LETTERS, "color": colours["textColor"]},
        paper_bgcolor=colours["backgroundColor"],
        plot_bgcolor=colours["backgroundColor"],
        autosize=True,
    )
    made.update_layout(margin_autoexpand=True)
    made.for_each_coloraxis(lambda axis: axis.update(colorscale=palette()["light"]["diverging"]))
    for each in (made.for_each_xaxis, made.for_each_yaxis):
        each(lambda axis: axis.update(automargin=True, linecolor=QUIET, showline=True))
        each(lambda axis: axis.update(**exponents(axis.type == "log")))
    return made


def figures(charts: Sequence[Chart]) -> dict[str, go.Figure]:
    """Return every view of some charts that is drawn, by the titles of chart and view."""
    found = {}
    for chart in charts:
        for view in chart["views"]:
            if (drawn := figure(view)) is not None:
                many = len(chart["views"]) > 1
                found[f"{chart['title']}: {view['name']}" if many else chart["title"]] = drawn
    return found


def page(charts: Sequence[Chart], title: str) -> bytes:
    """Return one HTML file with charts to point at and to zoom, with their sentences, in UTF-8."""
    parts = [f"<h1>{html.escape(title)}</h1>"]
    for chart in charts:
        parts.append(f"<h2>{_html(chart['title'])}</h2>")
        for view in chart["views"]:
            if len(chart["views"]) > 1:
                parts.append(f"<h3>{_html(view.get('title', view['name']))}</h3>")
            parts.append(f"<p>{_html(view['text'])}</p>")
            parts += [f'<p class="note">{_html(note)}</p>' for note in view["notes"]]
            if (drawn := figure(view)) is not None:
                parts.append(drawn.to_html(full_html=False, include_plotlyjs=False, config=CONFIG))
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{STYLE.format(**theme('light'))}</style>"
        f"<!--\n{_licence()}\n--><script>{_script()}</script></head><body>\n{body}\n</body></html>\n"
    ).encode()


def _html(text: str) -> str:
    return plotly_symbol(html.escape(text))


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


@cache
def _licence() -> str:
    return LICENCE.read_text(encoding="utf-8").replace("--", "- -")


def _is_written(trace: Dict) -> bool:
    """Whether a trace writes the numbers of the cells below it, which pointing at them tells."""
    return "ink" in trace.get("meta", {})


def _painted(trace: Dict) -> Dict:
    """Return a trace with the colours of its role, and its numbers as arrays."""
    colours, role = palette()["light"], trace.get("meta", {})
    made: dict[str, Any] = {
        name: unpacked(value) if isinstance(value, dict) and "bdata" in value else value
        for name, value in trace.items()
    }
    if "scale" in role:
        made["colorscale"] = colours[role["scale"]]
    elif trace["type"] == "heatmap":
        return made
    elif role.get("path"):
        made["line"] = {**trace.get("line", {}), "color": QUIET}
        made["marker"] = {**trace.get("marker", {}), "colorscale": colours["sequential"]}
    elif role.get("signed"):
        ends = [colours["diverging"][end][1] for end in (0, -1)]
        made["marker"] = {"color": [ends[int(value >= 0)] for value in unpacked(trace["y"])]}
    else:
        place = role.get("series", 0) % len(colours["series"])
        accent = theme("light")["primaryColor"]
        colour = accent if role.get("accent") else colours["series"][place]
        made["marker"] = {**trace.get("marker", {}), "color": colour}
        if trace["type"] == "scatter":
            made["line"] = {**trace.get("line", {}), "color": colour}
    return made
