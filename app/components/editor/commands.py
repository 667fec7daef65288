"""What the controls can ask for, one entry each in `COMMANDS`: a command changes the experiment.

Commands come from the browser, so they are checked here like any other input.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.components.editor import opening, opening_weights, pasting
from app.components.editor.dropped import dropped
from app.experiment import changes, link, parsing, presets, resizing, sequences, series
from app.experiment.reading import sequence
from app.experiment.reading.decoding import cleaned
from app.experiment.reading.notice import Options, Understood
from app.experiment.sources import Series, Text, fault_of, make
from app.experiment.value import Experiment

DRAWN = ("scheme", "seed", "spectral_radius")
CHOICES = ("cell", "activation", "loss", "readout")
NEW_TEXT = "to be or not to be"
NEW_LENGTH = 100


class Command(BaseModel):
    """One wish of the user; `n` counts them so that none is done twice."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    n: int = Field(ge=1, le=10**9)
    do: str = Field(max_length=20)  # an entry of COMMANDS, or what the session itself does
    field: str = Field(default="", max_length=20)
    row: int = Field(default=0, ge=0, le=10**6)
    column: int = Field(default=0, ge=0, le=10**6)
    text: str = Field(default="", max_length=link.MAX_FILE)
    name: str = Field(default="", max_length=300)
    content: str = Field(default="", max_length=opening.LONGEST_CONTENT)  # of a file, in base64
    size: int = Field(default=0, ge=0, le=2**53)  # of a file of which only the beginning comes
    again: bool = False  # whether a reload has come before its answer, and it is asked for anew
    options: Options = Field(default_factory=dict, max_length=0)  # set here, never by the browser


Act = Callable[[Experiment, Command], Experiment]
ReadIn = Callable[[Experiment, Command], tuple[Experiment, Understood]]


def read(sent: Any) -> Command:
    """Check what the browser sent.

    Raises
    ------
    ValueError
        It is not a command; one sentence.
    """
    try:
        return Command.model_validate(sent)
    except ValidationError as error:
        raise ValueError(f"command: {fault_of(error)}") from None


def act(experiment: Experiment, command: Command) -> Experiment:
    """Do what the command says.

    Raises
    ------
    ValueError
        The command is unknown or its text cannot be used; one sentence.
    """
    return done(experiment, command)[0]


def done(experiment: Experiment, command: Command) -> tuple[Experiment, Understood]:
    """Do what the command says; return also what was understood of what it brought.

    Raises
    ------
    ValueError
        As `act`; one with `choices` (`notice.Unread`) could be read in another way.
    """
    if command.do in READINGS:
        made, understood = READINGS[command.do](experiment, command)
    elif command.do in COMMANDS:
        made, understood = COMMANDS[command.do](experiment, command), Understood()
    else:
        known = ", ".join((*COMMANDS, *READINGS))
        raise ValueError(f"command: expected one of {known}, got {command.do!r}")
    if command.do not in CUTTING:
        return made, understood
    replaced = CUTTING[command.do] or {command.field}
    return made, understood + Understood(dropped(experiment, made, frozenset(replaced)))


def label(experiment: Experiment, field: str, row: int, column: int) -> str:
    """Name a cell as the controls do: `W_hh row 2 column 1`, `x step 3 column 1`."""
    if changes.is_vector(experiment, field):
        return f"{field} row {row + 1}"
    if field not in ("x", "target"):
        return f"{field} row {row + 1} column {column + 1}"
    last = experiment.sizes[0] - 1
    step = last if field == "target" and experiment.readout == "last" else row
    return f"{field} step {step + 1} column {column + 1}"


def _cell(experiment: Experiment, command: Command) -> Experiment:
    where = label(experiment, command.field, command.row, command.column)
    value = parsing.parse_number(command.text, where)
    return changes.with_cell(experiment, command.field, command.row, command.column, value)


def _paste(experiment: Experiment, command: Command) -> tuple[Experiment, Understood]:
    cell = (command.row, command.column)
    return pasting.pasted(experiment, command.field, cell, command.text, command.options)


def _choose(experiment: Experiment, command: Command) -> Experiment:
    if command.field == "cell":
        return changes.with_network(experiment, command.text)
    if command.field == "loss":
        return changes.with_loss(experiment, command.text)
    if command.field == "readout" and command.text in ("last", "every"):
        return changes.with_readout(experiment, "every" if command.text == "every" else "last")
    if command.field not in CHOICES:
        raise ValueError(f"choice: expected one of {', '.join(CHOICES)}, got {command.field!r}")
    return experiment.replace(**{command.field: command.text})


