"""What a number in the hand takes: a run in the browser, and the frames while it moves.

    make bench    or    python -m benchmarks.drag_speed

A network of T = 50 and H = 8 is run forward and back by the browser's interpreter, and its first
recurrent weight is moved for two seconds, once in every frame: graph, header and caption follow.
Frames are those that the browser shows, with all that it draws; a page at rest is measured in the
same run. Prints a table and fails on nothing.
"""

import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from app.components.graph_view.following import following
from app.components.graph_view.network_program import program_text
from app.experiment.link import encode
from app.experiment.run import gradients_of, trace_of
from app.experiment.value import Experiment
from app.figures.common import common
from benchmarks.screen_speed import APP, network, opened
from scripts import chromium
from scripts.serving import Server, serving

STEPS, HIDDEN = 50, 8
CELLS = {"elman": "W_hh", "lstm": "W_hi"}
RUNS = 200
RUN_TARGET_MS = 5
FRAMES_TARGET = 30

# The page itself runs the packed modules; these, beside it, are told what Python tells that one.
RUN = """async ({ program, data, runs, common }) => {
  const load = (url) => import(new URL(`ui/components/${url}`, document.baseURI).href);
  const { tell } = await load("shared/frontend/common.js");
  tell(common);
  const { Runner } = await load("graph_view/frontend/runner.js");
  const runner = new Runner();
  const took = [];
  for (let k = 0; k < runs; k += 1) {
    const began = performance.now();
    runner.run(program, data, []);
    took.push(performance.now() - began);
    if (k % 20 === 0) await new Promise((rest) => setTimeout(rest));
  }
  return took;
}"""
# Moves a number by a pixel in every frame, up and down, and counts the frames; null: none is held.
DRAG = """async ({ label, seconds }) => {
  const frame = () => new Promise((next) => requestAnimationFrame(next));
  const cell = label && document.querySelector(`[aria-label="${label}"]`);
  const send = (target, name, y) =>
    target.dispatchEvent(
      new PointerEvent(name, { bubbles: true, pointerId: 1, button: 0, clientX: 9, clientY: y }),
    );
  const graph = document.querySelector(".ur-graph");
  const computing = [];
  if (cell) send(cell, "pointerdown", 400);
  const began = performance.now();
  let frames = 0;
  for (; performance.now() - began < 1000 * seconds; frames += 1) {
    if (cell) send(window, "pointermove", 390 - Math.abs((frames % 60) - 30));
    await frame();
    computing.push(Number(graph.dataset.followMs ?? 0));
  }
  const rate = (1000 * frames) / (performance.now() - began);
  if (cell) dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  if (cell) send(window, "pointerup", 400);
  return { rate, computing };
}"""


def run_times(page: Page, given: Experiment) -> list[float]:
    """Return the milliseconds of each run in the browser, without the first ones."""
    trace = trace_of(given)
    sent = {
        "program": program_text(trace),
        "data": following(trace, gradients_of(given), given.sample),
        "runs": RUNS,
        "common": common(),
    }
    took: list[float] = page.evaluate(RUN, sent)
    return took[RUNS // 4 :]


def measure(page: Page, given: Experiment, label: str) -> tuple[str, ...]:
    """Return a row of the table for the page of a network."""
    run = statistics.median(run_times(page, given))
    still = page.evaluate(DRAG, {"label": None, "seconds": 1})
    page.evaluate(DRAG, {"label": label, "seconds": 1})  # what is compiled on the way
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _busy(metrics)
    found: dict[str, Any] = page.evaluate(DRAG, {"label": label, "seconds": 2})
    busy = 1000 * (_busy(metrics) - before) / len(found["computing"])
    return (
        f"{run:.2f} ({RUN_TARGET_MS})",
        f"{statistics.median(found['computing']):.1f}",
        f"{busy:.1f}",
        f"{found['rate']:.0f} ({FRAMES_TARGET})",
        f"{still['rate']:.0f}",
    )


def _busy(metrics: CDPSession) -> float:
    """Return how many seconds of CPU the page's main thread has taken."""
    found = metrics.send("Performance.getMetrics")["metrics"]
    return float(next(each["value"] for each in found if each["name"] == "TaskDuration"))


def main() -> None:
    """Measure each cell and print the table."""
    print(f"A number in the hand, T = {STEPS}, H = {HIDDEN} (target)")
    print("cell | run, ms | run and marks, ms | CPU ms a frame | frames a second | at rest")
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(APP, Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        browser = chromium.launch(playwright)
        for cell, weight in CELLS.items():
            print(" | ".join((cell, *_row(browser, server, cell, weight))), flush=True)


def _row(browser: Browser, server: Server, cell: str, weight: str) -> tuple[str, ...]:
    given = network(cell, STEPS, HIDDEN)
    with opened(browser, f"{server.url}/?e={encode(given)}") as page:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.wait_for_timeout(500)
        return measure(page, given, f"{weight} row 1 column 1")


if __name__ == "__main__":
    main()
