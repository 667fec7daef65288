"""Every section of every page, narrow and wide: nothing sticks out, nothing lies over another."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from app.views.gradient_flow import page as gradient_flow
from app.views.numerics import page as numerics
from app.views.training import page as training
from app.views.without_the_loop import page as without_the_loop

OpenPage = Callable[..., Page]
WIDE: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
GROUPS = ("States", "Pre-activation", "Readout", "Gradients", "Parameters")
PAGES = {
    "Gradient flow": ("gf", gradient_flow.SECTIONS),
    "Training": ("tr", training.SECTIONS),
    "Numerics": ("nu", numerics.SECTIONS),
    "Without the loop": ("wl", without_the_loop.SECTIONS),
    "PyTorch": ("pt", ("graphs", "effects", "scripts")),
}


def sections() -> Iterator[tuple[str, str]]:
    """Title of the page and address of each of its sections."""
    for group in GROUPS:
        yield "Explore", f"?plots={group}"
    for title, (key, names) in PAGES.items():
        page = title.lower().replace(" ", "-")
        for name in names:
            yield title, f"{page}?{key}={name}"


STICKS_OUT = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  const held = (e) => { for (let p = e.parentElement; p && p !== main; p = p.parentElement)
    if (getComputedStyle(p).overflowX !== "visible") return true; return false; };
  const found = [];
  for (const part of [main, document.scrollingElement])
    if (part.scrollWidth > part.clientWidth) found.push(`${part.tagName} scrolls sideways`);
  if (found.length === 0) return found;
  const edge = main.getBoundingClientRect().right + 1;
  return [...found, ...[...main.querySelectorAll("*")]
    .filter((e) => e.getBoundingClientRect().right > edge && !held(e))
    .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))];
}"""

OVERLAPS = """async () => {
  const found = [];
  const box = (e) => e.getBoundingClientRect();
  const filled = (e) => box(e).width > 0;
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  for (const card of document.querySelectorAll(".ur-plots-card")) {
    const frame = card.querySelector(".ur-plots-frame");
    if (frame.hidden || !filled(frame)) continue;
    card.scrollIntoView({ block: "center" });
    const drawing = card.querySelector(".ur-plots-drawing");
    const version = card.closest(".ur-plots").dataset.version;
    // The menu slides, and the drawing follows it: until nothing has moved for a while.
    for (let i = 0, calm = 0, before = ""; i < 400 && calm < 12; i++) {
      const now = `${drawing.layout?.width} ${frame.clientWidth} ${frame.clientHeight}`;
      const drawn = drawing.dataset.version === version && now === before;
      calm = drawn && drawing.layout.width <= frame.clientWidth ? calm + 1 : 0;
      before = now;
      await new Promise((done) => setTimeout(done, 25));
    }
    const all = (selector) => [...drawing.querySelectorAll(selector)].filter(filled);
    const name = card.dataset.chart;
    const titles = all(".g-xtitle text, .g-ytitle text, .infolayer [class$=title] text");
    const labels = all(".xtick text, .ytick text, .x2tick text, .y2tick text");
    const say = (what, a, b) =>
      found.push(`${name}: ${what} ${a.textContent} over ${b.textContent}`);
    for (const title of titles) for (const label of labels)
      if (meet(box(title), box(label))) say("title", title, label);
    for (const axis of ["xtick", "ytick"]) {
      const own = all(`.${axis} text`);
      own.forEach((one, i) => own.slice(i + 1).forEach((other) => {
        if (meet(box(one), box(other))) say("label", one, other);
      }));
    }
    const around = box(card);
    for (const part of [...titles, ...labels, ...all(".legend, .cbaxis text, .annotation-text")]) {
      const { left, right, top, bottom } = box(part);
      if (left < around.left - 1 || right > around.right + 1 || bottom > box(frame).bottom + 1
        || top < box(frame).top - 1) found.push(`${name}: outside: ${part.textContent}`);
    }
    for (const legend of all(".legend")) for (const part of [...titles, ...labels])
      if (meet(box(legend), box(part))) say("legend", legend, part);
  }
  return found;
}"""


@pytest.mark.parametrize(("title", "address"), list(sections()))
def test_nothing_sticks_out_or_lies_over_another(
    open_page: OpenPage, title: str, address: str
) -> None:
    page = open_page(address, viewport=WIDE)
    expect(page).to_have_title(f"{title} · Unrolled")
    expect(page.locator("h1")).to_have_count(1)
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        assert page.evaluate(OVERLAPS) == []
        assert page.evaluate(STICKS_OUT) == []


def test_on_a_phone_the_menu_makes_way_for_the_page_that_was_chosen(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Numerics").click()
    expect(page).to_have_title("Numerics · Unrolled")
    expect(page.get_by_test_id("stSidebarNavLink").first).not_to_be_in_viewport()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


def test_on_a_phone_a_symbol_and_its_number_stay_in_one_line(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    names = page.locator(".st-key-numbers strong")
    expect(names.last).to_have_text("L")
    tops = names.evaluate_all(
        "all => all.map(e => [e, e.nextElementSibling].map(part => {"
        " const { top, bottom } = part.getBoundingClientRect(); return (top + bottom) / 2; }))"
    )
    assert all(abs(name - number) < 8 for name, number in tops), tops
