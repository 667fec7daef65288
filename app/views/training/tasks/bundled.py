"""The tasks whose data are in `assets/data`: where they come from is told there."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from string import ascii_lowercase
from types import MappingProxyType

import numpy as np

from app.experiment.series import SERIES
from rnn_core.training import Setup, Task, characters, forecasting, sequences

DATA = Path(__file__).resolve().parents[4] / "assets" / "data"
SERIES_SHARE = 0.8
TEXT_SHARE = 0.9  # of a text is learnt, the rest held out
FIFTH = 5  # name of each language is held out


@cache
def sunspots() -> Task:
    """Return the task of the next year's number; the last 62 of 309 years are held out."""
    return forecasting(
        "sunspots",
        "Sunspots, the next year's number",
        "WDC-SILSO, Royal Observatory of Belgium, Brussels: yearly means 1700 to 2008",
        np.array(SERIES["sunspots"].values),
        train_share=SERIES_SHARE,
        setup=Setup(length=40, hidden=16, updates=300, learning_rate=0.005),
    )


@cache
def text() -> Task:
    """Return the task of the next character of the first pages of a book."""
    task = characters(
        book(),
        train_share=TEXT_SHARE,
        setup=Setup(length=30, hidden=64, updates=600, learning_rate=0.005),
    )
    return replace(
        task,
        name="text",
        title="The next character of a book",
        source="Lewis Carroll, Alice's Adventures in Wonderland (1865)",
    )


@cache
def book() -> str:
    """Return the first pages of the book, in small letters and one line."""
    return " ".join((DATA / "alice.txt").read_text(encoding="utf-8").lower().split())


@cache
def names_in_order() -> tuple[list[tuple[str, str]], int]:
    """Return (name, language), those held out last, and how many are learnt."""
    with (DATA / "names.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["name"].lower(), row["language"]) for row in csv.DictReader(file)]
    learnt = [row for index, row in enumerate(rows) if index % FIFTH != FIFTH - 1]
    judged = rows[FIFTH - 1 :: FIFTH]
    each = len(judged) // len({language for _, language in judged})
    mixed = [row for at in range(each) for row in judged[at::each]]  # one of each language in turn
    return learnt + mixed, len(learnt)


@cache
def names() -> Task:
    """Return the task of telling the language of a family name, read letter by letter."""
    rows, learnt = names_in_order()
    languages = sorted({language for _, language in rows})
    letters = np.eye(len(ascii_lowercase))
    return sequences(
        "names",
        "Family names, which language",
        "60 frequent family names of each of five languages",
        [letters[[ascii_lowercase.index(letter) for letter in name]] for name, _ in rows],
        np.array([languages.index(language) for _, language in rows]),
        loss="softmax_cross_entropy",
        readout="last",
        train_share=learnt / len(rows),
        setup=Setup(length=12, hidden=32, updates=300, learning_rate=0.005),
        mark=0.65,
        symbols=ascii_lowercase,
        classes=tuple(languages),
    )


TASKS: Mapping[str, Callable[[], Task]] = MappingProxyType(
    {"sunspots": sunspots, "text": text, "names": names}
)
