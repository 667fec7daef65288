"""The boxes, arrows and colours of a graph's static figure."""

import re
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from app.components.graph_view.colour import INK, colour_of, ink_on, largest_of
from app.components.graph_view.fit import Box
from app.components.graph_view.layout import Place
from app.figures.palette import CANVAS
from app.figures.words import short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = {"value": "values", "grad": "gradients"}
PER_INCH = 96.0
CURVE_POINTS, BEND, HEAD = 96, 0.03, 9.0

SYMBOL_ROW, CELL_HEIGHT, CELL_WIDTH, LEAST_WIDTH, BORDER = 24.0, 19.0, 56.0, 70.0, 4.0
LETTER = 6.4  # of a symbol, most of which is subscript
MOST_WRITTEN = (6, 4)  # rows and columns of numbers; larger arrays are coloured cells only
HEAT = 72.0
MARGIN, HEADER, FOOTER = 26.0, 46.0, 62.0
LEAST_PICTURE = 470.0

LINE, FAINT = CANVAS["light"]["line"], "#b6bcc8"
SAFE_LATEX = re.compile(
    r"(?:[A-Za-z0-9_^{}(),.\[\] ]|\\(?:ell|hat|tilde|mathbf|boldsymbol|text|prime|,|_))+"
)


def box_of(array: NDArray[np.float64], symbol: str) -> Box:
    """Return width and height of the box with these numbers below its symbol."""
    rows, columns = array.shape
    least = max(LEAST_WIDTH, len(symbol) * LETTER)
    if rows <= MOST_WRITTEN[0] and columns <= MOST_WRITTEN[1]:
        width = max(least, columns * CELL_WIDTH + 2 * BORDER)
        return width, SYMBOL_ROW + rows * CELL_HEIGHT + BORDER
    return max(least, HEAT + 2 * BORDER), SYMBOL_ROW + HEAT + BORDER


def drawn(
    graph: "nx.DiGraph[str]",
    arrays: dict[str, NDArray[np.float64]],
    boxes: dict[str, Box],
    places: dict[str, Place],
    shows: str,
) -> "Figure":
    """Return the figure of a graph whose boxes have these sizes and middles."""
    from matplotlib.figure import Figure

    left = min(x - boxes[name][0] / 2 for name, (x, _) in places.items()) - MARGIN
    right = max(x + boxes[name][0] / 2 for name, (x, _) in places.items()) + MARGIN
    top = min(y - boxes[name][1] / 2 for name, (_, y) in places.items()) - HEADER
    bottom = max(y + boxes[name][1] / 2 for name, (_, y) in places.items()) + FOOTER
    missing = max(0.0, LEAST_PICTURE - (right - left)) / 2
    left, right = left - missing, right + missing
    width, height = right - left, bottom - top
    picture = Figure(figsize=(width / PER_INCH, height / PER_INCH), facecolor="white")
    axes = picture.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    # The gradient of the loss by itself, 1, would leave no colour for the others.
    counted = {
        name for name, node in graph.nodes(data=True) if shows == "value" or node["quantity"] != "L"
    }
    largest = largest_of(array for name, array in arrays.items() if name in counted)
    first, last = graph.graph["steps"]
    steps = f"step {first}" if first == last else f"steps {first} to {last}"
    axes.text(
        left + MARGIN,
        top + HEADER / 2 - 4,
        f"Computational graph ({graph.graph['level']}), {steps}: {SHOWN[shows]}",
        size=10,
        color=INK,
        va="center",
        parse_math=False,
    )
    _edges(axes, graph, boxes, places)
    for name, node in graph.nodes(data=True):
        _node(axes, node, arrays[name], boxes[name], places[name], largest)
    _colour_bar(picture, width, height, largest, shows)
    return picture


def _edges(
    axes: "Axes", graph: "nx.DiGraph[str]", boxes: dict[str, Box], places: dict[str, Place]
) -> None:
    """Draw all edges as two collections; an arrow object for each would take most of the time."""
    from matplotlib.collections import LineCollection, PolyCollection

    for shared in (True, False):
        curves = [
            _curve(places[source], places[sink], boxes[sink], BEND if shared else 0.0)
            for source, sink in graph.edges
            if (graph.nodes[source]["kind"] == "parameter") is shared and source != sink
        ]
        look: dict[str, Any] = {
            "color": FAINT if shared else LINE,
            "zorder": 1 if shared else 2,
            "clip_on": False,
        }
        axes.add_collection(
            LineCollection(curves, linewidths=0.7 if shared else 1.1, **look), autolim=False
        )
        heads = [_head(curve) for curve in curves]
        axes.add_collection(PolyCollection(heads, linewidths=0, **look), autolim=False)
    for name in graph:
        if graph.has_edge(name, name):
            _loop(axes, places[name], boxes[name])


