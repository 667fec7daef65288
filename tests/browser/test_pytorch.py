"""The PyTorch page in the browser: the graph is built, walked, linked and rebuilt."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from app.components.autograd_view.payload import payload
from app.experiment.resizing import with_steps
from app.experiment.run import gradients_of, trace_of
from app.views.pytorch import compute
from tests.browser.test_accessibility import grave_findings
from tests.experiments import six_steps

OpenPage = Callable[..., Page]
SENT = payload(
    compute.graphs_of(six_steps()).theirs,
    compute.graphs_of(six_steps()).ours,
    sample=0,
    batch=1,
    whole=True,
)
FORWARD, FRAMES = SENT["forward"], len(SENT["frames"])


@pytest.fixture
def opened(open_page: OpenPage) -> Callable[..., Page]:
    def go(**options: object) -> Page:
        page = open_page("pytorch", **options)
        expect(frame(page)).to_have_attribute("data-position", str(FRAMES + 1))
        return page

    return go


def frame(page: Page) -> Locator:
    return page.locator(".ur-autograd")


def graphs(page: Page) -> Locator:
    return page.get_by_role("application", name="Two graphs.")


def built(position: int) -> str:
    """How many nodes of both graphs are there at a position, by the recording."""
    return ",".join(
        str(sum(node["born"] <= position for node in pane["nodes"])) for pane in SENT["panes"]
    )


def test_opens_built_and_green_and_says_so_in_numbers(opened: Callable[..., Page]) -> None:
    page = opened()
    expect(frame(page)).to_have_attribute("data-built", "45,42")
    expect(page.get_by_text(f"{trace_of(six_steps()).loss:.15g}").first).to_be_visible()
    table = page.get_by_role("table").filter(has_text="nn.RNN: largest")
    expect(table.get_by_text("agrees")).to_have_count(len(compute.quantities(six_steps().kind)))
    assert grave_findings(page) == []


def test_stepping_builds_node_by_node_and_walks_back(opened: Callable[..., Page]) -> None:
    page = opened()
    graphs(page).focus()
    page.keyboard.press("Home")
    expect(frame(page)).to_have_attribute("data-built", "0,0")
    status = frame(page).locator(".ur-status")
    for position in range(1, 6):
        page.keyboard.press("ArrowRight")
        expect(frame(page)).to_have_attribute("data-position", str(position))
        expect(frame(page)).to_have_attribute("data-built", built(position))
        expect(status).to_contain_text(SENT["frames"][position - 1]["line"])
    expect(status).to_contain_text("h[1] = torch.tanh(z[1]) makes TanhBackward0 of h[1]")
    page.get_by_label("Position in the computation").fill(str(FORWARD + 1))
    expect(status).to_contain_text("1st of 45 visits: BinaryCrossEntropyWithLogitsBackward0")
    details = page.get_by_role("region", name="PyTorch: node")
    expect(details).to_contain_text("gradient received")
    page.keyboard.press("Tab")
    graphs(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(details).not_to_contain_text("gradient received")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    page.keyboard.press("End")
    expect(status).to_contain_text("33 operations built PyTorch’s graph, 45 visits")


def test_the_position_is_in_the_address_and_restored_by_it(opened: Callable[..., Page]) -> None:
    page = opened()
    page.get_by_label("Position in the computation").fill("7")
    expect(page).to_have_url(re.compile("pt_graphs_at=7"))
    page.reload()
    expect(frame(page)).to_have_attribute("data-position", "7")
    graphs(page).focus()
    page.keyboard.press("End")
    expect(page).not_to_have_url(re.compile("pt_graphs_at"))


def point_down(page: Page, canvas: Locator, across: Callable[..., float]) -> None:
    """Move the mouse down a line of the canvas until a node is linked."""
    box = canvas.bounding_box()
    assert box is not None
    for down in range(16, 400, 4):
        page.mouse.move(across(box), box["y"] + down)
        page.evaluate("() => new Promise(requestAnimationFrame).then(() => null)")
        if frame(page).get_attribute("data-linked"):
            break


def test_selecting_and_pointing_link_both_graphs(opened: Callable[..., Page]) -> None:
    page = opened()
    canvas = frame(page).locator("canvas").nth(1)
    canvas.scroll_into_view_if_needed()
    # The topmost node at the right, where the first look is: l_6 and L are one node of PyTorch's.
    point_down(page, canvas, lambda box: box["x"] + box["width"] - 184)
    expect(frame(page)).to_have_attribute("data-linked", "l[6]")
    page.mouse.move(5, 5)
    expect(frame(page)).not_to_have_attribute("data-linked", "l[6]")
    page.get_by_role("button", name="Fit both graphs").click()
    # The topmost node of ours at the left.
    point_down(page, canvas, lambda box: box["x"] + 18)
    expect(frame(page)).to_have_attribute("data-linked", "leaf b_y")
    page.mouse.move(5, 5)
    page.get_by_text("Nodes as a table").click()
    row = page.get_by_role("row", name="TanhBackward0 of h[3]")
    row.get_by_role("button").click()
    expect(frame(page)).to_have_attribute("data-linked", "h[3]")
    ours = page.get_by_role("region", name="Ours: node")
    theirs = page.get_by_role("region", name="PyTorch: node")
    gradient = gradients_of(six_steps()).h[3, 0, 0]
    for side in (theirs, ours):
        expect(side).to_contain_text(f"{gradient:.4g}".replace("-", "−"))
    expect(theirs).to_contain_text("result (2,)")  # what it saved
    graphs(page).focus()
    page.keyboard.press("Escape")
    expect(frame(page)).to_have_attribute("data-selected", "")
    page.keyboard.press("Alt+ArrowRight")
    expect(frame(page)).to_have_attribute("data-selected", "leaf W_xh")
    expect(frame(page)).to_have_attribute("data-linked", "W_xh")


def test_another_t_rebuilds_both_graphs(opened: Callable[..., Page]) -> None:
    page = opened(reduced_motion="reduce")
    page.get_by_role("button", name="One step more").click()
    longer = compute.graphs_of(with_steps(six_steps(), 7))
    counts = len(longer.theirs.nodes), len(longer.ours)
    expect(frame(page)).to_have_attribute("data-built", f"{counts[0]},{counts[1]}")
    expect(frame(page).locator(".ur-autograd-rebuilt")).to_contain_text(
        f"Rebuilt: {counts[0]} nodes in PyTorch’s graph for T = 7; it was 45 for T = 6."
    )
    page.get_by_role("button", name="One step less").click()
    expect(frame(page).locator(".ur-autograd-rebuilt")).to_contain_text("45 nodes")


def test_effects_and_scripts_are_in_the_address(opened: Callable[..., Page]) -> None:
    page = opened(color_scheme="dark")
    page.get_by_text("What cuts, frees and adds").click()
    page.get_by_text("no_grad", exact=True).first.click()
    expect(page.get_by_text("RuntimeError: element 0 of tensors")).to_be_visible()
    expect(frame(page)).to_have_attribute("data-built", "27,0")
    expect(page).to_have_url(re.compile("pt_effect=no_grad"))
    assert grave_findings(page) == []
    page.get_by_text("Scripts", exact=True).click()
    page.set_viewport_size({"width": 390, "height": 844})  # the listing scrolls, by keys, too
    expect(page.get_by_role("group", name="Listing")).to_be_attached()
    assert grave_findings(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Download experiment_torch.py").click()
    assert "torch.nn.RNN" in download.value.path().read_text(encoding="utf-8")