def _size(experiment: Experiment, command: Command) -> Experiment:
    resize: dict[str, Callable[[Experiment, int], Experiment]] = {
        "T": resizing.with_steps,
        "B": resizing.with_sequences,
        "D": resizing.with_inputs,
        "H": resizing.with_hidden,
        "K": resizing.with_outputs,
    }
    if command.field not in resize:
        raise ValueError(f"size: expected one of {', '.join(resize)}, got {command.field!r}")
    return resize[command.field](experiment, _whole(command))


def _draw(experiment: Experiment, command: Command) -> Experiment:
    if command.field not in DRAWN:
        raise ValueError(f"weights: expected one of {', '.join(DRAWN)}, got {command.field!r}")
    if command.field == "scheme":
        return changes.redrawn(experiment, scheme=command.text)
    if command.field == "seed":
        return changes.redrawn(experiment, seed=_whole(command))
    radius = parsing.parse_number(command.text, "spectral radius") if command.text.strip() else None
    return changes.with_radius(experiment, radius)


def _truncate(experiment: Experiment, command: Command) -> Experiment:
    return experiment.replace(truncate=_whole(command) if command.text.strip() else None)


def _source(experiment: Experiment, command: Command) -> Experiment:
    if command.text == "numbers":
        return sequences.as_numbers(experiment)
    if command.text == "text":
        return sequences.with_sequence(experiment, Text(text=NEW_TEXT))
    length = min(NEW_LENGTH, len(series.named(command.text).values) - 1)
    return sequences.with_sequence(experiment, make(Series, name=command.text, length=length))


def _text(experiment: Experiment, command: Command) -> tuple[Experiment, Understood]:
    text, said = cleaned(command.text, "text")
    text, understood = sequence.beginning(text, command.options)
    return sequences.with_text(experiment, text), Understood(said) + understood


def _alphabet(experiment: Experiment, command: Command) -> Experiment:
    return sequences.with_alphabet(experiment, command.text)


def _title(experiment: Experiment, command: Command) -> Experiment:
    return experiment.replace(title=command.text.strip())


def _target(experiment: Experiment, command: Command) -> Experiment:
    if command.text not in ("yes", "no"):
        raise ValueError(f"target: expected yes or no, got {command.text!r:.40}")
    return experiment.replace(has_target=command.text == "yes")


def _series(experiment: Experiment, command: Command) -> Experiment:
    source = experiment.sequence
    if not isinstance(source, Series):
        raise ValueError("sequence: expected a named series, got another sequence")  # noqa: TRY004
    if command.field == "scaling":
        return experiment.replace(sequence=resizing.with_fields(source, scaling=command.text))
    first = _whole(command) - series.named(source.name).origin
    return experiment.replace(sequence=resizing.with_fields(source, first=first))


def _sample(experiment: Experiment, command: Command) -> Experiment:
    return experiment.replace(sample=_whole(command) - 1)


def _preset(experiment: Experiment, command: Command) -> Experiment:
    if command.text not in presets.PRESETS:
        raise ValueError(f"preset: expected one of the list, got {command.text!r:.40}")
    return presets.PRESETS[command.text].experiment


def _file(experiment: Experiment, command: Command) -> tuple[Experiment, Understood]:
    content = opening.content_of(command.content) if command.content else command.text
    return opening.opened_sequence(experiment, command.name, content, command.options)


def _weights(experiment: Experiment, command: Command) -> tuple[Experiment, Understood]:
    return opening_weights.opened_weights(
        experiment, command.name, command.text, command.options, command.size
    )


def _next(experiment: Experiment, command: Command) -> Experiment:
    return sequences.with_next_as_target(experiment)


def _whole(command: Command) -> int:
    number = parsing.parse_number(command.text, command.field or command.do)
    if not number.is_integer():
        raise ValueError(f"{command.field or command.do}: expected a whole number, got {number}")
    return int(number)


COMMANDS: Mapping[str, Act] = MappingProxyType(
    {
        "cell": _cell,
        "choose": _choose,
        "size": _size,
        "draw": _draw,
        "truncate": _truncate,
        "source": _source,
        "alphabet": _alphabet,
        "target": _target,
        "series": _series,
        "sample": _sample,
        "preset": _preset,
        "title": _title,
        "next": _next,
    }
)
"""What changes the experiment."""

READINGS: Mapping[str, ReadIn] = MappingProxyType(
    {
        "paste": _paste,
        "text": _text,
        "file": _file,
        "drop": _file,  # upon the sequence: what is wrong with it is told there
        "weights": _weights,
    }
)
"""What brings a text or a file, and says what was understood of it."""

CUTTING: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "paste": frozenset(),
        "size": frozenset(),
        "choose": frozenset(),
        "next": frozenset({"x", "target"}),
        "file": frozenset({"x", "target"}),
        "drop": frozenset({"x", "target"}),
        "source": frozenset({"x", "target"}),
    }
)
"""What can leave numbers of the user's out, and the fields that it is meant to replace; none: its
own field."""
