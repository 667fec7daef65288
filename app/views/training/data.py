"""Data: what the task asks, how well it can be done, and what its sequences look like."""

import numpy as np
import streamlit as st

from app.figures.words import short
from app.training.probe import PROBES, probe
from app.training.tasks import announced
from app.views.training.page import Page
from rnn_core.training import Batch, Task

SHOWN = 3
MOST_STEPS = 40
ASKS = {
    "first_bit": "A row of +1 and −1. At the end: was the first one +1?",
    "parity": "A row of +1 and −1. After each: is the number of +1 so far odd?",
    "adding": "Numbers from 0 to 1, two of them marked by a 1 beside them. At the end: their sum.",
    "copy": "Ten symbols, blanks (_), a marker (|), blanks. After the marker: the ten again.",
    "sine": "A sine of unknown period and phase. After each value: the next one.",
    "sunspots": "Yearly sunspot numbers, scaled by the mean and deviation of those learnt. After "
    "each year: the next. The first four fifths are learnt, the years after them held out.",
    "text": "A book, letter by letter. After each: the next one. The last tenth is held out.",
    "names": "A family name, letter by letter, filled up with zeros in front so that all end at "
    "the last step. At the end: which of five languages? Every fifth name is held out.",
    "own_text": "Your text, letter by letter. After each: the next one. The last fifth is held "
    "out.",
    "own_data": "Your sequences; the last fifth is held out. CSV: a line for each step, "
    "`sequence,x1,x2,y`, with y at every step or at the last one alone; y may be numbers or "
    'labels. JSON: a list of `{"x": [[…], …], "y": …}`.',
    "this_sequence": "The sequences of the sidebar with their target: learnt by heart, and judged "
    "on themselves.",
}


def render(page: Page) -> None:
    """Say what the task is, and show the first sequences held out."""
    task, length = page.task, page.plan.settings.length
    st.markdown(f"#### {task.title}")
    st.markdown(ASKS[task.name])
    sign = "at least" if task.measure == "accuracy" else "at most"
    st.markdown(
        f"Judged by {task.measure}: a guess that does not look at the sequence reaches "
        f"**{short(task.baseline(length))}**; solved is {sign} **{short(task.solved(length))}**. "
        f"Inputs D = **{task.inputs}**, outputs K = **{task.outputs}**, read out at "
        f"{'every step' if task.readout == 'every' else 'the last step'}."
    )
    seconds = announced(page.plan.choice)
    takes = (
        "" if seconds is None else f" With its usual settings a run takes about {seconds:.0f} s."
    )
    st.caption(f"From: {task.source}.{takes}")
    batch = probe(page.plan.choice, page.plan.settings)
    count = min(SHOWN, batch.x.shape[1], PROBES)
    st.markdown(f"The first {count} sequences held out:" if count > 1 else "The sequence:")
    st.code("\n\n".join(_example(task, batch, at) for at in range(count)), language=None)


def _example(task: Task, batch: Batch, at: int) -> str:
    x, target = batch.x[:, at], batch.target[:, at]
    if task.symbols:
        read = "".join(task.symbols[row.argmax()] if row.any() else "·" for row in x[:MOST_STEPS])
    else:
        read = "  ".join(_row(row) for row in x[:MOST_STEPS])
    more = " …" if len(x) > MOST_STEPS else ""
    return f"reads    {_line(read)}{more}\nanswers  {_line(_answers(task, target))}"


def _answers(task: Task, target: np.ndarray) -> str:
    if target.ndim == 1:
        names = [task.classes[i] if task.classes else str(i) for i in target[:MOST_STEPS]]
        return ("" if task.symbols and len(target) > 1 else "  ").join(names)
    return "  ".join(_row(row) for row in target[:MOST_STEPS])


def _row(row: np.ndarray) -> str:
    numbers = [short(float(value), 3) for value in row]
    return numbers[0] if len(numbers) == 1 else f"({', '.join(numbers)})"


def _line(text: str) -> str:
    return "".join(letter if letter.isprintable() else "↵" for letter in text)
