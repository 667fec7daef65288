"""Say what the app would read in a file, as one JSON object for each, without starting the app.

`python -m scripts.read FILE … [--as sequence|own|weights] [--option NAME=JSON …]`. Exit code 2 if
any of the files is refused. The options are those of the buttons that the app offers; they are
listed as `choices`.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.experiment import own_data, weights_file
from app.experiment.reading import sequence
from app.experiment.reading.notice import Options, Understood, choices_of

FIRST = 12
"""How many of the first numbers are shown."""
LARGEST = 8_000_000  # bytes: above every limit of the app, whose own sentences say them

Result = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what each file holds; return 0, or 2 if one was refused."""
    parser = argparse.ArgumentParser(prog="python -m scripts.read", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--as", dest="kind", choices=[*KINDS], help="guessed by the content")
    parser.add_argument("--option", action="append", default=[], type=_option, metavar="NAME=JSON")
    given = parser.parse_args(arguments)
    refused = False
    for file in given.files:
        result = read(file, given.kind, dict(given.option))
        refused |= "refused" in result
        print(json.dumps(result, ensure_ascii=False))
    return 2 if refused else 0


def read(file: Path, kind: str | None = None, options: Options | None = None) -> Result:
    """Return what a file holds: kind, sizes, first numbers and notices, or why it is refused."""
    options = options or {}
    try:
        content = _content(file)
        guessed = kind or ("weights" if weights_file.is_weights(content) else "sequence")
        return KINDS[guessed](content, file.name, options)
    except ValueError as error:
        return {"refused": str(error), "choices": _offered(Understood((), choices_of(error)))}


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise ValueError(f"file: expected at most {LARGEST:,} bytes, got more")
        return file.read_bytes()
    except OSError as error:
        why = (error.strerror or "it cannot be read").lower()
        raise ValueError(f"{file.name}: {why}") from None


def _as_sequence(content: bytes, name: str, options: Options) -> Result:
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
        return {"kind": "text", **sizes, "first": opened.text[:FIRST], **said}
    x = np.array(opened.cube)
    steps, batch, inputs = x.shape
    sizes = {"T": steps, "B": batch, "D": inputs}
    return {"kind": "sequence", **sizes, "first": _first(x), **said}


def _experiment(text: str) -> Result:
    from app.experiment import link

    experiment = link.from_file(text.encode(errors="replace"))
    steps, batch, inputs, hidden, outputs = experiment.sizes
    sizes = {"T": steps, "B": batch, "D": inputs, "H": hidden, "K": outputs}
    return {"kind": "experiment", **sizes, "first": _first(experiment.x()), "notices": []}


def _as_own(content: bytes, name: str, options: Options) -> Result:
    text, said = sequence.as_text(content, name)
    found, understood = own_data.understood(text, options)
    return _own(found, Understood(said) + understood)


def _own(found: own_data.Examples, understood: Understood) -> Result:
    target = np.asarray(found.target)
    return {
        "kind": "own",
        "T": max(map(len, found.x)),
        "B": len(found.x),
        "D": found.x[0].shape[1],
        "K": len(found.classes) or target.shape[-1],
        "first": _first(np.concatenate(found.x[:FIRST])),
        "answers": [found.classes[i] for i in target.ravel()[:FIRST]]
        if found.classes
        else _first(target),
        "loss": found.loss,
        **_said(understood),
    }


def _as_weights(content: bytes, name: str, options: Options) -> Result:
    params, understood = weights_file.opened_weights(content, options, name)
    sizes = {"H": params.hidden_size, "D": params.input_size, "K": params.output_size}
    return {
        "kind": "weights",
        **sizes,
        "first": _first(params[params.cell.input_weight]),
        **_said(understood),
    }


KINDS: dict[str, Callable[[bytes, str, Options], Result]] = {
    "sequence": _as_sequence,
    "own": _as_own,
    "weights": _as_weights,
}


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


if __name__ == "__main__":
    sys.exit(main())
