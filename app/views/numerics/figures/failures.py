"""The loss and its gradient over the logit, and at which logits each step fails."""

import numpy as np

from app.figures import axes
from app.figures.precision_words import happens, where
from app.figures.types import Chart, Dict, Floats, Table, View, drawable, typed_array, view
from app.figures.words import in_full, short
from rnn_core.precision import Curves, Outcome, Region

LEFT = 190
NEAR_THE_END = 0.75  # of the axis: a text in its middle there would stick out of a narrow one
LANE = 22  # pixels
CURVE = 240
GAP = 44  # with room for the numbers of the logits
TOP, BOTTOM = 28, 46  # of the margins: above the curve stands what the reader's logit gives
RESULTS = ("inf", "nan", "zero")
KINDS = {"step gives ∞ or NaN": (1, 11, True), "step rounds or clamps": (4, 6, False)}
"""What bars say of a step: their colour, how thick they are, and whether no number is left."""
AWAY = 5  # pixels from the end of a bar to its limits
SYMBOLS = {"loss": "L", "gradient": "∂L/∂a"}


def failures(
    quantity: str,
    shown: Curves,
    at: tuple[Outcome, ...],
    a: float,
    dtype: str,
) -> Chart:
    """Return each form over the logit, and under it the logits at which its steps fail.

    Loss and gradient are one chart: the form that a reader chose stays, and where it is chosen.
    """
    return {
        "id": "numerics-forms",
        "title": "Each form and its steps over the logit",
        "phase": "",
        "views": [_failures_of(quantity, shown, outcome, a, dtype) for outcome in at],
        "tables": [_table(shown.regions[outcome.form.name]) for outcome in at],
    }


def _failures_of(
    quantity: str,
    shown: Curves,
    outcome: Outcome,
    a: float,
    dtype: str,
) -> View:
    form = outcome.form
    found = shown.regions[form.name]
    lanes = _lanes(found, shown.reach)
    plot = CURVE + GAP + LANE * max(len(lanes), 1)
    bottom = LANE * max(len(lanes), 1) / plot
    top = 1 - CURVE / plot
    data = [
        line(shown.a, shown.exact, "true value", 6, width=7, opacity=0.35),
        line(shown.a, shown.values[form.name], form.title, list(shown.values).index(form.name)),
        here(a, outcome.value),
    ]
    rows = [(row, label, one) for row, (label, some) in enumerate(lanes) for one in some]
    for name, (role, width, events) in KINDS.items():
        if bars := [bar for bar in rows if (bar[2].event in _FATAL) is events]:
            data.append(_bars(bars, shown.reach, name, role, width))
    named = not np.isfinite(outcome.value)
    data.append(_cursor(a, len(lanes), named=named))
    if named:
        text = f"{SYMBOLS[quantity]} = {short(outcome.value)}"
        data.append(_no_number(a, text, shown.reach))
    layout = axes.layout(
        plot + TOP + BOTTOM,
        meta={"lanes": True},
        margin={"l": LEFT, "r": axes.RIGHT, "t": TOP, "b": BOTTOM},
        showlegend=True,
        annotations=[
            limit for row, _, region in rows if (limit := _limit(region, row, shown.reach))
        ],
        xaxis=logit_axis(shown.reach) | {"anchor": "y"},
        yaxis=axes.number_axis(SYMBOLS[quantity], domain=[top, 1]),
        yaxis3={"overlaying": "y", "anchor": "x", "range": [0, 1], "visible": False},
        xaxis2=logit_axis(shown.reach)
        | {"anchor": "y2", "title": {"text": "logit a", "standoff": 6}, "matches": "x"},
        yaxis2={
            "domain": [0, bottom],
            "anchor": "x2",
            "range": [max(len(lanes), 1) - 0.5, -0.5],
            "tickvals": list(range(len(lanes))),
            "ticktext": [label for label, _ in lanes],
            "showgrid": False,
            "zeroline": False,
        },
    )
    text = _failure_text(quantity, found, outcome, a, dtype, shown.reach)
    notes = [] if lanes else ["No step of this form fails at the logits drawn."]
    return view(form.title, {"data": data, "layout": layout}, text, *notes)


def lost(found: tuple[Region, ...]) -> list[Region]:
    """Return where the result itself is infinite, NaN or zero."""
    return [one for one in found if one.step == found[-1].step and one.event in RESULTS]


def _lanes(found: tuple[Region, ...], reach: float) -> list[tuple[str, list[Region]]]:
    """Gather the regions that can be seen by what happens, in the order of the steps."""
    lanes: dict[str, list[Region]] = {}
    result = found[-1].step if found else ""
    for region in found:
        if region.step == result and region.event not in RESULTS:
            continue  # said by what the result is
        width = min(region.high, reach) - max(region.low, -reach)
        if width > 0.004 * reach:
            lanes.setdefault(happens(region.step, region.event), []).append(region)
    return list(lanes.items())


