"""What a lesson's scene asks of the page that it stands above."""

from dataclasses import dataclass, field

from app import state
from app.components.graph_view.mention import Mention
from app.state import View


@dataclass(frozen=True)
class Place(View):
    """Where the graph is to be looked at; `key` is another one each time that a scene is opened."""

    key: str = ""
    mentions: tuple[Mention, ...] = ()  # what the scene's text speaks of
    is_new: bool = False  # opened in this very rerun: what the graph has asked for is older


@dataclass(frozen=True)
class Show:
    """What the keys of a lesson and of a show act upon; no scene where no lesson is open."""

    scene: int = 0
    last: int = 0
    presents: bool = False
    offered: bool = False  # whether the page can be presented
    there: bool = True  # whether the page that is drawn is the scene's
    answers: bool = False  # whether the scene has an answer that is not shown yet


@dataclass
class _Asked:
    place: Place | None = None
    hidden: frozenset[str] = field(default_factory=frozenset)
    is_large: bool = False  # for the last row of a lecture hall
    wanted: str = ""  # the lesson that a page leads to
    wants_show: bool = False
    said: str = ""  # which scene is open, for who does not see the page


def _asked() -> _Asked:
    return state.kept_in_session("scene", _Asked)


def ask(place: Place | None, hidden: frozenset[str]) -> None:
    """Say where the graph is to be looked at, and which parts are hidden, until the next time."""
    asked = _asked()
    asked.place, asked.hidden = place, hidden


def enlarge(on: bool) -> None:
    """Say whether the pages are shown to a lecture hall."""
    _asked().is_large = on


def is_large() -> bool:
    """Whether the pages are shown to a lecture hall."""
    return _asked().is_large


def say(which: str) -> None:
    """Say which scene is open."""
    _asked().said = which


def said() -> str:
    """Return which scene is open, in words; empty for none."""
    return _asked().said


def want(lesson: str) -> None:
    """Open a lesson by its name, at the next rerun: for a button's callback."""
    _asked().wanted = lesson


def take_wanted() -> str:
    """Return the lesson that a page has led to, once; or nothing."""
    asked = _asked()
    wanted, asked.wanted = asked.wanted, ""
    return wanted


def want_show() -> None:
    """Present the page that is open, at the next rerun: for a button's callback."""
    _asked().wants_show = True


def take_show() -> bool:
    """Return whether a page has asked to be presented, once."""
    asked = _asked()
    wants, asked.wants_show = asked.wants_show, False
    return wants


def place() -> Place | None:
    """Return where a scene wants the graph to be looked at, or None."""
    return _asked().place


def hides(part: str) -> bool:
    """Whether a scene hides a part of the pages."""
    return part in _asked().hidden
