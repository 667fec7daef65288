"""A lesson in the browser: scenes turned by keys, a link to one, and the presentation."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from app.views.lessons import format as text_of
from app.views.lessons import sharing
from app.views.without_the_loop import page as without_the_loop
from tests.browser.drawn import boxes_on, is_seen, is_whole, watch
from tests.browser.steps import graph, inspector, settled

COLOURED = """() => {
  const canvas = document.querySelector(".ur-canvas canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let i = 0; i < data.length; i += 4)
    if (data[i] > 200 && data[i + 1] > 120 && data[i + 1] < 180 && data[i + 2] < 110) found += 1;
  return found > 1000;
}"""
"""Whether cells of the graph have the colours of numbers above 0; without boxes none has."""

NAME_OF_A_FUNCTION = 14  # pixels, where the scale is 1


def title(page: Page) -> str:
    return page.locator(".st-key-lesson h2").inner_text()


def at(page: Page, position: str) -> None:
    expect(page.locator(".ur-graph")).to_have_attribute("data-at", position)


def test_page_down_and_page_up_turn_the_scenes(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("?lesson=tour&scene=2", first_visit=True)
    at(page, "f:h[1]")
    page.keyboard.press("PageDown")
    at(page, "f:h[9]")
    assert title(page) == "Memory"
    page.keyboard.press("PageUp")
    at(page, "f:h[1]")
    assert title(page) == "One step"
    page.locator(".ur-stage").click()
    page.keyboard.press("PageDown")
    at(page, "f:h[9]")
    assert title(page) == "Memory"
    scene = page.locator(".st-key-lesson h2")
    for _ in range(3):  # faster than a scene is drawn: each counts
        page.keyboard.press("PageDown")
    expect(scene).to_have_text("The shared weight adds up")
    for _ in range(5):
        page.keyboard.press("PageUp")
    expect(scene).to_have_text("Unfold")
    page.get_by_role("link", name="Training", exact=True).click()
    # Above another page than the scene's the lesson is one line.
    expect(page.get_by_text("Lesson: The tour, 1 of 8: Unfold")).to_be_visible()
    expect(scene).to_have_count(0)
    page.get_by_role("button", name="Back to it").click()
    expect(scene).to_have_text("Unfold")
    leave = page.get_by_role("button", name="Leave", exact=True)
    expect(leave).to_have_count(1)  # that of the line above the other page is gone
    leave.press("Enter")
    expect(page.get_by_role("status").filter(has_text="The lesson is left")).to_be_attached()
    expect(page.locator("button:focus")).to_be_visible()  # the one that was pressed is gone


def test_scenes_of_two_pages_that_are_turned_fast_end_on_the_page_of_the_last(
    open_page: Callable[..., Page],
) -> None:
    pages = ("gradient-flow", "explore", "gradient-flow", "explore")
    scenes = [
        f"## Scene {number}\nexperiment: gates\npage: {name}\n"
        for number, name in enumerate(pages, 1)
    ]
    lesson = text_of.read("\n".join(["# Fast", *scenes]))
    page = open_page(f"?lesson={sharing.token(lesson)}&scene=4&present=1", first_visit=True)
    scene = page.locator(".st-key-lesson h2")
    expect(scene).to_have_text("Scene 4")
    for _ in range(3):
        page.keyboard.press("PageUp")
        page.wait_for_timeout(120)  # the page of the scene is on its way
    expect(scene).to_have_text("Scene 1")
    page.wait_for_timeout(1500)  # what was asked for from a page before would come by now
    expect(page).to_have_url(re.compile("/gradient-flow"))
    expect(page.get_by_text("Over 29 steps back")).to_be_visible()


@pytest.mark.parametrize(
    "viewport", [{"width": 1024, "height": 768}, {"width": 1920, "height": 1080}]
)
def test_the_presentation_has_graph_equations_and_large_words_on_one_screen(
    open_page: Callable[..., Page], viewport: dict[str, int]
) -> None:
    page = open_page("?lesson=tour&scene=2&present=1", first_visit=True, viewport=viewport)
    at(page, "f:h[1]")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(inspector(page)).to_be_hidden()
    for part in (".st-key-lesson", ".ur-equations", ".ur-stage", ".ur-player"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= viewport["height"], part
    said, head = (
        page.locator(f".st-key-lesson-{part}").bounding_box() for part in ("title", "head")
    )
    assert said is not None
    assert head is not None
    assert said["width"] > head["width"] * 3 / 5
    for words in (".st-key-lesson p:has(code)", ".st-key-lesson p code", ".ur-equations .ur-pass"):
        size = page.locator(words).first.evaluate("node => getComputedStyle(node).fontSize")
        assert float(size.removesuffix("px")) >= 24, words
    page.keyboard.press("p")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    expect(page).not_to_have_url(re.compile("present"))


def test_a_view_of_ones_own_is_presented_without_a_lesson(open_page: Callable[..., Page]) -> None:
    viewport = {"width": 1024, "height": 768}
    page = open_page("?at=f:h[2]", viewport=viewport)
    expect(inspector(page)).to_contain_text("present this page")  # the list of keys
    page.get_by_role("button", name="Present", exact=True).click()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    status = page.locator(".ur-status").first
    expect(status).to_contain_text("t = 2, forward")
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    numbers = page.locator(".st-key-numbers p").first
    expect(numbers).to_be_hidden()  # the graph has its height
    page.set_viewport_size({"width": 1920, "height": 1080})
    expect(numbers).to_be_in_viewport(ratio=1)
    assert numbers.evaluate(size) >= 24
    letters = "node => [getComputedStyle(node).fontSize, Math.max(24, 0.0155 * innerWidth)]"
    is_so, is_known = page.locator(".ur-equations .ur-pass").first.evaluate(letters)
    assert float(is_so.removesuffix("px")) == pytest.approx(is_known)  # in lecture_hall.js
    page.set_viewport_size(viewport)
    expect(numbers).to_be_hidden()
    for words in (".ur-equations .ur-pass", ".ur-status"):
        part = page.locator(words).first
        assert part.evaluate(size) >= 24, words
        expect(part).to_be_in_viewport(ratio=1)
    expect(page.locator(".ur-stage")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Step forward")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile("present=1"))
    page.keyboard.press("p")
    expect(page).not_to_have_url(re.compile("present"))
    at(page, "f:h[2]")
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile("present=1"))
    graph(page).focus()
    while "backward" not in status.inner_text():  # gradients have come into its boxes
        page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Zoom in").click()
    watch(page)
    graph(page).focus()
    page.keyboard.press("End")
    expect(status).to_contain_text("Done")
    seen = [box for box in boxes_on(page) if is_seen(box)]
    legend = page.locator(".ur-legend").bounding_box()
    stage = page.locator(".ur-stage").bounding_box()
    assert legend
    assert stage
    assert len(seen) >= 4
    assert all(box["top"] + stage["y"] >= legend["y"] + legend["height"] for box in seen)


def test_a_laboratory_is_presented_without_a_lesson_and_what_it_compares_is_side_by_side(
    open_page: Callable[..., Page],
) -> None:
    viewport = {"width": 1024, "height": 768}
    page = open_page("without-the-loop", viewport=viewport)
    expect(page.get_by_role("button", name="Present", exact=True)).to_be_in_viewport(ratio=1)
    frames = page.locator(".ur-plots-charts[data-close] .ur-plots-frame")
    frames.last.wait_for()
    page.get_by_role("button", name="Present", exact=True).click()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.locator(".st-key-lesson h2")).to_have_text(without_the_loop.QUESTION)
    page.wait_for_function(
        """() => {
          const frames = [...document.querySelectorAll("[data-close] .ur-plots-frame")];
          const [one, other] = frames.map((frame) => frame.getBoundingClientRect());
          return one.right <= other.left && one.top === other.top && one.top < innerHeight / 2;
        }"""
    )
    expect(page.locator(".st-key-wl_T")).to_be_in_viewport(ratio=1)  # goes on with what is shown
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("present"))


def test_the_presentation_of_a_laboratory_is_its_words_and_its_chart_in_letters_of_24_pixels(
    open_page: Callable[..., Page],
) -> None:
    viewport = {"width": 1008, "height": 768}  # beside a scroll bar: names stand below a chart
    page = open_page("?lesson=tour&scene=7&present=1", first_visit=True, viewport=viewport)
    tick = page.locator(".ur-plots .ytick text").first
    tick.wait_for()
    size = "node => parseFloat(getComputedStyle(node).fontSize) * (node.currentCSSZoom || 1)"
    assert tick.evaluate(size) >= 24
    assert page.locator(".ur-plots .ytick tspan").count() == 0  # no exponent in smaller letters
    assert page.get_by_text("back the gradient shrinks").evaluate(size) >= 24
    box = page.locator(".ur-plots-frame").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= viewport["height"]
    for name in page.locator(".ur-plots-frame").first.locator(".legendtext").all():
        expect(name).to_be_in_viewport(ratio=1)
    note = page.get_by_text("No bound can lie below")  # what its numbers mean
    assert note.evaluate(size) >= 24
    expect(note).to_be_in_viewport(ratio=1)
    ends = page.get_by_role("table").last
    at_first = ends.bounding_box()
    assert at_first is not None
    assert at_first["y"] + at_first["height"] > viewport["height"]
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(ends).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-lesson")).to_be_in_viewport(ratio=1)
    grounds = page.evaluate(
        """() => [".st-key-lesson", "[data-testid=stApp]"].map(
          (name) => getComputedStyle(document.querySelector(name)).backgroundColor)"""
    )
    assert grounds[0] == grounds[1]  # nothing shines through what is said
    controls = page.get_by_test_id("stMain").get_by_role("slider")
    expect(controls.locator("visible=true")).to_have_count(0)
    page.keyboard.press("p")
    expect(controls.locator("visible=true")).not_to_have_count(0)


def test_the_presentation_of_both_graphs_shows_the_same_place_in_each_and_its_player(
    open_page: Callable[..., Page],
) -> None:
    viewport = {"width": 1024, "height": 768}
    page = open_page("?lesson=pytorch&scene=2&present=1", first_visit=True, viewport=viewport)
    page.locator(".ur-autograd-stage canvas").first.wait_for()
    watch(page)
    boxes = boxes_on(page)
    assert min(box["scale"] for box in boxes) * NAME_OF_A_FUNCTION >= 11.9  # half of what is said
    assert sum(is_whole(box) for box in boxes) >= 10  # from the loss, in both
    player = page.get_by_role("button", name="Step forward").bounding_box()
    assert player is not None
    assert player["y"] + player["height"] <= viewport["height"]
    page.close()  # it draws otherwise than others


def test_no_box_is_missing_where_a_scene_leads_to_what_had_not_been_in_view(
    open_page: Callable[..., Page],
) -> None:
    size = {"width": 1920, "height": 1080}
    page = open_page("?lesson=backward&scene=1&present=1", first_visit=True, viewport=size)
    for scene in ("The readout", "Through the activation"):
        page.keyboard.press("PageDown")
        expect(page.locator(".st-key-lesson h2")).to_have_text(scene)
    page.wait_for_function(COLOURED)


def test_the_loss_stays_in_view_while_a_scene_leads_back_from_it(
    open_page: Callable[..., Page],
) -> None:
    """On a small laptop: from z_3 up to L, with the player."""
    size = {"width": 1024, "height": 768}
    page = open_page("?lesson=backward&scene=3", first_visit=True, viewport=size)
    watch(page)
    expect(page.get_by_role("button", name="Step forward")).to_be_in_viewport(ratio=1)
    expect(page.locator(".ur-stage")).to_be_in_viewport(ratio=1)
    gradient = page.locator(".ur-legend-row", has_text="∂L/∂·")
    expect(gradient).to_have_css("font-style", "italic")  # as its numbers are, and in words
    after = "node => getComputedStyle(node, '::after').content"
    assert gradient.locator(".ur-legend-what").evaluate(after) == '" (italic)"'
    boxes = boxes_on(page)
    last = max(box["left"] + box["right"] for box in boxes)
    column = [box for box in boxes if abs(box["left"] + box["right"] - last) < 2]
    assert sum(is_whole(box) for box in column) >= len(["z", "h", "Why", "a", "l", "L"])
    page.close()


def test_the_answer_has_a_key_which_is_a_letter_where_one_types(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("?lesson=tour&scene=5", first_visit=True)
    page.locator(".ur-graph[data-at]").wait_for()
    expect(page.get_by_role("button", name="Show the answer")).to_be_visible()
    answer = page.get_by_text("the slope there is 0")
    page.get_by_label("Title", exact=True).press_sequentially("aha")
    expect(page.get_by_label("Title", exact=True)).to_have_value(re.compile("aha"))
    expect(answer).to_have_count(0)
    page.get_by_label("Title", exact=True).press("Escape")  # takes it back
    page.locator(".ur-stage").click()  # which has the focus then
    page.keyboard.press("a")
    expect(answer).to_be_visible()


def test_a_lesson_that_is_written_comes_back_when_the_page_is_loaded_anew_until_it_is_discarded(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("?lesson=tour&scene=2&at=f:h[1]", first_visit=True)
    said = page.locator("body > p[role=status]").filter(has_text="Scene")
    expect(said).to_have_text("Scene 2 of 8: One step")
    page.keyboard.press("p")  # one meaning, wherever the focus is
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    page.keyboard.press("PageDown")
    expect(said).to_have_text("Scene 3 of 8: Memory")
    page.keyboard.press("p")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    page.get_by_role("button", name="Add as a scene").last.click()  # at the foot of the page
    expect(page.get_by_test_id("stToast")).to_contain_text("Scene 1 of your lesson")
    page.wait_for_function("() => sessionStorage.getItem('unrolled.lesson')")
    page.reload()
    settled(page)  # Streamlit loses a page's link that is pressed while a run is asked for
    page.get_by_role("link", name="Lessons").first.click()
    expect(page.get_by_text("It is restored")).to_be_visible()
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.get_by_role("button", name="Copy the lesson’s link").click()
    expect(page.get_by_text("It is on the clipboard.")).to_be_visible()
    copied = urlsplit(page.evaluate("window.copied"))
    assert copied.path == "/"
    assert sharing.lesson_of(parse_qs(copied.query)["lesson"][0]).title == "My lesson"
    expect(page.get_by_label("Title of the lesson")).to_have_value("My lesson")
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("button", name="Discard the whole lesson").click()
    page.wait_for_function("() => !sessionStorage.getItem('unrolled.lesson')")


def test_a_scene_goes_as_far_as_one_presses_and_the_page_stays_under_the_pointer(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("lessons")
    page.get_by_text("The whole lesson as text").click()
    whole = page.get_by_label("Text of the lesson")
    rows = page.locator(".st-key-lesson-rows button").locator("visible=true")
    scenes = "".join(f"## {name}\n\n" for name in "ABCDEF")
    is_wrong = page.get_by_text("expected a first line")
    for text, is_lesson in (
        (f"# T\n\n{scenes}", True),
        (scenes, False),
        (f"# T\n\n{scenes}", True),
    ):
        whole.fill(text)
        whole.press("Control+Enter")
        expect(is_wrong).to_have_count(0 if is_lesson else 1)
        expect(rows).to_have_count(6)
        expect(whole).to_be_focused()  # it stays open, and one goes on in it
    rows.nth(1).click()
    place = page.locator(".st-key-lesson-moves p").first
    expect(place).to_have_text("Scene 2 of 6")
    down = page.get_by_role("button", name="↓ Down")
    down.evaluate("node => node.scrollIntoView({ block: 'center' })")
    where = down.bounding_box()
    assert where is not None
    for number in (3, 4, 5):
        page.mouse.click(where["x"] + where["width"] / 2, where["y"] + where["height"] / 2)
        expect(place).to_have_text(f"Scene {number} of 6")
        expect(rows.nth(number - 1)).to_have_text(f"{number}. B")
        assert down.bounding_box() == where
        expect(down).to_be_focused()
    expect(page.locator(".st-key-lesson-preview h2")).to_have_text("B")


def test_the_graph_is_whole_once_a_lesson_is_left_however_its_scene_was_looked_at(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("?lesson=tour&scene=2", first_visit=True)
    at(page, "f:h[1]")
    watch(page)
    nodes = len(boxes_on(page))
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
    assert not all(map(is_whole, boxes_on(page)))
    page.get_by_role("button", name="Leave", exact=True).click()
    expect(page.locator(".st-key-lesson h2")).to_have_count(0)
    settled(page)
    boxes = boxes_on(page)
    assert len(boxes) == nodes
    assert all(map(is_whole, boxes))
    page.close()  # it draws otherwise than others
