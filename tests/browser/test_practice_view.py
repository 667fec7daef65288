"""What is seen first of a sheet: the whole graph, or a whole part of it, with nothing cut."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from rnn_core import computational_graph
from rnn_core.practice import sheet_of
from tests.browser.drawn import boxes_on, is_seen, is_whole, watch

OpenPage = Callable[..., Page]
SIZES: list[ViewportSize] = [
    {"width": 1440, "height": 900},
    {"width": 1024, "height": 768},
    {"width": 390, "height": 844},
]
SMALLEST_LETTERS = 9.9  # pixels
LETTERS = 15  # of numbers, where the scale is 1


@pytest.mark.parametrize("grade", [1, 2, 3, 4, 5])
def test_nothing_is_cut_at_first(open_page: OpenPage, grade: int) -> None:
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
