"""A short lesson as a part of the address, and the address of a view as a scene."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qs, urlencode, urlsplit

from app.experiment import link, presets
from app.views.lessons import format as text_of
from app.views.lessons import runs
from app.views.lessons.lesson import (
    CONTROLS_OF,
    FIRST_PAGE,
    LEFT_OUT,
    MAX_BYTES,
    MAX_CONTROLS,
    SECTION_OF,
    Lesson,
    Scene,
)
from rnn_core.graph import LEVELS
from rnn_core.graph import names as graph_names

LONGEST_NAME = 30  # of a node in a title
_PASSES = {"f": "forward", "b": "backward"}
MARK = "z."
MAX_TOKEN = 4_500  # characters; the experiment stands beside it, and proxies cut near 8 kB


def token(lesson: Lesson) -> str:
    """Return the lesson as it stands in an address; it may be too long for one."""
    return MARK + link.deflated(text_of.write(lesson).encode())


def lesson_of(shared: str) -> Lesson:
    """Return the lesson that `token` made a part of an address of.

    Raises
    ------
    ValueError
        It is too long, damaged, or no lesson.
    """
    if len(shared) > MAX_TOKEN:
        raise ValueError(f"lesson: expected at most {MAX_TOKEN:,} characters, got {len(shared):,}")
    try:
        text = link.inflated(shared.removeprefix(MARK), MAX_BYTES)
    except ValueError:
        raise ValueError(
            "lesson: expected one shared from this app, got something else or only a part of it"
        ) from None
    return text_of.read(text)


def scene_of(address: str, names: Mapping[str, str]) -> Scene:
    """Return the scene that shows what an address of this app shows.

    Its title is what the reader called the experiment; where no lesson can have that, what is
    shown: `names` are those of the pages and, as `page/section`, of their sections.

    Raises
    ------
    ValueError
        It is none, or its experiment is too long for it.
    """
    parts = urlsplit(address.strip())
    all_asked = parse_qs(parts.query)
    asked = {name: texts[-1] for name, texts in all_asked.items()}
    token = asked.get("e", "")
    if not token or link.is_mark(token):
        raise ValueError(
            "address: expected that of a page here, with e=… in it, as the browser shows it above, "
            f"got {address.strip()[:40]!r}"
            if address.strip()
            else "address: expected that of a page here, as the browser shows it above, got nothing"
        )
    page = parts.path.strip("/").rpartition("/")[2] or FIRST_PAGE
    level = asked.get("level", Scene.level)
    scene = Scene(
        "",
        page=page,
        section=asked.get(SECTION_OF.get(page, ""), ""),
        controls=_controls(page, all_asked),
        experiment=token,
        level=level if level in LEVELS else Scene.level,
        at=asked.get("at", Scene.at),
        select=asked.get("sel", ""),
    )
    return replace(scene, title=_title(scene, names))


def _title(scene: Scene, names: Mapping[str, str]) -> str:
    """Return what the reader called the experiment of a scene, or what the scene shows."""
    experiment = link.decode(scene.experiment)
    own, is_preset = presets.called(experiment), presets.is_title(experiment.title)
    if not is_preset:
        with suppress(ValueError):
            text_of.read(f"# {own}\n\n## {own}\n")
            return own
    page = names.get(f"{scene.page}/{scene.section}") or names.get(scene.page) or scene.page
    preset = own if is_preset and scene.page not in (runs.OF_A_SHEET, runs.WITHOUT_ONE) else ""
    shown = preset if scene.page != FIRST_PAGE else _place(scene) or preset
    return f"{page} · {shown}" if shown else page


def _place(scene: Scene) -> str:
    """Return where the player of a scene is; at the beginning or the end, what is selected."""
    pass_, _, node = scene.at.partition(":")
    name = node or scene.select
    said = graph_names.read(name, ())
    if said.quantity is None or len(name) > LONGEST_NAME:
        return ""
    shown = f"{said.quantity}_{said.t}" if said.t and not said.index else name
    return f"{shown}, {_PASSES[pass_]}" if pass_ in _PASSES else shown


def _controls(page: str, asked: dict[str, list[str]]) -> str:
    """Return the controls of a page that an address sets.

    Raises
    ------
    ValueError
        They are too many for a scene.
    """
    of_page, section = CONTROLS_OF.get(page), SECTION_OF.get(page)
    names = [name for name in asked if name.partition("_")[0] == of_page and name != section]
    found = urlencode({k: asked[k] for k in names if k not in LEFT_OUT}, doseq=True)
    if len(found) > MAX_CONTROLS:
        raise ValueError(
            f"controls: expected at most {MAX_CONTROLS:,} characters for those of a scene, "
            f"got {len(found):,}"
        )
    return found
