"""Files that the user opens, as the browser sends them."""

import base64
import binascii
from dataclasses import replace

import numpy as np

from app.experiment import link, own_data, resizing, sequences
from app.experiment.reading import sequence
from app.experiment.reading.notice import Choice, Options, Understood, whole
from app.experiment.sources import MAX_BATCH, Numbers, Text, make
from app.experiment.value import Experiment
from app.experiment.weights_file import is_weights

LONGEST_CONTENT = 4 * -(-link.MAX_FILE // 3)  # characters of base64


def content_of(packed: str) -> bytes:
    """Return the bytes of a file, which the browser sends in base64; ValueError if it is none."""
    try:
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("file: expected bytes in base64, got another text") from None


def printable(name: str) -> str:
    """Return a file's name as it may be shown, shortened."""
    return "".join(filter(str.isprintable, name))[:40]


def opened_sequence(
    experiment: Experiment, name: str, content: bytes | str, options: Options
) -> tuple[Experiment, Understood]:
    """Open what people have as a sequence, or an experiment saved from the app.

    Options: those of `reading.sequence.read`, and of `own_data.found_in` for sequences with
    answers, of which `sequences` is how many from the first one.

    Raises
    ------
    ValueError
        It is none of what can be read; one sentence.
    """
    name = printable(name)
    if isinstance(content, bytes) and is_weights(content):
        raise ValueError("file: expected a sequence, got weights: use Open weights")
    read = sequence.read(content, name, options)
    if read.kind == "experiment":
        return link.from_file(read.text.encode(errors="replace")), Understood()
    titled = experiment.replace(title=name)
    if read.kind == "text":
        made = sequences.with_sequence(titled, make(Text, text=read.text))
        return made, read.understood
    if read.kind == "own":
        return _with_answers(titled, read, options)
    made = sequences.with_values(titled, read.cube)
    if not isinstance(experiment.sequence, Numbers) and len(read.cube) > 1:
        made = sequences.with_next_as_target(made)  # as of what it comes in place of
        made = made.replace(has_target=experiment.has_target)
    return made, read.understood


def _with_answers(
    experiment: Experiment, read: sequence.Opened, options: Options
) -> tuple[Experiment, Understood]:
    """Take sequences and their answers: one batch, where they are of one length."""
    every, given = len(read.given), read.given
    if len({len(one.y) for one in given}) > 1:  # an answer at each step, and other lengths
        given = tuple(one for one in given if len(one.x) == len(given[0].x))
    found, understood = own_data.found_in(given, options, fewest=1)
    lengths = [len(x) for x in found.x]
    count = min(whole(options, "sequences") or MAX_BATCH, MAX_BATCH)
    kept = [n for n, steps in enumerate(lengths) if steps == lengths[0]][: max(1, count)]
    said = read.understood + understood
    if len(kept) < every:
        full = len(kept) == MAX_BATCH
        why = "at most so many here; Training takes all" if full else "a batch has one length"
        said += Understood((f"{len(kept)} of {every:,} sequences read: {why}.",))
    x = np.stack([found.x[n] for n in kept], axis=1)
    target = found.as_targets(kept)
    inputs, outputs = x.shape[2], target.shape[2]
    weights = resizing.fitted_weights(experiment, inputs, experiment.hidden, outputs)
    made = resizing.with_numbers(
        experiment,
        x,
        target,
        weights=weights,
        loss=found.loss,
        readout="last" if found.at_end else "every",
        has_target=True,
        initial=None,
        sample=0,
        truncate=None,
    )
    return made, replace(said, choices=(*said.choices, *_one(kept)))


def _one(kept: list[int]) -> list[Choice]:
    return [Choice("the first sequence alone", "sequences", 1)] if len(kept) > 1 else []
