"""The graph component in a real browser: player, inspector, keys, window, table."""

import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from app.experiment.changes import with_network
from app.experiment.link import encode
from app.experiment.presets import PRESETS
from app.experiment.resizing import with_hidden
from app.experiment.run import gradients_of
from app.experiment.sources import Series, make
from app.experiment.value import Experiment
from tests.browser.steps import address_of, evaluates_to, lines_of_every_node, number, table
from tests.experiments import six_steps

Opener = Callable[..., Page]


def graph(page: Page) -> Locator:
    found = page.locator(".ur-graph")
    expect(found).to_have_attribute("data-at", re.compile("."))
    return found


def stage(page: Page) -> Locator:
    found = graph(page).locator(".ur-stage")
    found.focus()
    return found


def position(page: Page) -> str:
    return graph(page).get_attribute("data-at") or ""


def press(page: Page, key: str, times: int = 1) -> None:
    for _ in range(times):
        page.keyboard.press(key)


def choose(page: Page, symbol: str) -> None:
    table(page)
    graph(page).locator("details.ur-details").get_by_role("button", name=symbol, exact=True).click()


def printed_lines(page: Page) -> list[tuple[str, str]]:
    return [
        (expression, value)
        for expression, value in graph(page)
        .locator(".ur-inspector .ur-line")
        .evaluate_all("lines => lines.map(line => [line.dataset.expression, line.dataset.value])")
    ]


def test_the_checker_of_printed_lines_notices_a_wrong_digit() -> None:
    assert evaluates_to("tanh(0.5*1 + 0.25*0.462 + 0.1)", "0.6141")
    assert not evaluates_to("tanh(0.5*1 + 0.25*0.462 + 0.1)", "0.6142")


def test_steps_forth_and_back_lead_to_the_same_place_and_stop_at_the_end(page: Page) -> None:
    stage(page)
    press(page, "Home")
    seen = [position(page)]
    for _ in range(5):
        press(page, "ArrowRight")
        seen.append(position(page))
    assert len(set(seen)) == 6
    for expected in reversed(seen[:-1]):
        press(page, "ArrowLeft")
        assert position(page) == expected
    press(page, "End")
    assert position(page) == "end"
    forward = graph(page).get_by_role("button", name="Step forward")
    expect(forward).to_have_attribute("aria-disabled", "true")
    forward.click(force=True)
    press(page, "ArrowRight")
    assert position(page) == "end"
    answer = re.compile(
        r"The network says p6 = 0\.\d+; wanted is y6 = 1\. L = \d\.\d+\. Change a num"
    )
    expect(graph(page).locator(".ur-status")).to_have_text(answer)
    graph(page).get_by_role("button", name="Fit the whole graph").click()
    press(page, "Home")  # wherever the focus is, but in a field
    assert position(page) == "start"


def test_the_player_plays_and_pauses(page: Page) -> None:
    stage(page)
    press(page, "Home")
    press(page, "Space")
    expect(graph(page)).not_to_have_attribute("data-at", "start")
    expect(graph(page).get_by_role("button", name="Pause")).to_be_visible()
    press(page, "Space")
    here = position(page)
    page.wait_for_timeout(900)
    assert position(page) == here


LEVELS = ["rolled", "step", "operation", "scalar"]
CELLS_SHOWN = ["elman", "leaky", "gru", "gru_reset_before", "lstm"]


@pytest.mark.parametrize("cell", CELLS_SHOWN)
def test_every_printed_line_evaluates_to_its_printed_value(open_page: Opener, cell: str) -> None:
    page = open_page(f"?e={encode(short_run(cell))}&level={LEVELS[0]}")
    for place, level in enumerate(LEVELS, start=1):
        stage(page)
        press(page, str(place))
        expect(graph(page)).to_have_attribute("data-level", level)
        checked = 0
        for symbol, lines in lines_of_every_node(page).items():
            for line in lines:
                assert evaluates_to(line.expression, line.value), f"{symbol}: {line.text}"
                checked += 1
        assert checked >= 5


