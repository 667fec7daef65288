"""The experiment in the session and in the address bar.

The only package that touches `st.session_state` and `st.query_params`. The address holds the
experiment in `e`, written here; `at`, `sel` and `level` are written by the browser and only read,
but that a first visit begins at the start; the other names are those of controls.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard, TypeVar
from weakref import WeakValueDictionary

import streamlit as st

from app.experiment import link, presets
from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.figures.common import DEFAULT_LEVEL
from app.state import controls
from app.state.controls import control as control
from app.state.controls import set_controls as set_controls
from app.state.own import own
from app.state.own_files import OwnFiles
from app.state.past import Past
from rnn_core.graph import LEVELS

KEPT_SOURCES = 4  # components of one page that send commands, with those of a reload
AT_ONCE = 50_000  # characters of what a tab keeps: longer ones wait until the editing rests
Kept = TypeVar("Kept")
BROWSERS = ("at", "sel", "level")
"""What the browser keeps in the address."""
START = "start"
"""The position before anything is computed."""
RESTORED = "This experiment is too long for the address: this tab has kept it, and it is restored."
LOST = (
    "link: expected an experiment that this tab keeps, since it is too long for the address, got "
    "none: open the file it was saved in (Share, Open file)"
)


@dataclass(frozen=True)
class View:
    """What the browser says is being looked at; checked, but it may name a node that is gone."""

    level: str
    selected: str | None
    at: str


@dataclass
class _Session:
    experiment: Experiment
    undo: Past = field(default_factory=Past)
    redo: Past = field(default_factory=Past)
    problem: str | None = None
    notice: str | None = None
    swapped: Experiment | None = None  # what was put in the place of the reader's own
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


def _session() -> _Session:
    return own("unrolled", _begun)


def _begun() -> _Session:
    return _Session(presets.default())


def start() -> None:
    """Open the link in the address, or the default; call once at the top of each rerun."""
    controls.begin()
    wanted = st.query_params.get("e")
    if "unrolled" not in st.session_state:
        _open(wanted)
        return
    session = _session()
    touched, session.touched = session.touched, False
    if wanted is None and session.token is not None:
        st.query_params["e"] = session.token  # Streamlit empties the address when the page changes
    elif touched:
        return  # the rerun belongs to an edit: its address is older than the edit
    elif wanted is not None and wanted != session.token:
        if controls.travelled():
            _follow(wanted)
        elif session.token is not None:
            st.query_params["e"] = session.token  # the browser's is older


def _open(wanted: str | None) -> None:
    """Begin a session with a link, or with the default."""
    session = _session()
    has_view = any(name in st.query_params for name in BROWSERS)
    session.is_linked = wanted is not None or has_view
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
    _write_address()


def _follow(wanted: str) -> None:
    """Go where Back or Forward has gone."""
    session = _session()
    try:
        opened = session.long[wanted] if wanted in session.long else link.decode(wanted)
        trace_of(opened)
    except ValueError as error:
        session.problem = f"{error}. The experiment stays as it was."
        _write_address()
        return
    session.undo.append(session.experiment)
    session.redo.clear()
    session.experiment, session.problem = opened, None
    session.notes.pop("fault", None)
    session.token, session.missing = wanted, False


def experiment() -> Experiment:
    """Return the experiment that is shown."""
    return _session().experiment


def change(new: Experiment) -> bool:
    """Show another experiment, which Undo can take back; return whether it could be computed.

    One that the core refuses is reported instead, and the last good one stays.
    """
    session = _session()
    try:
        trace_of(new)
    except ValueError as error:
        report(str(error))
        return False
    _settled(session)
    if new != session.experiment:
        session.undo.append(session.experiment)
        session.redo.clear()
        _show(new)
    return True


def swap(new: Experiment) -> bool:
    """Show another experiment, as `change` does, of which the reader has chosen only what to see.

    If that puts an experiment of the reader's own aside, `swapped` says so.
    """
    session = _session()
    was = session.experiment
    is_own = all(was != preset.experiment for preset in presets.PRESETS.values())
    done = change(new)
    if done and is_own and new != was:
        session.swapped = new
    return done


def swapped() -> bool:
    """Whether what is shown stands in place of an experiment of the reader's own."""
    session = _session()
    return bool(session.undo) and session.swapped == session.experiment


def undo() -> None:
    """Go back one change; nothing happens without one."""
    _travel(_session().undo, _session().redo)


def redo() -> None:
    """Make again the change that `undo` took back last."""
    _travel(_session().redo, _session().undo)


def can_undo() -> bool:
    """Whether there is a change to take back."""
    return bool(_session().undo)


def can_redo() -> bool:
    """Whether there is a change to make again."""
    return bool(_session().redo)


