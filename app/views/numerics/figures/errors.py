"""The error of every form of the loss or its gradient, in units in the last place."""

import numpy as np

from app.figures import axes
from app.figures.palette import DASHES
from app.figures.precision_words import place, ulps
from app.figures.types import Chart, Floats, typed_array, view
from app.figures.words import in_full
from app.views.numerics.figures.failures import LEFT, here, line, logit_axis
from rnn_core.precision import Curves, Outcome

LEAST_ULP = 0.01


def errors(
    quantity: str,
    shown: Curves,
    at: tuple[Outcome, ...],
    a: float,
    dtype: str,
    *,
    along: str = "logit",
    symbol: str = "a",
) -> Chart:
    """Return the error of every form in units in the last place, over the logit or another."""
    data = []
    for role, outcome in enumerate(at):
        name = outcome.form.name
        drawn = line(
            shown.a,
            np.maximum(shown.ulps[name], LEAST_ULP),
            outcome.form.title,
            role,
            opacity=0.9,
        )
        drawn["line"]["dash"] = DASHES[role % len(DASHES)]
        data.append(drawn)
    finite = [max(outcome.ulps, LEAST_ULP) for outcome in at if np.isfinite(outcome.ulps)]
    data.append(
        here(a, 0.0)
        | {
            "name": f"your {symbol}",
            "x": [a] * len(finite),
            "y": typed_array(np.array(finite)),
            "hoverinfo": "skip",
        }
    )
    layout = axes.layout(
        300,
        meta={"left": True},  # as wide as the names of the lanes above
        margin={"l": LEFT, "r": axes.RIGHT, "t": 10, "b": 46},
        showlegend=True,
        xaxis=logit_axis(shown.reach) | {"title": {"text": f"{along} {symbol}", "standoff": 6}},
        yaxis=axes.number_axis("error in ulp", nticks=8, type="log"),
    )
    listed = ", ".join(f"{outcome.form.title} {ulps(outcome.ulps)}" for outcome in at)
    worst = {name: shown.ulps[name][np.isfinite(shown.ulps[name])] for name in shown.ulps}
    largest = [
        f"{outcome.form.title} {ulps(float(worst[outcome.form.name].max(initial=0)))}"
        for outcome in at
    ]
    text = (
        f"Error at {symbol} = {in_full(a)} in units in the last place of {dtype}: "
        f"{listed}. "
        f"Largest finite error of the {along}s drawn: {', '.join(largest)}."
    )
    return {
        "id": f"numerics-{quantity}-error",
        "title": f"Error of the {quantity} in ulp",
        "phase": "",
        "views": [
            view(
                "",
                {"data": data, "layout": layout},
                text,
                "An error below 0.01 ulp is drawn at 0.01; where a line is missing the result is "
                "∞ or NaN.",
            )
        ],
        "tables": [
            {
                "head": [
                    f"{along} {symbol}",
                    "true value",
                    *(outcome.form.title for outcome in at),
                ],
                "rows": [place(value) for value in _sampled(shown.a).tolist()],
                "cells": typed_array(
                    np.stack(
                        [
                            _sampled(column)
                            for column in (
                                shown.exact,
                                *(shown.ulps[outcome.form.name] for outcome in at),
                            )
                        ],
                        axis=1,
                    )
                ),
                "note": f"Errors in ulp, at every twentieth {along} drawn.",
            }
        ],
    }


def _sampled(values: Floats) -> Floats:
    return values[::20]