def short_run(cell: str) -> Experiment:
    """Return a run of three steps of a cell with two units."""
    if cell == "elman":
        return six_steps()
    by_hand = with_network(PRESETS["lstm_by_hand"].experiment, "gru")
    return with_network(with_hidden(by_hand, 2), cell)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_step_with_gates_reaches_each_number_from_printed_ones(
    open_page: Opener, cell: str
) -> None:
    """Each state has its own lines, from what it reads to itself, each of numbers before it."""
    page = open_page(f"?e={encode(short_run(cell))}&level=step")
    expect(graph(page)).to_have_attribute("data-level", "step")
    values = {symbol: numbers for symbol, (numbers, _) in table(page).items()}
    choose(page, "h_2")
    labels = graph(page).locator(".ur-inspector .ur-card").first.locator(".ur-line-label")
    expected = {
        "gru": ["z_r,2", "r_2", "z_u,2", "u_2", "m_2", "z_n,2", "n_2", "h_2"],
        "lstm": ["z_o,2", "o_2", "h_2"],
    }
    assert labels.all_inner_texts() == [f"{name}[1]" for name in expected[cell]]
    graph(page).get_by_label("lines of").select_option("1")
    assert labels.all_inner_texts() == [f"{name}[2]" for name in expected[cell]]
    last = printed_lines(page)[len(expected[cell]) - 1]
    assert float(last[1]) == pytest.approx(number(values["h_2"].split()[1].strip("[],")), rel=1e-3)


BACK_THROUGH_EVERY_STEP = """(root) => {
  const stage = root.querySelector(".ur-stage");
  const press = (key) => stage.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  const all = (found) => [...root.querySelectorAll(found)];
  const seen = [];
  press("ArrowLeft");
  while (root.dataset.at.startsWith("b:") && root.dataset.at !== "b:L") {
    const at = root.dataset.at;
    press("Enter"); // selected: the inspector shows it at once
    seen.push([
      at,
      all(".ur-chain tbody td:last-child, .ur-chain tfoot td").map((cell) => cell.textContent),
      all(".ur-inspector .ur-line").map(({ dataset }) => [dataset.expression, dataset.value]),
      all(".ur-filling [data-so-far]").at(-1)?.dataset.soFar.split(" ").map(Number) ?? [],
    ]);
    press("Escape");
    press("ArrowLeft");
    if (root.dataset.at === at) throw new Error(`${at} is not left`);
  }
  return seen;
}"""


@pytest.mark.parametrize(
    ("preset", "sums"),
    [("first_bit", 20), ("parity", 32), ("lstm_by_hand", 11), ("gru_latch", 18)],
)
def test_the_rolled_network_sums_gradients_over_its_edges_at_each_step(
    open_page: Opener, preset: str, sums: int
) -> None:
    """With a batch, and with every step read out: printed lines, and the terms listed."""
    experiment = PRESETS[preset].experiment
    grads = dict(gradients_of(experiment).parameters.items())
    page = open_page(f"?e={encode(experiment)}&level=rolled")
    expect(graph(page)).to_have_attribute("data-level", "rolled")
    page.get_by_role("button", name="∂L/∂x, ∂L/∂y").click()
    seen, filled = 0, set()
    for at, terms, lines, so_far in graph(page).evaluate(BACK_THROUGH_EVERY_STEP):
        if terms:
            *parts, total = (float(cell.replace("\u2212", "-")) for cell in terms)
            assert math.isclose(sum(parts), total, rel_tol=2e-3, abs_tol=1e-4), at
            seen += 1
        for expression, value in lines:
            assert evaluates_to(expression, value), f"{at}: {expression} = {value}"
        weight = at.removeprefix("b:")
        if so_far and weight in grads:
            np.testing.assert_allclose(so_far, np.ravel(grads[weight]), rtol=1e-12, atol=1e-14)
            filled.add(weight)
    assert seen == sums
    assert filled == {name for name, grad in grads.items() if grad.size > 1}
    gradient = graph(page).locator(".ur-inspector .ur-facts dd").nth(1)
    expect(gradient).to_have_text("1")


