"""Every section of every page, narrow and wide: nothing sticks out, nothing lies over another."""

from collections.abc import Callable

from playwright.sync_api import Page, ViewportSize, expect

OpenPage = Callable[..., Page]
PHONE: ViewportSize = {"width": 390, "height": 844}


def test_on_a_phone_the_menu_makes_way_for_the_page_that_was_chosen(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Numerics").click()
    expect(page).to_have_title("Numerics · Unrolled")
    expect(page.get_by_test_id("stSidebarNavLink").first).not_to_be_in_viewport()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()


def test_on_a_phone_a_symbol_and_its_number_stay_in_one_line(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    names = page.locator(".st-key-numbers strong")
    expect(names.last).to_have_text("L")
    tops = names.evaluate_all(
        "all => all.map(e => [e, e.nextElementSibling].map(part => {"
        " const { top, bottom } = part.getBoundingClientRect(); return (top + bottom) / 2; }))"
    )
    assert all(abs(name - number) < 8 for name, number in tops), tops
