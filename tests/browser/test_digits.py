"""How many digits numbers have, on the screen: in the graph's texts, its tables and the plots."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from app.experiment.run import trace_of
from app.figures.words import use_digits, short
from tests.app.test_digits import numbers
from tests.browser.steps import evaluate, headline, inspector, open_table, settled
from tests.experiments import six_steps

OpenPage = Callable[..., Page]
SAID = """() => {
  const main = document.querySelector("[data-testid=stMain]").cloneNode(true);
  for (const part of main.querySelectorAll(".katex-html, .ur-line, pre, style, script")) part.remove();
  const texts = [];
  const all = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (all.nextNode()) texts.push(all.currentNode.data);
  return texts;
}"""


def most(page: Page) -> int:
    return max(max(numbers(text), default=0) for text in page.evaluate(SAID))
