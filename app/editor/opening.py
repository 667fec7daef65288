"""Files that the user opens, as the browser sends them."""

import base64
import binascii

from app import link, parsing, sequences
from app.experiment import Experiment
from app.reading.notice import Options, Understood
from app.sources import Numbers, Text, make

LONGEST_CONTENT = 4 * -(-link.MAX_FILE // 3)  # characters of base64


def content_of(packed: str) -> bytes:
    """Return the bytes of a file, which the browser sends in base64; ValueError if it is none."""
    try:
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("file: expected bytes in base64, got another text") from None


def opened(
    experiment: Experiment, name: str, content: bytes | str, options: Options
) -> tuple[Experiment, Understood]:
    """Open an experiment saved from the app, a table of numbers, or a text.

    Raises
    ------
    ValueError
        It is none of them; one sentence.
    """
    name = "".join(filter(str.isprintable, name))[:40]
    text = content if isinstance(content, str) else content.decode("utf-8-sig", "replace")
    return _opened(experiment, name, text), Understood()


def _opened(experiment: Experiment, name: str, text: str) -> Experiment:
    if text.lstrip().startswith("{"):
        return link.from_file(text.encode(errors="replace"))
    titled = experiment.replace(title=name)
    try:
        cube = parsing.parse_cube(text, name or "file", header=True)
    except ValueError:
        if not name.lower().endswith((".txt", ".md")):
            raise
        return sequences.with_sequence(titled, make(Text, text=text.strip()))
    if len(cube) == len(cube[0]) == 1 and "\n" not in text.strip():
        cube = [[[number]] for number in cube[0][0]]  # a single line is a step for each number
    read = sequences.with_values(titled, cube)
    if isinstance(experiment.sequence, Numbers) or len(cube) < 2:
        return read
    following = sequences.with_next_as_target(read)  # as of what it comes in place of
    return following.replace(has_target=experiment.has_target)
