"""The page Gradient flow in the browser: its numbers, sliders, address, drawings and axe."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from app.figures.words import short
from app.views.gradient_flow.compute.over_time import over_time_of
from app.views.gradient_flow.compute.what_if import WhatIf, shown_of
from tests.browser.steps import address_of
from tests.browser.test_accessibility import grave_findings
from tests.experiments import six_steps

OpenPage = Callable[..., Page]
SECTIONS = ("Spectrum", "Jacobian", "Clipping", "Remedies", "State space")


@pytest.fixture
def opened(open_page: OpenPage) -> Callable[..., Page]:
    def go(**options: object) -> Page:
        page = open_page("gradient-flow", **options)
        page.get_by_role("heading", name="Why do gradients vanish or explode").wait_for()
        return page

    return go


def choose(page: Page, section: str) -> None:
    page.get_by_role("radiogroup", name="Section").get_by_text(section, exact=True).click()


def drawing(page: Page, chart: str) -> None:
    expect(page.locator(f"[data-chart={chart}] svg.main-svg").first).to_be_visible()


def ratio(what_if: WhatIf) -> str:
    """Return ‖∂L/∂h_1‖ over that at T as the core has it for the default with a what-if."""
    found = over_time_of(
        shown_of(six_steps(), what_if).experiment, last_only=False, with_norms=True
    )
    return short(found.flow.h.ratio(1, found.steps), 6)


def test_on_a_phone_the_plane_of_eigenvalues_is_as_high_as_it_is_wide(opened: OpenPage) -> None:
    page = opened(viewport={"width": 390, "height": 844})
    choose(page, "Spectrum")
    drawing(page, "gf_eigenvalues")
    card = page.locator("[data-chart=gf_eigenvalues]")
    name = card.locator(".annotation-text").filter(has_text="real part").bounding_box()
    numbers = card.locator(".xtick text").first.bounding_box()
    assert name is not None
    assert numbers is not None
    assert 0 <= name["y"] - numbers["y"] - numbers["height"] < 20  # the name of the axis is at it


def test_one_click_shows_half_to_the_tenth(opened: OpenPage) -> None:
    page = opened()
    expect(page.get_by_text("Shown: the sidebar’s experiment, unchanged")).to_be_visible()
    expect(page.get_by_text(ratio(WhatIf()), exact=True).first).to_be_visible()
    page.get_by_role("button", name="0.5¹⁰").click()
    expect(page.get_by_role("cell", name="0.0009765625")).to_have_count(4)
    expect(page.get_by_text("equal to the last bit")).to_be_visible()
    drawing(page, "gf_flow")
    assert grave_findings(page) == []


def test_sliders_by_keyboard_and_the_address_that_keeps_them(
    opened: OpenPage, open_page: OpenPage
) -> None:
    page = opened()
    radius = page.get_by_role("slider", name="Spectral radius of W_hh")
    radius.press("End")
    expect(page.get_by_text("ρ(W_hh) = 3 (instead of 1.082)")).to_be_visible()
    radius.press("ArrowLeft")
    wanted = ratio(WhatIf(radius=2.99))
    expect(page.get_by_text(wanted, exact=True).first).to_be_visible()
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("gf_radius") == ["2.99"])
    again = open_page(address_of(page))
    expect(again.get_by_text("ρ(W_hh) = 2.99 (instead of 1.082)")).to_be_visible()
    expect(again.get_by_text(wanted, exact=True).first).to_be_visible()
    again.get_by_role("button", name="Discard the what-if").click()
    expect(again.get_by_text(ratio(WhatIf()), exact=True).first).to_be_visible()


def test_a_what_if_is_used_in_the_experiment(opened: OpenPage) -> None:
    page = opened()
    page.get_by_role("slider", name="Steps T").press("End")
    expect(page.get_by_text("T = 5000 (instead of 6)")).to_be_visible()
    expect(page.get_by_text(ratio(WhatIf(steps=5000)), exact=True).first).to_be_visible()
    page.get_by_role("button", name="Use in the sidebar").click()
    expect(
        page.get_by_text("unchanged, with ρ(W_hh) = 1.082, T = 5000 and φ = tanh")
    ).to_be_visible()
    expect(page.get_by_role("spinbutton", name="T, time steps")).to_have_value("5000")


def test_every_section_draws_and_axe_finds_nothing(opened: OpenPage) -> None:
    page = opened(color_scheme="dark")
    charts = ("gf_eigenvalues", "gf_jacobian", "gf_clipped", "gf_remedies", "space")
    for section, chart in zip(SECTIONS, charts, strict=True):
        choose(page, section)
        drawing(page, chart)
        assert grave_findings(page) == []
    page.wait_for_url(lambda url: parse_qs(urlsplit(url).query).get("gf") == ["space"])
    expect(page.locator("[data-chart=space]")).to_contain_text("The path goes from")
