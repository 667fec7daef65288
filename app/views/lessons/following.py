"""Which scene of which lesson a session is at; the address holds the same."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from app import state
from app.experiment.value import Experiment
from app.state import controls
from app.views.lessons import built, live, prose, sharing
from app.views.lessons.lesson import CONTROLS_OF, SECTION_OF, Lesson, Scene
from app.views.shared import scene as asked_scene
from app.views.shared.scene import Place

LONGEST_NUMBER = 6  # digits
OWN = "own"  # in the address, for a lesson that is too long for it
LOST = (
    "lesson: expected one that this session has open, since it is too long for an address, "
    "got none: open its file again, on the page Lessons"
)


@dataclass
class Following:
    """The lesson that is open, if one is."""

    name: str = ""  # as the address has it
    lesson: Lesson | None = None
    own: Lesson | None = None  # the last one that is none of the app's
    number: int = 1  # of the scene, from 1
    is_placed: bool = True  # whether the page, its experiment and its view are the scene's
    keeps: bool = False  # whether the address brings an experiment and a view of its own
    is_as_linked: bool = False  # whether what it says of the controls counts more than the scene
    moves: int = 0
    presents: bool = False
    is_answered: bool = False
    problem: str = ""
    before: Experiment | None = None  # what was shown when a lesson was opened
    left: Experiment | None = None  # what a lesson showed when it was left
    was_introducing: bool = False  # whether the introduction led to it

    @property
    def scene(self) -> Scene | None:
        """The scene that is shown."""
        return None if self.lesson is None else self.lesson.scenes[self.number - 1]


def following() -> Following:
    """Return what the session follows."""
    return state.kept_in_session("lesson", Following)


def begin() -> Following:
    """Go where the address says, at the beginning of a session and when the browser travels."""
    is_first = not state.has_kept("lesson")
    now = following()
    if (place := asked_scene.place()) and place.is_new:
        asked_scene.ask(replace(place, is_new=False), _hidden(now))
    if is_first or controls.travelled():
        name, number = state.remembered("lesson"), state.remembered("scene")
        now.presents = state.remembered("present") == "1"
        if name != now.name or (name and number != str(now.number)):
            _open_as_asked(now, name, number)
            now.keeps = is_first and state.is_linked()
            now.is_as_linked = is_first
            if now.keeps:  # the network of the link, or of a reload, is the lesson's
                now.before = None
    if wanted := asked_scene.take_wanted():
        start(wanted, built.lesson_named(wanted))
    if asked_scene.take_show():
        now.presents = True
    _write(now)
    return now


def hear(wish: str, text: str) -> None:
    """Do what a key asks for: `turn` to a scene by its number, `present` or no longer, `answer`."""
    now = following()
    if wish == "present":
        present(bool(text))
    elif wish == "answer":
        now.is_answered = True
    elif text.isdecimal() and len(text) < LONGEST_NUMBER:
        go(int(text))


def show(page: str, *, offered: bool) -> asked_scene.Show:
    """Return what the keys act upon, on a page that can be presented without a lesson or cannot."""
    now = following()
    scene = now.scene
    if now.lesson is None or scene is None:
        return asked_scene.Show(presents=now.presents, offered=offered)
    return asked_scene.Show(
        scene=now.number,
        last=len(now.lesson.scenes),
        presents=now.presents,
        offered=True,
        there=page == scene.page,
        answers=bool(scene.ask and scene.answer and not now.is_answered),
    )


def _open_as_asked(now: Following, name: str, number: str) -> None:
    if not name:
        leave()
        return
    try:
        lesson = _named(now, name)
    except ValueError as error:
        leave()
        now.problem = f"{error}."
        return
    start(name, lesson)
    last = len(lesson.scenes)
    wanted = int(number) if number.isdecimal() and len(number) < LONGEST_NUMBER else 0
    if number and not 1 <= wanted <= last:
        now.problem = f"scene: expected a number from 1 to {last}, got {number[:20]!r}."
    now.number = min(max(wanted, 1), last)


def _named(now: Following, name: str) -> Lesson:
    if name.startswith(sharing.MARK):
        return sharing.lesson_of(name)
    if name == OWN:
        if now.own is None:
            raise ValueError(LOST)
        return now.own
    return built.lesson_named(name)


def start_own(lesson: Lesson) -> None:
    """Open a lesson of the reader's; the address holds it where it is short."""
    following().own = lesson
    token = sharing.token(lesson)
    start(token if len(token) <= sharing.MAX_TOKEN else OWN, lesson)


