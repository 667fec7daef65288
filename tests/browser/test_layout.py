"""Every section of every page, narrow and wide: nothing sticks out, nothing lies over another.

On the way, what all figures share is looked at: how their numbers are written, and that a quantity
has the same colour on all pages. Each symbol that a page writes has words for who points at it.
"""

import re
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from app.experiment import link
from app.experiment.presets import PRESETS
from app.views.gradient_flow import page as gradient_flow
from app.views.numerics import page as numerics
from app.views.pytorch import page as pytorch
from app.views.shared.bound import Section
from app.views.training import page as training
from app.views.without_the_loop import page as without_the_loop
from tests.browser.steps import choose_plots, settled
from tests.browser.test_symbols import UNSAID

OpenPage = Callable[..., Page]
WIDE: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
LARGE: ViewportSize = {"width": 1920, "height": 1080}
STILL = {"reduced_motion": "reduce"}  # what moves on its way there is waited for, and for nothing
GROUPS = ("States", "Pre-activation", "Readout", "Gradients", "Parameters")
PAGES: Mapping[str, tuple[str, Mapping[str, Section | str]]] = {
    "Gradient flow": ("gf", gradient_flow.SECTIONS),
    "Training": ("tr", training.SECTIONS),
    "Numerics": ("nu", numerics.SECTIONS),
    "Without the loop": ("wl", without_the_loop.SECTIONS),
    "PyTorch": ("pt", pytorch.SECTIONS),
}
SEEN: dict[str, tuple[object, str]] = {}
"""Names in legends: the colour of each, and where it was seen first."""

