"""Lessons that somebody writes: views become scenes, and what is written has a link."""

import contextlib
import json
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app import state
from app.experiment import link
from app.experiment.presets import PRESETS
from app.views import shell
from app.views.lessons import draft, prose, sharing
from app.views.lessons import format as text_of
from app.views.lessons.built import lessons
from app.views.shared import written_lesson
from tests.app.lesson_page import PATIENCE_S, address, field_of, lessons_page, opened, press, titles


def test_the_lessons_of_the_app_are_written_as_they_read() -> None:
    for lesson in lessons().values():
        assert text_of.read(text_of.write(lesson)) == lesson


VIEW_TOKEN = link.encode(PRESETS["by_hand"].experiment)
VIEW = f"http://localhost:8501/?e={VIEW_TOKEN}&at=b%3Ah%5B2%5D&sel=W_hh"


def test_the_address_of_a_view_becomes_a_scene_and_the_lesson_starts() -> None:
    app = lessons_page()
    for _ in range(2):
        app.text_input(key="lesson-address").set_value(VIEW)
        press(app, "Add this view as a scene")
    lesson = text_of.read(app.text_area(key="lesson-text").value)
    assert [scene.at for scene in lesson.scenes] == ["b:h[2]"] * 2
    assert [scene.select for scene in lesson.scenes] == ["W_hh"] * 2
    assert [bool(scene.experiment) for scene in lesson.scenes] == [True, False]
    assert lesson.experiment(2) == PRESETS["by_hand"].experiment
    press(app, "Start it")
    assert sharing.lesson_of(address(app, "lesson")) == lesson
    assert address(app, "scene") == "1"


def links_to_copy(app: AppTest) -> list[dict[str, list[str]]]:
    sent = [json.loads(found.proto.bytes) for found in app.get("bidi_component")]
    return [parse_qs(data["query"]) for data in sent if "query" in data]


def test_the_lesson_that_is_written_has_a_link_which_opens_it_unless_it_is_too_long() -> None:
    app = lessons_page()
    assert not links_to_copy(app)
    app.text_input(key="lesson-address").set_value(VIEW)
    press(app, "Add this view as a scene")
    (link_,) = links_to_copy(app)
    lesson = text_of.read(app.text_area(key="lesson-text").value)
    other = opened(**{name: text for name, (text,) in link_.items()})
    assert (address(other, "scene"), titles(other)[0]) == (
        "1",
        prose.markdown(lesson.scenes[0].title, str),
    )
    assert link.decode(address(other, "e")) == lesson.experiment(1)
    words = [sha256(bytes([k])).hexdigest() for k in range(110)]  # nothing to compress
    scenes = f"## S\n\n{' '.join(words[:55])}\n\n## Q\n\n{' '.join(words[55:])}\n"
    app.text_area(key="lesson-text").set_value(f"# T\n\n{scenes}").run()
    assert not links_to_copy(app)
    assert any("too long for a link" in each.value for each in app.caption)


def test_what_is_no_view_and_no_lesson_leaves_the_text_as_it_is() -> None:
    app = lessons_page()
    app.text_area(key="lesson-text").set_value("# T\n\n## S\n\nWords.\n").run()
    app.text_input(key="lesson-address").set_value("javascript:alert(1)")
    press(app, "Add this view as a scene")
    assert "address: expected" in app.error[0].value
    assert app.text_area(key="lesson-text").value == "# T\n\n## S\n\nWords.\n"
    app.text_area(key="lesson-text").set_value("# T\n\n## S\n\n<script>alert(1)</script>\n").run()
    assert "without HTML" in app.error[0].value
    (start,) = [button for button in app.button if button.label == "Start it"]
    assert start.disabled
    assert [button.label for button in app.button if "1\\. S" in button.label] == ["**1\\. S**"]


@pytest.mark.parametrize(
    ("called", "title"),
    [("Mine", "Mine"), ("By hand", "Explore · By hand"), ("", "Explore"), ("<b>x", "Explore")],
)
def test_a_scene_is_called_as_its_reader_called_the_experiment(called: str, title: str) -> None:
    token = link.encode(PRESETS["by_hand"].experiment.replace(title=called))
    assert sharing.scene_of(f"http://localhost/?e={token}", shell.names()).title == title


