"""What a user does and sees on the page, in terms of the labels that a user knows."""

import math
import re
import struct
import time
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from app.experiment import link
from app.experiment.value import Experiment
from app.figures.words import digits, short
from scripts.serving import Server, worker_processes
from tests.arithmetic import evaluated, rounded

LOOK_EVERY_MS = 50  # at each frame, looking would be most of the work
GONE_WITHIN_S = 20.0  # a few seconds after the tab was closed; a busy machine needs longer


AT_REST = """() => {
  const visible = (selector) => document.querySelector(selector)?.checkVisibility() ?? false;
  if (!visible("[data-testid=stApp][data-test-script-state=notRunning]")) return false;
  const explore = ["/", "/explore"].includes(location.pathname);
  return !explore || visible(".ur-stage[role=application]");
}"""


def settled(page: Page) -> None:
    """Wait until the script has run and every part of the page has been drawn.

    Address and graph are looked at in one moment: a link of Explore can lead on to another page.
    """
    page.wait_for_function(AT_REST, polling=LOOK_EVERY_MS)
    page.get_by_label("Experiment", exact=True).wait_for(state="attached")


def address_of(page: Page) -> str:
    """The address below the server's, once Python has written there all that it has to say."""
    settled(page)
    return page.url.split("/", 3)[3]


def leave(page: Page, server: Server, work: frozenset[int]) -> None:
    """Close the page, and wait until the processes of its work have ended."""
    assert work
    page.close()
    closed = time.monotonic()
    while work & worker_processes(server.pid) and time.monotonic() < closed + GONE_WITHIN_S:
        time.sleep(0.1)
    assert not work & worker_processes(server.pid)


def graph(page: Page) -> Locator:
    return page.get_by_role("application", name="Computational graph.")


def inspector(page: Page) -> Locator:
    return page.get_by_role("region", name="Inspector")


def selected(page: Page) -> Locator:
    """What is there only while a node or an edge is selected."""
    return inspector(page).get_by_role("button", name="Clear the selection")


def cell(page: Page, field: str, row: int, column: int = 1) -> Locator:
    """The cell of a matrix, a vector (column 1) or a sequence (row is the step)."""
    if field in {"x", "target"}:
        name = f"{field} step {row} column {column}"
    elif field in {"b_h", "b_y", "h_0"}:
        name = f"{field} row {row}"
    else:
        name = f"{field} row {row} column {column}"
    return page.get_by_role("textbox", name=name, exact=True)


def enter(page: Page, field: str, row: int, column: int, text: str) -> None:
    box = cell(page, field, row, column)
    box.fill(text)
    box.press("Enter")


def numbers(page: Page) -> Locator:
    """The line of sizes and results above the graph, without the badges."""
    return page.locator(".st-key-numbers p").first


def headline(page: Page) -> dict[str, str]:
    """The sizes and results above the graph: {"T": "6", …, "L": "0.2345"}."""
    return dict(re.findall(r"\b([A-Za-z])\s+(\S+)", numbers(page).inner_text()))


def expect_headline(page: Page, name: str, value: str) -> None:
    """Wait until one of the numbers above the graph is this one."""
    pattern = re.compile(rf"(^|\s){re.escape(name)}\s+{re.escape(value)}(\s|$)")
    expect(numbers(page)).to_have_text(pattern)


def shown(value: float) -> str:
    """A number as the page writes it above the graph."""
    return short(value)


def token(page: Page) -> str:
    return parse_qs(urlsplit(page.url).query).get("e", [""])[0]


def experiment_in_address(page: Page, *, other_than: str = "") -> Experiment:
    """Wait until the address holds an experiment (another than a known one) and return it."""
    page.wait_for_function(
        "known => { const e = new URLSearchParams(location.search).get('e'); "
        "return e && e !== known; }",
        arg=other_than,
    )
    return link.decode(token(page))


def open_table(page: Page) -> Locator:
    """Unfold the graph's table and return its rows."""
    summary = page.get_by_text("The graph as a table")
    if page.get_by_role("region", name="Nodes of the graph as a table").count() == 0:
        summary.click()
    region = page.get_by_role("region", name="Nodes of the graph as a table")
    rows = region.locator("tbody tr")
    rows.first.wait_for()
    return rows


def table(page: Page) -> dict[str, tuple[str, str]]:
    """The graph's table: value and gradient of each visible node by its symbol."""
    cells = open_table(page).evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return {symbol: (value, gradient) for symbol, value, gradient in cells}


def expect_drawn(page: Page, symbol: str, value: str) -> None:
    """Wait until a node of the graph has this value; the numbers above it come on their own."""
    named = page.get_by_role("button", name=symbol, exact=True)
    expect(open_table(page).filter(has=named).locator("td").first).to_have_text(value)


def number(text: str) -> float:
    """Read a number as the page displays it."""
    return float(text.replace("−", "-").replace("∞", "inf"))


def printed_lines(page: Page) -> Iterator[tuple[str, str]]:
    """Each line of arithmetic in the inspector: the expression and the value printed after it."""
    for code in inspector(page).locator(".ur-line code").all_inner_texts():
        expression, value = code.rsplit(" = ", 1)
        yield expression, value


class Line(NamedTuple):
    """A line of arithmetic in the inspector."""

    text: str  # as it is read: "expression = value"
    expression: str
    value: str
    near: bool  # said to be near the value, not equal to it


EVERY_LINE = """(root) => {
  const { katex } = globalThis;
  const { render } = katex;
  katex.render = () => {};  // the lines are no equations, which take most of the time
  const table = root.querySelector(".ur-details");
  const buttons = [...table.querySelectorAll("tbody button")];
  table.open = false;  // it would be written and laid out anew at each
  const found = buttons.map((button) => {
    button.click();
    return [button.textContent, [...root.querySelectorAll(".ur-inspector .ur-line")].map((line) => [
      line.querySelector("code").textContent,
      line.dataset.expression,
      line.dataset.value,
      "near" in line.dataset,
    ])];
  });
  table.open = true;
  katex.render = render;
  return found;
}"""


def lines_of_every_node(page: Page) -> dict[str, list[Line]]:
    """Choose each node of the graph's table in turn; what the inspector prints, by its symbol.

    All within the page: hundreds of pointer's clicks would take minutes.
    """
    open_table(page).first.wait_for()
    page.wait_for_function("() => globalThis.katex")  # the first equation asks for it
    found = page.locator(".ur-graph").evaluate(EVERY_LINE)
    return {symbol: [Line(*line) for line in lines] for symbol, lines in found}


def evaluates_to(expression: str, value: str) -> bool:
    """Whether a printed line gives the printed value, at the precision that it is printed with."""
    result = evaluated(expression)
    wanted = float(value)
    if math.isnan(wanted) or math.isinf(wanted):
        return struct.pack("d", result) == struct.pack("d", wanted)
    return rounded(result, digits()) == wanted


def evaluate(page: Page) -> int:
    """Check every line in the inspector and return how many there were."""
    lines = list(printed_lines(page))
    for expression, value in lines:
        assert evaluates_to(expression, value), f"{expression} = {value}"
    return len(lines)


def choose_plots(page: Page, group: str) -> None:
    """Choose a group of charts, and wait until Python has made them."""
    buttons = page.get_by_role("group", name="Plots of")
    buttons.get_by_role("button", name=group, exact=True).click()
    expect(page.locator(".ur-plots-charts")).to_have_attribute("aria-busy", "false")
