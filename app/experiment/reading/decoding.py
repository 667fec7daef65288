"""Bytes of a file -> text, and a text without what cannot be shown; both say what they did."""

import unicodedata
from collections import Counter

from app.experiment.reading import encodings
from app.experiment.reading.notice import Options, Understood, Unread

MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "UTF-32"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)
"""Byte order marks; that of UTF-32 begins with that of UTF-16."""

KEPT = "\n\t\u00a0"
LINE_ENDS = ("\r\n", "\r", "\x85", "\u2028", "\u2029")
BINARY = frozenset(map(chr, (*range(9), *range(0x0E, 0x1A), 0x1B, 0x7F)))
"""Control characters that no text has: not those of paper (form feed), records, or DOS's end."""

SHOWN_KINDS = 4
MOST_KINDS = 40
"""Different characters that cannot be shown: a text has few, other files hundreds."""


def decoded(
    content: bytes, where: str = "file", options: Options | None = None
) -> tuple[str, Understood]:
    """Return the text of a file, and a sentence if its encoding had to be guessed.

    UTF-8; UTF-16 and UTF-32 with their mark; UTF-16 without one where every second byte is zero;
    else Windows-1252, in which spreadsheets write, or Latin-1. Option: `encoding`, another one of
    `encodings.TITLES`, which are offered where UTF-8 does not fit.

    Raises
    ------
    ValueError
        The bytes are no text; one sentence.
    """
    for mark, encoding, title in MARKS:
        if content.startswith(mark):
            return _strict(content[len(mark) :], encoding, title, where), Understood()
    if 0 in content:
        text, said = _unmarked(content, where)
        return text, Understood(said)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        _require_text(text, where)
        return text, Understood()
    if wanted := encodings.asked(options or {}):
        try:
            return _as(content, wanted, encodings.TITLES[wanted], where, ", as you chose")
        except UnicodeDecodeError:
            title = encodings.TITLES[wanted]
            raise Unread(
                f"{where}: expected {title}, as you chose, got other bytes",
                encodings.others(content, wanted),
            ) from None
    for encoding, title in (("cp1252", encodings.TITLES["cp1252"]), ("latin-1", "Latin-1")):
        try:
            return _as(content, encoding, title, where, ", a guess")
        except UnicodeDecodeError:
            continue
    raise AssertionError("Latin-1 decodes every byte")


def _as(content: bytes, encoding: str, title: str, where: str, why: str) -> tuple[str, Understood]:
    text = content.decode(encoding)
    _require_text(text, where)
    said = f"It is no UTF-8: read as {title}{why}."
    return text, Understood((said,), tuple(encodings.others(content, encoding)))


def _unmarked(content: bytes, where: str) -> tuple[str, tuple[str, ...]]:
    """Read UTF-16 without its mark: of common characters every second byte is zero."""
    zeros = [content[first::2].count(0) for first in (0, 1)]
    encoding = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    if len(content) % 2 or min(zeros) > 0.1 * max(zeros) or max(zeros) < 0.2 * len(content):
        raise _no_text(where)
    text = _strict(content, encoding, "a text", where)
    return text, ("It has no mark of its encoding: read as UTF-16, a guess.",)


def _strict(content: bytes, encoding: str, title: str, where: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError(
            f"{where}: expected {title}, as its first bytes say, got other bytes"
        ) from None
    _require_text(text, where)
    return text


def _require_text(text: str, where: str) -> None:
    if not BINARY.isdisjoint(text):
        raise _no_text(where)


def _no_text(where: str) -> ValueError:
    return ValueError(f"{where}: expected a text in UTF-8 or UTF-16, got other bytes")


def cleaned(text: str, where: str = "file") -> tuple[str, tuple[str, ...]]:
    """Return a text with one line end, without what cannot be shown, and what was done.

    Soft hyphens, zero-width and directional characters, form feeds and their like are left out;
    blanks of other widths become blanks, but for the no-break space. Linear in the text.

    Raises
    ------
    ValueError
        It has so many kinds of them that it is no text.
    """
    for end in LINE_ENDS:
        text = text.replace(end, "\n")
    odd = sorted(c for c in set(text) if not c.isprintable() and c not in KEPT)
    if len(odd) > MOST_KINDS:
        raise _no_text(where)
    found = Counter({character: text.count(character) for character in odd})
    blanks = [c for c, _ in found.most_common() if unicodedata.category(c) == "Zs"]
    left_out = [c for c, _ in found.most_common() if c not in blanks]
    for character in odd:
        text = text.replace(character, " " if character in blanks else "")
    said = []
    if left_out:
        said.append(f"Left out: {_counted(found, left_out)}.")
    if blanks:
        said.append(f"Read as blanks: {_counted(found, blanks)}.")
    return text, tuple(said)


def _counted(found: Counter[str], characters: list[str]) -> str:
    named = [f"{found[c]:,} × {_name(c)}" for c in characters[:SHOWN_KINDS]]
    others = sum(found[c] for c in characters[SHOWN_KINDS:])
    return ", ".join(named) + (f" and {others:,} others" if others else "")


def _name(character: str) -> str:
    name = unicodedata.name(character, "") or {"\x0c": "form feed", "\x0b": "vertical tab"}.get(
        character, "character"
    )
    return f"{name.lower()} (U+{ord(character):04X})"
