"""The graph as a file: a web page that needs no network, GraphML, JSON; pictures are in `figure`.

Schema of the JSON, which `networkx.node_link_graph` reads:
{"directed": true, "multigraph": false,
 "graph": {"level", "steps": [first, last], "sample", "notation": where one is asked for},
 "nodes": [{"id", "kind", "t", "symbol", "latex", "op", "index", "value", "grad", "quantity",
   "variable", "unit", "parameter", "reads", "line", "layer"}],
 "edges": [{"source", "target", "slot", "local"}]}
Arrays are nested lists, a missing number is null, and NaN and infinities are the strings "NaN",
"Infinity" and "-Infinity". In GraphML arrays are the same, as text, and what is missing is absent.
What the fields of a node say stands at `rnn_core.computational_graph`.
"""

import html
import json
import re
from typing import Any

import networkx as nx
import numpy as np

from app.components.graph_view import network
from app.components.graph_view.colour import colour_of, ink_on, largest_of
from app.components.graph_view.drawing import FAINT
from app.components.graph_view.figure import FORMATS, figure
from app.components.graph_view.fit import Box, fitted_places
from app.components.graph_view.written import NOTATION
from app.components.shared.packing import as_json
from app.figures.palette import CANVAS

__all__ = ["FORMATS", "figure", "graphml", "html_page", "json_text"]

ABOUT = ("level", "steps", "sample", NOTATION)
NODE = (
    *("kind", "t", "symbol", "latex", "op", "index", "value", "grad"),
    *("quantity", "variable", "unit", "parameter", "reads", "line", "layer"),
)
EDGE = ("slot", "local")

MAX_PAGE_NODES = 3000
EDGE_COLOUR, ACCENT = CANVAS["light"]["edge"], "#1f6feb"
LETTER, LINE, PADDING = 9.7, 19.0, 22.0  # of the page's font, in pixels

REMOTE = re.compile(
    r'<link\b[^>]*?\bhref="(?!data:)[^"]*"[^>]*?/?>|<script\b[^>]*?\bsrc="[^"]*"[^>]*>\s*</script>',
    re.IGNORECASE,
)
COMMENT = re.compile(r"<!--(?!\[if).*?-->", re.DOTALL)
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:"
)
STYLE = """
:root { color-scheme: light dark; }
html, body { height: 100%; margin: 0; background: Canvas; color: CanvasText; }
body > center, h1:empty { display: none; }
.card { height: 100%; width: 100% !important; border: 0; }
#mynetwork { height: 100vh !important; width: 100% !important; border: 0 !important;
  float: none !important; padding: 0 !important; background: transparent !important; }
"""


def html_page(graph: "nx.DiGraph[str]", *, title: str = "Computational graph") -> bytes:
    """Return pyvis' page of the graph with everything it needs inside, in UTF-8.

    Raises
    ------
    ValueError
        The graph is too large for a page that a browser can draw.
    """
    if len(graph) > MAX_PAGE_NODES:
        raise ValueError(
            f"page: expected at most {MAX_PAGE_NODES} nodes, got {len(graph)}; show fewer steps or "
            "a coarser level"
        )
    drawn = network.build(graph)
    largest = largest_of(graph.nodes[node["id"]]["value"] for node in drawn.nodes)
    places = fitted_places(graph, {node["id"]: _label_size(node["label"]) for node in drawn.nodes})
    for node in drawn.nodes:
        node["x"], node["y"] = places[node["id"]]
        node.update(_look(graph.nodes[node["id"]], largest))
        grad = graph.nodes[node["id"]]["grad"]
        if grad is not None:
            node["title"] = network.label("gradient", grad)
    for edge in drawn.edges:
        shared = graph.nodes[edge["from"]]["kind"] == "parameter"
        edge["color"] = {"color": FAINT if shared else EDGE_COLOUR, "highlight": ACCENT}
    page: str = drawn.generate_html(notebook=False)
    end = page.index("</head>")
    head, body = page[:end], page[end:]
    head = COMMENT.sub("", REMOTE.sub("", head))
    about = (
        f'<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{POLICY}"><meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(title)}</title>"
    )
    head = re.sub(r"<head>\s*(<meta charset=\"utf-8\"\s*/?>)?", lambda _: about, head, count=1)
    text = "<!doctype html>\n" + head + f"<style>{STYLE}</style>" + body
    return text.replace("<html>", '<html lang="en">', 1).encode()


def _look(node: dict[str, Any], largest: float) -> dict[str, Any]:
    """Colour a number by its value and leave arrays white; what is given has square corners."""
    value = node["value"]
    number = float(value) if value is not None and np.ndim(value) == 0 else 0.0
    fill = colour_of(number, largest)
    background = "#" + "".join(f"{round(255 * part):02x}" for part in fill)
    return {
        "color": {
            "background": background,
            "border": EDGE_COLOUR,
            "highlight": {"background": background, "border": ACCENT},
        },
        "font": {"face": "monospace", "size": 16, "color": ink_on(fill)},
        "borderWidth": 1,
        "borderWidthSelected": 3,
        "shapeProperties": {
            "borderRadius": 8 if node["op"] is not None else 1,
            "borderDashes": [5, 4] if node["kind"] in ("rest", "target") else False,
        },
    }


def _label_size(label: str) -> Box:
    lines = label.split("\n")
    return max(map(len, lines)) * LETTER + PADDING, len(lines) * LINE + PADDING


def graphml(graph: "nx.DiGraph[str]") -> bytes:
    """Return the graph as GraphML: arrays as JSON text, and what is missing left out."""
    plain: nx.DiGraph[str] = nx.DiGraph(
        level=graph.graph["level"],
        steps=json.dumps(list(graph.graph["steps"])),
        sample=graph.graph["sample"],
    )
    if NOTATION in graph.graph:
        plain.graph[NOTATION] = graph.graph[NOTATION]
    for name, node in graph.nodes(data=True):
        plain.add_node(name, **_present(node, NODE))
    for source, sink, edge in graph.edges(data=True):
        plain.add_edge(source, sink, **_present(edge, EDGE))
    lines = nx.generate_graphml(plain, encoding="utf-8", named_key_ids=True)
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + "\n".join(lines) + "\n").encode()


def _present(attributes: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    found = {}
    for key in keys:
        value = _json(attributes[key])
        if value is not None:
            found[key] = value if isinstance(value, str | int | float) else json.dumps(value)
    return found


def json_text(graph: "nx.DiGraph[str]") -> bytes:
    """Return the graph as JSON in the schema of this module, in UTF-8."""
    data = {
        "directed": True,
        "multigraph": False,
        "graph": {key: _json(graph.graph[key]) for key in ABOUT if key in graph.graph},
        "nodes": [
            {"id": name, **{key: _json(node[key]) for key in NODE}}
            for name, node in graph.nodes(data=True)
        ],
        "edges": [
            {"source": source, "target": sink, **{key: _json(edge[key]) for key in EDGE}}
            for source, sink, edge in graph.edges(data=True)
        ],
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1).encode()


def _json(value: Any) -> Any:
    """JSON has arrays and numbers, but neither NaN nor infinity: they travel as words."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_json(part) for part in value]
    return as_json(value) if isinstance(value, float) else value
