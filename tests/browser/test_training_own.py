"""The reader's own file in the browser: it outlasts other pages, and its loss is said."""

import re
from collections.abc import Callable
from urllib.parse import unquote, urlencode

from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import address_of, graph, settled
from tests.browser.test_accessibility import grave_findings

OpenPage = Callable[..., Page]
SECRET = "sequence,x1,y\n" + "".join(
    f"{n // 3},{n}.125,{'salary' if n // 3 % 2 else 'bonus'}\n" for n in range(60)
)
LEAVING = """() => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }))"""
OWN = f"training?{urlencode({'tr_task': 'Your own sequences', 'tr_updates': 40})}"


def with_file(page: Page) -> Page:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": SECRET.encode()}
    )
    expect(page.get_by_text(f"{len(SECRET):,} bytes")).to_be_visible()
    settled(page)
    return page


def prediction(page: Page) -> Locator:
    return page.locator("[data-chart=tr_prediction]")


def go(page: Page, title: str) -> None:
    page.get_by_role("link", name=title, exact=True).click()
    page.wait_for_function("title => document.title.startsWith(title)", arg=title)
    settled(page)


def section(page: Page, name: str) -> None:
    page.get_by_role("radiogroup", name="Section").get_by_text(name, exact=True).click()
    settled(page)


def test_a_file_and_its_run_outlast_other_pages(open_page: OpenPage) -> None:
    page = with_file(open_page(OWN))
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("40 of 40 updates made.", exact=True)).to_be_visible()
    expect(prediction(page)).to_contain_text("After 40 updates")
    told = prediction(page).locator(".ur-plots-sentence").inner_text()
    section(page, "Network")
    page.get_by_role("button", name="Open in Explore", exact=True).click()
    settled(page)
    expect(graph(page)).to_be_visible()
    go(page, "Training")
    expect(page.get_by_text("mine.csv")).to_be_visible()
    expect(page.get_by_text("40 of 40 updates made.", exact=True)).to_be_visible()
    section(page, "Watch")
    expect(prediction(page)).to_contain_text(told)
    go(page, "Numerics")
    go(page, "Training")
    expect(prediction(page)).to_contain_text(told)


def test_a_reload_keeps_the_file_and_goes_on_with_its_run(open_page: OpenPage) -> None:
    page = with_file(open_page(OWN))
    expect(page).to_have_url(re.compile("tr_own_data_file=mine.csv"))
    page.get_by_role("button", name="One update", exact=True).click()
    expect(page.get_by_text("1 of 40 updates made.", exact=True)).to_be_visible()
    told = prediction(page).locator(".ur-plots-sentence").inner_text()
    settled(page)
    page.reload()
    expect(prediction(page)).to_contain_text(told)
    expect(page.get_by_text(f"{len(SECRET):,} bytes")).to_be_visible()
    expect(page.get_by_text("1 of 40 updates made.", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert "salary" not in unquote(address_of(page))
    other = open_page(address_of(page))  # of somebody else
    expect(other.get_by_role("alert")).to_contain_text("mine.csv was open here")
    expect(other.get_by_role("button", name="Start", exact=True)).to_have_count(0)
    assert grave_findings(other) == []
    with_file(other)
    expect(other.get_by_role("alert")).to_have_count(0)
    expect(prediction(other)).to_contain_text("the right answer gets a probability of")
    expect(other.get_by_role("spinbutton", name="Updates")).to_have_value("40")


def test_what_the_tab_has_no_room_for_is_said_before_and_after_a_reload_of_any_page(
    open_page: OpenPage,
) -> None:
    page = open_page(OWN)
    page.evaluate(
        """() => {
          const keep = Storage.prototype.setItem;
          Storage.prototype.setItem = function (name, text) {
            if (text.length > 400) throw new Error("full");
            keep.call(this, name, text);
          };
        }"""
    )
    with_file(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("This tab has no room to keep it")
    assert page.evaluate(LEAVING)
    name_alone = page.evaluate("() => sessionStorage.getItem('unrolled.files')")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(alert).to_have_count(0)
    settled(page)
    assert not page.evaluate(LEAVING)
    go(page, "Numerics")
    page.evaluate("kept => sessionStorage.setItem('unrolled.files', kept)", name_alone)
    page.reload()
    settled(page)
    expect(alert).to_contain_text("“mine.csv” was open in Training")
    other = open_page(address_of(page))
    expect(other.get_by_text("Why does the naive loss break")).to_be_visible()
    expect(other.get_by_role("alert")).to_have_count(0)
    go(page, "Training")
    page.get_by_label("Task", exact=True).click()
    page.get_by_role("option", name="Your own sequences").click()
    expect(alert.filter(has_text="mine.csv was open here")).to_be_visible()
    expect(alert).to_have_count(1)
    page.get_by_role("button", name="Go on without it").click()
    expect(alert).to_have_count(0)
    go(page, "Numerics")
    page.reload()
    settled(page)
    expect(alert).to_have_count(0)


def test_a_pinned_run_on_a_file_stays_out_of_the_address(open_page: OpenPage) -> None:
    page = with_file(open_page(OWN))
    section(page, "Compare")
    page.get_by_role("button", name="Pin this run").click()
    expect(page.get_by_text("A learns from a file of yours")).to_be_visible()
    address = unquote(address_of(page))
    assert "tr_pins" not in address
    assert "salary" not in address


def test_a_long_text_that_is_pasted_is_kept_whole(open_page: OpenPage) -> None:
    page = open_page(f"training?{urlencode({'tr_task': 'The next character of your own text'})}")
    text = "the quick brown fox jumps over the lazy dog. " * 100
    box = page.get_by_label("Your data: typed or pasted here, or a file")
    box.fill(text)
    box.press("Control+Enter")
    expect(page.get_by_text(f"{len(text):,} bytes")).to_be_visible()
    assert "quick" not in unquote(address_of(page))
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(box).to_have_value(re.compile("^the cat sat on the mat"))
