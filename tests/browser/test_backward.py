"""The way back through the graph, as a learner is led: one line lit, one node with both, a sum."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from app.experiment import link
from app.experiment.presets import PRESETS
from app.experiment.sources import Given, Numbers
from tests.app.test_backward_taught import homework
from tests.browser.steps import cell, inspector

Opener = Callable[..., Page]
LARGE = {"width": 1440, "height": 900}
NUMBER_UNITS = 15  # height of a number in the graph, at scale 1
LEGIBLE = 10


def address(at: str) -> str:
    return f"?e={link.encode(homework())}&at={at}"


def graph(page: Page) -> Locator:
    return page.locator(".ur-graph")


def lit(page: Page) -> list[str]:
    """The equations in use, as LaTeX."""
    return page.locator(".ur-pass:not(.ur-away) .ur-lit annotation").all_text_contents()


def test_a_learner_is_led_back_to_the_gradient_of_the_recurrent_weights(open_page: Opener) -> None:
    page = open_page(address("f:h[2]"), viewport=LARGE)
    expect(page.locator(".ur-lit")).to_have_count(1)
    assert lit(page) == [r"h_t = \tanh(z_t)"]
    expect(page.get_by_role("button", name="Value", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    scale = float(graph(page).get_attribute("data-scale") or 0)
    assert scale * NUMBER_UNITS >= LEGIBLE

    page = open_page(address("b:h[2]"), viewport=LARGE)
    expect(page.locator(".ur-lit")).to_have_count(1)
    (line,) = lit(page)
    assert line.startswith(r"\frac{\partial L}{\partial h_t} = W_{hh}^{\top}\delta_{t+1}")
    # h_2 and ∂L/∂h_2 stand on one node.
    both = page.get_by_role("button", name="Both", exact=True)
    expect(both).to_have_attribute("aria-pressed", "true")
    name = inspector(page).locator(".ur-filling h3")
    expect(name.locator("annotation")).to_have_text(r"\frac{\partial L}{\partial W_{hh}}")
    expect(name).to_contain_text("so far, from the last step back")
    filling = inspector(page).locator(".ur-fill tbody tr")
    expect(filling).to_have_count(3)
    expect(inspector(page).locator("[data-adds]")).to_have_count(1)  # t = 3 alone

    # A button of the sidebar has the focus: arrows play all the same, in a field they do not.
    page.get_by_role("button", name="Open sequence").focus()
    page.keyboard.press("ArrowRight")
    expect(graph(page)).to_have_attribute("data-at", "b:z[2]")
    cell(page, "W_hh", 1, 1).focus()
    page.keyboard.press("ArrowRight")
    expect(graph(page)).to_have_attribute("data-at", "b:z[2]")
    graph(page).get_by_role("button", name="Step forward").click()
    expect(graph(page)).to_have_attribute("data-at", re.compile("^b:W_hh"))
    expect(inspector(page).locator("[data-adds]")).to_have_count(2)

    count = page.locator(".ur-count")
    folded = count.inner_text()
    page.get_by_role("button", name="∂L/∂x, ∂L/∂y").click()
    expect(count).not_to_have_text(folded)
    page.get_by_role("button", name="∂L/∂x, ∂L/∂y").click()
    expect(count).to_have_text(folded)


def test_the_numbers_of_a_small_graph_can_be_read(open_page: Opener) -> None:
    experiment = homework().model_copy(
        update={
            "sequence": Numbers(values=(((1,),),) * 4, target=(((1,),),)),
            "weights": Given(
                W_xh=((0.5,),) * 3,
                W_hh=((0.1, -0.4, 0.2),) * 3,
                b_h=(0, 0, 0),
                W_hy=((1, -1, 1),),
                b_y=(0,),
            ),
        }
    )
    page = open_page(f"?e={link.encode(experiment)}&at=f:h[1]", viewport=LARGE)
    scale = float(graph(page).get_attribute("data-scale") or 0)
    assert scale * NUMBER_UNITS >= LEGIBLE
    gated = link.encode(PRESETS["lstm_by_hand"].experiment)
    page = open_page(f"?e={gated}&at=b:h[3]", viewport=LARGE)  # value and gradient, of many nodes
    both = page.get_by_role("button", name="Both", exact=True)
    expect(both).to_have_attribute("aria-pressed", "true")
    scale = float(graph(page).get_attribute("data-scale") or 0)
    assert scale * NUMBER_UNITS >= 11
