"""The data of a run as Python: how a batch is drawn, from the same generator and seed."""

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from app.experiment import link, own_data
from app.experiment.series import SERIES
from app.listings.writing import MAX_NUMBERS, assign
from app.views.training.runs.plan import Plan
from app.views.training.tasks import bundled, own_options
from app.views.training.tasks.offers import OWN_DATA, OWN_SEQUENCE, OWN_TEXT
from rnn_core.training import TASKS

SERIES_OF = """\
cut = {cut}  # numbers before it are learnt
scaled = (values - values[:cut].mean()) / values[:cut].std()

def draw(rng, batch, length):
    starts = rng.integers(0, cut - length, batch)
    taken = scaled[starts[None, :] + np.arange(length + 1)[:, None]][:, :, None]
    return Batch(taken[:-1], taken[1:])"""

TEXT_OF = """\
alphabet = sorted(set(text))
codes = np.array([alphabet.index(letter) for letter in text])
cut = {cut}  # characters before it are learnt

def draw(rng, batch, length):
    starts = rng.integers(0, cut - length, batch)
    taken = codes[starts[None, :] + np.arange(length + 1)[:, None]]
    return Batch(np.eye(len(alphabet))[taken[:-1]], taken[1:])"""

SEQUENCES_OF = """\
def draw(rng, batch, length):  # the first {learnt} sequences are learnt
    chosen = rng.integers(0, {learnt}, batch)
    x = np.zeros((length, batch, sequences[0].shape[1]))
    for column, index in enumerate(chosen):  # filled up with zeros in front
        x[length - len(sequences[index]) :, column] = sequences[index]
    return Batch(x, answers[:, chosen])"""

WHOLE_OF = """\
def draw(rng, batch, length):  # the same at every update
    return Batch(x, y)"""


def data_of(plan: Plan) -> str:
    """Return the definition of `draw(rng, batch, length)`, with all that it needs.

    Raises
    ------
    ValueError
        There are too many numbers to write out.
    """
    name = plan.choice.name
    return KINDS[name](plan) if name in KINDS else _made(name)


def _made(name: str) -> str:
    """Return the function that draws a batch, after the constants and helpers of its module."""
    draw: Callable[..., object] = TASKS[name].draw
    known = inspect.getmodule(draw)
    parts = []
    for used in draw.__code__.co_names:
        value = getattr(known, used, None)
        if isinstance(value, int | float | str):
            parts.append(f"{used} = {value!r}")
        elif inspect.isfunction(value) and inspect.getmodule(value) is known:
            parts.append(inspect.getsource(value))
    parts.append(inspect.getsource(draw))
    return "\n\n".join(part.rstrip() for part in [*parts, f"draw = {draw.__name__}"])


def _series(plan: Plan) -> str:
    values = SERIES["sunspots"].values
    cut = int(bundled.SERIES_SHARE * len(values))
    return "\n".join([assign("values", values, "np.array", "by year"), SERIES_OF.format(cut=cut)])


def _text(text: str, share: float) -> str:
    return f"text = {text!r}\n" + TEXT_OF.format(cut=int(share * len(text)))


def _names(plan: Plan) -> str:
    rows, learnt = bundled.names_in_order()
    languages = plan.task().classes
    listed = [(name, languages.index(language)) for name, language in rows]
    return "\n".join(
        [
            f"names = {listed}  # and the language of each, of {list(languages)}",
            "letters = np.eye(26)",
            "sequences = [letters[[ord(c) - ord('a') for c in name]] for name, _ in names]",
            "answers = np.array([[language for _, language in names]])",
            SEQUENCES_OF.format(learnt=learnt),
        ]
    )


def _own_data(plan: Plan) -> str:
    found = own_data.examples_in(plan.choice.data, own_options.read(plan.choice.options))
    numbers = sum(array.size for array in found.x) + found.target.size
    if numbers > MAX_NUMBERS:
        raise ValueError(
            f"script: expected at most {MAX_NUMBERS:,} numbers to write out, got {numbers:,}"
        )
    answers = found.target[:, np.newaxis] if found.at_end else found.target
    return "\n".join(
        [
            f"sequences = [np.array(one) for one in {[array.tolist() for array in found.x]}]",
            f"answers = np.array({answers.swapaxes(0, 1).tolist()})",
            SEQUENCES_OF.format(learnt=found.learnt),
        ]
    )


def _own_sequence(plan: Plan) -> str:
    experiment = link.decode(plan.choice.data)
    return "\n".join(
        [
            assign("x", experiment.x(), "np.array", "(T, B, D)"),
            assign("y", experiment.kept_target(), "np.array", "(S, B, K)"),
            WHOLE_OF,
        ]
    )


KINDS: Mapping[str, Callable[[Plan], str]] = MappingProxyType(
    {
        "sunspots": _series,
        "text": lambda plan: _text(bundled.book(), bundled.TEXT_SHARE),
        "names": _names,
        OWN_TEXT: lambda plan: _text(plan.choice.data, 0.8),
        OWN_DATA: _own_data,
        OWN_SEQUENCE: _own_sequence,
    }
)
