"""Prediction against target in the browser: first, redrawn as it trains, readable on a phone."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from app.views.training.tasks.offers import OFFERS

OpenPage = Callable[..., Page]
UPDATES = re.compile(r"After ([\d,]+) updates: the prediction is off by")


def test_the_prediction_is_first_and_redrawn_while_the_network_trains(open_page: OpenPage) -> None:
    controls = {"tr_task": OFFERS["sine"].title, "tr_updates": 20_000, "tr_seed": 71}
    page = open_page(f"training?{urlencode(controls)}")
    card = page.locator("[data-chart]").first
    expect(card).to_have_attribute("data-chart", "tr_prediction")
    expect(card).to_contain_text("Before training: the prediction is off by")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(card).to_contain_text(UPDATES)
    found = UPDATES.search(card.inner_text())
    assert found
    expect(card).not_to_contain_text(f"After {found[1]} updates")  # it goes on
    expect(page.locator("[data-chart]").nth(1)).to_have_attribute("data-chart", "tr_loss")
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("slider", name="Moment").press("Home")
    expect(card).to_contain_text("Before training: the prediction is off by")


@pytest.mark.parametrize("name", ["first_bit", "names", "copy"])
def test_on_a_phone_names_of_lines_and_characters_have_room(open_page: OpenPage, name: str) -> None:
    page = open_page(
        f"training?{urlencode({'tr_task': OFFERS[name].title})}",
        viewport={"width": 390, "height": 844},
    )
    card = page.locator("[data-chart=tr_prediction]")
    card.scroll_into_view_if_needed()
    expect(card.locator("svg").first).to_be_visible()
    frame = card.locator(".ur-plots-frame").bounding_box()
    assert frame
    for part in card.locator(".legend, .textpoint").all():
        box = part.bounding_box()
        assert box
        assert box["y"] >= frame["y"] - 1
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
    if name == "copy":
        assert card.locator(".textpoint").count() == 3 * 23  # none left out for want of room
