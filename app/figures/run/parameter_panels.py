"""The parameters, or their gradients, as heat maps beside one another."""

import numpy as np

from app.figures import axes, notation
from app.figures.types import Dict, Floats
from app.figures.words import plotly_symbol
from rnn_core import Parameters
from rnn_core.cells import READOUT, leaves

WRITTEN_CELLS = 12  # a matrix of at most so many columns and rows has its numbers written in


def panels(found: Parameters, limits: Dict, symbol: str) -> Dict:
    """Return heat maps on one scale: a row for each sum of the cell, and one for the readout.

    `symbol` says what an array is called, with its parameter's name in place of the braces.
    """
    groups = rows_of(found)
    shown = {name: cells_of(array) for name, array in found.items()}
    longest = [max(len(shown[name]) for name in names) for names in groups]
    heights = [int(np.clip(30 * rows, 44, 320)) for rows in longest]
    between, below = 62, 30
    total = sum(heights) + between * (len(groups) - 1)
    tops = [total - sum(heights[:row]) - between * row for row in range(len(groups))]
    bands = [
        [max(0.0, (top - height) / total), top / total]
        for top, height in zip(tops, heights, strict=True)
    ]
    data: list[Dict] = []
    layout = axes.layout(
        total + 30 + below,
        margin={"l": 40, "r": 70, "t": 30, "b": below},
        coloraxis={
            "cmin": limits["zmin"],
            "cmax": limits["zmax"],
            "colorbar": axes.colour_bar(),
        },
        annotations=[],
    )
    number = 0
    for row, names in enumerate(groups):
        columns = [shown[name].shape[1] for name in names]
        for name, domain in zip(names, _domains(columns), strict=True):
            number += 1
            suffix = "" if number == 1 else str(number)
            cells = shown[name]
            data += _panel(name, symbol.format(name), cells, suffix, limits["zmax"])
            layout[f"xaxis{suffix}"] = _index_axis(cells.shape[1], domain, f"y{suffix}")
            layout[f"yaxis{suffix}"] = _index_axis(
                cells.shape[0], bands[row], f"x{suffix}", reverse=True
            )
            if name != names[0] and not notation.has_rows():  # its rows are those of the first one
                layout[f"yaxis{suffix}"]["showticklabels"] = False
            layout["annotations"].append(_title(symbol.format(name), domain[0], bands[row][1]))
    return {"data": data, "layout": layout}


def rows_of(found: Parameters) -> list[tuple[str, ...]]:
    """Return the names of the parameters by row: what the lines of the cell add up, the readout."""
    added = (
        tuple(name for name in leaves(line.term) if name in found.cell.shapes)
        for line in found.cell.lines
    )
    return [*filter(None, added), tuple(READOUT)]


def cells_of(array: Floats) -> Floats:
    """Return a matrix or a vector as the notation has it: a vector as a column, or as a row."""
    return notation.turned_to_rows(array if array.ndim == 2 else array[:, np.newaxis])


def _domains(columns: list[int]) -> list[list[float]]:
    """Share the width by the number of columns, no panel narrower than a seventh."""
    gap = 0.06
    room = 1 - gap * (len(columns) - 1)
    wanted = np.maximum(np.array(columns) / sum(columns), 1 / 7)
    widths = room * wanted / wanted.sum()
    starts = np.concatenate([[0], np.cumsum(widths + gap)[:-1]])
    return [[float(a), float(min(a + b, 1))] for a, b in zip(starts, widths, strict=True)]


def _panel(name: str, symbol: str, cells: Floats, suffix: str, largest: float) -> list[Dict]:
    index = notation.sided("%{y}", "%{x}") if name.startswith("b_") else "%{y},%{x}"
    trace = axes.table_of_cells(
        cells,
        xaxis=f"x{suffix}",
        yaxis=f"y{suffix}",
        coloraxis="coloraxis",
        xgap=1,
        ygap=1,
        hovertemplate=f"{symbol}[{index}] = %{{z:{axes.HOVER_NUMBER}}}<extra></extra>",
    )
    if max(cells.shape) > WRITTEN_CELLS:
        return [trace]
    numbers = axes.numbers_in_cells(cells, 1, "diverging", largest)
    return [trace, numbers | {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}]


def _index_axis(count: int, domain: list[float], anchor: str, *, reverse: bool = False) -> Dict:
    ends = [count + 0.5, 0.5] if reverse else [0.5, count + 0.5]
    axis: Dict = {
        "range": ends,
        "domain": domain,
        "anchor": anchor,
        "showgrid": False,
        "zeroline": False,
        **axes.INTEGERS,
        "nticks": 8,
        "fixedrange": True,
    }
    return axis | {"tick0": 1, "dtick": 1} if count <= 10 else axis


def _title(symbol: str, x: float, y: float) -> Dict:
    return {
        "text": plotly_symbol(symbol),
        "x": x,
        "y": y,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 3,
        "showarrow": False,
    }
