"""What the address asks for, and what the tab keeps that is too long for it."""

import streamlit as st

from app.experiment import link
from app.experiment.run import trace_of
from app.figures.common import DEFAULT_LEVEL
from app.state import controls
from app.state.own_files import is_marker
from app.state.session import reader, show, write_address
from app.state.views import BROWSERS
from rnn_core.graph import LEVELS

RESTORED = "This experiment is too long for the address: this tab has kept it, and it is restored."
LOST = (
    "link: expected an experiment that this tab keeps, since it is too long for the address, got "
    "none: open the file it was saved in (Share, Open file)"
)


def start() -> None:
    """Open the link in the address, or the default; call once at the top of each rerun."""
    controls.begin()
    wanted = st.query_params.get("e")
    if "unrolled" not in st.session_state:
        _open(wanted)
        return
    session = reader()
    touched, session.touched = session.touched, False
    if wanted is None and session.token is not None:
        st.query_params["e"] = session.token  # Streamlit empties the address when the page changes
    elif wanted is not None and wanted != session.token:
        if controls.travelled():
            _follow(wanted)
        elif not touched and session.token is not None:  # after an edit the answer is on its way
            st.query_params["e"] = session.token  # the browser's is older


def _open(wanted: str | None) -> None:
    """Begin a session with a link, or with the default."""
    session = reader()
    has_view = any(name in st.query_params for name in BROWSERS)
    session.is_linked = wanted is not None or has_view
    session.files.asks = any(map(is_marker, st.query_params))
    level = st.query_params.get("level", DEFAULT_LEVEL)
    if level not in LEVELS:
        controls.not_taken(
            "level",
            f"Level: expected one of {', '.join(LEVELS)}, got {level[:60]!r} in the address; "
            f"{DEFAULT_LEVEL} is shown.",
        )
    if wanted is not None and link.is_mark(wanted):
        session.token, session.missing = wanted, True
        return
    if wanted is not None:
        try:
            opened = link.decode(wanted)
            trace_of(opened)
        except ValueError as error:
            session.problem = f"{error}. The default experiment is shown instead."
        else:
            session.experiment, session.token = opened, wanted
            return
    else:
        session.is_fresh = not has_view
    write_address()


def _follow(wanted: str) -> None:
    """Go where Back or Forward has gone."""
    session = reader()
    try:
        opened = session.long[wanted] if wanted in session.long else link.decode(wanted)
        trace_of(opened)
    except ValueError as error:
        session.problem = f"{error}. The experiment stays as it was."
        write_address()
        return
    session.undo.append(session.experiment)
    session.redo.clear()
    session.experiment, session.problem = opened, None
    session.notes.pop("fault", None)
    session.token, session.missing = wanted, False


def mark() -> str | None:
    """Return the name that the address has for an experiment too long for it; None for others."""
    token = reader().token
    return token if token is not None and link.is_mark(token) else None


def take_unkept() -> dict[str, str] | None:
    """Return the name and the token of a long experiment that is new, once: the tab keeps it."""
    session = reader()
    token, session.unkept = session.unkept, None
    name = mark()
    if token is None or name is None:
        return None
    return {"mark": name, "text": token if link.can_be_kept(token) else ""}


def is_missing() -> bool:
    """Whether only the browser can have the experiment that the address names."""
    return reader().missing


def restore(text: str) -> None:
    """Show the experiment that the browser has kept under the name in the address."""
    session = reader()
    if not session.missing:
        return
    try:
        opened = link.decode_kept(text)
        trace_of(opened)
    except ValueError:
        lost()
        return
    if link.mark(link.encode(opened)) != session.token:
        lost()
        return
    show(opened)
    session.notice = RESTORED


def lost() -> None:
    """Say that the browser does not have the experiment that the address names."""
    session = reader()
    if session.missing:
        show(session.experiment)
        session.problem = f"{LOST}. The default experiment is shown instead."
