"""A text as a network reads it: what it expects next, and how a hidden unit responds."""

import numpy as np

from app.figures import axes, tables
from app.figures.palette import TARGET
from app.figures.types import Chart, Dict, Floats, Steps, typed_array, view
from app.figures.words import plain_label, plotly_text, plural, short
from app.views.training.runs.reading import Reading

MOST_CLASSES = 24  # rows of the heat map, the most expected ones
COLUMNS = 40  # characters in a line of the coloured text
LINE = 34  # pixels
BELOW = 10


def expectations(reading: Reading, classes: tuple[str, ...]) -> Chart:
    """Return the heat map of probabilities: a row for each answer, a column for each character."""
    found = reading.probabilities
    order = np.argsort(-found.max(axis=0), kind="stable")[:MOST_CLASSES]
    kept = sorted(set(order.tolist()) | {at for at in reading.follows if at is not None})
    steps = Steps(len(reading.text), tuple(reading.text))
    figure = axes.heat_map(found[:, kept], 1, steps, noun="answer", scale="sequential")
    names = [plotly_text(plain_label(classes[index])) for index in kept]
    figure["layout"]["yaxis"] |= {
        "tickvals": list(range(1, len(kept) + 1)),
        "ticktext": names,
        "title": {"text": "answer", "standoff": 4},
    }
    figure["layout"]["height"] = 76 + 15 * max(8, len(kept))
    figure["layout"]["xaxis"]["title"] = {"text": "after having read", "standoff": 6}
    figure["data"][0] |= {
        "customdata": [[name] * len(reading.text) for name in names],
        "hovertemplate": "after character %{x}, %{customdata}: "
        f"%{{z:{axes.HOVER_NUMBER}}}<extra></extra>",
    }
    marked = [(at + 1, kept.index(index) + 1) for at, index in _known(reading)]
    if marked:
        figure["data"].append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [x for x, _ in marked],
                "y": [y for _, y in marked],
                "marker": {"symbol": "square-open", "size": 11, "line": {"width": 2}},
                "meta": {"series": TARGET},
                "hoverinfo": "skip",
                "showlegend": False,
            }
        )
    note = ""
    if len(kept) < len(classes):
        note = f"{len(kept)} of {len(classes)} answers are drawn: the most probable and the right."
    return {
        "id": "tr_expect",
        "title": "What the network expects after each character",
        "phase": "",
        "views": [view("", figure, _text(reading, classes), note)],
        "tables": [tables.over_time(found, 1, steps, [plain_label(name) for name in classes])],
        "wide": True,
    }


def _known(reading: Reading) -> list[tuple[int, int]]:
    return [(at, index) for at, index in enumerate(reading.follows) if index is not None]


def _text(reading: Reading, classes: tuple[str, ...]) -> str:
    if reading.given:
        count = len(reading.given)
        return (
            f"The character that came next (framed) had a probability of "
            f"{short(float(np.mean(reading.given)))} on average, and was the most probable one "
            f"{reading.right} of {plural(count, 'time')}."
        )
    last = reading.probabilities[-1]
    best = int(last.argmax())
    return f"At the end: {plain_label(classes[best])}, with probability {short(float(last[best]))}."


def unit(reading: Reading, index: int) -> Chart:
    """Return the text, each character on the colour of a hidden unit after it was read."""
    h = reading.trace.h[1:, 0, index]
    rows = -(-len(h) // COLUMNS)
    filled = np.full(rows * COLUMNS, np.nan)
    filled[: len(h)] = h
    cells = filled.reshape(rows, COLUMNS)
    limits = axes.limits(h, "diverging")
    figure: Dict = {
        "data": [_cells(cells, limits), _letters(reading.text, h, limits["zmax"])],
        "layout": axes.layout(
            10 + LINE * rows + BELOW,
            xaxis={"visible": False, "range": [0.5, COLUMNS + 0.5], "fixedrange": True},
            yaxis={"visible": False, "range": [rows + 0.5, 0.5], "fixedrange": True},
        ),
    }
    figure["layout"]["margin"]["b"] = BELOW
    most, least = int(h.argmax()), int(h.argmin())
    text = (
        f"Unit {index + 1} is largest, {short(float(h[most]))}, after character {most + 1} "
        f"({plain_label(reading.text[most])}), and smallest, {short(float(h[least]))}, after "
        f"character {least + 1} ({plain_label(reading.text[least])})."
    )
    steps = Steps(len(h), tuple(reading.text))
    return {
        "id": "tr_unit",
        "title": "A hidden unit over the text",
        "phase": "",
        "views": [view("", figure, text)],
        "tables": [tables.over_time(h[:, np.newaxis], 1, steps, [f"h, unit {index + 1}"])],
        "wide": True,
    }


def _cells(cells: Floats, limits: Dict) -> Dict:
    ends = [limits["zmin"], limits["zmax"]]  # a line of text is too low for more of them
    return axes.table_of_cells(
        cells,
        meta={"scale": "diverging"},
        hovertemplate=f"%{{z:{axes.HOVER_NUMBER}}}<extra></extra>",
        colorbar=axes.colour_bar() | {"tickvals": ends, "ticktext": [short(at, 2) for at in ends]},
        **limits,
    )


def _letters(text: str, h: Floats, largest: float) -> Dict:
    places = np.arange(len(h))
    return axes.ink(
        typed_array(places % COLUMNS + 1),
        typed_array(places // COLUMNS + 1),
        [plotly_text(plain_label(letter)) for letter in text],
        h,
        "diverging",
        largest,
    )
