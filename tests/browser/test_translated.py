"""A page whose every text a browser's translation has put into elements of its own."""

from playwright.sync_api import Page, expect

from app.experiment import changes
from app.experiment.run import trace_of
from app.figures.words import short
from app.views.explore.compute.trust import verdicts_of
from app.views.explore.sections.header import digits
from tests.browser.steps import enter, expect_headline, shown
from tests.experiments import six_steps

TRANSLATE = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  for (const text of texts) {
    if (!text.textContent.trim() || /^(SCRIPT|STYLE)$/.test(text.parentElement.tagName)) continue;
    const [outer, inner] = [document.createElement("font"), document.createElement("font")];
    inner.textContent = text.textContent;
    outer.append(inner);
    text.replaceWith(outer);
  }
  document.documentElement.className = "translated-ltr";
}"""


def test_badges_and_numbers_are_those_of_the_experiment(page: Page) -> None:
    badges = page.locator(".stMarkdownBadge:visible")
    expect(badges).to_have_count(2)
    expect(badges.first).to_contain_text("gradient checked: agrees to 10 digits")
    page.evaluate(TRANSLATE)
    for value in (0.25, -3.0):
        edited = changes.with_cell(six_steps(), "W_hh", 0, 0, value)
        enter(page, "W_hh", 1, 1, str(value))
        expect_headline(page, "L", shown(trace_of(edited).loss or 0.0))
        for badge, verdict in zip((badges.first, badges.last), verdicts_of(edited), strict=True):
            expect(badge).to_contain_text(f"agrees to {digits(verdict.difference)} digits")
    badges.first.hover()
    figure = short(verdicts_of(edited)[0].difference, 2)
    expect(page.get_by_role("tooltip").first).to_contain_text(figure)
