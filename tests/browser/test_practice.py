"""The page Practice in the browser: marks, address, download, keyboard and axe."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from rnn_core.practice import sheet_of, written
from tests.browser.test_accessibility import grave_findings

OpenPage = Callable[..., Page]


@pytest.fixture
def opened(open_page: OpenPage) -> Callable[..., Page]:
    def go(query: str = "practice", **options: object) -> Page:
        page = open_page(query, **options)
        page.get_by_role("heading", level=1, name="Can I do it by hand?").wait_for()
        return page

    return go


def test_a_sheet_is_worked_on_by_keyboard_and_goes_on_after_a_reload(opened: OpenPage) -> None:
    sheet = sheet_of(2, 5)
    page = opened("practice?pr=2&pr_seed=5", color_scheme="dark")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()  # nothing of it is read here
    first = page.get_by_role("textbox", name="z_1", exact=True)
    first.fill(written(sheet.answers[0], 3))
    first.press("Enter")
    expect(page.get_by_text("1 of 20 right")).to_be_visible()
    wrong = page.get_by_role("textbox", name="da_3", exact=True)
    place = [(q.of, q.quantity) for q in sheet.questions].index(("gradient", "a"))
    wrong.fill(written(-sheet.answers[place], 3))
    wrong.press("Enter")
    expect(page.get_by_text("y − p stands in place of p − y")).to_be_visible()
    assert grave_findings(page) == []
    page.reload()
    expect(page.get_by_text("1 of 20 right, 1 not yet")).to_be_visible()


def test_the_sheet_is_downloaded_with_its_key(opened: OpenPage) -> None:
    page = opened("practice?pr=0")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()  # with the network that is asked about
    page = opened("practice?pr=4&pr_seed=7")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    assert waiting.value.suggested_filename == "grade-4-seed-7.pdf"
    assert waiting.value.path().read_bytes().startswith(b"%PDF-")
