"""Sentences that show as they are: what a user typed, opened or linked to is never Markdown.

Streamlit reads links, images, formulas, icons, colours and addresses in every text it draws. All
that is told in a box goes through here, and so does a user's text inside other text (`plain`).
"""

import re
import unicodedata

import streamlit as st

from app.figures.notation import kept_as_typed

_BACKTICKS = re.compile("`+")
_QUOTED = re.compile(r"(?<!\w)(?:'[^']*'|\"[^\"]*\"|“[^”]*”)(?!\w)")
_READ = re.compile(
    r"""[^\w\s.,;:'"“”‘’()\[\]?!%/=+·×…−–’∂-]"""  # any sign that is not known to be harmless
    r"|(?<!\w)\[|\[(?![\d,]+\])|(?<!\d)\]|\](?=[(\[:])"  # brackets, but for an index
    r"|:(?=\S)|(?<![^\W_])_|_(?![^\W_])|--|\bwww\b|^[-+=\d\s]|\s\s",  # or that is so only alone
    re.IGNORECASE,
)


def refuse(sentence: object) -> None:
    """Say in one sentence what could not be done."""
    st.error(_told(sentence))


def warn(sentence: object) -> None:
    """Say what is done, but not as one would expect."""
    st.warning(_told(sentence))


def inform(sentence: object) -> None:
    """Say what is not there, or how to get it."""
    st.info(_told(sentence))


def confirm(sentence: object) -> None:
    """Say what is well."""
    st.success(_told(sentence))


def mention(sentence: object) -> None:
    """Say in passing what became of a press, wherever on the page one is."""
    st.toast(_told(sentence))


def _told(sentence: object) -> str:
    """Return the Markdown of a sentence; what it quotes is the user's, and no symbol of ours."""
    return _QUOTED.sub(lambda found: kept_as_typed(found[0]), plain(sentence))


def plain(text: object) -> str:
    r"""Return Markdown that shows a text as it is, in one line.

    What Markdown could read, from the first word with such a sign to the last, is a code span: the
    only place where no rule of Markdown, and none of Streamlit's or GitHub's additions, reads it.
    `page.css` gives it the font around it. Outside of it stands a single sign, since Streamlit
    replaces `:material/` before it reads Markdown at all.
    """
    shown = "".join(map(_visible, str(text)))
    signs = [found.start() for found in _READ.finditer(shown)]
    if not signs:
        return shown
    start = shown.rfind(" ", 0, signs[0]) + 1
    end = shown.find(" ", signs[-1])
    end = len(shown) if end < 0 else end
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(shown)), default=0))
    parts = shown[start:end].replace(":material/", ":material\0/").split("\0/")
    span = "&#47;".join(_span(part, fence) for part in parts)
    return f"{shown[:start]}{span}{shown[end:]}"


def _span(text: str, fence: str) -> str:
    if not text.strip():
        return text
    gap = " " if text[0] in " `" or text[-1] in " `" else ""  # Markdown takes one off each end
    return f"{fence}{gap}{text}{gap}{fence}"


def _visible(character: str) -> str:
    """Return the character, or a sign in place of one that breaks the line or is not seen."""
    if character == "\n":
        return "↵"
    blank = unicodedata.category(character) == "Zs"
    return character if blank or character.isprintable() else "�"
