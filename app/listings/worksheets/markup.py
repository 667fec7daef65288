"""Symbols and equations in the notations of the formats, and texts made harmless in each.

Equations come in the LaTeX of `rnn_core.cells`, which uses few commands; anything else is refused
by a test, not guessed.
"""

import re
from collections.abc import Mapping
from html import escape, unescape
from types import MappingProxyType

from app.listings.worksheets.parts import Symbol

FUNCTIONS = "arctan cos cosh exp ln log max min sin sinh tan tanh"
GREEK = "alpha beta gamma delta epsilon eta theta lambda mu nu pi rho sigma tau phi psi omega"

COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **{name: (name, name) for name in FUNCTIONS.split()},
        **{name: (name, unescape(f"&{name};")) for name in GREEK.split()},
        "odot": ("dot.o", "⊙"),
        "cdot": ("dot.op", "·"),
        "sum": ("sum", "Σ"),
        "left": ("", ""),
        "right": ("", ""),
        "textstyle": ("", ""),
        "prime": ("prime", "′"),
        "top": ("top", "⊤"),
        ",": ("", " "),
    }
)
"""The commands of LaTeX that equations use, in Typst and in HTML."""

_BEHIND_A_LETTER = re.compile(rf"(?<=[\w)}}])(?=\\(?:{FUNCTIONS.replace(' ', '|')})(?![a-z]))")
"""Where HTML needs a space that LaTeX sets by itself: y log p."""

ACCENTS = MappingProxyType({"hat": "\u0302", "tilde": "\u0303"})
BOLD = ("boldsymbol", "mathbf")
"""How others set their letters: commands of LaTeX that take one."""
ACCENTED = re.compile(rf"\\({'|'.join(ACCENTS)})\{{([^{{}}]*)\}}")

UNDERLINE = r"\_"
SET = str.maketrans({"\ue000": "<b>", "\ue001": "</b>", "\ue002": "_"})
"""What stands for a tag, or for a sign that is no command, while an equation is read."""

TOKEN = re.compile(
    r"\\text\{(?P<text>[^{}]*)\}|\\mathbf\{(?P<upright>\w)\}|\\(?P<set>boldsymbol|hat|tilde)|"
    r"\\operatorname\{(?P<function>\w+)\}|\\t?frac\{(?P<over>[^{}]*)\}\{(?P<under>[^{}]*)\}"
    r"|\\(?P<command>[a-zA-Z]+|,)|(?P<brace>[{}])|(?P<word>[a-zA-Z]+)|(?P<other>.)",
    re.DOTALL,
)


def typst_math(latex: str) -> str:
    """Return an equation of LaTeX in Typst's notation.

    Raises
    ------
    ValueError
        It has a command that is not known here.
    """
    return " ".join(re.sub(TOKEN, _typst_token, latex).split())


def _typst_token(found: re.Match[str]) -> str:
    if found["text"] is not None:
        return f' "{found["text"].replace(UNDERLINE, "_")}"'
    if found["upright"]:
        return f" upright(bold({found['upright']}))"
    if found["set"]:
        return f" {found['set'].replace('boldsymbol', 'bold')}"  # its brackets follow at once
    if found["function"]:
        return f' op("{found["function"]}") '
    if found["over"]:
        return f"({found['over']}) / ({found['under']}) "
    if found["command"]:
        typst, _ = _command(found["command"])
        return f" {typst} "
    if found["brace"]:
        return "(" if found["brace"] == "{" else ")"
    if found["word"]:
        return " ".join(found["word"])
    return found["other"]


def _command(name: str) -> tuple[str, str]:
    if name not in COMMANDS:
        raise ValueError(f"equation: expected a known command, got \\{name}")
    return COMMANDS[name]


def typst_symbol(symbol: Symbol) -> str:
    """Return a symbol in Typst's mathematics."""
    if symbol.written:
        return typst_math(symbol.written)
    if not symbol.below:
        return symbol.letter
    below = ",".join(" ".join(part) for part in symbol.below.split(","))
    return f"{symbol.letter}_({below})"


def latex_symbol(symbol: Symbol) -> str:
    """Return a symbol in LaTeX."""
    if symbol.written:
        return symbol.written
    return f"{symbol.letter}_{{{symbol.below}}}" if symbol.below else symbol.letter


def html_symbol(symbol: Symbol) -> str:
    """Return a symbol in HTML."""
    if symbol.written:
        return html_math(symbol.written)
    below = f"<sub>{escape(symbol.below)}</sub>" if symbol.below else ""
    return f"<i>{escape(symbol.letter)}</i>{below}"


def plain_symbol(symbol: Symbol) -> str:
    """Return a symbol as plain text: z_1,2 as z_i,2."""
    return f"{symbol.letter}_{symbol.below}" if symbol.below else symbol.letter


def html_math(latex: str) -> str:
    """Return an equation of LaTeX in HTML, with its scripts."""
    text = _BEHIND_A_LETTER.sub(" ", _set(latex))
    text = re.sub(r"\\operatorname\{(\w+)\}", r"\1", text)
    text = re.sub(r"\\t?frac\{([^{}]*)\}\{([^{}]*)\}", r"\1/\2 ", text)
    text = escape(re.sub(r"\\([a-zA-Z]+|.)", lambda found: _command(found[1])[1], text))
    text = re.sub(r"_(?:\{([^{}]*)\}|(\w))", r"<sub>\1\2</sub>", text.replace("^2", "²"))
    text = re.sub(r"\^(?:\{([^{}]*)\}|(\w))", r"<sup>\1\2</sup>", text)
    return text.translate(SET)


def _accented(found: re.Match[str]) -> str:
    return re.sub(r"([^\W_])", rf"\1{ACCENTS[found[1]]}", found[2])


def _set(latex: str) -> str:
    """Return an equation without the commands that set a letter: bold, with an accent, as text."""
    before = ""
    text = re.sub(r"\\text\{([^{}]*)\}", lambda found: found[1].replace(UNDERLINE, "\ue002"), latex)
    while text != before:
        before = text
        text = re.sub(rf"\\(?:{'|'.join(BOLD)})\{{([^{{}}]*)\}}", "\ue000\\1\ue001", text)
        text = ACCENTED.sub(_accented, text)
    return text


def latex_text(text: str) -> str:
    """Return a text for LaTeX, in which nothing is a command; rare characters by their number."""
    return "".join(_latex_character(each) for each in text)


LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    "·": r"\textperiodcentered{}",
    "½": "1/2",
    "’": "'",
    "−": "-",
    **{each: rf"\{each}" for each in "{}$&#_%"},
}


def _latex_character(character: str) -> str:
    if character in LATEX:
        return LATEX[character]
    if character.isascii() and character.isprintable():
        return character
    if character.isspace():
        return " "
    return rf"\texttt{{U+{ord(character):04X}}}"


def typst_text(text: str) -> str:
    """Return a text as a string of Typst's code, in which nothing is markup."""
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return '#"' + "".join(each if each.isprintable() else " " for each in escaped) + '"'
