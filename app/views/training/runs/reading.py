"""A network of a run reads a text letter by letter: probabilities, hidden units, samples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.views.training.tasks.offers import OWN_TEXT
from rnn_core import Parameters, Trace, forward
from rnn_core.frozen import Frozen
from rnn_core.training import Task, sample, tempered

READS = {"text": True, "names": False, OWN_TEXT: True}
"""The tasks whose inputs are letters, and whether the answer is the next letter."""

MOST_READ = 120


@dataclass(frozen=True, eq=False)
class Reading(Frozen):
    """What came out after each character that was read."""

    text: str  # of known characters only
    left_out: str  # those that the task does not know
    trace: Trace  # read out after every character
    probabilities: np.ndarray  # (characters, K)
    follows: Sequence[int | None]  # the class that did come next, where that is known

    @property
    def given(self) -> list[float]:
        """The probability that each character had before it came, from the second one on."""
        pairs = zip(self.probabilities, self.follows, strict=True)
        return [float(row[index]) for row, index in pairs if index is not None]

    @property
    def right(self) -> int:
        """How many of those were the most probable one."""
        pairs = zip(self.probabilities, self.follows, strict=True)
        return sum(int(row.argmax()) == index for row, index in pairs if index is not None)


def read_text(task: Task, params: Parameters, activation: str, text: str) -> Reading:
    """Let the network read a text from the state zero.

    Raises
    ------
    ValueError
        No character of the text is known to the task, or what comes out is no finite number.
    """
    known = known_of(task, text)[:MOST_READ]
    if not known:
        raise ValueError(
            f"sentence: expected some of the characters {task.symbols!r}, got {text[:40]!r}"
        )
    places = [task.symbols.index(letter) for letter in known]
    x = np.eye(task.inputs)[places][:, np.newaxis]
    with np.errstate(all="ignore"):
        trace = forward(
            params, x, activation=activation, loss="softmax_cross_entropy", readout="every"
        )
    if not np.isfinite(trace.logits).all():
        raise ValueError(
            "outputs: expected finite numbers, got others at this moment of the run; an earlier "
            "one may have them"
        )
    follows: list[int | None] = [None] * len(known)
    if task.readout == "every":  # what is right after each letter is the next one
        follows[:-1] = places[1:]
    left_out = "".join(dict.fromkeys(letter for letter in text if not _known(task, letter)))
    return Reading(known, left_out, trace, tempered(trace.logits[:, 0], 1.0), follows)


def known_of(task: Task, text: str) -> str:
    """Return the text without what the task does not know; capitals may become small letters."""
    return "".join(found for letter in text if (found := _known(task, letter)))


def _known(task: Task, letter: str) -> str:
    return next((one for one in (letter, letter.lower()) if one in task.symbols), "")


def draw(
    task: Task,
    params: Parameters,
    activation: str,
    start: str,
    count: int,
    *,
    temperature: float,
    seed: int,
) -> str:
    """Return what the network writes after the characters of `start`."""
    places = [task.symbols.index(letter) for letter in known_of(task, start) or task.symbols[:1]]
    drawn = sample(params, places, count, seed=seed, temperature=temperature, activation=activation)
    return "".join(task.classes[index] for index in drawn)
