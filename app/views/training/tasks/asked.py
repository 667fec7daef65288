"""What each task asks, in words: one sentence, and what its numbers are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rnn_core.training import Task


@dataclass(frozen=True)
class Asked:
    """A task in words; `inputs` and `answer` name numbers, `guess` is what the baseline does."""

    sentence: str
    inputs: tuple[str, ...] = ()
    answer: str = ""
    guess: str = "A guess that does not look at the sequence"


ASKED: Mapping[str, Asked] = MappingProxyType(
    {
        "first_bit": Asked(
            "The network reads a row of +1 and −1. At the end: was the first one +1?",
            ("read",),
            "p of “+1”",
        ),
        "parity": Asked(
            "The network reads a row of +1 and −1. After each: is the number of +1 so far odd?",
            ("read",),
            "p of “odd”",
        ),
        "adding": Asked(
            "The network reads numbers from 0 to 1; two of them are marked by a 1 beside them. "
            "At the end: what is the sum of those two?",
            ("number", "mark"),
            "sum",
        ),
        "copy": Asked(
            "The network reads ten symbols, blanks (_), a marker (|) and blanks. After the marker "
            "it has to give the ten symbols back.",
        ),
        "sine": Asked(
            "The network reads a sine of unknown period and phase. After each value: what is the "
            "next one?",
            ("value",),
            "next value",
        ),
        "sunspots": Asked(
            "The network reads yearly sunspot numbers. After each year: what is the next year's "
            "number? It learns from the first four fifths; the years after them are held out. It "
            "reads and gives them scaled by the mean and the standard deviation of those it learns "
            "from, and so are its loss and error; the curves show the numbers themselves.",
            ("number",),
            "next year's number",
            "A guess that repeats the last year's number",
        ),
        "text": Asked(
            "The network reads a book, character by character. After each: which one comes next? "
            "The last tenth of the book is held out."
        ),
        "names": Asked(
            "The network reads a family name, letter by letter. At the end: which of five "
            "languages is it from? Every fifth name is held out."
        ),
        "own_text": Asked(
            "The network reads your text, character by character. After each: which one comes "
            "next? The last fifth of the text is held out."
        ),
        "own_data": Asked("The network reads your sequences; the last fifth of them is held out."),
        "this_sequence": Asked(
            "The network learns the sidebar's sequences and their targets by heart; it is judged "
            "on the same sequences."
        ),
    }
)


def input_names(task: Task) -> tuple[str, ...]:
    """Return what the D inputs are called."""
    named = ASKED[task.name].inputs
    if named:
        return named
    return ("x",) if task.inputs == 1 else tuple(f"x_{i + 1}" for i in range(task.inputs))


def output_names(task: Task) -> tuple[str, ...]:
    """Return what the K outputs are called."""
    if task.classes:
        return task.classes
    if task.loss == "softmax_cross_entropy":
        return tuple(f"class {k + 1}" for k in range(task.outputs))
    return ("y",) if task.outputs == 1 else tuple(f"y_{k + 1}" for k in range(task.outputs))


def answer_name(task: Task) -> str:
    """Return what the axis of the answers is called."""
    if named := ASKED[task.name].answer:
        return named
    return "y" if task.loss == "squared_error" else "probability"