@pytest.mark.parametrize(
    ("shown", "title"),
    [
        ("?at=b:z[1]", "Explore · z_1, backward"),
        ("?at=f:h[2,1]&sel=W_hh", "Explore · h[2,1], forward"),
        ("?at=end&sel=W_hh", "Explore · W_hh"),
        ("?at=f:<b>x", "Explore · By hand"),
        ("gradient-flow?gf=remedies", "Gradient flow · Remedies · By hand"),
        ("gradient-flow", "Gradient flow · Over time · By hand"),
        ("pytorch?pt=effects", "PyTorch · What cuts, frees and adds · By hand"),
        ("numerics?nu=gradient", "Numerics · p − y · By hand"),
        ("practice?pr_grade=2", "Practice"),
    ],
)
def test_a_scene_that_has_no_title_yet_is_called_by_what_it_shows(shown: str, title: str) -> None:
    address = f"http://localhost/{shown}{'&' if '?' in shown else '?'}e={VIEW_TOKEN}"
    assert sharing.scene_of(address, shell.names()).title == title


def test_a_title_that_is_a_number_alone_is_that_of_the_place() -> None:
    app = lessons_page()
    text = "# T\n\n" + "".join(
        f"## {each}\n\n" for each in ("Scene 1", "Mine", "Scene 3", "Scene 4")
    )
    app.text_area(key="lesson-text").set_value(text).run()

    def titles_now() -> list[str]:
        lesson = text_of.read(app.text_area(key="lesson-text").value)
        return [scene.title for scene in lesson.scenes]

    app.button(key="lesson-scene-1").click().run()
    app.button(key="lesson-up").click().run()
    assert titles_now() == ["Mine", "Scene 2", "Scene 3", "Scene 4"]
    app.button(key="lesson-out").click().run()
    assert titles_now() == ["Scene 1", "Scene 2", "Scene 3"]


def test_title_and_text_of_a_scene_are_fields_and_follow_it_to_its_place() -> None:
    app = lessons_page()
    for _ in range(3):
        app.text_input(key="lesson-address").set_value(VIEW)
        press(app, "Add this view as a scene")

    def field(label: str) -> Any:
        return field_of(app, label)

    app.button(key="lesson-scene-2").click().run()
    field("Title of scene 3").set_value("The way back").run()
    field("Text").set_value("It begins with {L}, \n\n- where it ends.  ").run()
    app.button(key="lesson-up").click().run()
    assert field("Title of scene 2").value == "The way back"
    field("Title of the lesson").set_value("Mine").run()
    field("Text").set_value("It is {h[9,9]}").run()
    assert "step: expected 0 to 3, got 9" in app.error[0].value
    lesson = text_of.read(app.text_area(key="lesson-text").value)
    assert (lesson.title, lesson.scenes[1].title) == ("Mine", "The way back")
    assert lesson.scenes[1].text == "It begins with {L},\n\n- where it ends."
    app.button(key="lesson-scene-0").click().run()
    assert (
        field("Title of scene 1").value == "explore · h_2, backward"
    )  # alone, it knows no page's name
    assert "(to mend)" in app.button(key="lesson-scene-1").label
    assert app.button(key="lesson-down").disabled
    assert next(button for button in app.button if button.label == "Start it").disabled
    field("Title of scene 1").set_value("The first").run()
    app.button(key="lesson-scene-1").click().run()
    assert field("Text").value == "It is {h[9,9]}"  # what was typed can be mended
    assert "step: expected 0 to 3, got 9" in app.error[0].value
    field("Text").set_value("It is {L}").run()
    assert not app.error
    lesson = text_of.read(app.text_area(key="lesson-text").value)
    assert [scene.text for scene in lesson.scenes][:2] == ["", "It is {L}"]
    press(app, "Start it")
    assert sharing.lesson_of(address(app, "lesson")) == lesson


