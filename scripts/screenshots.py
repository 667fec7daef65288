"""Take the pictures of README and site from the running app: `python -m scripts.screenshots`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from app.experiment import link
from app.experiment.presets import PRESETS
from scripts import chromium
from scripts.serving import serving

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
DESKTOP = {"width": 1366, "height": 900}
PROJECTOR = {"width": 1024, "height": 768}
SHOW = {"width": 1440, "height": 900}
TALL = {"width": 1366, "height": 2400}  # all plots of a group at once
HIGH = {"width": 1366, "height": 1120}  # a laboratory's controls, and what they lead to
LABORATORIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "gradient-flow": ("gradient-flow?gf=remedies", ("Vanishing",)),
    "numerics": ("numerics", ()),
    "without-the-loop": ("without-the-loop?wl=iterate", ("Step", "Step", "Step")),
    "pytorch": ("pytorch", ()),
}
"""Where each is, and the buttons to press until there is something to be seen."""
SIX_STEPS = "spiral"
GATES = "lstm_by_hand"
SCENE = 4
SHEET = "practice?pr=2&pr_seed=1"
ANSWERS = {"z_1": "0.35", "h_1": "0.336", "z_2": "0.5"}  # the last of them is wrong
HALFWAY = 14  # presses of → into the forward pass
PATIENCE_MS = 120_000  # also of a busy machine
DRAWN_WITHIN_MS = 1500  # fonts, canvases and plots, after the last of Streamlit's own changes


def main() -> None:
    """Start the app, take every picture, and say where they are."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(ROOT / "app" / "main.py", Path(folder)) as server,
        sync_playwright() as playwright,
        chromium.launch(playwright) as browser,
    ):
        page = opened(browser, server.url)
        save(page, "first-visit")
        six_steps = f"{server.url}/?e={link.encode(PRESETS[SIX_STEPS].experiment)}"
        for scheme in ("light", "dark"):
            page = opened(browser, six_steps, scheme)
            select(page, "h_5")
            save(page, f"explore-{scheme}")
            projector = opened(browser, six_steps, scheme, PROJECTOR)
            save(projector, f"explore-{scheme}-1024")
        page = opened(browser, six_steps)
        graph = page.get_by_role("application", name="Computational graph.")
        graph.focus()
        page.keyboard.press("Home")
        for _ in range(HALFWAY):
            page.keyboard.press("ArrowRight")
        save(page, "player", page.locator(".ur-main"))
        page.keyboard.press("End")
        select(page, "W_hh")
        save(page, "inspector", page.locator(".ur-inspector"))
        gates = f"{server.url}/?e={link.encode(PRESETS[GATES].experiment)}"
        page = opened(browser, gates)
        select(page, "c_2")
        save(page, "explore-lstm")
        page = opened(browser, six_steps, size=TALL)
        save(page, "plots", page.locator(".ur-plot-view"))
        for name, (address, buttons) in LABORATORIES.items():
            page = visited(browser, f"{server.url}/{address}", size=HIGH)
            page.locator("canvas, .js-plotly-plot").first.wait_for()
            for button in buttons:
                page.get_by_role("button", name=button, exact=True).click()
                page.wait_for_timeout(DRAWN_WITHIN_MS)
            save(page, name)
        page = visited(browser, f"{server.url}/training", size=HIGH)
        page.get_by_role("button", name="Start", exact=True).click()
        page.get_by_test_id("stProgress").get_by_text("600 of 600 updates made.").wait_for()
        save(page, "training")
        taught(browser, server.url)
    print(f"Pictures: {PICTURES}")


def taught(browser: Browser, url: str) -> None:
    """Take a scene as a class sees it, and a sheet with a number right and one that is wrong."""
    page = visited(browser, f"{url}/?lesson=backward&scene={SCENE}&present=1", size=SHOW)
    page.get_by_role("application", name="Computational graph.").wait_for()
    save(page, "presented")
    page = visited(browser, f"{url}/{SHEET}", size=HIGH)
    for name, answer in ANSWERS.items():
        field = page.get_by_role("textbox", name=name, exact=True)
        field.fill(answer)
        field.press("Enter")
    save(page, "practice")


def opened(
    browser: Browser, url: str, scheme: str = "light", size: dict[str, int] | None = None
) -> Page:
    """Open the front page in a profile of its own."""
    page = visited(browser, url, scheme, size)
    page.get_by_role("application", name="Computational graph.").wait_for()
    plots = page.locator(".ur-plot-view").first
    plots.scroll_into_view_if_needed()  # what is out of sight is not drawn
    plots.locator(".js-plotly-plot").first.wait_for()
    to_top(page)
    return page


def visited(
    browser: Browser, url: str, scheme: str = "light", size: dict[str, int] | None = None
) -> Page:
    """Open a page in a profile of its own and wait for its script."""
    context = browser.new_context(
        viewport=size or DESKTOP,  # type: ignore[arg-type]  # the two keys it wants
        color_scheme=scheme,  # type: ignore[arg-type]  # light or dark
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(url)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.get_by_label("Experiment", exact=True).wait_for(state="attached")  # some have no sidebar
    return page


def select(page: Page, symbol: str) -> None:
    """Select a node by its name in the table, and fold the table again."""
    summary = page.get_by_text("The graph as a table")
    summary.click()
    page.get_by_role("button", name=symbol, exact=True).click()
    summary.click()
    to_top(page)


def to_top(page: Page) -> None:
    """Scroll the page to its beginning."""
    page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")


def save(page: Page, name: str, part: Locator | None = None) -> None:
    """Write one picture, of the window or of a part of the page, with nothing in motion."""
    page.wait_for_timeout(DRAWN_WITHIN_MS)
    target = PICTURES / f"{name}.png"
    if part is None:
        page.screenshot(path=target, animations="disabled")
    else:
        part.first.screenshot(path=target, animations="disabled")


if __name__ == "__main__":
    main()
