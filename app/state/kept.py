"""What pages and their components keep between reruns: in the session, or in the address."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from app.state.session import reader

KEPT_SOURCES = 4  # components of one page that send commands, with those of a reload
Kept = TypeVar("Kept")


def is_first(source: str, number: int) -> bool:
    """Whether a numbered command is new: the browser repeats them until they are confirmed."""
    handled = reader().handled
    if number <= handled.get(source, 0):
        return False
    handled[source] = number
    while len(handled) > KEPT_SOURCES:
        del handled[next(iter(handled))]
    return True


def handled_all() -> dict[str, int]:
    """Return the number of the last command taken from each source."""
    return dict(reader().handled)


def kept_in_session(key: str, make: Callable[[], Kept]) -> Kept:
    """Return what this session keeps by that name, made when it is first asked for."""
    store = reader().kept
    if key not in store:
        store[key] = make()
    found: Kept = store[key]
    return found


def has_kept(key: str) -> bool:
    """Whether this session keeps something by that name."""
    return key in reader().kept


def remember(name: str, text: str) -> None:
    """Keep a short text in the address, for a page that draws itself; an empty one is left out."""
    if text != st.query_params.get(name, ""):
        if text:
            st.query_params[name] = text
        else:
            del st.query_params[name]


def remembered(name: str) -> str:
    """Return what the address holds by that name."""
    return str(st.query_params.get(name, ""))
