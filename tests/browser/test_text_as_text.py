"""A user's text shows as text at every entrance: no link, picture, formula or colour."""

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from app.experiment import link
from app.experiment.presets import PRESETS
from tests.browser.steps import enter

LINK = "[log in](https://evil.example/x)"
HOSTILE = [
    LINK,
    "![picture](https://evil.example/p.png)",
    "x<b>bold</b> <img src=x>",
    "$x^2$ and $$y_1$$",
    ":red[colour] :smile: :streamlit:",
    ":material/home: :blue-badge[b]",
    "https://evil.example/x www.evil.example",
    "`code` **bold** ~~gone~~ a -> b",
]
MADE = (
    "a[href*=evil], img[src*=evil], .katex, strong, del, .stMarkdownColoredText, .stMarkdownBadge"
)


def expect_text(page: Page, text: str) -> None:
    """Wait until a box says the text, and see that nothing was made of it."""
    box = page.get_by_test_id("stAlert").filter(has_text=text.strip())
    expect(box).to_have_count(1)
    expect(box.locator(f"{MADE}, img, b, [role=img][aria-label]")).to_have_count(0)
    expect(page.locator("a[href*=evil], img[src*=evil]")).to_have_count(0)


def test_own_data_that_is_none_is_quoted_as_text(open_page: Callable[..., Page]) -> None:
    first, *others = HOSTILE
    page = open_page(f"training?tr_task=Your%20own%20sequences&tr_own_data={quote(first)}")
    expect_text(page, first.split(maxsplit=1)[0])
    box = page.get_by_label("Your data: typed or pasted here, or a file")
    for text in others:
        box.fill(text)
        box.press("Control+Enter")
        expect_text(page, text.split(maxsplit=1)[0])


@pytest.mark.parametrize(
    ("address", "quoted"),
    [
        (
            "training?tr=Text&tr_task=The%20next%20character%20of%20a%20book"
            "&tr_sentence_text=alice{}",
            "[ ] /",
        ),
        ("without-the-loop?wl=Batch&wl_len={}", LINK),
        ("numerics?nu=Softmax&nu_k=1,$x$", "got '$x$'"),
        ("numerics?nu_a={}", "[log in](https"),
    ],
)
def test_a_text_in_the_address_is_quoted_as_text(
    open_page: Callable[..., Page], address: str, quoted: str
) -> None:
    page = open_page(address.format(quote(LINK)))
    expect(page.get_by_test_id("stMain")).to_contain_text(quoted)
    expect(page.locator("a[href*=evil]")).to_have_count(0)


def test_titles_labels_and_cells_are_text(open_page: Callable[..., Page]) -> None:
    named = PRESETS["first_bit"].experiment.replace(title=LINK)
    page = open_page(f"?e={link.encode(named)}")
    enter(page, "x", 1, 1, LINK)
    expect(page.get_by_text("expected a number").first).to_contain_text("[log in](https")
    expect(page.locator("a[href*=evil]")).to_have_count(0)


def test_class_labels_are_text(open_page: Callable[..., Page]) -> None:
    label = LINK[:40]
    rows = [{"x": [[n], [1 - n]], "y": (label, "<b>no</b>")[n % 2]} for n in range(10)]
    data = quote(json.dumps(rows))
    page = open_page(f"training?tr=Data&tr_task=Your%20own%20sequences&tr_own_data={data}")
    expect(page.get_by_text("y is one of 2 classes: <b>no</b>, [log in](https")).to_be_visible()
    expect(page.get_by_text("The right answer is [log in](htt….").first).to_be_visible()
    expect(page.locator("a[href*=evil]")).to_have_count(0)
    page.goto(page.url.replace("tr=Data", "tr=Network").replace("tr=data", "tr=network"))
    expect(page.get_by_text("on a sequence held out")).to_be_visible()
    expect(page.locator("a[href*=evil]")).to_have_count(0)
