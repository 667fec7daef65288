"""Drawings enlarged for a lecture hall: no number or name of an axis lies on another."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, ViewportSize, expect

OpenPage = Callable[..., Page]
SMALL_HALL: ViewportSize = {"width": 1024, "height": 768}
OVERLAP = 0.15  # of a line's height: what is empty around its letters

LABELS = """(drawing) => {
  const boxOf = (element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { text: element.textContent, left, right, top, bottom };
  };
  const ticks = ["xtick", "x2tick", "ytick", "y2tick", "y3tick"].map((kind) =>
    [...drawing.querySelectorAll(`.${kind} text`)].map(boxOf),
  );
  const bar = drawing.querySelector(".legend .scrollbar");
  return { ticks, scrolled: bar !== null && bar.getBoundingClientRect().height > 0 };
}"""


@pytest.mark.parametrize(
    "address",
    ["numerics?nu=loss", "numerics?nu=differences", "without-the-loop?wl=compare"],
)
def test_numbers_and_names_of_a_drawing_have_room(open_page: OpenPage, address: str) -> None:
    page = open_page(f"{address}&present=1", viewport=SMALL_HALL)
    drawing = page.locator(".ur-plots-drawing[data-version]").first
    expect(drawing.locator(".ytick text").first).to_be_attached()
    found = drawing.evaluate(LABELS)
    assert not found["scrolled"]
    for ticks in found["ticks"]:
        for one, other in pairwise(ticks):
            height = min(each["bottom"] - each["top"] for each in (one, other))
            high = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            wide = min(one["right"], other["right"]) - max(one["left"], other["left"])
            assert high < OVERLAP * height or wide < 0, (one, other)
