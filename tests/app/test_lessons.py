"""Lessons on the pages themselves: each scene opens where it says, with the numbers of the run."""

import json
import time
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from app.components.graph_view.extent import LEVELS
from app.experiment import link
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from app.views import shell
from app.views.lessons import following, prose, sharing
from app.views.lessons import format as text_of
from app.views.lessons.built import FOLDER, NAMES, lessons
from app.views.lessons.lesson import SECTION_OF, Lesson
from app.views.training.runs import token as training
from rnn_core import computational_graph
from tests.app.test_training_compare import changed
from tests.conftest import ROOT

MAIN = str(ROOT / "app" / "main.py")
PATIENCE_S = 90
TOUR = lessons()["tour"]


def opened(**parameters: str) -> AppTest:
    app = AppTest.from_file(MAIN, default_timeout=PATIENCE_S)
    for name, text in parameters.items():
        app.query_params[name] = text
    app.run()
    assert not app.exception
    return app


def address(app: AppTest, name: str) -> str:
    found = app.query_params[name]
    return found if isinstance(found, str) else found[0]


def titles(app: AppTest) -> list[str]:
    return [header.value for header in app.header]


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception


def shown(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)


def test_every_lesson_of_the_folder_is_offered_and_each_topic_has_one() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.md")) == sorted(NAMES)
    assert len(TOUR.scenes) == 8
    assert all(4 <= len(lesson.scenes) <= 8 for lesson in lessons().values())


@pytest.mark.parametrize("name", NAMES)
def test_each_scene_names_a_page_a_position_and_a_node_that_there_are(name: str) -> None:
    lesson = lessons()[name]
    pages = {entry.address for entry in shell.OFFERED.values()}
    for number, scene in enumerate(lesson.scenes, 1):
        assert scene.page in pages
        assert not scene.section or scene.page in SECTION_OF
        experiment = lesson.experiment(number)
        assert scene.level in LEVELS
        graph = computational_graph(
            trace_of(experiment), gradients_of(experiment), level=scene.level
        )
        place = scene.at.partition(":")[2]
        assert scene.at in ("start", "end") or place in graph, (number, scene.at)
        assert not scene.select or scene.select in graph, (number, scene.select)


@pytest.mark.parametrize("name", NAMES)
def test_each_lesson_opens_scene_by_scene_with_next(name: str) -> None:
    lesson = lessons()[name]
    app = opened(lesson=name, scene="1")
    for number, scene in enumerate(lesson.scenes, 1):
        assert titles(app)[0] == prose.markdown(scene.title, str)
        assert address(app, "scene") == str(number)
        assert link.decode(address(app, "e")) == lesson.experiment(number)
        assert not app.warning, [each.value for each in app.warning]
        text = shown(app).replace(r"\hat{y}", "")  # a symbol, in the equations below
        for sign in prose.numbers_in(scene.text):
            assert f"{{{sign}}}" not in text
        if number < len(lesson.scenes):
            press(app, "Next")
    assert next(button for button in app.button if button.label == "Next").disabled


def test_a_link_opens_its_scene_with_its_experiment_and_its_numbers() -> None:
    app = opened(lesson="tour", scene="4")
    experiment = PRESETS["by_hand"].experiment
    assert titles(app)[0] == "The loss"
    assert link.decode(address(app, "e")) == experiment
    trace = trace_of(experiment)
    assert f"$L$ \\= `{trace.loss:.4g}`" in shown(app)


def test_what_the_address_brings_itself_stays() -> None:
    token = link.encode(PRESETS["sine"].experiment)
    app = opened(lesson="tour", scene="4", e=token)
    assert address(app, "e") == token
    assert titles(app)[0] == "The loss"


def test_a_scene_is_a_change_that_undo_takes_back() -> None:
    app = opened(e=link.encode(PRESETS["sine"].experiment), lesson="tour", scene="4")
    press(app, "Next")
    assert link.decode(address(app, "e")) == PRESETS["by_hand"].experiment
    assert app.session_state["unrolled"].undo.pop() == PRESETS["sine"].experiment


def test_the_tour_is_offered_first_and_leads_to_the_gradients_by_hand() -> None:
    app = opened(lesson="tour", scene=str(len(TOUR.scenes)))
    press(app, "Go on: Gradients by hand")
    assert (NAMES[0], address(app, "lesson"), address(app, "scene")) == ("tour", "backward", "1")
    assert not [button for button in app.button if button.label.startswith("Go on")]


def test_who_brings_the_own_network_back_leaves_the_lesson_which_speaks_of_another() -> None:
    own = PRESETS["by_hand"].experiment.replace(loss="mean_squared_error")
    app = opened(e=link.encode(own), lesson="tour", scene="1")
    for _ in range(3):  # two networks of scenes stand in its place, one after the other
        press(app, "Next")
    assert link.decode(address(app, "e")) != own
    press(app, "Leave the lesson and bring mine back")
    assert link.decode(address(app, "e")) == own
    assert "lesson" not in app.query_params