def report(sentence: str | None) -> None:
    """Show a sentence about what could not be done, until the next that could (None)."""
    _session().problem = sentence


def problem() -> str | None:
    """Return the sentence to show, if any."""
    return _session().problem


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


def is_first_visit() -> bool:
    """Whether the session began by asking for nothing: the default experiment, at its start.

    Where the address asks for nothing at all, it asks for the start from here on. What is edited
    then changes nothing of it, or the page would jump under the reader's hand.
    """
    session = _session()
    if session.is_fresh:
        session.is_fresh = False
        st.query_params["at"] = START
    at_start = st.query_params.get("at") == START
    if at_start and session.experiment == presets.default():
        session.introducing = True
    return session.introducing and not session.introduced


def introduced() -> None:
    """Put the introduction away, for as long as the session lasts."""
    _session().introduced = True


def went_on() -> None:
    """Put the introduction away if it was shown: the reader is on another page."""
    session = _session()
    session.introduced |= session.introducing


def led_elsewhere() -> None:
    """Begin with what a lesson shows, in place of the introduction and the start it asks for."""
    session = _session()
    session.introduced, session.is_fresh = True, False


def is_linked() -> bool:
    """Whether the session began with an address that brought an experiment or a view."""
    return _session().is_linked


def is_first(source: str, number: int) -> bool:
    """Whether a numbered command is new: the browser repeats them until they are confirmed."""
    handled = _session().handled
    if number <= handled.get(source, 0):
        return False
    handled[source] = number
    while len(handled) > KEPT_SOURCES:
        del handled[next(iter(handled))]
    return True


def handled_all() -> dict[str, int]:
    """Return the number of the last command taken from each source."""
    return dict(_session().handled)


def sent(key: str, name: str) -> Any:
    """Return what a component has just sent, in the callback that it caused."""
    return getattr(st.session_state.get(key), name, None)


def mark() -> str | None:
    """Return the name that the address has for an experiment too long for it; None for others."""
    token = _session().token
    return token if token is not None and link.is_mark(token) else None


def take_unkept() -> dict[str, str] | None:
    """Return the name and the token of a long experiment that is new, once: the tab keeps it."""
    session = _session()
    token, session.unkept = session.unkept, None
    name = mark()
    if token is None or name is None:
        return None
    return {"mark": name, "text": token if link.can_be_kept(token) else ""}


def is_missing() -> bool:
    """Whether only the browser can have the experiment that the address names."""
    return _session().missing


def restore(text: str) -> None:
    """Show the experiment that the browser has kept under the name in the address."""
    session = _session()
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
    _show(opened)
    session.notice = RESTORED


def lost() -> None:
    """Say that the browser does not have the experiment that the address names."""
    session = _session()
    if session.missing:
        _show(session.experiment)
        session.problem = f"{LOST}. The default experiment is shown instead."


def files() -> OwnFiles:
    """Return the names of the files that this session alone has, or has lost."""
    return _session().files


def inform(sentence: str) -> None:
    """Say something of the experiment that is shown, until another one is."""
    _session().notice = sentence


def notice() -> str | None:
    """Return what there is to say of the experiment that is shown, if anything."""
    return _session().notice


def kept_in_session(key: str, make: Callable[[], Kept]) -> Kept:
    """Return what this session keeps by that name, made when it is first asked for."""
    store = _session().kept
    if key not in store:
        store[key] = make()
    found: Kept = store[key]
    return found


def has_kept(key: str) -> bool:
    """Whether this session keeps something by that name."""
    return key in _session().kept


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


def note(notes: Mapping[str, Any]) -> None:
    """Keep what the last commands have to say, for the component that sent them."""
    _session().notes = dict(notes)


def notes() -> dict[str, Any]:
    """Return what the last commands had to say."""
    return _session().notes


def _is_name(text: Any) -> TypeGuard[str]:
    return isinstance(text, str) and 0 < len(text) <= link.MAX_NAME and text.isprintable()


def _travel(source: Past, other: Past) -> None:
    if source:
        session = _session()
        other.append(session.experiment)
        _settled(session)
        _show(source.pop())


def _settled(session: _Session) -> None:
    """Drop what was said of an earlier wish: the one of now could be done."""
    session.problem = None
    session.notes.pop("fault", None)
    session.files.said()


def _show(new: Experiment) -> None:
    session = _session()
    session.experiment, session.notice = new, None
    session.touched = True
    _write_address()


def _write_address() -> None:
    """Put the experiment into the address, or a name for it where it would not fit."""
    session = _session()
    token = link.encode(session.experiment)
    session.unkept = None
    if link.too_long(token):
        session.unkept = token if len(token) <= AT_ONCE else None
        token = link.mark(token)
        session.long[token] = session.experiment
    session.token, session.missing = token, False
    st.query_params["e"] = token