STICKS_OUT = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  const held = (e) => { for (let p = e.parentElement; p && p !== main; p = p.parentElement)
    if (getComputedStyle(p).overflowX !== "visible") return true; return false; };
  const found = [];
  for (const part of [main, document.scrollingElement])
    if (part.scrollWidth > part.clientWidth) found.push(`${part.tagName} scrolls sideways`);
  if (found.length === 0) return found;
  const { left: first, right: last } = main.getBoundingClientRect();
  const out = ({ left, right, width }) => width > 1 && (right > last + 1 || left < first - 1);
  for (const group of main.querySelectorAll("[role=radiogroup]"))
    if (group.scrollWidth > group.clientWidth + 1) found.push(`cut: ${group.textContent}`);
  return [...found, ...[...main.querySelectorAll("*")]
    .filter((e) => out(e.getBoundingClientRect()) && !held(e))
    .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))];
}"""

OVERLAPS = """async () => {
  const found = [];
  // The menu slides, and what stands beside it follows: until nothing has moved for a while.
  const main = document.querySelector("[data-testid=stMain]");
  for (let i = 0, calm = 0, before = ""; i < 400 && calm < 6; i++) {
    const { left, width } = main.getBoundingClientRect();
    calm = before === `${left} ${width}` ? calm + 1 : 0;
    before = `${left} ${width}`;
    await new Promise((done) => setTimeout(done, 25));
  }
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
    // Frame after frame, until it is drawn as wide as its place and nothing has moved.
    for (let i = 0, calm = 0, before = ""; i < 600 && calm < 3; i++) {
      const now = `${drawing.layout?.width} ${frame.clientWidth} ${frame.clientHeight}`;
      const drawn = drawing.dataset.version === version && now === before;
      calm = drawn && drawing.layout?.width <= frame.clientWidth ? calm + 1 : 0;
      before = now;
      await new Promise((done) => requestAnimationFrame(done));
    }
    const all = (selector) => [...drawing.querySelectorAll(selector)].filter(filled);
    const name = card.dataset.chart;
    const titles = all(".infolayer [class$=title] text, .annotation-text");
    const labels = all(".xtick text, .ytick text, .x2tick text, .y2tick text");
    const say = (what, a, b) =>
      found.push(`${name}: ${what} ${a.textContent} over ${b.textContent}`);
    for (const title of titles) for (const label of labels)
      if (meet(box(title), box(label))) say("title", title, label);
    for (const axis of ["xtick", "ytick"]) {
      const own = all(`.${axis} text`);
      own.forEach((one, i) => own.slice(i + 1).forEach((other) => {
        if (meet(box(one), box(other))) say("label", one, other);
        if (/^[−.0-9]+$/.test(one.textContent) && one.textContent === other.textContent)
          say("the same number twice:", one, other);
      }));
    }
    const around = box(card);
    for (const part of [...titles, ...labels, ...all(".legend, .cbaxis text, .annotation-text")]) {
      const { left, right, top, bottom } = box(part);
      if (left < around.left - 1 || right > around.right + 1 || bottom > box(frame).bottom + 1
        || top < box(frame).top - 1) found.push(`${name}: outside: ${part.textContent}`);
    }
    const { right: end } = box(drawing);
    for (const name of all(".legendtext"))
      if (box(name).right > end + 1) found.push(`${card.dataset.chart}: cut: ${name.textContent}`);
    for (const legend of all(".legend")) for (const part of [...titles, ...labels])
      if (meet(box(legend), box(part))) say("legend", legend, part);
  }
  return found;
}"""


FIGURES = """() => [...document.querySelectorAll(".ur-plots-drawing")].filter((one) => one.data)
  .map((drawing) => ({
    names: drawing.data.filter(({ name, meta }) => name && meta)
      .map(({ name, meta }) => [name, meta.accent ? "accent" : meta.series ?? null]),
    formats: drawing.data.map(({ hovertemplate }) => hovertemplate ?? ""),
    ticks: [...drawing.querySelectorAll(".xtick text, .ytick text, .x2tick text, .cbaxis text")]
      .map((tick) => tick.textContent),
  }))"""
FORMAT = re.compile(r"%\{\w+:([^}]*)\}")
FORMATS = {".4~g", ".3~%", ",d"}  # as many digits as are asked for
RUN_AND_ENDED = """() => {
  const app = document.querySelector("[data-testid=stApp]");
  const state = () => app.getAttribute("data-test-script-state");
  let begun = false;
  const ended = new Promise((done) => new MutationObserver((_, watch) => {
    if (state() !== "notRunning") begun = true;
    else if (begun) { watch.disconnect(); done(); }
  }).observe(app, { attributes: true }));
  return { ended: Promise.race([ended, new Promise((done) => setTimeout(done, 5000))]) };
}"""


def choose(page: Page, title: str) -> None:
    """Choose a section, and wait until the script has drawn it."""
    button = page.get_by_role("radio", name=title, exact=True)
    if button.is_checked():
        return
    run = page.evaluate_handle(RUN_AND_ENDED)
    button.click()
    run.evaluate("({ ended }) => ended")
    settled(page)


def look(page: Page, where: str, *sizes: ViewportSize) -> None:
    """Hold what is to hold of a page at each size, and of its figures."""
    for size in sizes:
        page.set_viewport_size(size)
        assert page.evaluate(OVERLAPS) == [], (where, size)
        assert page.evaluate(STICKS_OUT) == [], (where, size)
    assert page.evaluate(UNSAID)[1] == [], where
    for figure in page.evaluate(FIGURES):
        for text in figure["formats"]:
            assert set(FORMAT.findall(text)) <= FORMATS, (where, text)
        for tick in figure["ticks"]:
            assert not re.search(r"e\+|e.?0\d|0\.0000\d", tick), (where, tick)
        for name, colour in figure["names"]:
            known = SEEN.setdefault(name, (colour, where))
            assert known[0] == colour, f"{name} in {where}: {colour}; in {known[1]}: {known[0]}"


@pytest.mark.parametrize("preset", ["", "exploding", "vanishing"])
def test_nothing_of_the_plots_sticks_out_or_lies_over_another(
    open_page: OpenPage, preset: str
) -> None:
    query = f"?e={link.encode(PRESETS[preset].experiment)}" if preset else ""
    page = open_page(query, viewport=WIDE, **STILL)
    expect(page).to_have_title("Explore · Unrolled")
    expect(page.locator("h1")).to_have_count(1)
    for size in (WIDE, PHONE, LARGE) if not preset else (PHONE, LARGE):
        page.set_viewport_size(size)
        for group in GROUPS:
            choose_plots(page, group)
            look(page, f"Explore {preset}, {group}", size)


@pytest.mark.parametrize("title", PAGES)
def test_nothing_of_a_page_sticks_out_or_lies_over_another(open_page: OpenPage, title: str) -> None:
    key, sections = PAGES[title]
    address = title.lower().replace(" ", "-")
    page = open_page(address, viewport=WIDE, **STILL)
    expect(page).to_have_title(f"{title} · Unrolled")
    for name, section in sections.items():
        if (title, name) == ("Training", "text"):
            continue  # its usual task reads no characters
        page.set_viewport_size(WIDE)
        choose(page, section if isinstance(section, str) else section.title)
        expect(page.locator("h1")).to_have_count(1)
        look(page, f"{title}, {key}={name}", WIDE, PHONE, LARGE)


@pytest.mark.parametrize("preset", ["exploding", "vanishing"])
def test_nothing_of_an_extreme_flow_sticks_out_or_lies_over_another(
    open_page: OpenPage, preset: str
) -> None:
    address = f"gradient-flow?e={link.encode(PRESETS[preset].experiment)}"
    page = open_page(address, viewport=WIDE, **STILL)
    for name in ("over_time", "jacobian", "remedies"):
        page.set_viewport_size(WIDE)
        choose(page, gradient_flow.SECTIONS[name].title)
        look(page, f"Gradient flow {preset}, {name}", WIDE, PHONE, LARGE)


def test_no_page_moves_under_the_pointer_when_the_sidebar_folds(open_page: OpenPage) -> None:
    page = open_page(viewport=WIDE)
    places = []
    for name in ("Explore", "Training"):
        if places:
            page.get_by_test_id("stTopNavLink").filter(has_text=name).click()
        expect(page).to_have_title(f"{name} · Unrolled")
        folded = page.locator(
            f"[data-testid=stSidebar][data-collapsed={str(name != 'Explore').lower()}]"
        )
        folded.wait_for(state="attached")
        settled(page)
        places.append(page.get_by_test_id("stTopNavLink").last.bounding_box())
    assert places[0] == places[1]


def test_on_a_phone_the_menu_makes_way_for_the_page_that_was_chosen(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Numerics").click()
    expect(page).to_have_title("Numerics · Unrolled")
    expect(page.get_by_test_id("stSidebarNavLink").first).not_to_be_in_viewport()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


def test_on_a_phone_a_symbol_and_its_number_stay_in_one_line_and_a_long_sum_in_its_card(
    open_page: OpenPage,
) -> None:
    vanishing = link.encode(PRESETS["vanishing"].experiment)
    page = open_page(f"?e={vanishing}&at=end&sel=W_hh&digits=6", viewport=PHONE)
    sum_of_terms = page.locator(".ur-filling table")
    sum_of_terms.wait_for()  # matrices in one pair of brackets, which do not wrap
    card = page.locator(".ur-filling").evaluate("card => card.clientWidth")
    assert sum_of_terms.evaluate("sum => sum.getBoundingClientRect().width") > card
    assert page.evaluate(STICKS_OUT) == []
    names = page.locator(".st-key-numbers strong")
    expect(names.last).to_have_text("L")
    tops = names.evaluate_all(
        "all => all.map(e => [e, e.nextElementSibling].map(part => {"
        " const { top, bottom } = part.getBoundingClientRect(); return (top + bottom) / 2; }))"
    )
    assert all(abs(name - number) < 8 for name, number in tops), tops
