"""What marking a sheet takes in the browser, from a letter typed to marks, fields and graph.

    python -m benchmarks.sheet_speed

On drawn sheets every field is filled, and each is timed by the page itself: all numbers are marked
anew, since what is typed may carry on. Prints median and largest time; fails on nothing.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.screen_speed import APP
from rnn_core.practice import GRADES, sheet_of, written
from scripts import chromium
from scripts.serving import serving

SEED = 7
FIELDS, SHEET = ".ur-sheet-field", ".ur-sheet-view"


def main() -> None:
    """Open a sheet of each grade, fill it in, and print what that took."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(APP, Path(folder)) as server,
        sync_playwright() as playwright,
        chromium.launch(playwright) as browser,
    ):
        print("grade  numbers  median ms  largest ms")
        for grade in GRADES:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{server.url}/practice?pr={grade}&pr_seed={SEED}")
            times = filled(page, grade)
            median, largest = statistics.median(times), max(times)
            print(f"{grade:5}  {len(times):7}  {median:9.1f}  {largest:10.1f}")
            page.close()


def filled(page: Page, grade: int) -> list[float]:
    """Fill in all numbers, each a little wrong, and return the milliseconds of each."""
    fields = page.locator(FIELDS)
    fields.first.wait_for()
    times = []
    for k, answer in enumerate(sheet_of(grade, SEED).answers):
        fields.nth(k).fill(written(1.3 * answer, 3))
        times.append(float(page.locator(SHEET).get_attribute("data-marked-ms") or "nan"))
    return times


if __name__ == "__main__":
    main()
