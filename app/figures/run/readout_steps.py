"""Charts of what is read out at every step: logits, predictions and losses over time."""

import numpy as np

from app.figures import axes, tables
from app.figures.palette import PREDICTION, TARGET, of_output
from app.figures.types import Chart, Dict, Floats, Steps, typed_array, view
from app.figures.words import not_finite, plural, short
from rnn_core.losses import Loss


def charts(
    a: Floats, p: Floats, y: Floats | None, loss: Loss, first: int, steps: Steps
) -> list[Chart]:
    """Return logits, predictions and losses over the steps that are read out."""
    made = []
    if not np.array_equal(a, p, equal_nan=True):
        made.append(_series(a, first, "logits", "Logits a_t", "a", steps))
    made.append(_predictions(p, y, first, loss, steps))
    if y is not None:
        made.append(_losses(loss.terms(a, y), first, loss, steps))
    return made


def _series(rows: Floats, first: int, key: str, title: str, symbol: str, steps: Steps) -> Chart:
    names = _outputs(rows.shape[1], symbol)
    heat = rows.shape[1] > 4
    if heat:
        figure = axes.heat_map(rows, first, steps, noun="output")
    else:
        figure = axes.lines(rows, first, steps, names, symbol, height=210)
    at, k = divmod(int(np.where(np.isfinite(rows), rows, -np.inf).argmax()), rows.shape[1])
    largest = f"the largest is {short(float(rows[at, k]))} at t = {at + first}"
    text = f"{plural(rows.shape[1], 'logit')} per step; {largest}."
    return {
        "id": key,
        "title": title,
        "phase": "f",
        "views": [
            view(
                "",
                figure,
                text,
                not_finite("The logit", rows, first),
                axes.thinned(len(rows), lines_drawn=not heat),
            )
        ],
        "tables": [tables.over_time(rows, first, steps, names)],
    }


def _predictions(p: Floats, y: Floats | None, first: int, loss: Loss, steps: Steps) -> Chart:
    symbol = loss.prediction_symbol
    names = _outputs(p.shape[1], symbol)
    heat = p.shape[1] > 4
    if heat:
        scale = "sequential" if symbol == "p" else "diverging"
        noun = "class" if loss.spans_outputs else "output"
        figure = axes.heat_map(p, first, steps, noun=noun, scale=scale)
        if y is not None and loss.spans_outputs and len(p) <= 120:
            figure["data"].append(_target_marks(y, first))
    else:
        figure = axes.lines(p, first, steps, names, symbol, height=230)
        for k, trace in enumerate(figure["data"]):
            trace["meta"]["series"] = of_output(PREDICTION, k)
        if symbol == "p":
            figure["layout"]["yaxis"]["range"] = [-0.06, 1.06]
        if y is not None:
            figure["data"] += [_targets(y[:, k], first, k, p.shape[1]) for k in range(p.shape[1])]
            figure["layout"]["showlegend"] = True
    columns, heads = p, names
    if y is not None:
        columns = np.stack([p, y], axis=2).reshape(len(p), -1)
        heads = [
            name for k, name in enumerate(names) for name in (name, _outputs(len(names), "y")[k])
        ]
    return {
        "id": "predictions",
        "title": "Prediction and target" if y is not None else "Prediction",
        "phase": "f",
        "views": [
            view(
                "",
                figure,
                _prediction_text(p, y, loss, first),
                "A ring marks the target's class." if len(figure["data"]) > 1 and heat else "",
                "" if y is not None else "There is no target, so no loss.",
                not_finite(symbol, p, first),
                axes.thinned(len(p), lines_drawn=not heat),
            )
        ],
        "tables": [tables.over_time(columns, first, steps, heads)],
    }


def _target_marks(y: Floats, first: int) -> Dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(range(first, first + len(y))),
        "y": typed_array(y.argmax(axis=1) + 1),
        "name": "target",
        "marker": {"symbol": "circle-open", "size": 11, "line": {"width": 2}},
        "meta": {"series": TARGET},
        "hoverinfo": "skip",
    }


def _targets(y: Floats, first: int, k: int, count: int) -> Dict:
    made = axes.line(y, first, _outputs(count, "y")[k], of_output(TARGET, k))
    marker = {"symbol": "circle-open", "size": 7 if len(y) <= 120 else 3}
    return made | {"mode": "markers", "marker": marker}


def _prediction_text(p: Floats, y: Floats | None, loss: Loss, first: int) -> str:
    symbol = loss.prediction_symbol
    if y is None:
        return f"{symbol} at {plural(len(p), 'step')}, without a target."
    if loss.spans_outputs:
        right = int((p.argmax(axis=1) == y.argmax(axis=1)).sum())
        return f"The most probable class is the target's at {right} of {plural(len(p), 'step')}."
    miss = np.where(np.isfinite(p), np.abs(p - y), 0)
    at, k = divmod(int(miss.argmax()), p.shape[1])
    return (
        f"{symbol} is farthest from its target at t = {at + first}: "
        f"{short(float(p[at, k]))} for {short(float(y[at, k]))}."
    )


def _losses(ell: Floats, first: int, loss: Loss, steps: Steps) -> Chart:
    rows = ell.sum(axis=1, keepdims=True) / ell.shape[1]
    figure = axes.lines(rows, first, steps, ["l_t"], "loss", height=210)
    figure["layout"]["yaxis"]["rangemode"] = "tozero"
    finite = np.where(np.isfinite(rows[:, 0]), rows[:, 0], -np.inf)
    worst = int(finite.argmax())
    text = (
        f"The {loss.title} is largest at t = {worst + first} ({short(float(rows[worst, 0]))}); "
        f"its mean over these steps is {short(float(rows.mean()))}."
    )
    return {
        "id": "losses",
        "title": "Loss at each step",
        "phase": "f",
        "views": [
            view(
                "",
                figure,
                text,
                not_finite("The loss", rows, first),
                axes.thinned(len(rows), lines_drawn=True),
            )
        ],
        "tables": [tables.over_time(rows, first, steps, ["l_t"])],
    }


def _outputs(count: int, symbol: str) -> list[str]:
    return [symbol] if count == 1 else [f"{symbol} {k + 1}" for k in range(count)]
