"""The lesson that a reader writes: its text is the lesson, and each change is a change of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from app import state
from app.experiment import presets
from app.views.lessons import format as text_of
from app.views.lessons import sharing
from app.views.lessons.lesson import MAX_TEXT, Lesson, Scene
from app.views.shared import written_lesson
from app.views.shared.written_lesson import TEXT, text

NEW = "My lesson"
WORDED = ("title", "text", "ask", "answer")
_NUMBERED = re.compile(r"Scene \d+")


class Refused(NamedTuple):
    """Words that a field has and the lesson cannot, until they are mended, and why."""

    words: str
    why: str


@dataclass
class Draft:
    """What is known of the text while it is written, and which scene is open."""

    chosen: int = 0  # the scene whose words are open, from 0
    version: int = 0  # one more when the words in the fields are no longer those of the lesson
    is_answered: bool = False  # whether the preview shows the answer of that scene
    opens_text: bool = False  # whether the whole text had to be mended: it is open then
    problem: str = ""  # what could not be done
    refused: dict[tuple[int | None, str], Refused] = field(default_factory=dict)  # by scene, field
    names: Mapping[str, str] = field(
        default_factory=dict
    )  # of pages and, page/section, of sections
    last: Lesson = field(default_factory=lambda: Lesson(NEW, ()))  # that could be read


def draft() -> Draft:
    """Return the draft of the session."""
    return state.kept_in_session("lesson-draft", Draft)


def current() -> Lesson:
    """Return the lesson that is written; one without scenes if there is none yet.

    Raises
    ------
    ValueError
        One sentence: what of the text is not a lesson.
    """
    return text_of.read(text()) if text().strip() else Lesson(NEW, ())


def add(address: str) -> str:
    """Add what an address shows to the lesson that is written; return what was done, in words.

    Raises
    ------
    ValueError
        It shows nothing that can be a scene, or the lesson cannot have one more.
    """
    lesson = current()
    number = len(lesson.scenes) + 1
    _take(_with(lesson, [*_whole(lesson), sharing.scene_of(address, draft().names)]))
    choose(number - 1)
    return f"Scene {number} of your lesson: write it on the page Lessons."


def move(number: int, to: int | None) -> None:
    """Move a scene, from 0, to another place; nowhere takes it out.

    A title that is a number alone is that of the scene's place.
    """
    lesson = current()
    scenes = _whole(lesson)
    scene = scenes.pop(number)
    if to is not None:
        scenes.insert(to, scene)
    scenes = [
        replace(scene, title=f"Scene {place}") if _NUMBERED.fullmatch(scene.title) else scene
        for place, scene in enumerate(scenes, 1)
    ]
    _take(_with(lesson, scenes))
    choose(min(number if to is None else to, len(scenes) - 1))


def choose(number: int) -> None:
    """Open a scene, from 0; the preview asks its question."""
    draft().chosen, draft().is_answered = number, False


def reword(number: int | None, name: str, words: str) -> None:
    """Change a field of a scene, from 0, or of the lesson itself.

    Words that cannot stand there are kept beside the lesson, which is as before. They may stand
    there once another field is changed: a question goes after its answer.
    """
    refused = draft().refused
    waiting = [of for scene, of in refused if scene == number and of != name]
    _try(number, name, words)
    for of in waiting:
        _try(number, of, refused[number, of].words)
    _keep_refused()


def _try(number: int | None, name: str, words: str) -> None:
    refused = draft().refused
    refused.pop((number, name), None)
    try:
        _put(number, name, words)
    except ValueError as error:
        refused[number, name] = Refused(words, f"{error}.")


def _keep_refused() -> None:
    refused = draft().refused
    written_lesson.keep((number, name, one.words) for (number, name), one in refused.items())


def mend_again() -> None:
    """Put words that a reload has brought back into their fields, with what is wrong in them."""
    for number, name, words in written_lesson.take_restored():
        is_there = number is None or 0 <= number < len(current().scenes)
        if is_there and name in WORDED:
            reword(number, name, words[:MAX_TEXT])


def _put(number: int | None, name: str, words: str) -> None:
    lesson = current()
    changed: dict[str, Any] = {name: words.strip()}
    if number is None:
        made = replace(lesson, **changed)
    else:
        scenes = list(lesson.scenes)
        scenes[number] = replace(scenes[number], **changed)
        made = replace(lesson, scenes=tuple(scenes))
    state.set_controls({TEXT: _written(made)})


def take(content: bytes | str) -> None:
    """Take a whole lesson.

    Raises
    ------
    ValueError
        It is none; what was written is as before.
    """
    _take(text_of.read(content))
    retyped()
    choose(0)


def _take(lesson: Lesson) -> None:
    state.set_controls({TEXT: _written(lesson)})
    draft().version += 1


def discard() -> None:
    """Let go of the lesson, also in the tab."""
    state.set_controls({TEXT: ""})
    choose(0)
    retyped()


def retyped() -> None:
    """Fill the fields anew: the whole text is another one."""
    draft().version += 1
    draft().refused.clear()
    _keep_refused()


def _written(lesson: Lesson) -> str:
    """Return the text of a lesson, once it has been read."""
    made = text_of.write(lesson)
    if lesson.scenes:
        text_of.read(made)
    return made


def _whole(lesson: Lesson) -> list[Scene]:
    """Return the scenes, each with its own experiment instead of that of the scene before."""
    scenes, experiment = [], presets.DEFAULT
    for scene in lesson.scenes:
        experiment = scene.experiment or experiment
        scenes.append(replace(scene, experiment=experiment))
    return scenes


def _with(lesson: Lesson, scenes: list[Scene]) -> Lesson:
    """Return a lesson of these scenes: an experiment is left out where the scene before has it."""
    before, short = "", []
    for scene in scenes:
        short.append(replace(scene, experiment="") if scene.experiment == before else scene)
        before = scene.experiment
    return replace(lesson, scenes=tuple(short))
