"""How many digits numbers have, on the screen: in the graph's texts, its tables and the plots."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.experiment.run import trace_of
from app.figures.words import short, use_digits
from tests.app.test_digits import numbers
from tests.browser.steps import evaluate, inspector, open_table, settled
from tests.experiments import six_steps

OpenPage = Callable[..., Page]
SAID = """() => {
  const main = document.querySelector("[data-testid=stMain]").cloneNode(true);
  // Lines, and rows that multiply as printed, have as many digits as that takes.
  const apart = ".katex-html, .katex-mathml, .ur-line, .ur-chain, .ur-fill, pre, style, script";
  for (const part of main.querySelectorAll(apart)) part.remove();
  const texts = [];
  const all = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (all.nextNode()) texts.push(all.currentNode.data);
  return texts;
}"""


def most(page: Page) -> int:
    return max(max(numbers(text), default=0) for text in page.evaluate(SAID))


def test_the_whole_page_follows_the_digits_asked_for(open_page: OpenPage) -> None:
    page = open_page("?digits=3&sel=W_hh")
    loss = trace_of(six_steps()).loss or 0.0
    cells = open_table(page)
    inspector(page).get_by_role("heading").first.wait_for()
    page.locator(".ur-plots-details summary").first.click()
    drawn = page.locator(".ur-plots-drawing .main-svg").first
    for count in (3, 6):
        if count == 6:
            page.get_by_role("radio", name="6", exact=True).click()
            page.wait_for_url(re.compile("digits=6"))
            settled(page)
        use_digits(count)
        expect(page.locator(".st-key-numbers")).to_contain_text(short(loss))
        expect(page.get_by_role("status").filter(has_text="Done")).to_contain_text(short(loss))
        expect(cells.filter(has_text="L").last).to_contain_text(short(loss))
        expect(inspector(page)).to_contain_text(re.compile(r"\d\.\d{" + str(count - 1) + "}"))
        drawn.wait_for()
        assert most(page) == count
        cells.filter(has_text="h_3").first.get_by_role("button").click()
        inspector(page).locator(".ur-line").first.wait_for()
        assert most(page) == count
        assert evaluate(page) > 0
    use_digits(4)