def test_a_weight_has_one_table_of_all_entries_or_a_ledger_of_one_that_adds_up(page: Page) -> None:
    choose(page, "W_hh")
    tables = graph(page).locator(".ur-inspector table")
    expect(tables.locator("tbody tr")).to_have_count(6)
    expect(tables).to_have_count(1)
    sums = tables.locator("[data-so-far]").last.get_attribute("data-so-far") or ""
    graph(page).get_by_label("entries").select_option("W_hh[2,1]")
    rows = graph(page).locator(".ur-ledger tbody tr")
    expect(rows.first).to_be_visible()
    expect(tables).to_have_count(1)
    expect(page).to_have_url(re.compile(r"sel=W_hh(\[|%5B)2(,|%2C)1"))
    for upstream, factor, product, _ in (row.locator("td").all_inner_texts() for row in rows.all()):
        last_digit = 10.0 ** -len(product.partition(".")[2])
        multiplied = number(upstream) * number(factor.strip("× "))
        assert math.isclose(multiplied, number(product), rel_tol=0, abs_tol=0.501 * last_digit)
    terms = [
        float(cell.get_attribute("data-term") or "nan")
        for cell in page.locator("[data-term]").all()
    ]
    total = float(page.locator("[data-total]").get_attribute("data-total") or "nan")
    assert math.isclose(sum(terms), total, rel_tol=1e-12, abs_tol=1e-15)
    assert math.isclose(float(sums.split()[2]), total, rel_tol=1e-12, abs_tol=1e-15)
    for expression, value in printed_lines(page):
        assert evaluates_to(expression, value)


def test_selection_position_and_level_are_in_the_address_and_open_again(
    page: Page, open_page: Opener
) -> None:
    stage(page)
    press(page, "Home")
    press(page, "ArrowRight", 4)
    press(page, "Enter")
    here = position(page)
    expect(page).to_have_url(re.compile("at=.*sel=|sel=.*at="))
    symbol = graph(page).locator(".ur-inspector h2 [role=img]").get_attribute("aria-label") or ""
    assert symbol
    page.wait_for_timeout(600)  # a rerun takes it out of the address for a moment
    expect(page).to_have_url(re.compile("at=.*sel=|sel=.*at="))
    again = open_page(address_of(page))
    expect(graph(again)).to_have_attribute("data-at", here)
    heading = graph(again).locator(".ur-inspector h2 [role=img]")
    expect(heading).to_have_attribute("aria-label", symbol)


def test_keys_change_the_level_and_move_the_selection(page: Page) -> None:
    stage(page)
    for key, level in (("1", "rolled"), ("2", "step"), ("4", "scalar"), ("3", "operation")):
        press(page, key)
        expect(graph(page)).to_have_attribute("data-level", level)
        stage(page)
    choose(page, "z_2")
    stage(page)
    press(page, "Alt+ArrowUp")
    expect(graph(page).locator(".ur-inspector h2 [role=img]")).to_have_attribute("aria-label", "h₂")
    close = graph(page).get_by_role("button", name="Clear the selection")
    expect(close).to_have_count(1)
    press(page, "Escape")
    expect(close).to_have_count(0)


def test_with_nothing_selected_the_inspector_follows_the_player(page: Page) -> None:
    heading = graph(page).locator(".ur-inspector h2 [role=img]")
    expect(heading).to_have_attribute("aria-label", "L")
    stage(page)
    press(page, "Home")
    expect(heading).to_have_count(0)
    press(page, "ArrowRight")
    expect(heading).to_have_attribute("aria-label", "W_xh x₁")