def _curve(start: Place, stop: Place, size: Box, bend: float) -> NDArray[np.float64]:
    """Return points from the middle of one box to the border of the other, slightly bent."""
    begin, end = np.array(start), np.array(stop)
    across = np.array([-(end - begin)[1], (end - begin)[0]])
    control = (begin + end) / 2 + bend * across
    share = np.linspace(0, 1, CURVE_POINTS)[:, np.newaxis]
    points = (1 - share) ** 2 * begin + 2 * share * (1 - share) * control + share**2 * end
    half = np.array(size) / 2 + 1.5
    outside = np.flatnonzero((np.abs(points - end) > half).any(axis=1))
    last = points[outside[-1]]
    # The step from the last point outside to the first inside crosses the border in between.
    step = points[min(outside[-1] + 1, CURVE_POINTS - 1)] - last
    with np.errstate(divide="ignore", invalid="ignore"):
        ways = (np.abs(last - end) - half) / np.abs(step)
    crossing = last + step * max((w for w in ways if np.isfinite(w) and 0 <= w <= 1), default=0.0)
    return np.vstack([points[: outside[-1] + 1], crossing])


def _head(curve: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the triangle at the end of a curve."""
    tip = curve[-1]
    back = curve[-1] - curve[max(0, len(curve) - 4)]
    along = HEAD * back / (np.hypot(*back) or 1.0)
    side = np.array([-along[1], along[0]]) * 0.42
    return np.array([tip, tip - along + side, tip - along - side])


def _loop(axes: "Axes", place: Place, size: Box) -> None:
    """Draw the edge of a node to itself, on its right: one step back in time."""
    from matplotlib.patches import FancyArrowPatch

    side, reach = place[0] + size[0] / 2, size[1] / 4
    axes.add_artist(
        FancyArrowPatch(
            (side, place[1] - reach),
            (side + 1, place[1] + reach),
            connectionstyle="arc3,rad=-1.1",
            arrowstyle="-|>",
            mutation_scale=8,
            linewidth=1.1,
            color=LINE,
            zorder=2,
            clip_on=False,
        )
    )
    axes.text(
        side + reach * 1.3, place[1], "t − 1", size=8, color=LINE, va="center", parse_math=False
    )


def _node(
    axes: "Axes",
    node: dict[str, Any],
    array: NDArray[np.float64],
    size: Box,
    place: Place,
    largest: float,
) -> None:
    from matplotlib.patches import FancyBboxPatch, Rectangle

    (width, height), (x, y) = size, place
    left, top = x - width / 2, y - height / 2
    computed = node["op"] is not None
    axes.add_artist(
        FancyBboxPatch(
            (left, top),
            width,
            height,
            boxstyle=f"round,pad=0,rounding_size={7 if computed else 1.5}",
            facecolor="white",
            edgecolor=INK if computed else LINE,
            linewidth=0.9,
            linestyle=(0, (4, 3)) if node["kind"] in ("rest", "target") else "-",
            zorder=3,
            clip_on=False,
        )
    )
    latex = node["latex"]
    safe = SAFE_LATEX.fullmatch(latex) is not None
    text = f"${latex}$" if safe else node["symbol"]
    axes.text(
        x, top + SYMBOL_ROW / 2 + 1, text, size=9.5, color=INK,
        ha="center", va="center", zorder=5, parse_math=safe,
    )  # fmt: skip
    rows, columns = array.shape
    written = rows <= MOST_WRITTEN[0] and columns <= MOST_WRITTEN[1]
    cell = (width - 2 * BORDER) / columns
    tall = CELL_HEIGHT if written else HEAT / rows
    for i, j in np.ndindex(rows, columns):
        number = float(array[i, j])
        corner = (left + BORDER + j * cell, top + SYMBOL_ROW + i * tall)
        fill = colour_of(number, largest)
        finite = np.isfinite(number)
        axes.add_artist(
            Rectangle(
                corner,
                cell - (1 if written and columns > 1 else 0),
                tall - (1 if written else 0),
                facecolor=fill if finite else "#ececef",
                edgecolor="none",
                zorder=4,
                clip_on=False,
            )
        )
        if written:
            axes.text(
                corner[0] + cell / 2, corner[1] + tall / 2, short(number), size=7.5,
                family="monospace", color=ink_on(fill) if finite else "#a01010",
                ha="center", va="center_baseline", zorder=5, parse_math=False,
            )  # fmt: skip


def _colour_bar(picture: "Figure", width: float, height: float, largest: float, shows: str) -> None:
    length, thickness = 240.0, 11.0
    axes = picture.add_axes(
        ((width - MARGIN - length - 24) / width, 30 / height, length / width, thickness / height)
    )
    shares = np.linspace(-1, 1, 129)
    colours = [[colour_of(float(np.sign(s) * s * s), 1.0) for s in shares]]
    axes.imshow(np.array(colours), aspect="auto", extent=(-1, 1, 0, 1), interpolation="nearest")
    axes.set_yticks([])
    ticks = [-1.0, -0.5, 0.0, 0.5, 1.0]
    axes.set_xticks(ticks, [short(float(np.sign(s) * s * s * largest)) for s in ticks])
    axes.tick_params(length=2.5, labelsize=7, colors=INK, pad=2)
    for side in axes.spines.values():
        side.set_linewidth(0.6)
    axes.set_ylabel(SHOWN[shows], rotation=0, ha="right", va="center", size=8, labelpad=6)
