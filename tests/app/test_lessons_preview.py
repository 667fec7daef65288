"""A scene as its audience is going to see it, beside the fields in which it is written."""

import math

from streamlit.testing.v1 import AppTest

from app.experiment.presets import PRESETS
from app.figures.words import short
from app.views.lessons import preview
from rnn_core import forward
from tests.app.lesson_page import address, field_of, lessons_page, press


def preview_of(app: AppTest) -> list[str]:
    """What is drawn below the caption of the preview, but for the caption of the whole lesson."""
    drawn = [each for each in app.main if each.type in ("caption", "heading", "markdown", "header")]
    at = next(k for k, each in enumerate(drawn) if each.value.startswith(preview.AS_SHOWN))
    return [each.value for each in drawn[at:-1]]


def test_a_scene_is_seen_while_it_is_written_with_the_numbers_of_its_own_experiment() -> None:
    app = lessons_page()
    text = (
        "# T\n\n## Other\nexperiment: spiral\n\nIt is {L}.\n\n"
        "## One *step*\nexperiment: first_look\nask: What is $h_2$?\nanswer: It is {h[2,1]}.\n\n"
        "A **strong** [x] is {h[1,1]:4}; $L$ is {L}.\n"
    )
    app.text_area(key="lesson-text").set_value(text).run()
    app.button(key="lesson-scene-1").click().run()
    given = PRESETS["first_look"].experiment
    trace = forward(given.parameters(), given.x(), given.target())
    assert preview_of(app) == [
        preview.AS_SHOWN,
        "One *step*",
        f"A **strong** \\[x\\] is `{short(math.tanh(0.8))}`\\; $L$ is `{short(trace.loss)}`\\.",
        "**What is $h_2$\\?**",
    ]
    app.button(key="lesson-preview-answer").click().run()
    answer = f"It is `{short(trace.h[2, 0, 0])}`\\."
    assert preview_of(app)[-1] == answer
    before = preview_of(app)
    for refused, why in (
        ("{h[7,1]}", "{h[7,1]}: step: expected 0 to 3, got 7"),
        ("{nobody}", "{nobody}: expected a number of the run"),
        ("<b>x</b>", "expected words without HTML"),
    ):
        field_of(app, "Text").set_value(refused).run()
        (error,) = app.error  # one sentence; and the last that could be read stays
        assert why in error.value.replace("`", "")
        assert preview_of(app) == [preview.AS_BEFORE, *before[1:]]
    field_of(app, "Text").set_value("Now {T}.").run()
    assert preview_of(app) == [preview.AS_SHOWN, "One *step*", "Now `3`\\.", *before[3:]]
    app.text_area(key="lesson-text").set_value("no lesson").run()
    assert "Now `3`\\." in preview_of(app)
    app.text_area(key="lesson-text").set_value(text).run()
    app.button(key="lesson-scene-0").click().run()
    app.button(key="lesson-scene-1").click().run()
    assert answer not in preview_of(app)  # it is asked anew


def test_a_lesson_is_started_at_the_scene_that_is_written() -> None:
    app = lessons_page()
    app.text_area(key="lesson-text").set_value("# T\n\n## A\n\n## B\n\n## C\n\n").run()
    assert not [button for button in app.button if button.label.startswith("Start at scene")]
    app.button(key="lesson-scene-2").click().run()
    press(app, "Start at scene 3")
    assert address(app, "scene") == "3"