def test_a_click_on_the_canvas_gives_the_keys_to_the_graph(page: Page) -> None:
    box = graph(page).locator("canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 5, box["y"] + box["height"] - 5)
    page.keyboard.press("Home")
    expect(graph(page)).to_have_attribute("data-at", "start")


def test_the_keys_of_streamlit_are_not_heard_in_the_graph(page: Page) -> None:
    stage(page)
    press(page, "c")
    press(page, "r")
    page.wait_for_timeout(300)
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_at_1024_by_768_nothing_is_cut_off_sideways(open_page: Opener, scheme: str) -> None:
    page = open_page("", viewport={"width": 1024, "height": 768}, color_scheme=scheme)
    choose(page, "h_2")
    overflow = graph(page).evaluate(
        "graph => graph.getBoundingClientRect().right > innerWidth + 1"
        " || document.documentElement.scrollWidth > innerWidth + 1"
    )
    assert not overflow


def long(steps: int) -> str:
    """The address of the first preset's network on so many steps, which are sent in chunks."""
    sine = make(Series, name="sine", length=steps, scaling="none")
    return f"?e={encode(six_steps().replace(sequence=sine, loss='squared_error'))}"


def test_keys_pressed_while_a_chunk_is_on_its_way_count_from_where_it_leads(
    open_page: Opener,
) -> None:
    page = open_page(long(600))
    expect(graph(page)).to_have_attribute("data-chunk", re.compile("-600$"))
    stage(page)
    press(page, "Home")
    press(page, "ArrowRight", 3)
    expect(graph(page)).to_have_attribute("data-chunk", re.compile("^1-"))
    expect(graph(page)).to_have_attribute("data-at", "f:z[1]")
    strip = page.get_by_role("slider", name="Time step shown")
    strip.focus()
    press(page, "End")
    stage(page)
    press(page, "ArrowLeft", 2)
    expect(graph(page)).to_have_attribute("data-chunk", re.compile("-600$"))
    expect(graph(page)).to_have_attribute("data-at", "f:z[599]")


@pytest.mark.parametrize(
    ("key", "there", "beyond"),
    [("ArrowRight", "f:h[180]", "f:W_xh x[181]"), ("ArrowLeft", "b:h[180]", "b:W_xh x[181]")],
)
def test_stepping_over_the_border_of_a_chunk_leaves_no_node_out(
    open_page: Opener, key: str, there: str, beyond: str
) -> None:
    page = open_page(long(600) + "&at=f:h[100]")
    expect(graph(page)).to_have_attribute("data-chunk", "61-180")
    forward = 4 * 120  # two products, a sum and a state each step
    reached = graph(page).evaluate(
        """(graph, [position, key]) => {
            const scrub = graph.querySelector(".ur-scrub");
            scrub.value = position;
            scrub.dispatchEvent(new Event("input"));
            const reached = graph.dataset.at; // both at once: the next chunk cannot come between
            const pressed = new KeyboardEvent("keydown", { key, bubbles: true });
            graph.querySelector(".ur-stage").dispatchEvent(pressed);
            return reached;
        }""",
        [forward + (there[0] == "b"), key],
    )
    assert reached == there
    expect(graph(page)).to_have_attribute("data-at", beyond)


def test_the_selection_goes_on_at_another_level(open_page: Opener) -> None:
    page = open_page("?level=operation&sel=h[3]")
    heading = graph(page).locator(".ur-inspector h2 [role=img]")
    expect(heading).to_have_attribute("aria-label", "h₃")
    graph(page).get_by_label("component").select_option("1")  # the second unit
    for key, level, id_, label in (
        ("4", "scalar", "h[3,2]", "h_3,2"),
        ("2", "step", "h[3]", "h₃"),
        ("1", "rolled", "h", "h_t"),
        ("4", "scalar", "h[1,2]", "h_1,2"),  # at the end h shows its last gradient, that of step 1
        ("3", "operation", "h[1]", "h₁"),
    ):
        stage(page)
        press(page, key)
        expect(graph(page)).to_have_attribute("data-level", level)
        expect(heading).to_have_attribute("aria-label", label)
        page.wait_for_function(
            "id => new URLSearchParams(location.search).get('sel') === id", arg=id_
        )


def test_a_link_to_a_vector_opens_at_the_scalar_level_with_its_paths(open_page: Opener) -> None:
    page = open_page("?level=scalar&sel=h[3]")
    heading = graph(page).locator(".ur-inspector h2 [role=img]")
    expect(heading).to_have_attribute("aria-label", "h_3,1")
    expect(graph(page).get_by_role("heading", name="Paths to the loss")).to_be_visible()
