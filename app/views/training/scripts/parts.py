"""What both scripts begin with: the run in words, its settings, its data, its start."""

import inspect
from collections.abc import Sequence
from textwrap import fill

from app.listings.short_lines import LONGEST
from app.listings.writing import MAX_NUMBERS, assign
from app.views.training.runs.plan import Plan
from app.views.training.scripts.data import data_of
from rnn_core.training import Optimiser, Settings, schedules

HEAD = '''\
# {title}: {cell}, {optimiser}, {updates} updates of {batch} sequences.
# Each line printed: the number of the update, and the loss of its batch before it.
#   python {file} [updates]
from __future__ import annotations

import sys
from collections import namedtuple

import numpy as np
from numpy import sqrt
{imports}
UPDATES, SEED, BATCH, LENGTH = {updates}, {seed}, {batch}, {length}
RATE, CLIP_NORM, CLIP_VALUE = {rate!r}, {norm!r}, {value!r}
CHUNK = {chunk!r}  # steps of an update, the state carried on to the next; None: all of a sequence
Batch = namedtuple("Batch", "x target")

# The data.
{data}


# The learning rate of the update after so many.
{schedule}


def batch_of(number):
    return draw(np.random.default_rng([SEED, number]), BATCH, LENGTH)


def piece(done):
    """Return x, target, and whether the state is carried on, for the update after so many."""
    if CHUNK is None:
        return *batch_of(done + 1), False
    chunks = -(-len(batch_of(1).x) // CHUNK)
    sequence, part = divmod(done, chunks)
    x, target = batch_of(sequence + 1)
    steps = slice(part * CHUNK, (part + 1) * CHUNK)
    return x[steps], target[steps], part > 0


# The parameters at the start.
{start}
'''


def head(plan: Plan, file: str, imports: str) -> str:
    """Return the beginning of a script.

    Raises
    ------
    ValueError
        There are too many numbers to write out.
    """
    settings, task = plan.settings, plan.task()
    params = plan.begin().params
    if params.count > MAX_NUMBERS:
        raise ValueError(
            f"script: expected at most {MAX_NUMBERS:,} parameters to write out, got "
            f"{params.count:,}"
        )
    start = [
        assign(name, array, "np.array", _shape(params.cell.shapes[name]))
        for name, array in params.items()
    ]
    return HEAD.format(
        title=" ".join(task.title.split()),
        cell=plan.cell.title,
        optimiser=settings.optimiser,
        file=file,
        imports=imports,
        updates=settings.updates,
        seed=settings.seed,
        batch=settings.batch,
        length=settings.length,
        rate=settings.learning_rate,
        norm=settings.clip.norm,
        value=settings.clip.value,
        chunk=settings.chunk,
        data=data_of(plan),
        schedule=_schedule(settings),
        start="\n".join(start),
    )


def listed(names: Sequence[str], quote: str = "") -> str:
    """Return names as the inside of a tuple of Python, also of one."""
    return ", ".join(f"{quote}{name}{quote}" for name in names) + "," * (len(names) == 1)


def wrapped(statement: str) -> str:
    """Return a statement with brackets on lines that can be read."""
    return fill(statement, LONGEST, subsequent_indent="    ", break_long_words=False)


def _shape(symbols: Sequence[str]) -> str:
    return f"({listed(symbols)})"


def call(optimiser: Optimiser, theta: str, g: str) -> str:
    """Return the call of an optimiser's rule as Python, with its moments in a list `moments`."""
    known = {"rate": "rate", "t": "t", **{k: repr(v) for k, v in optimiser.settings.items()}}
    named = ", ".join(f"{name}={known[name]}" for name in optimiser.named)
    return f"{optimiser.rule.__name__}({theta}, {g}, *moments, {named})"


def _schedule(settings: Settings) -> str:
    factor = schedules.SCHEDULES[settings.schedule].factor
    needed = [schedules._cosine] if settings.schedule == "warm_up" else []
    functions = [inspect.getsource(function).rstrip() for function in (*needed, factor)]
    constants = f"from math import cos, pi\n\nTENTH, STEPS = {schedules.TENTH}, {schedules.STEPS}"
    return "\n\n\n".join([constants, *functions, f"factor = {factor.__name__}"])
