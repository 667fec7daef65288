"""Inputs, right answers and predictions as curves over the steps, one panel under another."""

import numpy as np

from app.figures import axes, tables
from app.figures.palette import PREDICTION, TARGET, of_output
from app.figures.types import Dict, Floats, Steps, Table
from app.figures.words import plotly_symbol, plural
from app.views.training.figures.prediction import classes
from app.views.training.figures.prediction.marks import (
    INPUTS,
    Drawing,
    Panel,
    bars,
    curve,
    level,
    mark,
    number_axis,
    probability_axis,
)
from app.views.training.runs.predicted import Predicted
from app.views.training.tasks.asked import answer_name, input_names, output_names
from rnn_core import loss_named

MOST_INPUTS, MOST_OUTPUTS = 6, 3  # curves in a panel
READ, ANSWERS, BETWEEN = 84, 190, 30  # pixels
TOP, BELOW, LEGEND, LEFT, RIGHT = 10, 46, 32, 64, 16
KEY = 60  # pixels, of the colours of cells
BEFORE_THE_END = "if it ended there: not counted"
FEWEST = 8  # steps that are all numbered, also on a phone


def drawing(shown: Predicted, steps: Steps) -> Drawing:
    """Return the panels: what is read above, and below it what is right and what is said."""
    read = _inputs(shown)
    if read is not None and shown.at_end and shown.said is None:
        return Drawing(_figure(steps, None, read), _notes(shown))  # the sentence gives the answer
    answers = classes.panel(shown) if _of_classes(shown) else _numbers(shown)
    return Drawing(_figure(steps, read, answers), _notes(shown))


def table(shown: Predicted, steps: Steps) -> Table:
    """Return the numbers: what is read, what is said at each step, and what is right."""
    count = len(shown.x)
    target = np.full((count, shown.target.shape[1]), np.nan)
    target[count - len(shown.target) :] = shown.target
    names = output_names(shown.task)
    columns: list[Floats] = []
    heads: list[str] = []
    if not shown.task.symbols:  # else the steps are named by what is read
        columns.append(shown.x)
        heads += input_names(shown.task)
    if shown.said is not None:
        columns.append(shown.said)
        heads += [f"predicted {name}" for name in names]
    columns.append(target)
    heads += [f"target {name}" for name in names]
    return tables.over_time(np.concatenate(columns, axis=1), 1, steps, heads)


def _figure(steps: Steps, read: Panel | None, answers: Panel) -> Dict:
    height = answers.pixels + (0 if read is None else read.pixels + BETWEEN)
    share = answers.pixels / height
    layout = axes.layout(
        TOP + height + BELOW + LEGEND,
        xaxis=_time_axis(steps),
        yaxis=answers.axis | {"domain": [0, share]},
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": -BELOW / height, "yanchor": "top"},
    )
    cells = any(trace["type"] == "heatmap" for trace in answers.traces)
    layout["margin"] = {"l": LEFT, "r": KEY if cells else RIGHT, "t": TOP, "b": BELOW + LEGEND}
    traces = list(answers.traces)
    if read is not None:
        layout["yaxis2"] = read.axis | {"domain": [1 - read.pixels / height, 1], "anchor": "x"}
        traces = [*(trace | {"yaxis": "y2"} for trace in read.traces), *traces]
    for trace in traces:
        if trace["type"] == "heatmap":
            trace["colorbar"] |= {"y": 0, "yanchor": "bottom", "len": share}
    return {"data": traces, "layout": layout}


def _time_axis(steps: Steps) -> Dict:
    """Return the axis 1..T; Plotly chooses how many numbers have room."""
    axis = axes.time_axis(steps) | {"range": [0.5, steps.count + 0.5], "anchor": "y"}
    if steps.labels is None and steps.count > FEWEST:
        for part in ("dtick", "tick0", "nticks"):
            axis.pop(part, None)
    return axis


def _inputs(shown: Predicted) -> Panel | None:
    """Return what is read; None where it stands elsewhere: as names of steps, or as answers."""
    if _read_elsewhere(shown):
        return None
    names = input_names(shown.task)
    made = []
    for role, i in enumerate(axes.widest(shown.x, MOST_INPUTS)):
        values = shown.x[:, i]
        few = set(np.unique(values).tolist()) <= {-1.0, 0.0, 1.0}
        made.append((bars if few else curve)(values, plotly_symbol(names[i]), INPUTS[role]))
    return Panel(made, number_axis("reads", nticks=3), READ)


def _numbers(shown: Predicted) -> Panel:
    """Return target and prediction of each output that is drawn."""
    probable = loss_named(shown.task.loss).answer == "probability"
    made = [level(len(shown.x), 0.5, "threshold")] if probable else []
    drawn = axes.widest(shown.target, MOST_OUTPUTS)
    for number, k in enumerate(drawn):
        of = f" {plotly_symbol(output_names(shown.task)[k])}" if len(drawn) > 1 else ""
        made += _targets(shown, k, f"target{of}", of_output(TARGET, number))
        made += _said(shown, k, f"prediction{of}", of_output(PREDICTION, number))
    name = answer_name(shown.task)
    return Panel(made, probability_axis(name) if probable else number_axis(name), ANSWERS)


def _targets(shown: Predicted, k: int, name: str, role: int) -> list[Dict]:
    if shown.at_end:
        return [mark(len(shown.x), float(shown.target[0, k]), name, role, filled=False)]
    ring = {"size": 8, "symbol": "circle-open", "line": {"width": 2}}
    return [curve(shown.target[:, k], name, role, marker=ring, line={"width": 2, "dash": "dot"})]


def _said(shown: Predicted, k: int, name: str, role: int) -> list[Dict]:
    """Return what the network says of output k; at the end alone it counts, before it is thin."""
    if shown.said is None:
        return []
    values = shown.said[:, k]
    if not shown.at_end:
        return [curve(values, name, role, line={"width": 2.4})]
    thin = curve(values, BEFORE_THE_END, role, line={"width": 1.4}, marker={"size": 3})
    return [thin, mark(len(values), float(values[-1]), name, role, filled=True)]


def _of_classes(shown: Predicted) -> bool:
    return loss_named(shown.task.loss).answer == "class"


def _read_elsewhere(shown: Predicted) -> bool:
    return bool(shown.task.symbols) or shown.asks_the_next


def _notes(shown: Predicted) -> list[str]:
    notes = []
    if shown.filled:
        notes.append(f"{plural(shown.filled, 'step')} of zeros in front are not drawn.")
    if shown.at_end and shown.said is not None:
        notes.append("Only the last step counts; before it is what the network would say there.")
    inputs, outputs = shown.x.shape[1], shown.target.shape[1]
    told = []
    if not _read_elsewhere(shown) and inputs > MOST_INPUTS:
        told.append(f"{MOST_INPUTS} of {inputs} inputs")
    if _of_classes(shown):
        drawn = len(classes.drawn(shown))
        if drawn < outputs:
            told.append(f"{drawn} of {outputs} classes")
    elif outputs > MOST_OUTPUTS:
        told.append(f"{MOST_OUTPUTS} of {outputs} outputs")
    if told:
        notes.append(f"{' and '.join(told)} are drawn.")
    return notes
