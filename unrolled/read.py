"""Say what the app would read in a file, without starting it.

What was concluded is said in sentences, and so is what was left out; other ways to read the same
file are options. Exit code 2 if any of the files is refused.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.experiment import own_data, weights_file
from app.experiment.reading import sequence
from app.experiment.reading.notice import Options, Understood, choices_of
from unrolled.arguments import REFUSED, Parser, refuse
from unrolled.described import Row, described

FIRST = 12
"""How many of the first numbers are shown."""
FIRST_ROWS = 4
LARGEST = 8_000_000  # bytes: above every limit of the app, whose own sentences say them

Result = dict[str, Any]


@dataclass(frozen=True)
class Held:
    """What a file holds: as JSON, and its first rows for a person."""

    result: Result
    rows: Sequence[Row] = ()


def main(arguments: Sequence[str] | None = None, prog: str = "unrolled read") -> int:
    """Print what each file holds; return 0, or 2 if one was refused."""
    parser = Parser(prog=prog, description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--as", dest="kind", choices=[*KINDS], help="guessed by the content")
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        type=_option,
        metavar="NAME=JSON",
        help="another way to read it, as it is offered there",
    )
    parser.add_argument("--json", action="store_true", help="one object on a line for each file")
    given = parser.parse_args(arguments)
    refused = False
    for file in given.files:
        held = _with_idle(file, given.kind, dict(given.option))
        refused |= "refused" in held.result
        if given.json:
            print(json.dumps(held.result, ensure_ascii=False))
        elif "refused" in held.result:
            refuse(prog, described(named(file), held.result))
        else:
            print(described(named(file), held.result, held.rows))
    return REFUSED if refused else 0


def _with_idle(file: Path, kind: str | None, options: Options) -> Held:
    """Return what a file holds, with a sentence for each option that makes no difference to it."""
    found = held_in(file, kind, options)
    if "refused" in found.result:
        return found
    idle = [
        f"Option {name}={json.dumps(value, ensure_ascii=False)} changes nothing here."
        for name, value in options.items()
        if held_in(file, kind, {n: v for n, v in options.items() if n != name}) == found
    ]
    return Held({**found.result, "notices": [*found.result["notices"], *idle]}, found.rows)


def read(file: Path, kind: str | None = None, options: Options | None = None) -> Result:
    """Return what a file holds: kind, sizes, first numbers and notices, or why it is refused."""
    return held_in(file, kind, options).result


def held_in(file: Path, kind: str | None = None, options: Options | None = None) -> Held:
    """Return what a file holds, as `read` does, with its first rows."""
    try:
        content = content_of(file)
    except ValueError as error:
        return _refused(error)
    return held(content, file.name, kind, options)


def held(
    content: bytes, name: str, kind: str | None = None, options: Options | None = None
) -> Held:
    """Return what the content of a file is understood as, or why it is refused."""
    guessed = kind or ("weights" if weights_file.is_weights(content) else "sequence")
    try:
        return KINDS[guessed](content, name, options or {})
    except ValueError as error:
        return _refused(error)


def _refused(error: ValueError) -> Held:
    return Held({"refused": str(error), "choices": _offered(Understood((), choices_of(error)))})


def named(file: Path) -> str:
    """Return what a file is called: its name, or its path where that ends in none, as / does."""
    return file.name or str(file)


def content_of(file: Path) -> bytes:
    """Return the bytes of a file of the operator's.

    Raises
    ------
    ValueError
        It is not there, cannot be read, or is too large; one sentence.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        why = (error.strerror or "it cannot be read").lower()
        raise ValueError(f"{named(file)}: {why}") from None
    if len(content) > LARGEST:
        raise ValueError(f"file: expected at most {LARGEST:,} bytes, got more")
    return content


def _as_sequence(content: bytes, name: str, options: Options) -> Held:
    opened = sequence.read(content, name, options)
    if opened.kind == "own":
        found, understood = own_data.found_in(opened.given, options, fewest=1)
        return _own(found, opened.understood + understood)
    if opened.kind == "experiment":
        return _experiment(opened.text)
    said = _said(opened.understood)
    if opened.kind == "text":
        width = len(set(opened.text))
        sizes = {"T": len(opened.text) - 1, "B": 1, "D": width, "K": width}
        first = opened.text[:FIRST]
        return Held({"kind": "text", **sizes, "first": first, **said}, [("it begins", [first])])
    x = np.array(opened.cube)
    steps, batch, inputs = x.shape
    sizes = {"T": steps, "B": batch, "D": inputs}
    result = {"kind": "sequence", **sizes, "first": _first(x), **said}
    return Held(result, _steps(x[:, 0], batch))


def _experiment(text: str) -> Held:
    from app.experiment import link

    experiment = link.from_file(text.encode(errors="replace"))
    steps, batch, inputs, hidden, outputs = experiment.sizes
    sizes = {"T": steps, "B": batch, "D": inputs, "H": hidden, "K": outputs}
    x = experiment.x()
    result = {"kind": "experiment", **sizes, "first": _first(x), "notices": []}
    return Held(result, _steps(x[:, 0], batch))


def _as_own(content: bytes, name: str, options: Options) -> Held:
    text, said = sequence.as_text(content, name, options)
    found, understood = own_data.understood(text, options)
    return _own(found, said + understood)


def _own(found: own_data.Examples, understood: Understood) -> Held:
    target = np.asarray(found.target)
    answers = (
        [found.classes[i] for i in target.ravel()[:FIRST]] if found.classes else _first(target)
    )
    result = {
        "kind": "own",
        "T": max(map(len, found.x)),
        "B": len(found.x),
        "D": found.x[0].shape[1],
        "K": len(found.classes) or target.shape[-1],
        "first": _first(np.concatenate(found.x[:FIRST])),
        "answers": answers,
        "loss": found.loss,
        **_said(understood),
    }
    return Held(result, [*_steps(found.x[0], len(found.x)), ("first answers", answers)])


def _as_weights(content: bytes, name: str, options: Options) -> Held:
    params, understood = weights_file.opened_weights(content, options, name)
    sizes = {"H": params.hidden_size, "D": params.input_size, "K": params.output_size}
    first = _first(params[params.cell.input_weight])
    result = {"kind": "weights", **sizes, "first": first, **_said(understood)}
    return Held(
        result,
        [
            (f"{each} ({', '.join(map(str, array.shape))}) begins", _first(array)[:FIRST_ROWS])
            for each, array in params.items()
        ],
    )


KINDS: dict[str, Callable[[bytes, str, Options], Held]] = {
    "sequence": _as_sequence,
    "own": _as_own,
    "weights": _as_weights,
}


def _steps(x: Any, batch: int) -> list[Row]:
    """Return the first rows of a sequence (T, D), of which there are `batch`."""
    of = "sequence 1, " if batch > 1 else ""
    return [(f"{of}step {t}", _first(row)) for t, row in enumerate(x[:FIRST_ROWS], 1)]


def _first(numbers: Any) -> list[float]:
    return [float(number) for number in np.asarray(numbers).ravel()[:FIRST]]


def _said(understood: Understood) -> Result:
    return {"notices": [*understood.sentences], "choices": _offered(understood)}


def _offered(understood: Understood) -> list[Result]:
    return [
        {"label": choice.label, "option": choice.option, "value": choice.value}
        for choice in understood.choices
    ]


def _option(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    try:
        return name, json.loads(value) if sign else True
    except ValueError:
        return name, value
