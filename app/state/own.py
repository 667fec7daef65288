"""What the session keeps of ours, by name; found without Streamlit's own way to it each time.

That way is a lock, a look whether the run is to stop, and a look through all widgets, and a run of
the page asks some sixty times. Streamlit gives each run, or row of runs, its own view of the
session, so what was found through one is that session's.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

Kept = TypeVar("Kept")

_FOUND: WeakKeyDictionary[Any, dict[str, Any]] = WeakKeyDictionary()


def own_of_session(key: str, make: Callable[[], Kept]) -> Kept:
    """Return what the session keeps by that name, made if there is nothing yet."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return _through_streamlit(key, make)
    found = _FOUND.get(context.session_state)
    if found is None:
        found = _FOUND[context.session_state] = {}
    if key not in found:
        found[key] = _through_streamlit(key, make)
    kept: Kept = found[key]
    return kept


def _through_streamlit(key: str, make: Callable[[], Kept]) -> Kept:
    if key not in st.session_state:
        st.session_state[key] = make()
    kept: Kept = st.session_state[key]
    return kept
