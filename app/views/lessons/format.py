"""Lessons as text: Markdown with a title, a few fields, and scenes (see docs/lessons.md)."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from urllib.parse import parse_qsl

from app.experiment import link
from app.experiment.value import Experiment
from app.views.lessons import live, prose, runs
from app.views.lessons.lesson import (
    CONTROLS_OF,
    HIDEABLE,
    LEFT_OUT,
    MAX_BYTES,
    MAX_CONTROLS,
    MAX_LINE,
    MAX_NUMBERS,
    MAX_SCENES,
    MAX_SHEETS,
    MAX_TEXT,
    PARTS,
    Lesson,
    Scene,
    experiment_of,
)
from rnn_core.graph import LEVELS

_FIELD = re.compile(r"([a-z]+):(?:\s+(.*))?")
_SCENE_FIELDS = tuple(field.name for field in fields(Scene) if field.name not in ("title", "text"))
_LISTS = {"lit": PARTS, "hide": HIDEABLE}
_LONG = {"experiment": link.MAX_TOKEN, "controls": MAX_CONTROLS}
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,40}")
_SPOKEN = ("ask", "answer")
MAX_FIELDS = 60  # controls of a scene
MOST_SLIPS = 3  # that are named at once


def read(content: bytes | str) -> Lesson:
    """Return the lesson of a file or a text.

    Raises
    ------
    ValueError
        One sentence: what of it is not a lesson.
    """
    text = _decoded(content)
    before, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    lines = before.strip().splitlines()
    if not lines or not lines[0].startswith("# ") or not lines[0][2:].strip():
        raise ValueError("lesson: expected a first line “# Title”, got none")
    if not parts:
        raise ValueError("lesson: expected at least one scene, “## Title”, got none")
    if len(parts) > MAX_SCENES:
        raise ValueError(f"lesson: expected at most {MAX_SCENES} scenes, got {len(parts)}")
    head = _fields(lines[1:], ("about",), "lesson")
    title = _spoken(lines[0][2:].strip(), "lesson: title")
    about = _spoken(head.get("about", ""), "lesson: about")
    scenes = [_scene(part, f"scene {k}") for k, part in enumerate(parts, 1)]
    lesson = Lesson(title, tuple(scenes), about)
    _require_numbers(lesson)
    return lesson


def write(lesson: Lesson) -> str:
    """Return the text from which `read` makes the same lesson."""
    head = [f"# {lesson.title}", *([f"about: {lesson.about}"] if lesson.about else [])]
    return "\n".join([*head, "", *(_written(scene) for scene in lesson.scenes)])


def _written(scene: Scene) -> str:
    plain = Scene(scene.title)
    lines = [f"## {scene.title}"]
    for name in _SCENE_FIELDS:
        value = getattr(scene, name)
        if value != getattr(plain, name):
            lines.append(f"{name}: {', '.join(value) if isinstance(value, tuple) else value}")
    return "\n".join([*lines, "", *([scene.text, ""] if scene.text else [])])


def _decoded(content: bytes | str) -> str:
    size = len(content.encode("utf-8", "replace") if isinstance(content, str) else content)
    if size > MAX_BYTES:
        raise ValueError(f"lesson: expected at most {MAX_BYTES:,} bytes, got {size:,}")
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("lesson: expected a text in UTF-8, got other bytes") from None
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")


def _scene(part: str, where: str) -> Scene:
    lines = part.split("\n")
    end = next((k for k, line in enumerate(lines) if not line.strip()), len(lines))
    given = _fields(lines[1:end], _SCENE_FIELDS, where)
    text = "\n".join(line.rstrip() for line in lines[end:]).strip()
    if len(text) > MAX_TEXT:
        raise ValueError(
            f"{where}: expected a text of at most {MAX_TEXT:,} signs, got {len(text):,}"
        )
    if found := re.search(r"^ {0,3}(#|>|```|~~~|\|| {4,}\S)", text, re.MULTILINE):
        raise ValueError(f"{where}: expected paragraphs and lists alone, got {found[0].strip()!r}")
    prose.require(text, where)
    title = _spoken(lines[0].strip(), f"{where}: title")
    if not title:
        raise ValueError(f"{where}: expected a title behind “##”, got none")
    made: dict[str, str | tuple[str, ...]] = {}
    for name, value in given.items():
        made[name] = _checked(name, value, where)
    if made.get("answer") and not made.get("ask"):
        raise ValueError(f"{where}: answer: expected a question, ask, with it, got none")
    scene = Scene(title, text, **made)  # type: ignore[arg-type]
    _require_controls(scene, where)
    return scene


def _require_controls(scene: Scene, where: str) -> None:
    if not scene.controls:
        return
    of_page = CONTROLS_OF.get(scene.page)
    expected = f"{of_page}_name=value&…, as in the address" if of_page else f"none on {scene.page}"
    try:
        pairs = parse_qsl(scene.controls, strict_parsing=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        raise ValueError(
            f"{where}: controls: expected {expected}, got {scene.controls[:40]!r}"
        ) from None
    for name, _ in pairs:
        if name.partition("_")[0] != of_page or name in LEFT_OUT:
            raise ValueError(f"{where}: controls: expected {expected}, got {name[:40]!r}")


def _fields(lines: list[str], known: Collection[str], where: str) -> dict[str, str]:
    """Read `name: value` lines, up to the first empty one."""
    found: dict[str, str] = {}
    for line in lines:
        if not line.strip():
            continue
        field = _FIELD.fullmatch(line.strip())
        name = field[1] if field else line.strip()[:40]
        if field is None or name not in known:
            raise ValueError(f"{where}: expected {', '.join(known)}, got the field {name[:40]!r}")
        if name in found:
            raise ValueError(f"{where}: {name}: expected it once, got it twice")
        value = (field[2] or "").strip()
        most = _LONG.get(name, MAX_LINE)
        if len(value) > most:
            raise ValueError(f"{where}: {name}: expected at most {most} signs, got {len(value):,}")
        if value:
            found[name] = value
    return found


def _checked(name: str, value: str, where: str) -> str | tuple[str, ...]:
    if name in _LISTS:
        parts = tuple(part.strip() for part in value.split(",") if part.strip())
        for part in parts:
            _one_of(part, _LISTS[name], f"{where}: {name}")
        return tuple(dict.fromkeys(parts))
    if name == "level":
        _one_of(value, LEVELS, f"{where}: level")
    elif name in ("page", "section"):
        if not _NAME.fullmatch(value):
            raise ValueError(
                f"{where}: {name}: expected a name as in the address, got {value[:40]!r}"
            )
    elif name in ("at", "select"):
        if not value.isprintable() or len(value) > link.MAX_NAME:
            raise ValueError(
                f"{where}: {name}: expected a name as in the address, got {value[:40]!a}"
            )
    elif name == "experiment":
        try:
            experiment_of(value)
        except ValueError as error:
            raise ValueError(f"{where}: {error}") from None
    elif name in _SPOKEN:
        _spoken(value, f"{where}: {name}")
    return value


def _one_of(value: str, known: Collection[str], where: str) -> None:
    if value not in known:
        raise ValueError(f"{where}: expected one of {', '.join(known)}, got {value[:40]!r}")


def _spoken(value: str, where: str) -> str:
    if len(value) > MAX_LINE:
        raise ValueError(f"{where}: expected at most {MAX_LINE} signs, got {len(value):,}")
    prose.require(value, where)
    return value


def _require_numbers(lesson: Lesson) -> None:
    """Refuse a lesson whose texts name numbers that what their pages show does not have."""
    experiments = [lesson.experiment(number) for number in range(1, len(lesson.scenes) + 1)]
    _require_little(lesson, experiments)
    found = list(dict.fromkeys(_slips(lesson, experiments)))
    if found:
        more = f"; and {len(found) - MOST_SLIPS} more" if len(found) > MOST_SLIPS else ""
        raise ValueError("; ".join(found[:MOST_SLIPS]) + more)


def _slips(lesson: Lesson, experiments: Sequence[Experiment]) -> Iterator[str]:
    for number, scene in enumerate(lesson.scenes, 1):
        for name in _numbers_in(scene):
            try:
                live.number(runs.of_scene(scene, experiments[number - 1]), name)
            except ValueError as error:
                yield f"scene {number}: {error}"


def _require_little(lesson: Lesson, experiments: Collection[Experiment]) -> None:
    total = 0
    for experiment in set(experiments):
        steps, batch, inputs, hidden, outputs = experiment.sizes
        total += steps * batch * (inputs + len(experiment.kind.lines) * hidden + outputs)
    if total > MAX_NUMBERS:
        raise ValueError(
            f"lesson: expected experiments of at most {MAX_NUMBERS:,} numbers in all, got {total:,}"
        )
    sheets = {
        scene.controls
        for scene in lesson.scenes
        if scene.page == runs.OF_A_SHEET and _numbers_in(scene)
    }
    if len(sheets) > MAX_SHEETS:
        raise ValueError(
            f"lesson: expected numbers of at most {MAX_SHEETS} sheets, got those of {len(sheets)}"
        )


def _numbers_in(scene: Scene) -> list[str]:
    return prose.numbers_in(" ".join((scene.text, scene.ask, scene.answer)))
