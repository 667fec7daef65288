"""What a run costs the other pages: an edit in Explore with and without one in another session.

    python -m benchmarks.beside_training

Edits alternate in blocks, with nothing beside them and with a network being trained in a second
session, so that whatever else the machine does hits both. Then the training tab is closed, and it
is measured how long its process lives on. Prints both and fails on nothing.
"""

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, sync_playwright

from app.experiment.link import encode
from app.views.training.tasks.offers import OFFERS
from benchmarks.screen_speed import APP, APP_PARTS, Times, edit, experiment, opened
from scripts import chromium
from scripts.serving import Server, serving, worker_processes

BLOCKS, EDITS = 4, 8
STEPS = 50
TARGET = 1.5  # the median of an edit beside a run, over that without
GONE_TARGET_S = 5.0
CELL = '[aria-label="W_hh row 1 column 2"]'


def main() -> None:
    """Measure and print."""
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = chromium.launch(playwright)
        stack.callback(browser.close)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(serving(APP, folder))
        page = stack.enter_context(opened(browser, f"{server.url}/?e={encode(experiment(STEPS))}"))
        alone, beside = Times(), Times()
        block(page, server, 0, Times())
        controls = {"tr_task": OFFERS["copy"].title, "tr_updates": 20_000}
        address = f"{server.url}/training?{urlencode(controls)}"
        with opened(browser, address) as training:
            for number in range(1, 2 * BLOCKS, 2):
                block(page, server, number, alone)
                press(training, "Start" if number == 1 else "Continue")
                block(page, server, number + 1, beside)
                press(training, "Pause")
            press(training, "Continue")
            training.wait_for_timeout(1000)
            (process,) = worker_processes(server.pid)
        seconds = gone_after(server.pid, process)
    ratio = beside.median / alone.median
    print(f"Edit to picture at T = {STEPS}, {BLOCKS * EDITS} edits each, milliseconds")
    print(
        f"alone {alone.median:.0f} (p95 {alone.p95:.0f}), beside a run {beside.median:.0f} ", end=""
    )
    print(f"(p95 {beside.p95:.0f}), ratio {ratio:.2f} (target ≤ {TARGET})")
    print(f"The process is gone {seconds:.1f} s after the tab (target ≤ {GONE_TARGET_S:.0f})")


def block(page: Page, server: Server, number: int, times: Times) -> None:
    """Make some edits, each to another number."""
    for k in range(EDITS):
        page.locator(CELL).fill(f"{-0.6 + 0.001 * (number * EDITS + k + 1):.3f}")
        edit(page, server, APP_PARTS, CELL, "Enter", times)


def press(page: Page, name: str) -> None:
    """Press a button of the training page and let it take hold."""
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_timeout(1500)


def gone_after(server: int, process: int) -> float:
    """Return the seconds until the process of the server has ended."""
    closed = time.monotonic()
    while process in worker_processes(server):
        time.sleep(0.05)
    return time.monotonic() - closed


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"({time.monotonic() - started:.0f} s)")