def _bars(
    rows: list[tuple[int, str, Region]], reach: float, name: str, role: int, width: int
) -> Dict:
    """Return regions, each in its row, as thick lines that mean the same."""
    ends = [[max(one.low, -reach), min(one.high, reach), np.nan] for _, _, one in rows]
    said = [f"{label}<br>{where(one)}" for _, label, one in rows]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": typed_array(np.array(ends).ravel()),
        "y": typed_array(np.array([[row, row, np.nan] for row, _, _ in rows]).ravel()),
        "text": [text for text in said for _ in range(3)],
        "name": name,
        "line": {"width": width},
        "meta": {"series": role},
        "xaxis": "x2",
        "yaxis": "y2",
        "hovertemplate": "%{text}<extra></extra>",
    }


def _limit(region: Region, row: int, reach: float) -> Dict | None:
    """Return the limits of a region as a note at the end of its bar that lies in view, if any."""
    low, high = max(region.low, -reach), min(region.high, reach)
    if region.low <= -reach and region.high >= reach:
        return None
    after = region.low <= -reach or abs(low) > abs(high)
    return {
        "text": where(region),
        "x": high if after else low,
        "y": row,
        "xref": "x2",
        "yref": "y2",
        "xanchor": "left" if after else "right",
        "xshift": AWAY if after else -AWAY,
        "yanchor": "middle",
        "showarrow": False,
        "borderpad": 1,
    }


_FATAL = {"overflow", "log of zero", "division by zero", "invalid", "inf", "nan"}


def _cursor(a: float, lanes: int, *, named: bool) -> Dict:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [a, a],
        "y": [-0.5, max(lanes, 1) - 0.5],
        "xaxis": "x2",
        "yaxis": "y2",
        "line": {"width": 2, "dash": "dot"},
        "meta": {"accent": True},
        "name": "your a",
        "showlegend": named,
        "hoverinfo": "skip",
    }


def _no_number(a: float, text: str, reach: float) -> Dict:
    """Return the reader's logit as a line over the height of the curve, where no number is.

    What the form gives there stands above the plot, where no curve is.
    """
    beside = "right" if a < 0 else "left"
    return {
        "type": "scatter",
        "mode": "lines+text",
        "x": [a, a],
        "y": [0, 1],
        "text": [axes.UNSAID, text],
        "textposition": f"top {beside if abs(a) > NEAR_THE_END * reach else 'center'}",
        "cliponaxis": False,
        "yaxis": "y3",
        "line": {"width": 2, "dash": "dot"},
        "meta": {"accent": True},
        "showlegend": False,
        "hoverinfo": "skip",
    }


def here(a: float, value: float) -> Dict:
    """Return the mark at the reader's logit; nothing is drawn where the value is not finite."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [a],
        "y": typed_array(drawable(np.array([value]))),
        "name": "your a",
        "marker": {"size": 12, "symbol": "circle", "line": {"width": 2}},
        "meta": {"accent": True},
        "cliponaxis": False,
        "showlegend": bool(np.isfinite(value)),
        "hovertemplate": f"a = {short(a)}: {short(value)}<extra></extra>",
    }


def line(
    at: Floats, values: Floats, name: str, role: int, *, width: int = 2, **parts: object
) -> Dict:
    """Return a curve over the logits, with a gap wherever it is not finite."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": typed_array(at),
        "y": typed_array(drawable(values)),
        "name": name,
        "line": {"width": width, "simplify": False},
        "meta": {"series": role},
        "hovertemplate": f"{name} at a = %{{x:{axes.HOVER_NUMBER}}}: %{{y:{axes.HOVER_NUMBER}}}"
        "<extra></extra>",
        **parts,
    }


def logit_axis(reach: float) -> Dict:
    """Return the axis of the logits, from −reach to reach."""
    return {"range": [-reach, reach], "zeroline": True, "nticks": 9}


def _failure_text(
    quantity: str,
    found: tuple[Region, ...],
    outcome: Outcome,
    a: float,
    dtype: str,
    reach: float,
) -> str:
    """Say what the result is where it is none; the steps that lead there are drawn below it."""
    seen = [
        f"{where(region)}: {happens(region.step, region.event)}"
        for region in lost(found)
        if region.low < reach and region.high > -reach
    ]
    start = f"{outcome.form.title} in {dtype}: {SYMBOLS[quantity]} = {short(outcome.value)} "
    start += f"at a = {in_full(a)}."
    return f"{start} {'; '.join(seen)}." if seen else start


def _table(found: tuple[Region, ...]) -> Table:
    return {
        "head": ["what happens", "from a =", "to a ="],
        "rows": [happens(region.step, region.event) for region in found],
        "cells": typed_array(
            np.array([[region.low, region.high] for region in found]).reshape(-1, 2)
        ),
        "note": "The first and the last float of the format at which it happens.",
    }
