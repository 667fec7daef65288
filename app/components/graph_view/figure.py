"""The graph as a static Matplotlib figure: SVG, PNG or PDF.

Only Matplotlib's figure objects are used, never pyplot, whose current figure is shared by all
sessions of a server. The bytes of a graph are the same each time.
"""

import io
import re
import threading
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from app.components.graph_view.drawing import SHOWN, box_of, drawn
from app.components.graph_view.fit import fitted_places

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = ("svg", "png", "pdf")
MAX_NODES = 1600
MAX_PIXELS = 12_000  # of one side of a PNG, which is made coarser to fit
PNG_DPI = 144
RANDOM_ID = re.compile(rb'id="([a-z]+[0-9a-f]{10})"')

_drawing = threading.Lock()  # Matplotlib's parser of formulas is shared by all threads


def figure(graph: "nx.DiGraph[str]", format: str, *, shows: str = "value") -> bytes:
    """Return the picture of a graph, with values or gradients ("grad") written and coloured.

    Raises
    ------
    ValueError
        The format is not one of FORMATS, there are no gradients to show, or the graph is too large
        for one picture.
    """
    if format not in FORMATS:
        raise ValueError(f"format: expected one of {', '.join(FORMATS)}, got {format!r:.40}")
    if shows not in SHOWN:
        raise ValueError(f"shows: expected one of {', '.join(SHOWN)}, got {shows!r:.40}")
    if len(graph) > MAX_NODES:
        raise ValueError(
            f"figure: expected at most {MAX_NODES} nodes, got {len(graph)}; show fewer steps or a "
            "coarser level"
        )
    arrays = {name: _array(node[shows]) for name, node in graph.nodes(data=True)}
    if shows == "grad" and all(node["grad"] is None for _, node in graph.nodes(data=True)):
        raise ValueError("figure: expected a graph with gradients, got one without")
    boxes = {name: box_of(array, graph.nodes[name]["symbol"]) for name, array in arrays.items()}
    places = fitted_places(graph, boxes)
    with _drawing:
        return _bytes(drawn(graph, arrays, boxes, places, shows), format)


def _array(value: Any) -> NDArray[np.float64]:
    """Return rows and columns of numbers: a number is 1 × 1, a vector one column."""
    array = np.asarray(np.nan if value is None else value, dtype=float)
    if array.ndim > 2:
        return array.reshape(len(array), -1)
    return array.reshape(-1, 1) if array.ndim < 2 else array


def _bytes(picture: "Figure", format: str) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(picture)
    metadata = {"svg": {"Date": None}, "png": {"Software": None}, "pdf": {"CreationDate": None}}
    out = io.BytesIO()
    dpi = min(PNG_DPI, MAX_PIXELS / max(picture.get_size_inches()))
    picture.savefig(out, format=format, dpi=dpi, metadata=metadata[format])
    data = out.getvalue()
    return _named(data) if format == "svg" else data


def _named(svg: bytes) -> bytes:
    """Replace the ids that Matplotlib draws at random; its setting for them is global."""
    for k, name in enumerate(dict.fromkeys(RANDOM_ID.findall(svg))):
        svg = svg.replace(name, b"part%d" % k)
    return svg
