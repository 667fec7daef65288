"""A computed number is held at a value: seen beside the original, in the link, and let go."""

from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from app.experiment.held_run import held_run
from app.experiment.holding import Hold, written
from app.experiment.link import encode
from app.experiment.presets import PRESETS
from app.experiment.run import trace_of
from app.figures.words import short
from tests.browser.steps import evaluates_to, graph, headline, inspector, lines_of_every_node
from tests.experiments import six_steps

OpenPage = Callable[..., Page]


def bar(page: Page) -> Locator:
    return page.locator(".ur-held-bar")


def losses(value: float, level: str = "operation") -> str:
    run = held_run(six_steps(), (Hold("h[2,1]", value),), level)
    assert run.loss is not None
    return f"{short(trace_of(six_steps()).loss or 0)} → {short(run.loss)}"


def hold(page: Page, text: str) -> None:
    field = inspector(page).get_by_role("textbox", name="Hold h")
    field.fill(text)
    field.press("Enter")


def test_a_number_is_held_seen_and_let_go(open_page: OpenPage) -> None:
    page = open_page(f"?sel={quote('h[2]')}")
    expect(bar(page)).to_be_hidden()
    hold(page, "0,5")
    expect(bar(page)).to_contain_text(f"L {losses(0.5)}")
    expect(bar(page)).to_contain_text("h[2,1] = 0.5")
    expect(page.locator(".st-key-numbers p").first).to_contain_text(losses(0.5))
    expect(inspector(page).get_by_text("with the hold").first).to_be_visible()
    page.wait_for_function(
        "() => new URLSearchParams(location.search).get('hold') === 'h[2,1]:0.5'"
    )
    page.get_by_text("The graph as a table").click()
    run = held_run(six_steps(), (Hold("h[2,1]", 0.5),), "operation")
    row = page.get_by_role("row").filter(has=page.get_by_role("button", name="L", exact=True))
    expect(row.get_by_role("cell").nth(2)).to_have_text(short(float(run.values["L"])))
    hold(page, "-1")
    expect(bar(page)).to_contain_text(f"L {losses(-1.0)}")
    graph(page).focus()
    page.keyboard.press("ArrowLeft")  # the player goes on
    expect(bar(page)).to_be_visible()
    page.keyboard.press("4")
    expect(page.locator(".ur-graph")).to_have_attribute("data-level", "scalar")
    expect(bar(page)).to_contain_text(f"L {losses(-1.0, 'scalar')}")
    bar(page).get_by_role("button", name="Let go of h[2,1]").click()
    expect(bar(page)).to_be_hidden()
    page.wait_for_function("() => !new URLSearchParams(location.search).has('hold')")
    assert "→" not in headline(page)["L"]


@pytest.mark.parametrize("level", ["rolled", "step", "operation", "scalar"])
def test_a_link_holds_a_number_at_every_level(open_page: OpenPage, level: str) -> None:
    page = open_page(f"?level={level}&hold={quote('h[2,1]:0.5')}")
    expect(bar(page)).to_contain_text(f"L {losses(0.5)}")
    assert parse_qs(urlsplit(page.url).query)["hold"] == ["h[2,1]:0.5"]


