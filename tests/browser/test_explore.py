"""The Explore page as a user works with it: what is on the screen is what the core computes."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app.experiment.changes import with_cell
from app.experiment.link import encode
from app.experiment.presets import PRESETS, default
from app.experiment.run import trace_of
from app.experiment.value import Experiment
from tests.browser.steps import (
    address_of,
    cell,
    enter,
    evaluates_to,
    expect_drawn,
    expect_headline,
    experiment_in_address,
    graph,
    headline,
    inspector,
    lines_of_every_node,
    number,
    open_table,
    settled,
    shown,
    table,
    token,
)
from tests.core.oracle import torch_answer
from tests.experiments import six_steps

OpenPage = Callable[..., Page]
FOUR_DIGITS = 6e-4


def by_torch(experiment: Experiment) -> tuple[float, dict[str, np.ndarray]]:
    """The loss and every gradient of an experiment from PyTorch, an independent witness."""
    initial = experiment.h0()
    _, batch, _, hidden, _ = experiment.sizes
    answer = torch_answer(
        experiment.parameters(),
        experiment.x(),
        experiment.target(),
        activation=experiment.activation,
        loss=experiment.loss,
        readout=experiment.readout,
        h0=np.zeros((batch, hidden)) if initial is None else initial,
    )
    return float(answer.values["loss"]), answer.gradients


def test_opens_at_work_with_no_error_and_no_outside_request(page: Page) -> None:
    loss, _ = by_torch(six_steps())
    expect_headline(page, "L", shown(loss))
    expect(page.get_by_role("alert").filter(visible=True)).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="Done")).to_be_visible()


def test_an_edited_weight_changes_every_number_to_the_right_one(page: Page) -> None:
    before = table(page)
    enter(page, "W_hh", 1, 2, "1/4")
    loss, gradients = by_torch(with_cell(six_steps(), "W_hh", 0, 1, 0.25))
    expect_headline(page, "L", shown(loss))
    expect_drawn(page, "L", shown(loss))
    after = table(page)
    assert before["W_hh"] != after["W_hh"]
    on_screen = [number(text) for text in re.findall(r"[−\d.e]+", after["W_hh"][1])]
    np.testing.assert_allclose(on_screen, gradients["W_hh"].ravel(), rtol=FOUR_DIGITS, atol=1e-12)
    for step, gradient in enumerate(gradients["h"][1:], start=1):
        found = next(row for symbol, row in after.items() if symbol in {f"h_{step}", f"h[{step}]"})
        numbers = [number(text) for text in re.findall(r"[−\d.e]+", found[1])]
        np.testing.assert_allclose(numbers, gradient.ravel(), rtol=FOUR_DIGITS, atol=1e-12)


def test_the_activation_changes_the_loss_to_the_right_one(page: Page) -> None:
    for activation in ("relu", "identity", "tanh"):
        page.get_by_label("Activation φ").select_option(activation)
        loss, _ = by_torch(six_steps().replace(activation=activation))
        expect_headline(page, "L", shown(loss))


def test_a_step_of_the_sequence_can_be_changed_and_taken_back(page: Page) -> None:
    first = headline(page)["L"]
    enter(page, "x", 2, 1, "0,25")
    loss, _ = by_torch(with_cell(six_steps(), "x", 1, 0, 0.25))
    expect_headline(page, "L", shown(loss))
    page.get_by_role("button", name="Undo").click()
    expect_headline(page, "L", first)
    page.get_by_role("button", name="Redo").click()
    expect_headline(page, "L", shown(loss))


FORTH_AND_BACK = """(root) => {
  const stage = root.querySelector("[role=application]");
  const slider = root.querySelector("[aria-label='Position in the computation']");
  const texts = (column) =>
    [...root.querySelectorAll(`.ur-details tbody td:${column}`)].map((cell) => cell.textContent);
  const after = (key) => {
    stage.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const [value, sentence] = [Number(slider.value), slider.getAttribute("aria-valuetext")];
    return [value, root.dataset.at, sentence, texts("nth-child(2)"), texts("last-child")];
  };
  const forth = Array.from({ length: Number(slider.max) }, () => after("ArrowRight"));
  return [forth, forth.map(() => after("ArrowLeft"))];
}"""


def test_steps_to_the_end_and_back_and_shows_nothing_too_early(page: Page) -> None:
    status = page.get_by_role("status").filter(visible=True)
    graph(page).focus()
    page.keyboard.press("Home")
    expect(status.filter(has_text="Start")).to_have_count(1)
    rows = open_table(page)
    assert set(rows.locator("td:last-child").all_inner_texts()) == {"–"}
    forth, back = page.locator(".ur-graph").evaluate(FORTH_AND_BACK)
    places = [place for _, place, *_ in forth]
    loss = places.index("f:L")
    for _, _, sentence, _, gradients in forth[: loss + 1]:
        assert set(gradients) == {"–"}, sentence
        assert "backward" not in sentence
    *_, values, _ = forth[loss]
    assert "–" not in values
    _, place, sentence, _, gradients = forth[loss + 1]
    assert place == "b:L"
    assert "backward" in sentence
    assert [gradient for gradient in gradients if gradient != "–"] == ["1"]
    assert [value for value, *_ in forth] == [*range(1, len(forth) + 1)]
    assert back[:-1] == forth[-2::-1]
    assert set(back[-1][-1]) == {"–"}
    expect(status.filter(has_text="Start")).to_have_count(1)


def test_stepping_asks_the_server_for_nothing(open_page: OpenPage) -> None:
    page = open_page(f"?e={encode(long_experiment(200))}")
    graph(page).focus()
    page.keyboard.press("Home")
    page.wait_for_timeout(500)  # what the jump itself may have asked for
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.resource_type))
    page.evaluate(COUNT_SENT)
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert page.evaluate("window.sentByTest") == 0
    assert set(requests) <= {"font"}  # a symbol seen for the first time
    expect(page.get_by_label("Position in the computation")).to_have_value("30")


COUNT_SENT = """() => {
  window.sentByTest = 0;
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (...data) {
    window.sentByTest += 1;
    return send.apply(this, data);
  };
}"""


def long_experiment(steps: int) -> Experiment:
    """A sequence of the given length, in a link that stays short."""
    sine = PRESETS["sine"].experiment
    return sine.replace(sequence=sine.sequence.model_copy(update={"length": steps}))


@pytest.mark.parametrize(
    ("preset", "level"), [("spiral", 3), ("by_hand", 4), ("parity", 4), ("text", 3)]
)
def test_every_nodes_lines_evaluate_to_their_values(
    open_page: OpenPage, preset: str, level: int
) -> None:
    page = open_page(f"?e={encode(PRESETS[preset].experiment)}")
    graph(page).focus()
    page.keyboard.press(str(level))
    expect(
        page.get_by_role("group", name="Level of detail").locator("[aria-pressed=true]")
    ).to_have_text({3: "Operation", 4: "Scalar"}[level])
    checked = 0
    for lines in lines_of_every_node(page).values():
        for line in lines:
            assert evaluates_to(*line.text.rsplit(" = ", 1)), line.text
            checked += 1
    assert checked > 20


def test_a_shared_link_gives_the_same_numbers_in_a_fresh_profile(
    page: Page, open_page: OpenPage
) -> None:
    known = token(page)
    enter(page, "W_xh", 1, 1, "0.1")
    enter(page, "W_hh", 2, 1, "1/3")
    changed = with_cell(with_cell(six_steps(), "W_xh", 0, 0, 0.1), "W_hh", 1, 0, 1 / 3)
    expect_headline(page, "L", shown(trace_of(changed).loss or 0.0))
    graph(page).focus()
    page.keyboard.press("Home")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    open_table(page).get_by_role("button", name="W_hh", exact=True).click()
    page.wait_for_function(
        "() => location.search.includes('sel=') && location.search.includes('at=')"
    )
    assert experiment_in_address(page, other_than=known) == changed  # to the last bit

    elsewhere = open_page(address_of(page))
    said = inspector(page).inner_text()
    expect(inspector(elsewhere)).to_have_text(said, use_inner_text=True)
    position = page.get_by_label("Position in the computation").input_value()
    expect(elsewhere.get_by_label("Position in the computation")).to_have_value(position)
    assert headline(elsewhere) == headline(page)
    assert table(elsewhere) == table(page)
    assert token(elsewhere) == token(page)


def test_a_malformed_link_says_so_and_opens_the_default(open_page: OpenPage) -> None:
    page = open_page("?e=eJxnonsense")
    expect(page.get_by_text("The default experiment is shown instead.")).to_be_visible()
    expect_headline(page, "T", str(default().sizes[0]))
    assert experiment_in_address(page, other_than="eJxnonsense") == default()


def test_a_bad_cell_says_which_and_the_last_good_state_stays(page: Page) -> None:
    for good, text in enumerate(("abc", "1/0", "nan", "1e999", "2 3x"), start=1):
        before, known = headline(page), token(page)
        enter(page, "W_hh", 2, 1, text)
        alert = page.get_by_role("alert").filter(has_text="W_hh row 2 column 1")
        expect(alert).to_be_visible()
        expect(alert).to_contain_text("expected")
        expect(cell(page, "W_hh", 2, 1)).to_have_attribute("aria-invalid", "true")
        assert headline(page) == before
        assert token(page) == known
        enter(page, "W_hh", 2, 1, f"{good / 4}")
        expect(alert).to_have_count(0)
        loss, _ = by_torch(with_cell(six_steps(), "W_hh", 1, 0, good / 4))
        expect_headline(page, "L", shown(loss))


def test_every_preset_is_drawn_one_after_the_other(page: Page) -> None:
    for name in sorted(PRESETS):
        page.get_by_label("Experiment", exact=True).select_option(name)
        experiment = PRESETS[name].experiment
        expect_headline(page, "T", str(experiment.sizes[0]))
        expect_headline(page, "L", shown(trace_of(experiment).loss or 0.0))
        assert len(table(page)) > 5, name


def test_a_long_sequence_stays_usable(open_page: OpenPage) -> None:
    page = open_page(f"?e={encode(long_experiment(1000))}")
    expect_headline(page, "T", "1000")
    position = page.get_by_label("Position in the computation")
    of_last_chunk = position.get_attribute("max") or ""
    graph(page).focus()
    page.keyboard.press("Home")
    expect(page.get_by_role("status").filter(has_text="Start")).to_be_visible()
    expect(position).not_to_have_attribute("max", of_last_chunk)  # the first chunk has arrived
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("status").filter(has_text="t = 1, forward")).to_be_visible()
    assert len(table(page)) <= 250


@pytest.mark.parametrize("size", [(1024, 768), (1366, 900), (1920, 1080)])
def test_nothing_is_cut_off_sideways(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page(viewport={"width": size[0], "height": size[1]})
    assert page.evaluate(SIDEWAYS) == []


SIDEWAYS = """() => [
  "body", "[data-testid=stMain]", "[data-testid=stSidebarContent]", ".ur-graph", ".ur-editor",
].filter((selector) => {
    const part = document.querySelector(selector);
    return !part || part.scrollWidth > part.clientWidth + 1;
  })"""


def test_after_a_change_of_sizes_the_graph_is_that_of_a_fresh_page(
    page: Page, open_page: OpenPage
) -> None:
    before = token(page)
    size = page.get_by_label("T, time steps")
    size.fill("9")
    size.press("Enter")
    experiment_in_address(page, other_than=before)
    expect_headline(page, "T", "9")
    settled(page)
    fresh = open_page(f"?e={token(page)}")
    for _ in range(20):  # the canvas tells nobody when it has been drawn
        pictures = {one.locator(".ur-graph .ur-canvas").screenshot() for one in (page, fresh)}
        if len(pictures) == 1:
            return
        page.wait_for_timeout(500)
    pytest.fail("the graph after the edit looks different from that of a fresh page")
