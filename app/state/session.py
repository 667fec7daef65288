"""What a session holds, and its experiment in the address."""

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st

from app.experiment import link, presets
from app.experiment.value import Experiment
from app.state.own import own_of_session
from app.state.own_files import OwnFiles
from app.state.past import Past

AT_ONCE = 50_000  # characters of what a tab keeps: longer ones wait until the editing rests


@dataclass
class Session:
    """All that is known of one reader."""

    experiment: Experiment
    undo: Past = field(default_factory=Past)
    redo: Past = field(default_factory=Past)
    problem: str | None = None
    notice: str | None = None
    spoken: str = ""  # what has become of what was asked for, to who does not see it
    aside: Experiment | None = None  # the reader's own, where another one was put in its place
    swapped: Experiment | None = None  # that other one
    token: str | None = None  # what we last wrote to, or read from, the address
    missing: bool = False  # whether the address names an experiment that only the browser has
    long: WeakValueDictionary[str, Experiment] = field(default_factory=WeakValueDictionary)
    unkept: str | None = None  # the token of a long one, until the tab has it
    files: OwnFiles = field(default_factory=OwnFiles)
    touched: bool = False  # whether a callback of this rerun has changed the experiment
    handled: dict[str, int] = field(default_factory=dict)  # last command of each editor in a page
    is_fresh: bool = False  # whether it was opened by an address that asks for nothing
    is_linked: bool = False  # whether the address brought an experiment or a view
    introducing: bool = False  # whether the introduction stands above the network
    introduced: bool = False  # whether it has been put away
    notes: dict[str, Any] = field(default_factory=dict)  # what the last commands have to say
    kept: dict[str, Any] = field(default_factory=dict)  # what pages keep between reruns


def reader() -> Session:
    """Return what is kept of the reader whose page is drawn."""
    return own_of_session("unrolled", _begun)


def _begun() -> Session:
    return Session(presets.default())


def show(new: Experiment) -> None:
    """Make an experiment the one that is shown, here and in the address."""
    session = reader()
    session.experiment, session.notice = new, None
    session.touched = True
    write_address()


def settled(session: Session) -> None:
    """Drop what was said of an earlier wish: the one of now could be done."""
    session.problem = None
    session.notes.pop("fault", None)
    session.files.said()


def write_address() -> None:
    """Put the experiment into the address, or a name for it where it would not fit."""
    session = reader()
    token = link.encode(session.experiment)
    session.unkept = None
    if link.too_long(token):
        session.unkept = token if len(token) <= AT_ONCE else None
        token = link.mark(token)
        session.long[token] = session.experiment
    session.token, session.missing = token, False
    st.query_params["e"] = token
