"""A script that repeats something without this app: chosen, downloaded, and shown."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

from app.views.shared import told
from app.views.shared.bound import choice

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
            script = write(subject)
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