def test_a_scene_of_a_comparison_brings_what_it_compares() -> None:
    pinned = training.encode([changed(learning_rate=0.2)])
    scene = f"## Two\npage: training\nsection: compare\ncontrols: tr_pins={pinned}\n\nWords."
    lesson = text_of.read(f"# T\n\n## One\n\nWords.\n\n{scene}\n".encode())
    app = opened(lesson=sharing.token(lesson), scene="1")
    press(app, "Next")
    assert "A and this one differ only in **learning rate** (0.2 against 0.01)" in shown(app)


def test_the_lesson_on_p_minus_y_derives_it_where_every_line_is_a_number() -> None:
    app = opened(lesson="loss-gradient", scene="2")
    assert "At a = 0.5369, y = 1 the prediction is p = σ(a) = 0.6311" in shown(app)
    assert "**-0.3689**" in shown(app).replace("−", "-")
    lines = [code.value for code in app.code]
    assert len(lines) > 2
    assert not any(bad in line for line in lines for bad in ("nan", "inf", "∞", "NaN"))


def test_keys_that_are_faster_than_the_rerun_turn_one_scene_each() -> None:
    app = opened(lesson="tour", scene="3")
    for button in app.button:
        if button.label in ("Back", "Next"):
            button.click()
    app.run()
    assert not app.exception
    assert address(app, "scene") == "3"


def choose_scene(app: AppTest, number: int) -> None:
    """Choose from the list; the page is not run yet."""
    next(box for box in app.selectbox if box.label == "Scenes of this lesson").set_value(number)


def test_a_scene_that_the_browser_still_sends_from_before_a_move_is_no_choice() -> None:
    app = opened(lesson="tour", scene="3")
    next(button for button in app.button if button.label == "Back").click()
    choose_scene(app, 8)
    app.run()
    assert not app.exception
    assert address(app, "scene") == "2"


def test_a_scene_is_chosen_from_the_list() -> None:
    app = opened(lesson="tour", scene="3")
    choose_scene(app, 5)
    app.run()
    assert not app.exception
    assert address(app, "scene") == "5"


def test_the_graph_is_led_to_the_place_of_the_scene() -> None:
    app = opened(lesson="tour", scene="2")
    assert graph(app)["focus"] == {
        "level": "operation",
        "selected": "h[1]",
        "at": "f:h[1]",
        "key": "tour 1",
        "named": ["h[t]", "W_xh", "x[t]", "W_hh", "b_h", "h[0]", "x[1]", "z[1]", "h[1]"],
    }


def graph(app: AppTest) -> dict[str, Any]:
    """What the graph is sent."""
    sent = [json.loads(found.proto.bytes) for found in app.get("bidi_component")]
    return next(data for data in sent if "overview" in data)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"lesson": "nothing"}, "expected one of tour, backward"),
        ({"lesson": "<script>"}, "expected one of tour, backward"),
        ({"lesson": "tour", "scene": "99"}, "a number from 1 to 8"),
        ({"lesson": "tour", "scene": "-1"}, "a number from 1 to 8"),
        ({"lesson": "tour", "scene": "x"}, "a number from 1 to 8"),
    ],
)
def test_what_a_link_asks_and_there_is_not_is_one_sentence(
    parameters: dict[str, str], said: str
) -> None:
    app = opened(**parameters)
    assert len(app.warning) == 1
    assert said in app.warning[0].value.replace("`", "")


def test_a_scene_on_the_first_section_of_a_page_opens_there_after_one_on_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lesson = text_of.read(
        "# T\n\n## One\npage: gradient-flow\n\nA.\n\n"
        "## Two\npage: gradient-flow\nsection: clipping\n\nB.\n"
    )
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(
        following.controls,
        "place",
        lambda page, given, *, keep: asked.append((page, "".join(given[page]))),
    )
    app = AppTest.from_string(
        "import streamlit as st\n"
        "from app import state\n"
        "from app.views.lessons import following\n"
        "state.start()\n"
        "following.begin()\n"
        "following.place('gradient-flow', {'gradient-flow': ''}, lambda title: None)\n"
        "for label, by in (('Next', 1), ('Back', -1)):\n"
        "    st.button(label, on_click=following.turn, args=(by,))\n",
        default_timeout=PATIENCE_S,
    )
    app.query_params["lesson"], app.query_params["scene"] = sharing.token(lesson), "1"
    app.run()
    press(app, "Next")
    press(app, "Back")
    assert asked == [("gf", ""), ("gf", "clipping"), ("gf", "")]


