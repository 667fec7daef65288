"""What is seen first of a graph: the whole, or a part, in letters that can be read."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from app.experiment import link, presets
from app.experiment.sources import Series, make
from rnn_core import computational_graph
from rnn_core.practice import sheet_of
from tests.browser.drawn import boxes_on, is_seen, is_whole, watch
from tests.experiments import six_steps

OpenPage = Callable[..., Page]
SIZES: list[ViewportSize] = [
    {"width": 1440, "height": 900},
    {"width": 1024, "height": 768},
    {"width": 390, "height": 844},
]
SMALLEST_LETTERS = 9.9  # pixels
LETTERS = 15  # of numbers, where the scale is 1


@pytest.mark.parametrize("grade", [1, 2, 3, 4, 5])
def test_nothing_of_a_sheet_is_cut_at_first(open_page: OpenPage, grade: int) -> None:
    nodes = computational_graph(sheet_of(grade, 5).network.trace, None).number_of_nodes()
    page = open_page(f"practice?pr={grade}&pr_seed=5", viewport=SIZES[0])
    stage = page.get_by_role("img", name="computational graph")
    expect(page.locator(".ur-sheet-field").first).to_be_attached()
    watch(page)
    for size in SIZES:  # who has not looked elsewhere sees it as at first
        page.set_viewport_size(size)
        expect(stage).to_be_in_viewport(ratio=1)
        boxes = boxes_on(page)
        seen = [box for box in boxes if is_seen(box)]
        assert all(is_whole(box) for box in seen), (size, seen)
        assert min(box["scale"] for box in boxes) * LETTERS >= SMALLEST_LETTERS
        if size["width"] >= 1024 and grade < 5:
            assert len(seen) == nodes
        else:
            assert 9 <= len(seen) <= nodes
    page.get_by_role("button", name="Fit the whole graph").click()
    boxes = boxes_on(page)
    assert len(boxes) == nodes
    assert all(is_whole(box) for box in boxes)
    page.close()  # it draws otherwise than others


def test_a_part_of_a_long_run_is_not_shrunk_until_all_of_it_is_seen(open_page: OpenPage) -> None:
    sine = make(Series, name="sine", length=50, scaling="none")
    long = six_steps().replace(sequence=sine, loss="squared_error")
    page = open_page(f"?e={link.encode(long)}", viewport={"width": 1920, "height": 1080})
    watch(page)
    boxes = boxes_on(page)
    assert min(box["scale"] for box in boxes) * LETTERS >= 11
    assert sum(map(is_whole, boxes)) >= 15  # some steps are seen nevertheless
    for box in filter(is_seen, boxes):  # and none of them by half
        assert box["left"] >= 0
        assert box["right"] <= box["width"]
    page.close()


def test_both_graphs_of_pytorch_are_seen_whole_or_a_part_of_them_from_the_loss(
    open_page: OpenPage,
) -> None:
    sent = link.encode(presets.PRESETS["lstm_by_hand"].experiment)
    page = open_page(f"pytorch?e={sent}", viewport=SIZES[0])
    expect(page.locator(".ur-autograd")).to_have_attribute("data-built", "98,88")
    watch(page)
    for size in SIZES:
        page.set_viewport_size(size)
        page.get_by_text("Done: 79 operations").scroll_into_view_if_needed()
        seen = [box for box in boxes_on(page) if is_seen(box)]
        assert all(box["top"] >= 0 for box in seen), (size, seen)
        assert sum(is_whole(box) for box in seen) >= 15  # from the loss into the last step
        assert min(box["scale"] for box in seen) * LETTERS >= 9
    page.close()


@pytest.mark.parametrize(("lesson", "at"), [("backward", "b:L"), ("loss-gradient", "b:a[6]")])
def test_a_scene_of_a_lesson_shows_the_loss_and_cuts_nothing_above_or_below(
    open_page: OpenPage, lesson: str, at: str
) -> None:
    page = open_page(f"?lesson={lesson}&scene=1", viewport=SIZES[0], first_visit=True)
    expect(page.locator(".ur-graph")).to_have_attribute("data-at", at)
    watch(page)
    boxes = boxes_on(page)
    assert max(box["right"] for box in boxes) > 0.8 * boxes[0]["width"]
    assert all(box["top"] >= 0 and box["bottom"] <= box["height"] for box in boxes)
    assert min(box["scale"] for box in boxes) * LETTERS >= 9
    page.close()
