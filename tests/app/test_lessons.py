"""Lessons on the pages themselves: each scene opens where it says, with the numbers of the run."""

import json
import time
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app import state
from app.components.graph_view.extent import LEVELS
from app.experiment import link
from app.experiment.presets import PRESETS
from app.experiment.run import gradients_of, trace_of
from app.views import shell, sidebar
from app.views.lessons import draft, following, prose, sharing
from app.views.lessons import format as text_of
from app.views.lessons.built import FOLDER, NAMES, lessons
from app.views.lessons.lesson import SECTION_OF, Lesson
from app.views.shared.scene import Show
from app.views.training.runs import token as training
from rnn_core import computational_graph
from rnn_core.practice import sheet_of
from tests.app.lesson_page import PATIENCE_S, address, opened, press, shown, titles
from tests.app.test_training_compare import changed

TOUR = lessons()["tour"]


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


def test_the_numbers_of_a_scene_of_practice_go_on_with_the_sheet() -> None:
    fields = "page: practice\nexperiment: sine\ncontrols: pr=4&pr_seed=7"
    lesson = text_of.read(f"# T\n\n## One\n\nW.\n\n## S\n{fields}\n\nL = {{L}}.\n".encode())
    app = opened(lesson=sharing.token(lesson), scene="1")
    press(app, "Next")
    for seed in (7, 8):
        assert f"L \\= `{sheet_of(4, seed).network.trace.loss:.4g}`" in shown(app)
        press(app, "Next sheet")


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
    assert "A and this run differ only in **learning rate** (0.2 against 0.01)" in shown(app)


def test_the_lesson_on_p_minus_y_derives_it_where_every_line_is_a_number() -> None:
    app = opened(lesson="loss-gradient", scene="2")
    assert "At a = 0.5369, y = 1 the prediction is p = σ(a) = 0.6311" in shown(app)
    assert "**-0.3689**" in shown(app).replace("−", "-")
    lines = [code.value for code in app.code]
    assert len(lines) > 2
    assert not any(bad in line for line in lines for bad in ("nan", "inf", "∞", "NaN"))


def test_buttons_that_are_pressed_in_one_rerun_turn_one_scene_each() -> None:
    app = opened(lesson="tour", scene="3")
    for button in app.button:
        if button.label in ("Back", "Next"):
            button.click()
    app.run()
    assert not app.exception
    assert address(app, "scene") == "3"


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "query_params", {})
    state.start()


@pytest.mark.usefixtures("session")
def test_a_key_says_where_to_go_and_not_by_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    def hears(*wishes: tuple[str, str]) -> None:
        sent = [{"n": n, "do": do, "text": text} for n, (do, text) in enumerate(wishes, 1)]
        monkeypatch.setattr(state, "sent", lambda key, name: {"source": "page", "list": sent})
        sidebar._on_commands(draft.add, following.hear)

    now = following.following()
    following.start("tour", TOUR)
    wishes = [("turn", "4"), ("turn", "5"), ("answer", ""), ("present", "1")]
    hears(*wishes)
    hears(*wishes)  # sent again, since the answer was lost
    assert (now.number, now.moves, now.is_answered, now.presents) == (5, 3, True, True)
    hears(*wishes, ("present", ""), ("turn", "999999999999"), ("turn", "-1"), ("turn", "<b>"))
    assert (now.number, now.presents) == (5, False)
    assert following.show("explore", offered=False) == Show(5, 8, presents=False, offered=True)


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
    focus = graph(app)["focus"]
    spoken = [(each["name"], *each["place"]) for each in focus.pop("mentions")]
    weights = [("W_xh",), ("x", "t"), ("W_hh",), ("b_h",)]
    assert spoken == [("h", "t"), *weights, ("h", 0), ("x", 1), ("z", 1), ("h", 1)]
    assert focus == {
        "level": "operation",
        "selected": "h[1]",
        "at": "f:h[1]",
        "key": "tour 1",
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
    while not any(each.key == "tr_at" and each.value == 2 for each in app.slider):  # made by itself
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
    press(app, "Back to First look")
    assert link.decode(address(app, "e")) == PRESETS["first_look"].experiment
    assert not [button for button in app.button if button.label.startswith("Back to")]


def test_who_left_the_introduction_for_the_tour_comes_back_to_it() -> None:
    app = opened()
    press(app, "Take the tour")
    press(app, "Next")
    press(app, "Leave")
    assert "See how a recurrent network" not in " ".join(title.value for title in app.title)
    press(app, "Back to First look")
    assert any("See how a recurrent network" in title.value for title in app.title)
    assert graph(app)["focus"]["at"] == "start"


def test_gradients_that_a_scene_hides_are_not_sent() -> None:
    scene = lessons()["forward"].scenes[1]
    assert "gradient" in scene.hide
    app = opened(lesson="forward", scene="2")
    assert graph(app)["overview"]["grad"] is None
    assert graph(opened(lesson="backward", scene="2"))["overview"]["grad"]