def start(name: str, lesson: Lesson) -> None:
    """Open a lesson at its first scene."""
    now = following()
    if now.lesson is None:
        now.before, now.was_introducing = state.experiment(), state.is_introducing()
    now.name, now.lesson = name, lesson
    state.led_elsewhere()
    go(1)


def go(number: int) -> None:
    """Move to a scene; one beyond the first or the last is that one."""
    now = following()
    if now.lesson is None:
        return
    now.number = min(max(number, 1), len(now.lesson.scenes))
    now.is_placed = now.is_answered = now.keeps = now.is_as_linked = False
    now.moves += 1
    now.problem = ""


def turn(by: int) -> None:
    """Move on, or back, from the scene that the session is at.

    Presses come faster than reruns: one that cuts a rerun short finds buttons that were drawn for
    an earlier scene. So these know a direction, and no number.
    """
    go(following().number + by)


def leave() -> None:
    """Close the lesson; the experiment stays as it is."""
    now = following()
    if now.lesson is not None:
        now.left = state.experiment()
        if now.name not in built.NAMES:
            now.own = now.lesson  # also one that a link brought: nothing else here has it
    now.name, now.lesson, now.number, now.problem = "", None, 1, ""
    now.is_placed, now.presents = True, False
    controls.place("", {}, keep=False)
    asked_scene.ask(None, frozenset())
    state.say("The lesson is left; what it showed last stays.")


def way_back() -> Experiment | None:
    """Return what was shown before the lesson that was left, while its network still is."""
    now = following()
    is_there = now.lesson is None and now.left == state.experiment()
    return now.before if is_there and now.before != now.left else None


def go_back() -> None:
    """Show again what was shown before the lesson, from the start, with what stood above it."""
    now = following()
    if now.before is None or not state.change(now.before):
        return
    now.left = None
    asked_scene.ask(Place(Scene.level, None, "start", is_new=True), frozenset())
    if now.was_introducing:
        state.introduce_again()


def present(on: bool) -> None:
    """Show the page as a slide, or as it is."""
    following().presents = on


def place(current: str, pages: dict[str, str], open_page: Callable[[str], None]) -> None:
    """Make page, experiment and view those of the scene, once.

    `current` is the address of the page that is drawn; `pages` are titles by address.
    """
    now = following()
    scene = now.scene
    if scene is None or now.lesson is None or now.is_placed:
        return
    if scene.page not in pages:
        known = ", ".join(pages)
        now.problem = f"scene {now.number}: page: expected one of {known}, got {scene.page!r}."
    elif scene.page != current:
        open_page(pages[scene.page])
    now.is_placed = True
    if scene.page in CONTROLS_OF:
        given = parse_qs(scene.controls)
        if scene.page in SECTION_OF:  # the first section of a page has no name there
            given[SECTION_OF[scene.page]] = [scene.section] if scene.section else []
        controls.place(CONTROLS_OF[scene.page], given, keep=now.is_as_linked)
    view = None
    if not now.keeps:
        state.swap(now.lesson.experiment(now.number))
        view = Place(
            scene.level,
            scene.select or None,
            scene.at,
            key=f"{now.name} {now.moves}",
            mentions=live.mentions(f"{scene.text}\n\n{scene.ask}\n\n{scene.answer}"),
            is_new=True,
        )
    asked_scene.ask(view, _hidden(now))
    _write(now)


def _hidden(now: Following) -> frozenset[str]:
    return frozenset() if now.scene is None else frozenset(now.scene.hide)


def _write(now: Following) -> None:
    asked_scene.enlarge(now.presents)
    asked_scene.say(
        f"Scene {now.number} of {len(now.lesson.scenes)}: {prose.plain(now.scene.title)}"
        if now.lesson and now.scene
        else ""
    )
    state.remember("lesson", now.name)
    state.remember("scene", str(now.number) if now.lesson else "")
    state.remember("present", "1" if now.presents else "")