@pytest.mark.parametrize("level", ["rolled", "step", "operation", "scalar"])
def test_equations_and_chain_rule_stand_beside_those_of_the_run_with_the_hold(
    open_page: OpenPage, level: str
) -> None:
    """Truncated, too: each printed line gives its value, and the sum is the gradient."""
    given = PRESETS["lstm_by_hand"].experiment.replace(truncate=2)
    holds = (Hold("c[2,1]", 1.0), Hold("f[3,1]", 0.25))
    place = {"rolled": "c", "scalar": "c[2,1]"}.get(level, "c[2]")
    address = f"?e={encode(given)}&level={level}&sel={quote(place)}&hold={quote(written(holds))}"
    page = open_page(address)
    expect(bar(page)).to_contain_text("f[3,1] = 0.25")
    if level != "rolled":  # where the gradient of step 1 is cut off with and without it
        headings = inspector(page).get_by_role("heading", name="With the hold")
        expect(headings.first).to_be_visible()
    run = held_run(given, holds, "scalar" if level == "scalar" else "operation")
    if level in ("operation", "scalar"):
        expect(inspector(page).get_by_text("is held at 1")).to_be_visible()
        total = inspector(page).locator(".ur-chain tfoot td").last
        grad = run.grads["c[2,1]" if level == "scalar" else "c[2]"].item()
        expect(total).to_have_text(short(grad))
    checked = 0
    for symbol, lines in lines_of_every_node(page).items():
        for line in lines:
            assert evaluates_to(line.expression, line.value), f"{symbol}: {line.text}"
            checked += 1
    assert checked > 20


def test_ledger_and_paths_stand_beside_those_of_the_run_with_the_hold(open_page: OpenPage) -> None:
    given = PRESETS["lstm_by_hand"].experiment
    holds = (Hold("c[2,1]", 1.0),)
    address = f"?e={encode(given)}&sel=W_xg&hold={quote(written(holds))}"
    page = open_page(address)
    total = inspector(page).locator(".ur-ledger tfoot td").last
    run = held_run(given, holds, "operation")
    expect(total).to_have_text(short(run.grads["W_xg"].item()))
    page = open_page(address.replace("sel=W_xg", f"level=scalar&sel={quote('f[3,1]')}"))
    paths = inspector(page).locator(".ur-paths")
    expect(paths).to_have_count(2)
    run = held_run(given, holds, "scalar")
    expect(paths.last).to_contain_text(short(run.grads["f[3,1]"].item()))


def test_what_cannot_be_held_is_said(open_page: OpenPage) -> None:
    page = open_page(f"?sel={quote('h[2]')}&hold={quote('<b>[1]:0.5')}")
    expect(page.get_by_text("computes no number called '<b>[1]'")).to_be_visible()
    page.wait_for_function("() => !new URLSearchParams(location.search).has('hold')")
    hold(page, "nan")
    expect(page.get_by_text("Hold h[2,1] at: expected")).to_be_visible()
    expect(bar(page)).to_be_hidden()
    hold(page, "0.5")
    expect(bar(page)).to_be_visible()
    expect(page.get_by_text("Hold h[2,1] at: expected")).to_be_hidden()


def test_a_run_is_pinned_and_stands_beside_what_it_is_changed_into(open_page: OpenPage) -> None:
    page = open_page(f"?e={encode(six_steps())}&sel={quote('h[2]')}")
    page.get_by_role("button", name="Pin this run").click()
    expect(bar(page)).to_contain_text("nothing is different yet")
    page.get_by_label("Activation").select_option("relu")
    before, after = trace_of(six_steps()), trace_of(six_steps().replace(activation="relu"))
    lost = f"{short(before.loss or 0)} → {short(after.loss or 0)}"
    expect(bar(page)).to_contain_text(f"L {lost}")
    expect(bar(page)).to_contain_text("activation tanh → ReLU")
    expect(page.locator(".st-key-numbers p").first).to_contain_text(lost)
    expect(inspector(page).get_by_text("pinned", exact=True).first).to_be_visible()
    page.get_by_text("The graph as a table").click()
    row = page.get_by_role("row").filter(has=page.get_by_role("button", name="L", exact=True))
    expect(page.get_by_role("columnheader", name="value, pinned")).to_be_visible()
    expect(row.get_by_role("cell").nth(2)).to_have_text(short(before.loss or 0))
    page.wait_for_function("() => new URLSearchParams(location.search).has('pin')")
    page.reload()
    expect(bar(page)).to_contain_text(f"L {lost}")
    bar(page).get_by_role("button", name="unpin").click()
    expect(bar(page)).to_be_hidden()
    page.wait_for_function("() => !new URLSearchParams(location.search).has('pin')")