def test_a_lesson_in_the_address_opens_there_and_a_damaged_one_is_a_sentence() -> None:
    lesson = lessons()["backward"]
    app = opened(lesson=sharing.token(lesson), scene="2")
    assert titles(app)[0] == "The readout"
    for damaged in ("z.", "z.nonsense", sharing.token(lesson)[:-9], "z." + "A" * 9000, "own"):
        app = opened(lesson=damaged)
        assert len(app.warning) == 1
        assert "lesson: expected" in app.warning[0].value.replace("`", "")


def test_what_the_tab_has_kept_of_a_lesson_counts_only_where_the_session_has_had_none() -> None:
    app = AppTest.from_string(
        "import streamlit as st\n"
        "from app.views.shared import written_lesson\n"
        "st.button('a', on_click=written_lesson.hear, args=('kept', '# A'))\n"
        "st.button('b', on_click=written_lesson.hear, args=('kept', '# B'))\n"
        "st.button('ask', on_click=written_lesson.hear, args=('ask', ''))\n"
        "st.button('huge', on_click=written_lesson.hear, args=('kept', 'x' * 200_001))\n"
        "st.json(written_lesson.sent() or {})\n"
        "st.text(written_lesson.told())\n",
        default_timeout=PATIENCE_S,
    )

    def sent(label: str) -> Any:
        press(app, label)
        return json.loads(app.json[0].value)

    app.run()
    assert json.loads(app.json[0].value) == sent("huge") == {}
    assert (first := sent("a"))["text"] == "# A"
    assert "restored" in app.text[0].value
    assert sent("b") == {"mark": first["mark"], "text": ""}  # it has it already
    assert sent("ask") == first


def test_words_that_are_to_be_mended_come_back_with_the_lesson(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def begin() -> None:  # a page that is loaded anew
        monkeypatch.setattr(st, "session_state", {})
        monkeypatch.setattr(st, "query_params", {})
        state.start()

    begin()
    draft.take("# A\n\n## One\n\nWords.\n")
    draft.reword(0, "text", "an open {brace")
    kept = written_lesson.sent()
    assert kept is not None
    begin()
    written_lesson.hear("kept", kept["text"])
    draft.mend_again()
    assert draft.current().scenes[0].text == "Words."
    assert draft.draft().refused[0, "text"].words == "an open {brace"
    draft.reword(0, "text", "closed")
    begin()
    for planted in (
        '{"text": "# A", "to_mend": [[7, "text", "x"]]}',
        "[" * 100_000,
        '{"text": 1}',
        '{"text": "# A", "to_mend": [["0", "title", ""], [true, "text", "{"]]}',
    ):
        begin()
        written_lesson.hear("kept", planted)
        with contextlib.suppress(ValueError):  # what is no lesson is said on its page
            draft.mend_again()
        assert not draft.draft().refused


def test_a_question_is_taken_out_with_its_answer_in_either_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", {})
    state.start()
    for first, then in (("ask", "answer"), ("answer", "ask")):
        draft.take("# A\n\n## One\nask: Why?\nanswer: So.\n\nWords.\n")
        draft.reword(0, first, "")
        assert bool(draft.draft().refused) == (first == "ask")  # an answer to nothing
        draft.reword(0, then, "")
        assert not draft.draft().refused
        (scene,) = draft.current().scenes
        assert (scene.ask, scene.answer, scene.text) == ("", "", "Words.")


def test_a_lesson_of_a_link_that_was_left_can_be_opened_again() -> None:
    app = AppTest.from_string(
        "import streamlit as st\n"
        "from app import state\n"
        "from app.views.lessons import following, page\n"
        "state.start()\n"
        "following.begin()\n"
        "st.button('Leave', on_click=following.leave)\n"
        "page.render()\n",
        default_timeout=PATIENCE_S,
    )
    token = sharing.token(text_of.read("# A *sent* one\n\n## One\n\nWords.\n"))
    app.query_params["lesson"] = token
    app.run()
    assert "Open it again" not in [button.label for button in app.button]
    press(app, "Leave")
    assert "lesson" not in app.query_params
    assert "You have left “A \\*sent\\* one”." in [text.value for text in app.markdown]
    press(app, "Open it again")
    press(app, "Leave")
    press(app, "Start (8 scenes)")  # one of the app's is found there
    press(app, "Leave")
    press(app, "Open it again")
    assert address(app, "lesson") == token
