"""What the controls of the pages have in the address: names that stay, not the words on the screen.

Streamlit can bind a control to the address itself, but writes there what the reader sees: a label
that is worded anew breaks the links that hold it. So choices are written and read here. What has no
words (numbers, switches, texts) Streamlit binds; here it is seen whether it was taken.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.experiment.value import Experiment
from app.state.own import own_of_session

NOT_CONTROLS = ("e", "at", "sel", "level")  # what else is in the address


@dataclass
class _Controls:
    known: set[str] = field(default_factory=set)  # drawn, or set, since the session began
    texts: dict[str, str] = field(default_factory=dict)  # for the address, of this rerun's choices
    values: dict[str, Any] = field(default_factory=dict)  # of all controls of this rerun
    dropped: dict[str, str] = field(default_factory=dict)  # from the address, before anything
    said: dict[str, str] = field(default_factory=dict)  # what of the address was not taken
    said_at: Any = None  # the values, and the experiment, when that was said
    placed: str = ""  # the page whose controls a scene sets in this rerun, as their names begin
    waiting: dict[str, list[str]] = field(default_factory=dict)  # what of that was not drawn yet


def _controls() -> _Controls:
    return own_of_session("unrolled_controls", _Controls)


def begin() -> None:
    """Begin a rerun of the whole page."""
    controls = _controls()
    controls.texts, controls.values, controls.dropped, controls.placed = {}, {}, {}, ""
    for name in list(st.query_params):
        if name not in NOT_CONTROLS and _is_endless(text := st.query_params[name]):
            controls.dropped[name] = text
            with suppress(StreamlitAPIException):  # of a control that is drawn: it refuses itself
                del st.query_params[name]


def _is_endless(text: str) -> bool:
    """Whether a text is a number that is not finite, on which Streamlit's controls fail."""
    try:
        return not isfinite(float(text))
    except ValueError:
        return False


def asked(name: str) -> str | None:
    """Return what a link, or Back or Forward, asks of a control; None where it keeps its value.

    The address counts when the control is drawn first in the session, and when the browser has
    travelled. Empty means the default, which has no place in the address.
    """
    if (texts := placed_by_scene(name)) is not None:
        return texts[-1] if texts else ""
    controls = _controls()
    first = name not in controls.known
    controls.known.add(name)
    return _in_address(name, first=first) if first or travelled() else None


def _in_address(name: str, *, first: bool) -> str | None:
    """Return what the address says of a control; nothing is the default of one drawn before."""
    found = _controls().dropped.get(name, st.query_params.get(name))
    return found if found is not None or first else ""


def place(page: str, given: Mapping[str, list[str]], *, keep: bool) -> None:
    """Set all controls of a page, as from a link: those that are not given have their defaults.

    Parameters
    ----------
    page
        What the names of its controls are, or begin with before a `_`.
    given
        Names and texts, as in the address.
    keep
        Whether what the address has counts more.
    """
    controls = _controls()
    in_address = set(st.query_params) | set(controls.dropped) if keep else set()
    controls.placed = "" if keep else page
    controls.waiting = {
        name: list(texts) for name, texts in given.items() if name not in in_address
    }


def give(name: str, text: str) -> None:
    """Let a control take a value when it is drawn next."""
    _controls().waiting[name] = [text]


def placed_by_scene(name: str) -> list[str] | None:
    """Return the texts that a scene gives a control; empty for its default, None for no scene.

    What is drawn in a later rerun only, as a section's own controls may be, is given them then.
    """
    controls = _controls()
    if name in controls.waiting:
        controls.known.add(name)
        return controls.waiting.pop(name)
    if controls.placed and name.partition("_")[0] == controls.placed:
        controls.known.add(name)
        return []
    return None


def coming(name: str) -> str | None:
    """Return what a control will have when it is drawn next, as in an address; "" is its default.

    None is returned where that is not known: neither was it drawn in this session, nor has the
    address a word of it.
    """
    controls = _controls()
    if name in controls.waiting:
        return (controls.waiting[name] or [""])[-1]
    if controls.placed and name.partition("_")[0] == controls.placed:
        return ""
    first = name not in controls.known
    if first or travelled():
        return _in_address(name, first=first)
    held = st.session_state.get(name)
    return None if held is None else str(held)


def is_placed(name: str) -> bool:
    """Whether a scene gives a control a value, which has not been drawn since."""
    return bool(_controls().waiting.get(name))


def travelled() -> bool:
    """Whether Back or Forward has caused this rerun: then alone the address says where to go.

    Otherwise the browser sends the address that it has, which may be older than the last edit, and
    is where the connection was cut while the answer was on its way.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation


def set_controls(values: Mapping[str, Any]) -> None:
    """Give widgets their values by key: for a callback, such as that of a page's own presets."""
    for key, value in values.items():
        st.session_state[key] = value
        _controls().known.add(key)


def control(key: str) -> Any:
    """Return the value of a widget by key: for its own callback."""
    return st.session_state.get(key)


def keep_control(name: str, value: Any, text: str | None = None) -> None:
    """Note a control's value, and what `close` is to write of it; empty for the default."""
    controls = _controls()
    controls.values[name] = value
    if text is not None:
        controls.texts[name] = text


def not_taken(name: str, sentence: str) -> None:
    """Say what a link asked of a control that could not be, until something is changed."""
    _controls().said[name] = sentence


def close(experiment: Experiment) -> list[str]:
    """End a rerun of the whole page: write the address, return what of it was not taken."""
    controls = _controls()
    for name, text in controls.texts.items():
        if not text and name in st.query_params:
            del st.query_params[name]
    new = {
        name: text
        for name, text in controls.texts.items()
        if text and st.query_params.get(name) != text
    }
    if new:  # Streamlit sends the whole address for an empty change, too
        st.query_params.update(new)
    present = (controls.values, experiment)
    if controls.said and controls.said_at not in (None, present):
        controls.said.clear()
    controls.said_at = present if controls.said else None
    return list(controls.said.values())
