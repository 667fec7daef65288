"""Run every entrance that reads a text on long repeated patterns; a program of its own.

It prints each case before it begins, so that whoever stops it knows which one it was.
"""

import json
import sys
from collections.abc import Callable, Iterator

from app.components.editor import commands
from app.experiment import link, own_data, parsing, presets
from app.experiment.reading import decoding, json_text, latex, records, sequence
from app.experiment.value import Experiment
from app.views.training.runs import token
from app.views.training.tasks import own_options, own_text

PATTERNS = [
    *(" ", "[", "(", "{", "]", ")", "}", "\\frac{", "&", ";", ",", "'", '"', "^T", "array( ", "1"),
    *("a", "-", "\n", "\r", "\t", "#", "%\n", "//", "\\begin{bmatrix}", "\\\\[", "\\hline", "_"),
    *("1 ", "1,", "1;", "1\n", "1,2\n", "[1],", "[[1],", "[ 1 ]", "1/2 ", "0,5 ", "1.2.3 ", "1e5 "),
    *(
        "\u00a0",
        "\u00ad",
        "é",
        "−1 ",
        "x = ",
        "(1",
        "( ",
        "a b\n",
        "ab,1\n",
        '"1",',
        "|",
        "...",
        "…",
    ),
    *("2019-01-01\n", "[,1] ", "[1] 0.1\n", "Columns 1\n", '{"x":', "[] ", "a=", "1'", "NA,", "\\"),
    *("1 234;", "^{", "\\phantom{", ".T", "tensor(", "1,1,1\n", "1,1\n2,1\n", "a,1,up\n", "\ud83d"),
    *("<td>", "<tr><td>1", "<table><tr>", "<!--", "½ ", "0x1F ", "1_000 ", "10⁻³ "),
]
"""Each repeated on end; the lone half of a pair comes from JavaScript alone."""

Entrance = Callable[[str], object]


def _command(do: str, experiment: Experiment | None = None, **wish: str) -> Entrance:
    start = experiment or presets.default()

    def entrance(text: str) -> object:
        return commands.done(start, commands.read({"n": 1, "do": do, "text": text, **wish}))

    return entrance


TEXT = commands.act(presets.default(), commands.read({"n": 1, "do": "source", "text": "text"}))

ENTRANCES: dict[str, Entrance] = {
    "parse_number": parsing.parse_number,
    "parse_cube": lambda text: parsing.parse_cube(text, "x", columns=1),
    "table": lambda text: sequence.read(text, "a.csv", {}),
    "the first rows": lambda text: sequence.read(text, "a.csv", {"steps": 5000}),
    "bytes": lambda text: sequence.read(text.encode("utf-8", "replace"), "a.csv", {}),
    "UTF-16": lambda text: decoding.decoded(text.encode("utf-16-le", "replace")),
    "clean": decoding.cleaned,
    "paste into x": _command("paste", field="x"),
    "paste into W_hh": _command("paste", field="W_hh"),
    "cell": _command("cell", field="W_hh"),
    "file": _command("file", name="a.txt"),
    "text": _command("text"),
    "alphabet": _command("alphabet", TEXT),
    "title": _command("title"),
    "size": _command("size", field="T"),
    "source": _command("source"),
    "preset": _command("preset"),
    "spectral radius": _command("draw", field="spectral_radius"),
    "own data": own_data.examples_in,
    "own data with a head": lambda text: own_data.examples_in("sequence,x1,y\n" + text),
    "own text": lambda text: own_text.task("own_text", text),
    "own options": own_options.read,
    "LaTeX": lambda text: latex.cells(text, "matrix"),
    "a matrix in LaTeX": lambda text: latex.cells(
        f"\\begin{{bmatrix}}{text}\\end{{bmatrix}}", "matrix"
    ),
    "lines of JSON": lambda text: records.loaded(text, "file", items=8200),
    "JSON": lambda text: json_text.loads(text, "file"),
    "an object": lambda text: sequence.read('{"' + text, "a.json", {}),
    "experiment": lambda text: link.from_file(text.encode("utf-8", "replace")),
    "its title": lambda text: link.from_file(
        json.dumps({"unrolled": 1, "experiment": {"title": text}}).encode()
    ),
    "link": link.decode,
    "pinned runs": token.decode,
}


def cases(length: int) -> Iterator[tuple[str, str, str]]:
    """Yield the name of an entrance, a pattern, and the text of it."""
    for name in ENTRANCES:
        for pattern in PATTERNS:
            yield name, pattern, (pattern * (length // len(pattern) + 1))[:length]


def main(length: int) -> None:
    """Read every text at every entrance; what is refused is refused in one sentence."""
    for name, pattern, text in cases(length):
        print(f"{name} {pattern!a}", flush=True)
        try:
            ENTRANCES[name](text)
        except ValueError as error:
            if "\n" in str(error) or len(str(error)) > 400:
                raise AssertionError(f"expected one sentence, got {error}") from None


if __name__ == "__main__":
    main(int(sys.argv[1]))
