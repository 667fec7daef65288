"""How the session began: with a link, at the introduction, or where a lesson leads."""

import streamlit as st

from app.experiment import presets
from app.state.session import reader

START = "start"
"""The position before anything is computed."""


def is_first_visit() -> bool:
    """Whether the session began by asking for nothing: the default experiment, at its start.

    Where the address asks for nothing at all, it asks for the start from here on. What is edited
    then changes nothing of it, or the page would jump under the reader's hand.
    """
    session = reader()
    if session.is_fresh:
        session.is_fresh = False
        st.query_params["at"] = START
    at_start = st.query_params.get("at") == START
    if at_start and session.experiment == presets.default():
        session.introducing = True
    return is_introducing()


def introduced() -> None:
    """Put the introduction away, for as long as the session lasts."""
    reader().introduced = True


def went_on() -> None:
    """Put the introduction away if it was shown: the reader is on another page."""
    session = reader()
    session.introduced |= session.introducing


def led_elsewhere() -> None:
    """Begin with what a lesson shows, in place of the introduction and the start it asks for."""
    session = reader()
    session.introduced, session.is_fresh = True, False


def is_introducing() -> bool:
    """Whether the introduction stands above the network, or did on the page that was left."""
    session = reader()
    return session.introducing and not session.introduced


def introduce_again() -> None:
    """Put the introduction above the network once more: what led away from it has been left."""
    session = reader()
    session.introducing, session.introduced = True, False


def is_linked() -> bool:
    """Whether the session began with an address that brought an experiment or a view."""
    return reader().is_linked
