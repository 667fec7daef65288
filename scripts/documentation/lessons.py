"""The app's lessons as pages: their scenes in words, with the numbers that the app would show."""

from app.experiment.presets import PRESETS
from app.views.lessons import live, prose, runs
from app.views.lessons.built import lessons
from app.views.lessons.lesson import Lesson


def pages() -> dict[str, str]:
    """Return the Markdown of each lesson by its name, and of the list of all as `index`."""
    made = {name: _page(name, lesson) for name, lesson in lessons().items()}
    listed = [
        f"| [{lesson.title}]({name}.md) | {lesson.about} |" for name, lesson in lessons().items()
    ]
    made["index"] = "\n".join(
        [
            "# Lessons",
            "",
            "Each lesson leads through the app's own pages, scene by scene. Here are their words "
            "and numbers; in the app every number can be touched, and the graph follows.",
            "",
            "| lesson | about |",
            "|---|---|",
            *listed,
            "",
            "```{toctree}",
            ":hidden:",
            "",
            *lessons(),
            "```",
            "",
        ]
    )
    return made


def _page(name: str, lesson: Lesson) -> str:
    parts = [f"# {lesson.title}", lesson.about]
    parts.append(
        f"In the app: **Lessons**, *{prose.escaped(lesson.title)}*; or `?lesson={name}` at the end "
        "of its address."
    )
    shown: set[str] = set()
    for number, scene in enumerate(lesson.scenes, 1):
        parts.append(f"## {number}. {prose.escaped(scene.title)}")
        parts.append(_words(lesson, number, scene.text))
        if scene.experiment in PRESETS and scene.experiment not in shown:
            shown.add(scene.experiment)
            parts.append(f"```{{network}} {scene.experiment}\n```")
        if scene.ask:
            parts.append(f"**Before you go on:** {_words(lesson, number, scene.ask)}")
        if scene.answer:
            answer = _words(lesson, number, scene.answer)
            parts.append(f"<details><summary>Answer</summary>\n\n{answer}\n\n</details>")
    return "\n\n".join(part for part in parts if part) + "\n"


def _words(lesson: Lesson, number: int, text: str) -> str:
    scene, experiment = lesson.scenes[number - 1], lesson.experiment(number)
    return prose.markdown(text, lambda name: live.number(runs.of_scene(scene, experiment), name))
