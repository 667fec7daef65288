"""The text of a scene: plain words, **strong**, *stressed*, `code`, $formulas$ and {numbers}.

What is strong or stressed may hold formulas, code and numbers, too.

A lesson may come from anybody. So its text is read here, piece by piece; what is not one of these
is refused, and the words between are escaped sign by sign: no markup of a lesson is the page's.
"""

import re
from collections.abc import Callable, Iterator

_INSIDE = re.compile(r"\$(?P<math>[^$\n]+)\$|\{(?P<number>[^{}\n]+)\}|`(?P<code>[^`\n]+)`")
_PIECES = re.compile(rf"{_INSIDE.pattern}|\*\*(?P<strong>[^*\n]+)\*\*|\*(?P<stressed>[^*\n]+)\*")
_REFUSED = (
    (re.compile(r"<\s*[/!?a-z]|&#?\w+;", re.IGNORECASE), "HTML"),
    (
        re.compile(r"!\[|\][(\[:]|://|\bwww\.|\w@\w|\b(?:javascript|data|mailto)\s*:", re.I),
        "links",
    ),
    (re.compile(r":[a-z][\w-]*(?:/\w+)?:|:[a-z][\w-]*\[", re.IGNORECASE), "icons and colours"),
)
_MATH_REFUSED = re.compile(
    r"\\(?:href|url|html\w*|include\w*|def|gdef|edef|xdef|let|futurelet|global|long|"
    r"(?:re)?newcommand|providecommand|char|mathchoice|require)(?![a-zA-Z])|[<>]\s*[/!a-z]",
    re.IGNORECASE,
)
_ROUNDED = re.compile(r"\{[\w\s\[\],/∂|@]+:\s*\d{1,2}\s*\}")  # {h[2,1]:2}, no target of a link
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")  # all that Markdown may read


def require(text: str, where: str) -> None:
    """Refuse what is not words, stress, code, formulas and numbers.

    Raises
    ------
    ValueError
        One sentence: what stands there that may not.
    """
    for sign in text:
        if sign != "\n" and not sign.isprintable():
            raise ValueError(f"{where}: expected signs that can be shown, got {sign!a}")
    said = _ROUNDED.sub(" ", _PIECES.sub(_without_math, text))
    for pattern, what in _REFUSED:
        if found := pattern.search(said):
            raise ValueError(f"{where}: expected words without {what}, got {found[0][:40]!r}")
    rest = _PIECES.sub("", text)
    for sign in ("$", "{", "}"):
        if sign in rest:
            raise ValueError(
                f"{where}: expected each {sign!r} in a pair in one line, got one alone"
            )
    for found in pieces(text):
        if found["math"] and (bad := _MATH_REFUSED.search(found["math"])):
            raise ValueError(f"{where}: expected a formula without {bad[0]!r}, got it")


def pieces(text: str) -> Iterator[re.Match[str]]:
    """Yield the formulas, the numbers and the code of a text, in their order."""
    for found in _PIECES.finditer(text):
        held = found["strong"] or found["stressed"]
        yield from _INSIDE.finditer(held) if held else (found,)


def _without_math(found: re.Match[str]) -> str:
    return " " if found["math"] else found[0]


def numbers_in(text: str) -> list[str]:
    """Return the names of the numbers of a text, in their order."""
    return [found["number"].strip() for found in pieces(text) if found["number"]]


def markdown(text: str, number: Callable[[str], str]) -> str:
    """Return the Markdown that shows a text which `require` took; `number` writes one by name."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join(_paragraph(paragraph, number) for paragraph in paragraphs)


def _paragraph(paragraph: str, number: Callable[[str], str]) -> str:
    lines = paragraph.splitlines()
    if all(line.startswith("- ") for line in lines):
        return "\n".join(f"- {_line(line[2:], number)}" for line in lines)
    return " ".join(_line(line.strip(), number) for line in lines)


def _line(line: str, number: Callable[[str], str], pattern: re.Pattern[str] = _PIECES) -> str:
    written, done = [], 0
    for found in pattern.finditer(line):
        written += [escaped(line[done : found.start()]), _piece(found, number)]
        done = found.end()
    return "".join([*written, escaped(line[done:])])


def _piece(found: re.Match[str], number: Callable[[str], str]) -> str:
    if found["math"]:
        return f"${found['math'].strip()}$"
    if found["number"]:
        return f"`{number(found['number'].strip())}`"
    if found["code"]:
        return f"`{found['code'].strip()}`"
    sign = "**" if found["strong"] else "*"
    held = found["strong"] or found["stressed"]
    return f"{sign}{_line(held.strip(), number, _INSIDE)}{sign}"


def plain(text: str) -> str:
    """Return a text of one line without the signs of its Markdown."""
    return text.translate({ord(sign): None for sign in "$*`\\"})


def escaped(text: str) -> str:
    """Return Markdown of words alone: each sign that could be read is escaped."""
    return _SIGNS.sub(r"\\\1", text)
