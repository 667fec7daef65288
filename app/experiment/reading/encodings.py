"""Encodings of a file that is no UTF-8: which may be meant, each shown by a word of the file."""

import codecs
import re
import unicodedata
from collections.abc import Mapping
from itertools import islice

from app.experiment.reading.notice import Choice, Options

TITLES: Mapping[str, str] = {
    "cp1252": "Windows-1252",
    "cp1251": "Windows-1251",
    "cp1250": "Windows-1250",
    "koi8_r": "KOI8-R",
    "cp932": "Shift-JIS",
    "gb18030": "GB 18030",
    "cp949": "Windows-949",
    "mac_roman": "Mac Roman",
}
"""What is asked for by the option `encoding`; the first one is what spreadsheets write here."""
MOST_OFFERED = 5
LONGEST_SHOWN = 12
_LOOKED_AT = 2000  # bytes
_OF_JAPAN = ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA")
_BEFORE_A_WORD = re.compile(rb"[^\x00-\x7f]")
_WORD = re.compile(r"\w+")


def asked(options: Options) -> str:
    """Return the encoding that the options ask for; "" where they ask for none that is known."""
    name = options.get("encoding")
    return name if isinstance(name, str) and name in TITLES else ""


def others(content: bytes, used: str) -> list[Choice]:
    """Return buttons for the encodings in which the first odd word of a file is a word, too."""
    shown = {_word(content, used)}
    found = []
    for name, title in TITLES.items():
        word = _word(content, name)
        if name != used and word and word not in shown:
            shown.add(word)
            found.append(Choice(f"read as {title}: “{word[:LONGEST_SHOWN]}”", "encoding", name))
    return [*islice(found, MOST_OFFERED)]


def _word(content: bytes, encoding: str) -> str:
    """Return the first word with a letter beyond ASCII; "" if there is none of one script."""
    first = _BEFORE_A_WORD.search(content)
    if first is None:
        return ""
    start = max(0, first.start() - 40)
    beginning = content[start : first.start() + _LOOKED_AT]
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(beginning)
    except UnicodeDecodeError:
        return ""
    at = next((n for n, character in enumerate(text) if not character.isascii()), len(text))
    for word in _WORD.findall(text):
        if not word.isascii():
            return word if _is_of_one_script(word) and text[at].isalpha() else ""
    return ""


def _is_of_one_script(word: str) -> bool:
    scripts = {unicodedata.name(c, "?").split(" ")[0] for c in word if c.isalpha()}
    return len(scripts) == 1 or scripts <= {*_OF_JAPAN}
