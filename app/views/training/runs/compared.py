"""Several runs beside one another: in what their plans differ, and which did better."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from math import inf

from app.figures.words import in_full, short
from app.views.training.runs.plan import Plan
from app.views.training.runs.stretch import Point
from app.views.training.tasks.offers import OFFERS
from rnn_core import ACTIVATIONS, CELLS, INITIALISERS
from rnn_core.training import OPTIMISERS, SCHEDULES, Settings, Task

Better = Callable[[Iterable[float]], float]

MOST_TOLD = 4
"""Differences in one sentence; more are a table."""

WORDS = {
    "length": "T",
    "hidden": "H",
    "learning_rate": "learning rate",
    "truncate": "truncated after steps",
    "chunk": "chunks of steps",
    "judge_every": "judged every",
    "keep_bias": "keeping bias",
}

TITLES: Mapping[str, Callable[[str], str]] = {
    "cell": lambda name: CELLS[name].title,
    "activation": lambda name: ACTIVATIONS[name].symbol,
    "initialiser": lambda name: INITIALISERS[name].title,
    "optimiser": lambda name: OPTIMISERS[name].title,
    "schedule": lambda name: SCHEDULES[name].title,
}


def differences(plans: Sequence[Plan]) -> dict[str, list[str]]:
    """Return what is not the same in all plans: the value in each plan, by a name in words."""
    rows = {
        "task": [OFFERS[plan.choice.name].title for plan in plans],
        "data": [f"{len(plan.choice.data):,} characters" for plan in plans],
        "reading": [plan.choice.options or "as the data show" for plan in plans],
        "starts from": ["drawn" if plan.start is None else "the sidebar" for plan in plans],
    }
    same = {
        "task": len({plan.choice.name for plan in plans}) == 1,
        "data": len({plan.choice.data for plan in plans}) == 1,
        "reading": len({plan.choice.options for plan in plans}) == 1,
        "starts from": len({plan.start for plan in plans}) == 1,
    }
    for field in fields(Settings):
        values = [getattr(plan.settings, field.name) for plan in plans]
        words = TITLES.get(field.name, _word)
        name = WORDS.get(field.name, field.name)
        rows[name], same[name] = list(map(words, values)), len(set(values)) == 1
    return {name: found for name, found in rows.items() if not same[name]}


def fits_a_sentence(names: Sequence[str], rows: Mapping[str, Sequence[str]]) -> bool:
    """Return whether `sentence` gives the values, too."""
    return len(names) == 2 and len(rows) <= MOST_TOLD


def differences_in_words(names: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    """Say in what some plans differ; where it is little and between two, with the values."""
    if not rows:
        return "The runs are the same."
    if not fits_a_sentence(names, rows):
        return f"The runs differ only in {_listed([f'**{row}**' for row in rows])}."
    told = [f"**{row}** ({' against '.join(values)})" for row, values in rows.items()]
    return f"{names[0]} and {names[1]} differ only in {_listed(told)}."


def called(names: Sequence[str], rows: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the names with what is each run's own, in a legend: `A: learning rate 0.2`."""
    if not rows or len(rows) > MOST_TOLD:
        return list(names)
    own = [
        ", ".join(_with_name(row, values[k]) for row, values in rows.items())
        for k in range(len(names))
    ]
    return [f"{name}: {what}" for name, what in zip(names, own, strict=True)]


def _with_name(row: str, value: str) -> str:
    """Return what is one of several words as it is, LSTM, and a number with what it is of."""
    return value if value[0].isalpha() and value != "none" else f"{row} {value}"


def _listed(words: Sequence[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _word(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, float):
        return in_full(value)
    norm, limit = getattr(value, "norm", 0), getattr(value, "value", 0)
    if (norm, limit) != (0, 0):
        told = [f"length {in_full(norm)}"] if norm else []
        told += [f"numbers {in_full(limit)}"] if limit else []
        return ", ".join(told) or "none"
    return str(value)


def verdict(names: Sequence[str], runs: Sequence[Sequence[Point]], task: Task) -> str:
    """Say when each was solved and what each reached; `runs` are of one task."""
    told = []
    solved = {name: _first_solved(points) for name, points in zip(names, runs, strict=True)}
    if min(solved.values(), default=inf) < inf:
        words = [
            f"{_marked(name, solved, min)} after update {at:,.0f}"
            if at < inf
            else f"{name} not yet"
            for name, at in solved.items()
        ]
        told.append(f"Solved: {', '.join(words)}.")
    judged = {
        name: [point.judged for point in points if point.judged is not None]
        for name, points in zip(names, runs, strict=True)
    }
    values = {name: [found.value for found in each] for name, each in judged.items()}
    losses = {name: [found.loss for found in each] for name, each in judged.items()}
    told += _best(f"Best {task.measure}", values, max if task.measure == "accuracy" else min)
    told += _best("Lowest held-out loss", losses, min)
    told += [
        f"{name} has diverged at update {points[-1].number:,}: {points[-1].trouble} is not finite."
        for name, points in zip(names, runs, strict=True)
        if points and points[-1].trouble
    ]
    return " ".join(told)


def _marked(name: str, values: Mapping[str, float], better: Better) -> str:
    """Return the name, in bold where it alone has the best value."""
    first = better(values.values())
    alone = values[name] == first and list(values.values()).count(first) == 1
    return f"**{name}**" if alone else name


def _first_solved(points: Sequence[Point]) -> float:
    return next((p.number for p in points if p.judged is not None and p.judged.solved), inf)


def _best(title: str, found: Mapping[str, Sequence[float]], better: Better) -> list[str]:
    best = {name: better(values) for name, values in found.items() if values}
    words = [f"{_marked(name, best, better)} {short(value)}" for name, value in best.items()]
    return [f"{title}: {', '.join(words)}."] if words else []
