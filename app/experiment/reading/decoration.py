"""What stands in a printed text and is no number: signs of other scripts, marks, frames, tails.

All of it says nothing, so nothing is said of it. Linear in the text.
"""

import re

from app.experiment.reading.numerals import WIDE
from app.experiment.reading.spellings import as_decimals

_PIECES = str.maketrans(dict.fromkeys("⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠⎧⎨⎩⎫⎬⎭⎪", " "))
_BARS = str.maketrans(dict.fromkeys("│┆┃║┊", "|"))
_FRAME = "─━═│┆┃║┊┌┐└┘├┤┬┴┼╞╡╪╭╮╰╯╔╗╚╝╠╣╦╩╬┏┓┗┛┡┩╇╂╀ \t"

_SCALAR = re.compile(
    r"\b(?:np\.|numpy\.)?(?:float|bfloat|int|uint)(?:8|16|32|64|128|_)?\(([^()\s]{1,60})\)"
)
_SUFFIX = re.compile(r"(?<=[\d.])[fFL](?![\w.])")
_TAIL = re.compile(
    r"\n[ \t]*\[(?:torch\.[\w.]{1,40} of size [^\]\n]{1,60}|\d+ rows? x \d+ columns?)\]\s*\Z"
)
_HEAD = re.compile(r"(?:Variable|Parameter) containing:[ \t]*\n")
_BETWEEN_BARS = re.compile(r"[ \t]*\|[^|\n]*\|[ \t]*")


def without(text: str) -> str:
    """Return a printed text with ASCII digits and marks, and without what frames its numbers."""
    text = as_decimals(text)
    if not text.isascii():
        text = text.translate(WIDE)
        if any(sign in text for sign in "⎡⎛⎧"):
            text = text.translate(_PIECES)
        if any(sign in text for sign in "─═━"):
            text = "\n".join(line for line in text.split("\n") if line.strip(_FRAME))
        if any(sign in text for sign in "│┃"):
            text = text.translate(_BARS)
    if "int" in text or "float" in text:
        text = _SCALAR.sub(r"\1", text)
    if "[" in text or "{" in text or "(" in text:
        text = _SUFFIX.sub("", _TAIL.sub("", text))
    if text.startswith(("Variable", "Parameter")):
        text = _HEAD.sub("", text, count=1)
    if text[:1] == "|":
        lines = [line for line in text.split("\n") if line and not line.isspace()]
        if all(map(_BETWEEN_BARS.fullmatch, lines)):
            text = "\n".join(line.strip().strip("|") for line in lines)
    return text
