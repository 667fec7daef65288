"""A file opened as a sequence: numbers, sequences with answers, a text, or a saved experiment."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

from app.experiment.reading import columns, markup, own, own_table, records
from app.experiment.reading.arrays import Cube, cube, require_characters
from app.experiment.reading.decoding import cleaned, decoded
from app.experiment.reading.endings import PROSE
from app.experiment.reading.foreign import foreign
from app.experiment.reading.notice import Choice, Options, Understood, Unread, choices_of, whole
from app.experiment.reading.records import Answered
from app.experiment.reading.words import counted

Kind = Literal["sequence", "own", "text", "experiment"]

LARGEST_EXPERIMENT = 4_000_000  # characters
MOST_STEPS, MOST_BATCH, MOST_TEXT = 5000, 64, 5001


@dataclass(frozen=True)
class Opened:
    """What a file holds, in the form of its kind, and what was concluded."""

    kind: Kind
    understood: Understood = field(default=Understood())
    cube: Cube = field(default_factory=list)  # (T, B, D), of a sequence
    given: tuple[Answered, ...] = ()  # sequences with answers
    text: str = ""  # a text, or the JSON of an experiment


def read(content: bytes | str, name: str, options: Options) -> Opened:
    """Read what people have: any table, printed array, JSON or text, in any encoding.

    Options: those of `arrays.cube`; `as` ("text" or "numbers"); `steps` and `characters`, how many
    from the first one.

    Raises
    ------
    ValueError
        It is none of them; one sentence, with the ways on where there are any.
    """
    where = name or "file"
    text, decoded_as = as_text(content, where, options)
    text, of_table = _without_markup(text, where, options)
    if records.looks_like(text):
        opened = _json(text, where, options)
    elif own_table.is_own(text):
        given, understood = own_table.from_table(text, options)
        opened = Opened("own", understood, given=tuple(given))
    elif (gapped := records.loaded_with_gaps(text, where, items=own.MOST_ITEMS)) is not None:
        opened = _of_json(gapped, where, options)
    elif options.get("as") == "text":
        opened = _text(text, options, ())
    else:
        opened = _numbers(text, where, options)
    said = Understood(decoded_as.sentences)
    said += of_table
    understood = said + opened.understood + Understood((), decoded_as.choices)
    return Opened(opened.kind, understood, opened.cube, opened.given, opened.text)


def as_text(content: bytes | str, where: str, options: Options) -> tuple[str, Understood]:
    """Return the text of a file, without what cannot be shown, and what was done for that.

    Option: `encoding`, as `decoding.decoded` takes it.
    """
    said = Understood()
    if isinstance(content, bytes):
        if sentence := foreign(content, where):
            raise ValueError(sentence)
        content, said = decoded(content, where, options)
    require_characters(content, where, LARGEST_EXPERIMENT)
    text, more = cleaned(content, where)
    return text, said + Understood(more)


def _without_markup(text: str, where: str, options: Options) -> tuple[str, Understood]:
    """Return the table of HTML in a file; what may be prose keeps its tags where it has none."""
    if options.get("as") == "text":
        return text, Understood()
    is_prose = where.lower().endswith(PROSE)
    try:
        table, understood = markup.without(text, where, options)
    except ValueError:
        if is_prose and options.get("as") != "numbers":
            return text, Understood()
        raise
    if understood and is_prose:
        understood += Understood((), (Choice("read as a text", "as", "text"),))
    return table, understood


def _json(text: str, where: str, options: Options) -> Opened:
    if text.lstrip()[:1] == "{" and '"unrolled"' in text:
        return Opened("experiment", text=text)
    require_characters(text, where)
    found = records.loaded(text, where, items=own.MOST_ITEMS)
    answered, said = records.with_answers(found)
    if answered is not None:
        given = tuple(own.limited(records.answered_sequences(answered)))
        return Opened("own", Understood((said,) if said else ()), given=given)
    return _of_json(found, where, options)


def _of_json(found: Any, where: str, options: Options) -> Opened:
    """Read what JSON holds: arrays, rows with gaps, records or columns."""
    found, said = records.within(found)
    told = Understood((said,) if said else ())
    if records.is_array(found):
        made, understood = cube(json.dumps(records.steps_of(found)), where, options)
        return _sized(made, where, options, told + understood)
    table = records.as_table(found, where)
    if table is None:
        raise ValueError(f"{where}: expected an experiment saved from this app, got other JSON")
    numbers, _, understood = columns.numbers(table, where, options)
    made = [[list(row)] for row in zip(*numbers, strict=True)]
    return _sized(made, where, options, told + understood)


def _numbers(text: str, where: str, options: Options) -> Opened:
    is_prose = where.lower().endswith(PROSE) and options.get("as") != "numbers"
    try:
        found, understood = cube(_lines_of_arrays(text), where, options, prose=is_prose)
    except ValueError as error:
        if not text.strip():
            raise
        if is_prose:
            return _text(text, options, choices_of(error))
        raise Unread(str(error), [*choices_of(error), *_readable(text)]) from None
    if len(found) == len(found[0]) == 1 and "\n" not in text.strip():
        found = [[[number]] for number in found[0][0]]  # a step for each number of a single line
    return _sized(found, where, options, understood)


def _lines_of_arrays(text: str) -> str:
    """Return lines of JSON, each an array, as one array."""
    if not text.lstrip().startswith("["):
        return text
    lines = [line.strip() for line in text.split("\n") if line and not line.isspace()]
    if len(lines) < 2 or not all(line[0] == "[" and line.rstrip(",")[-1:] == "]" for line in lines):
        return text
    if lines[0].startswith("[[") or lines[0].startswith("[,") or lines[0][1:2].isspace():
        return text
    return "[" + ",".join(line.rstrip(",") for line in lines) + "]"


def _readable(text: str) -> list[Choice]:
    words = any(character.isalpha() for character in text[:1000])
    return [Choice("read as a text", "as", "text")] if words else []


def _sized(found: Cube, where: str, options: Options, understood: Understood) -> Opened:
    """Say how much there is, and offer the first part of what is too long."""
    steps = whole(options, "steps")
    if steps and 0 < steps < len(found):
        said = (f"The first {steps:,} of {len(found):,} steps.",)
        found, understood = found[:steps], Understood(said) + understood
    if len(found) > MOST_STEPS:
        raise Unread(
            f"{where}: expected at most {MOST_STEPS:,} steps, got {len(found):,}",
            [Choice(f"the first {MOST_STEPS:,} steps", "steps", MOST_STEPS)],
        )
    if len(found[0]) == 1:
        size = f"{counted(len(found[0][0]), 'column')}, {counted(len(found), 'row')}."
        understood = Understood((size,)) + understood
    return Opened("sequence", understood, found)


def _text(text: str, options: Options, choices: tuple[Choice, ...]) -> Opened:
    plain, understood = beginning(text.strip(), options)
    said = Understood((f"Read as a text of {counted(len(plain), 'character')}.",), choices)
    return Opened("text", understood + said, text=plain)


def beginning(text: str, options: Options) -> tuple[str, Understood]:
    """Return a text, or as many of its characters as the option `characters` asks for.

    Raises
    ------
    ValueError
        It is too long; one sentence, with the way on.
    """
    most = whole(options, "characters")
    understood = Understood()
    if most and 0 < most < len(text):
        understood = Understood((f"The first {most:,} of {len(text):,} characters.",))
        text = text[:most]
    if len(text) > MOST_TEXT:
        raise Unread(
            f"text: expected at most {MOST_TEXT:,} characters, got {len(text):,}",
            [Choice(f"the first {MOST_TEXT:,} characters", "characters", MOST_TEXT)],
        )
    return text, understood
