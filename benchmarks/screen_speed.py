"""How long an edit takes to reach the screen, as a ratio to a page that does nothing.

    make bench    or    python -m benchmarks.screen_speed

A weight is edited through the sidebar's own cell, with the graph, the inspector and three charts in
view. The time runs from the key press to the frame after the new loss, graph and charts are drawn.
The floor is a Streamlit page with one slider and one text (`_floor.py`), measured in the same run,
an edit there after each edit here. The server's CPU time counts everything an edit causes. Prints
a table and fails on nothing.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from app.experiment import changes
from app.experiment.link import encode
from app.experiment.presets import default
from app.experiment.resizing import with_hidden
from app.experiment.sources import Series, make
from app.experiment.value import Experiment
from scripts import chromium
from scripts.serving import Server, serving

APP = Path(__file__).resolve().parents[1] / "app" / "main.py"
EDITS = 30
WARM_UP = 3
STEPS = 100  # of the player
SPREAD_TARGET = 1.6  # p95 over the median
VIEWPORT = {"width": 1440, "height": 2300}  # the graph, the inspector and three charts
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
REST_MS = 150

# The time from a key press until every part has changed and a frame with all of them was shown.
MEASURE = """(parts) => new Promise((resolve) => {
  const before = parts();
  addEventListener('keydown', () => {
    const start = performance.now();
    const look = () => {
      const now = parts();
      if (now !== null && now.every((part, k) => part !== before[k]))
        requestAnimationFrame(() => resolve(performance.now() - start));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, { capture: true, once: true });
})"""
# The loss, and which data graph and charts show; null while some charts are still old.
APP_PARTS = """() => {
  const charts = [...document.querySelectorAll('.ur-plots-drawing[data-version]')];
  const plots = charts[0]?.parentElement.closest('[data-version]')?.dataset.version;
  if (charts.some((chart) => chart.dataset.version !== plots)) return null;
  const graph = document.querySelector('[data-at][data-version]').dataset.version;
  return [document.querySelector('.st-key-numbers p').textContent, graph, plots];
}"""
FLOOR_PARTS = "() => [document.querySelector('[data-testid=stMarkdown]').textContent]"


def experiment(steps: int) -> Experiment:
    """Return the front page's network on a sine of so many steps."""
    return default().replace(
        sequence=make(Series, name="sine", length=steps, scaling="none"), loss="squared_error"
    )


def network(cell: str, steps: int, hidden: int) -> Experiment:
    """Return a larger network of a cell on such a sine."""
    made = changes.with_network(with_hidden(experiment(steps), hidden), cell)
    return changes.redrawn(made, seed=1)


@dataclass(frozen=True)
class Case:
    """What is edited, a number of which weight, and the limits of an edit."""

    name: str
    experiment: Experiment
    target: float  # median over the floor's
    cpu_target_ms: int | None = None
    weight: str = "W_hh"
    by: float = 0.001  # from one edit to the next: enough to be seen in the loss


CASES = (
    Case("10", experiment(10), 1.8),
    Case("50", experiment(50), 2.2, cpu_target_ms=50),
    Case("200", experiment(200), 2.8),
    Case("1000", experiment(1000), 3.2),
    Case("50, LSTM of 8", network("lstm", 50, 8), 3.0, weight="W_hi", by=0.02),
)


@dataclass
class Times:
    """Milliseconds of edits, and the server's CPU time of each."""

    painted: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The median time from key press to picture."""
        return statistics.median(self.painted)

    @property
    def p95(self) -> float:
        """The 95th percentile of that time."""
        return statistics.quantiles(self.painted, n=20, method="inclusive")[-1]


@contextmanager
def opened(browser: Browser, address: str, **options: object) -> Iterator[Page]:
    """Open a page in a profile of its own and wait until it rests."""
    context = browser.new_context(viewport=VIEWPORT, **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    page.locator(SETTLED).wait_for()
    page.wait_for_timeout(2000)
    yield page
    context.close()


def edit(page: Page, server: Server, parts: str, selector: str, key: str, times: Times) -> None:
    """Press a key where it changes something, and note what it took."""
    page.bring_to_front()
    process = psutil.Process(server.pid)
    page.evaluate(f"() => {{ window.measured = ({MEASURE})({parts}); }}")
    before = process.cpu_times()
    page.locator(selector).press(key)
    times.painted.append(page.evaluate("() => window.measured"))
    page.locator(SETTLED).wait_for()
    page.wait_for_timeout(REST_MS)
    after = process.cpu_times()
    times.cpu.append(1000 * (after.user - before.user + after.system - before.system))


def compare(
    app_page: Page, app: Server, floor_page: Page, floor: Server, case: Case
) -> tuple[Times, Times]:
    """Edit a number of the case's weight in the app, and the floor, by turns."""
    ours, least = Times(), Times()
    cell = f'[aria-label="{case.weight} row 1 column 2"]'
    for k in range(WARM_UP + EDITS):
        app_page.locator(cell).fill(f"{-0.6 + case.by * (k + 1):.3f}")
        edit(app_page, app, APP_PARTS, cell, "Enter", ours)
        edit(floor_page, floor, FLOOR_PARTS, "input[type=range]", "ArrowRight", least)
    for times in (ours, least):
        del times.painted[:WARM_UP], times.cpu[:WARM_UP]
    return ours, least


def steps_of_the_player(page: Page) -> tuple[list[float], int]:
    """Return the main thread's time for each of many steps, and what was sent to the server."""
    sent: list[object] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append((time.monotonic(), frame)))

    page.on("websocket", listen)
    page.reload()
    page.locator(SETTLED).wait_for()
    stage = page.get_by_role("application", name="Computational graph.")
    stage.focus()
    page.keyboard.press("Home")
    page.wait_for_timeout(1000)
    already = len(sent)
    costs = []
    for _ in range(STEPS):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(30)
        costs.append(float(page.locator("[data-step-ms]").first.get_attribute("data-step-ms") or 0))
    return costs, len(sent) - already


def row(case: Case, ours: Times, floor: Times) -> str:
    """Return one line of the table."""
    cpu = statistics.median(ours.cpu)
    cpu_target = f"≤ {case.cpu_target_ms}" if case.cpu_target_ms else ""
    return (
        f"{case.name:>14} {floor.median:>7.0f} {ours.median:>8.0f} {ours.p95:>6.0f} "
        f"{ours.median / floor.median:>7.2f}  ≤ {case.target:<5} "
        f"{ours.p95 / ours.median:>8.2f}  ≤ {SPREAD_TARGET:<5} {cpu:>8.0f} {cpu_target}"
    )


def main() -> None:
    """Measure and print."""
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browser = chromium.launch(playwright)
        stack.callback(browser.close)
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(2)]
        app = stack.enter_context(serving(APP, folders[0]))
        floor = stack.enter_context(serving(Path(__file__).with_name("_floor.py"), folders[1]))
        print(f"\nEdit to picture, {EDITS} edits each, milliseconds")
        print(
            f"{'T':>14} {'floor':>7} {'median':>8} {'p95':>6} {'ratio':>7}  {'target':<7} "
            f"{'p95/med':>8}  {'target':<7} {'CPU':>8} target"
        )
        floor_page = stack.enter_context(opened(browser, floor.url))
        for case in CASES:
            address = f"{app.url}/?e={encode(case.experiment)}"
            with opened(browser, address) as page:
                times = compare(page, app, floor_page, floor, case)
                print(row(case, *times), flush=True)
        with opened(browser, f"{app.url}/?e={encode(experiment(200))}") as page:
            costs, sent = steps_of_the_player(page)
        print(
            f"\nA step of the player at T = 200, {STEPS} steps: median "
            f"{statistics.median(costs):.1f} ms, largest {max(costs):.1f} ms of the main thread "
            f"(target ≤ 16), {sent} messages to the server (target 0)"
        )


if __name__ == "__main__":
    started = time.monotonic()
    main()
    print(f"({time.monotonic() - started:.0f} s)")
