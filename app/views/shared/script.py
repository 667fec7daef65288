"""A script that repeats something without this app: chosen, downloaded, and shown."""

import re
import textwrap
from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

from app.figures import notation
from app.views.shared import told
from app.views.shared.bound import choice
from rnn_core.cells.notations import SIZES

NAME = re.compile(r"\b[A-Za-z](?:_(?!t\b)[a-z]{1,2})?\b")
WIDTH = 77
SHOWN = 40_000  # characters: a browser is slow to colour more
Subject = TypeVar("Subject")


def offer(
    writers: Mapping[str, tuple[str, Callable[[Subject], str]]], subject: Subject, *, key: str
) -> None:
    """Draw the script of the library that is chosen, the first one at first.

    Parameters
    ----------
    writers
        By library: the name of its file, and what writes it; ValueError says why it cannot.
    key
        Of the choice, in the address too.
    """
    first = next(iter(writers))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        library = choice("Library", key, {name: name for name in writers}, first, look="buttons")
        file, write = writers[library]
        try:
            script = _told(write(subject))
        except ValueError as error:
            told.warn(error)
            return
        st.download_button(
            f"Download {file}",
            script,
            file,
            "text/x-python",
            on_click="ignore",
            key=f"{key}_download",
        )
    if len(script) > SHOWN:
        st.caption(f"The script has {len(script):,} characters: download it to read it.")
    else:
        st.code(script, language="python")


def _told(script: str) -> str:
    """Return a script with a comment above it: what its names are in the notation asked for."""
    names = dict.fromkeys(name for name in NAME.findall(script) if name not in SIZES)
    legend = notation.legend(names)
    lines = textwrap.wrap(legend, WIDTH, break_long_words=False, break_on_hyphens=False)
    return "".join(f"# {line}\n" for line in lines) + script
