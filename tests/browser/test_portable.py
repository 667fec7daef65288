"""A page that works without a server, opened from a file in a browser that is off the network."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from math import copysign, sin
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.components.portable.page import portable_page
from app.experiment import changes, link
from app.experiment.run import trace_of
from app.experiment.sources import Numbers
from app.experiment.value import Experiment
from app.figures.words import in_full, short
from tests.experiments import six_steps
from unrolled import show

MINUS = "\N{MINUS SIGN}"
LEVELS = ("rolled", "step", "operation", "scalar")


@contextmanager
def opened(profile: BrowserContext, experiment: Experiment, folder: Path) -> Iterator[Page]:
    """Open the page of an experiment from a file; nothing but that file may be asked for."""
    file = folder / "page.html"
    file.write_bytes(portable_page(experiment, at="end"))
    page = profile.new_page()
    seen: list[str] = []
    page.on("console", lambda message: seen.append(message.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("request", lambda request: seen.append(request.url))
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(file.as_uri())
    yield page
    page.close()
    assert [url for url in seen if not url.startswith(("data:", "blob:"))] == [file.as_uri()]


@pytest.fixture
def alone(profile: BrowserContext, tmp_path: Path) -> Iterator[Page]:
    """The page of `six_steps`."""
    with opened(profile, six_steps(), tmp_path) as page:
        yield page


def test_the_page_works_from_a_file_without_a_request(alone: Page) -> None:
    frame = alone.locator(".ur-graph")
    loss = alone.locator(".st-key-numbers span", has_text="loss").locator("code")
    before = trace_of(six_steps()).loss
    assert before is not None
    expect(loss).to_have_text(short(before))

    # Every level, the player, and the ledger of a weight.
    stage = alone.get_by_role("application")
    for key, level in enumerate(LEVELS, 1):
        stage.press(str(key))
        expect(frame).to_have_attribute("data-level", level)
    stage.press("3")
    stage.press("Home")
    stage.press("ArrowRight")
    expect(frame).to_have_attribute("data-at", re.compile("^f:"))
    stage.press("End")
    alone.get_by_text("The graph as a table").click()
    alone.locator(".ur-details").get_by_role("button", name="W_hh", exact=True).click()
    alone.get_by_label("entries").select_option("W_hh[1,1]")
    expect(alone.locator("[data-total]")).to_be_visible()
    expect(alone.locator(".ur-ledger tbody tr")).to_have_count(6)

    # A number that is typed, one that is refused, and one that is dragged; and the way back.
    cell = alone.get_by_label("x step 2")
    cell.fill("abc")
    cell.press("Enter")
    expect(alone.get_by_role("alert").filter(has_text="expected a number")).to_be_visible()
    expect(loss).to_have_text(short(before))
    cell.fill("-1/2")
    cell.press("Enter")
    expect(loss).not_to_have_text(short(before))
    expect(alone.get_by_role("alert").filter(has_text="expected a number")).to_be_hidden()
    cell.press("Control+z")
    expect(loss).to_have_text(short(before))
    box = cell.bounding_box()
    assert box is not None
    alone.mouse.move(box["x"] + 20, box["y"] + 12)
    alone.mouse.down()
    alone.mouse.move(box["x"] + 20, box["y"] - 40, steps=4)
    expect(loss).not_to_have_text(short(before))
    alone.mouse.up()
    expect(alone.get_by_role("button", name="Start again")).to_be_enabled()
    alone.get_by_role("button", name="Start again").click()
    expect(loss).to_have_text(short(before))
    expect(cell).to_have_value("0.5")

    # A computed number that is held.
    alone.locator(".ur-details").get_by_role("button", name="h_3", exact=True).click()
    field = alone.locator(".ur-hold-value")
    field.fill("0.9")
    field.press("Enter")
    bar = alone.locator(".ur-held-bar")
    expect(bar).to_contain_text("h[3,1] = 0.9")
    expect(bar).to_contain_text(f"L {short(before)} →")

    # It goes along into the app, as does what was changed.
    cell.fill("0.25")
    cell.press("Enter")
    expect(loss).not_to_have_text(short(before))
    alone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    foot = alone.locator(".ur-page-foot")
    foot.get_by_role("button", name="Copy the experiment").click()
    expect(foot.get_by_role("status")).to_have_text("Copied.")
    copied = parse_qs(alone.evaluate("navigator.clipboard.readText()").removeprefix("?"))
    assert copied["hold"] == ["h[3,1]:0.9"]
    assert link.decode(copied["e"][0]) == changes.with_cell(six_steps(), "x", 1, 0, 0.25)
    alone.get_by_role("button", name="Undo").click()
    bar.get_by_role("button", name="Let go of h[3,1]").click()
    expect(bar).to_be_hidden()

    # Whose names the symbols have, and how many digits.
    alone.get_by_label("Notation").select_option("PyTorch")
    expect(alone.locator("[data-field=W_xh] .ur-e-symbol")).to_have_text("Wih")
    alone.get_by_label("Notation").select_option("Ours")
    alone.get_by_label("Digits").select_option("6")
    expect(loss).to_have_text(in_full(before, 6))
    alone.get_by_label("Digits").select_option("4")

    # Predict, then reveal: nothing tells what is asked.
    alone.get_by_role("button", name="Predict").click()
    expect(alone.locator(".ur-predict")).to_be_visible()
    expect(loss).to_be_hidden()
    alone.locator(".ur-predict").get_by_role("button", name="Show").click()

    # The colours follow those of the system.
    paper = "getComputedStyle(document.body).backgroundColor"
    assert alone.evaluate(paper) == "rgb(255, 255, 255)"
    alone.emulate_media(color_scheme="dark")
    expect(alone.locator("html")).to_have_attribute("data-theme", "dark")
    assert alone.evaluate(paper) == "rgb(21, 22, 28)"


def test_an_experiment_too_long_for_an_address_is_saved_as_the_file_that_the_app_opens(
    profile: BrowserContext, tmp_path: Path
) -> None:
    values = (((-0.0,),), *(((sin(step) / 3,),) for step in range(1, 600)))
    sequence = Numbers(values=values, target=(((0.5,),),))
    long = six_steps().replace(sequence=sequence)
    with opened(profile, long, tmp_path) as page:
        foot = page.locator(".ur-page-foot")
        expect(foot).to_contain_text("too long for an address")
        expect(foot).to_contain_text("6,000 fit")
        with page.expect_download() as found:
            foot.get_by_role("button", name="Save the experiment").click()
        expect(foot.get_by_role("status")).to_have_text("Saved.")
        saved = Path(found.value.path()).read_bytes()
    assert found.value.suggested_filename == "unrolled.json"
    again = link.from_file(saved)
    assert again == long
    assert copysign(1, again.x()[0, 0, 0]) == -1


def test_the_page_in_a_notebook_has_the_theme_of_the_notebook(
    profile: BrowserContext, tmp_path: Path
) -> None:
    output = show(six_steps().parameters(), [[1.0]], browser=False)._repr_html_()
    file = tmp_path / "notebook.html"
    file.write_text(f'<meta charset="utf-8"><body>{output}</body>', encoding="utf-8")
    page = profile.new_page()
    page.emulate_media(color_scheme="null")  # what is emulated overrides what the frame is told
    page.goto(file.as_uri())
    inside = page.frame_locator("iframe").locator("html")
    for said in ("false", "true", "false"):
        page.evaluate("said => document.body.setAttribute('data-jp-theme-light', said)", said)
        expect(inside).to_have_attribute("data-theme", "light" if said == "true" else "dark")
    page.close()
