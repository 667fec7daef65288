"""What the browser says is being looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

import streamlit as st

from app.experiment import link
from app.figures.common import DEFAULT_LEVEL
from app.state.kept import remembered
from rnn_core.graph import LEVELS

BROWSERS = ("at", "sel", "level")
"""What the browser keeps in the address."""


@dataclass(frozen=True)
class View:
    """What the browser says is being looked at; checked, but it may name a node that is gone."""

    level: str
    selected: str | None
    at: str


def view(key: str = "graph", default: View | None = None) -> View:
    """Return level, selection and position as the browser has them, or their defaults.

    A link opened here has them in its address. Later the graph tells them itself, when it asks for
    something: what it writes into the address does not reach Python, since Streamlit reruns with
    the address that Python wrote last. `key` is that of the graph; one that brings its own view
    has it as `default`, instead of the address.
    """
    asked = sent(key, "asked")
    if default is not None and not isinstance(asked, Mapping):
        return default
    told = asked if isinstance(asked, Mapping) else st.query_params
    level, at = told.get("level"), told.get("at")
    selected = told.get("sel" if told is not asked else "selected")
    return View(
        level=level if isinstance(level, str) and level in LEVELS else DEFAULT_LEVEL,
        selected=selected if _is_name(selected) else None,
        at=at if _is_name(at) else "end",
    )


def charts(key: str = "plots") -> str:
    """Return the name of the group of charts that the browser shows; empty for the first."""
    asked = sent(key, "group")
    return asked if isinstance(asked, str) else remembered(key)


def sent(key: str, name: str) -> Any:
    """Return what a component has just sent, in the callback that it caused."""
    return getattr(st.session_state.get(key), name, None)


def _is_name(text: Any) -> TypeGuard[str]:
    return isinstance(text, str) and 0 < len(text) <= link.MAX_NAME and text.isprintable()
