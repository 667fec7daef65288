"""What is seen first of a sheet: the whole graph, or a whole part of it, with nothing cut."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from rnn_core import computational_graph
from rnn_core.practice import sheet_of

OpenPage = Callable[..., Page]
SIZES: list[ViewportSize] = [
    {"width": 1440, "height": 900},
    {"width": 1024, "height": 768},
    {"width": 390, "height": 844},
]
SMALLEST_LETTERS = 9.9  # pixels
LETTERS = 15  # of numbers, where the scale is 1
RIM = 9  # of a node's picture, around its box
WATCH = """() => {
  // Pictures of nodes are copied to whole pixels, between two changes of the transform.
  const { drawImage, setTransform } = CanvasRenderingContext2D.prototype;
  const drawn = (window.drawnBoxes = new Map());
  let waiting = null;
  CanvasRenderingContext2D.prototype.drawImage = function (image, ...place) {
    // The edges are one picture, as large as the canvas.
    if (this.canvas.closest(".ur-stage") && image.width < this.canvas.width)
      waiting = { image, x: place[0], y: place[1] };
    return drawImage.call(this, image, ...place);
  };
  CanvasRenderingContext2D.prototype.setTransform = function (zoom, ...rest) {
    if (waiting && this.canvas.closest(".ur-stage")) {
      drawn.set(waiting.image, { ...waiting, zoom, of: this.canvas });
      waiting = null;
    }
    return setTransform.call(this, zoom, ...rest);
  };
}"""
DRAW_ANEW = """() => {
  window.drawnBoxes.clear();
  document.fonts.dispatchEvent(new Event("loadingdone"));
}"""
BOXES = """() => [...window.drawnBoxes.values()].map(({ image, x, y, zoom, of }) => {
  const share = of.getBoundingClientRect().width / of.width; // of a pixel of the screen
  const rim = %d * zoom;
  return {
    left: (x + rim) * share, right: (x + image.width - rim) * share,
    top: (y + rim) * share, bottom: (y + image.height - rim) * share,
    width: of.width * share, height: of.height * share, scale: zoom * share,
  };
})"""


def boxes_on(page: Page) -> list[dict[str, float]]:
    """Return the boxes that are drawn, in pixels of the canvas, once no more come."""
    page.evaluate(DRAW_ANEW)
    page.wait_for_function("() => window.drawnBoxes.size > 4")
    before: list[Any] = []
    while (now := page.evaluate(BOXES % RIM)) != before:
        before = now
        page.wait_for_timeout(400)  # pictures that are still to be made come within this
    return now


@pytest.mark.parametrize("grade", [1, 2, 3, 4, 5])
def test_nothing_is_cut_at_first(open_page: OpenPage, grade: int) -> None:
    nodes = computational_graph(sheet_of(grade, 5).network.trace, None).number_of_nodes()
    page = open_page(f"practice?pr={grade}&pr_seed=5", viewport=SIZES[0])
    stage = page.get_by_role("img", name="computational graph")
    expect(page.locator(".ur-sheet-field").first).to_be_attached()
    page.evaluate(WATCH)
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


def is_seen(box: dict[str, float]) -> bool:
    """Whether something of a box is in view."""
    across = box["right"] > 0 and box["left"] < box["width"]
    return across and box["bottom"] > 0 and box["top"] < box["height"]


def is_whole(box: dict[str, float]) -> bool:
    """Whether all of it is."""
    across = box["left"] >= 0 and box["right"] <= box["width"]
    return across and box["top"] >= 0 and box["bottom"] <= box["height"]