def test_a_scene_brings_the_run_of_a_training_back_and_leaves_the_next_as_usual() -> None:
    seen = "training?tr_seed=93&tr_updates=4&tr_opt=sgd&tr=network&tr_at=2&tr_made=2&tr_run=secret"
    view = sharing.scene_of(
        f"http://host/{seen}&e={link.encode(TOUR.experiment(1))}", shell.names()
    )
    assert (view.section, view.title) == ("network", "Training · Network")
    assert view.controls == "tr_seed=93&tr_updates=4&tr_opt=sgd&tr_made=2"
    usual = sharing.scene_of(
        f"http://host/training?e={link.encode(TOUR.experiment(1))}", shell.names()
    )
    app = opened(lesson=sharing.token(Lesson("T", (usual, view))))
    press(app, "Next")
    assert app.number_input(key="tr_updates").value == 4
    assert app.selectbox(key="tr_opt").value == "sgd"
    until = time.monotonic() + PATIENCE_S
    while not app.slider or app.slider(key="tr_at").value != 2:  # it is made by itself
        assert time.monotonic() < until
        app.run()
    app.slider(key="tr_at").set_value(3).run()  # once it was there, it moves on
    assert app.slider(key="tr_at").value == 3
    press(app, "Back")
    assert app.number_input(key="tr_updates").value == 600
    assert app.selectbox(key="tr_opt").value == "adam"
    press(app, "Next")
    assert app.slider(key="tr_at").value == 2
    assert any("After 2 updates" in header.value for header in app.header)


def test_a_question_is_answered_when_asked() -> None:
    app = opened(lesson="tour", scene="5")
    assert "the slope there is 0" not in shown(app)
    press(app, "Show the answer")
    assert "the slope there is 0" in shown(app)


def test_leaving_keeps_the_experiment_and_empties_the_address() -> None:
    app = opened(lesson="tour", scene="3")
    press(app, "Leave")
    assert "lesson" not in app.query_params
    assert "scene" not in app.query_params
    assert link.decode(address(app, "e")) == PRESETS["first_bit"].experiment


def test_gradients_that_a_scene_hides_are_not_sent() -> None:
    scene = lessons()["forward"].scenes[1]
    assert "gradient" in scene.hide
    app = opened(lesson="forward", scene="2")
    assert graph(app)["overview"]["grad"] is None
    assert graph(opened(lesson="backward", scene="2"))["overview"]["grad"]


def test_the_lessons_of_the_app_are_written_as_they_read() -> None:
    for lesson in lessons().values():
        assert text_of.read(text_of.write(lesson)) == lesson


def lessons_page() -> AppTest:
    app = AppTest.from_string(
        "from app import state\n"
        "from app.views.lessons import following, page\n"
        "state.start()\n"
        "following.begin()\n"
        "page.render()\n",
        default_timeout=PATIENCE_S,
    )
    return app.run()


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
        ("gradient-flow?gf=remedies", "Gradient flow · Remedies"),
        ("gradient-flow", "Gradient flow · Over time"),
        ("pytorch?pt=effects", "PyTorch · What cuts, frees and adds"),
        ("numerics?nu=gradient", "Numerics · p − y"),
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

    app.button(key="lesson-Up-1").click().run()
    assert titles_now() == ["Mine", "Scene 2", "Scene 3", "Scene 4"]
    app.button(key="lesson-Take out-0").click().run()
    assert titles_now() == ["Scene 1", "Scene 2", "Scene 3"]


def test_title_and_text_of_a_scene_are_fields_and_follow_it_to_its_place() -> None:
    app = lessons_page()
    for _ in range(3):
        app.text_input(key="lesson-address").set_value(VIEW)
        press(app, "Add this view as a scene")

    def field(label: str) -> Any:
        return next(each for each in (*app.text_input, *app.text_area) if each.label == label)

    app.button(key="lesson-scene-2").click().run()
    field("Title").set_value("The way back").run()
    field("Text").set_value("It begins with {L}, \n\n- where it ends.  ").run()
    app.button(key="lesson-Up-2").click().run()
    assert field("Title").value == "The way back"
    field("Title of the lesson").set_value("Mine").run()
    field("Text").set_value("It is {h[9,9]}").run()
    assert "expected a number of the run" in app.error[0].value.replace("`", "")
    lesson = text_of.read(app.text_area(key="lesson-text").value)
    assert (lesson.title, lesson.scenes[1].title) == ("Mine", "The way back")
    assert lesson.scenes[1].text == "It begins with {L},\n\n- where it ends."
    app.button(key="lesson-scene-0").click().run()
    assert field("Title").value == "explore · h_2, backward"  # alone, it knows no page's name
    assert "(to mend)" in app.button(key="lesson-scene-1").label
    assert app.button(key="lesson-Up-1").disabled
    assert next(button for button in app.button if button.label == "Start it").disabled
    field("Title").set_value("The first").run()
    app.button(key="lesson-scene-1").click().run()
    assert field("Text").value == "It is {h[9,9]}"  # what was typed can be mended
    assert "expected a number of the run" in app.error[0].value.replace("`", "")
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
