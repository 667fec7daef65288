"""The charts below the graph, as tests of them see them."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from playwright.sync_api import Locator, Page, expect

Opener = Callable[..., Page]
GROUPS = ("States", "Pre-activation", "Readout", "Gradients", "Parameters")
TALL = {"width": 1366, "height": 2400}


def plots(page: Page) -> Locator:
    return page.get_by_role("region", name="Plots", exact=True)


def chart(page: Page, name: str) -> Locator:
    return plots(page).locator(f'[data-chart="{name}"]')


def drawing(page: Page, name: str) -> Locator:
    """The drawing of a chart, scrolled to and up to date with the data."""
    found = chart(page, name).locator(".ur-plots-drawing")
    found.scroll_into_view_if_needed()
    expect(found).to_have_attribute("data-version", version(page))
    return found


def version(page: Page) -> str:
    root = page.locator(".ur-plots")
    expect(root).to_have_attribute("data-version", re.compile("."))
    return root.get_attribute("data-version") or ""


def drawn(page: Page, name: str, trace: int, field: str) -> np.ndarray:
    """The numbers that Plotly holds."""
    rows = drawing(page, name).evaluate(
        "(plot, [trace, field]) => { const found = plot.data[trace][field];"
        " return Array.from(found, (row) => row.length === undefined ? row : Array.from(row)); }",
        [trace, field],
    )
    return np.array(rows, dtype=float)


def ranges(page: Page, name: str) -> list[float]:
    found: list[float] = drawing(page, name).evaluate("plot => [...plot.layout.xaxis.range]")
    return found


def drawn_names(page: Page, name: str) -> list[str]:
    found: list[str] = drawing(page, name).evaluate("plot => plot.data.map(({ name }) => name)")
    return found


def band(page: Page, name: str) -> dict[str, float]:
    box: Any = chart(page, name).locator(".ur-plots-band").bounding_box()
    return box  # type: ignore[no-any-return]


def middle_of(page: Page, name: str, t: float) -> tuple[float, float]:
    """Where step t is on the page."""
    x, y = drawing(page, name).evaluate(
        """(plot, t) => {
          const { margin, width, height, xaxis } = plot.layout;
          const box = plot.getBoundingClientRect();
          const [from, to] = xaxis.range;
          const across = width - margin.l - margin.r;
          return [box.left + margin.l + ((t - from) / (to - from)) * across,
                  box.top + margin.t + (height - margin.t - margin.b) / 2];
        }""",
        t,
    )
    return float(x), float(y)


def near(found: float, wanted: float, within: float = 2) -> bool:
    return abs(found - wanted) <= within
