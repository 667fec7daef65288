"""Take the picture of a network in a notebook: `python -m scripts.notebook_picture`.

The cell is the first example of the documentation for self-learners. A kernel runs it, nbconvert
makes HTML of the saved notebook, and Chromium opens that as a file. Nothing else needs these two:
`pip install nbconvert ipykernel` first.
"""

import re
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from scripts import chromium
from scripts.screenshots import DRAWN_WITHIN_MS, PICTURES, ROOT

SOURCE = ROOT / "docs" / "start" / "self-learner.md"
SIZE = {"width": 1366, "height": 1160}  # the cell, the line below it, and the page
STEPS = 6  # of the player, from the start, so that the picture shows it at work


def main() -> None:
    """Run the notebook, export it, and take its picture."""
    import nbformat  # type: ignore[import-not-found]  # what has to be installed first
    from nbconvert import HTMLExporter  # type: ignore[import-not-found]
    from nbconvert.preprocessors import ExecutePreprocessor  # type: ignore[import-not-found]

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell())])
    run: Any = ExecutePreprocessor(timeout=600)
    run.preprocess(notebook, {"metadata": {"path": str(ROOT)}})
    exported, _ = HTMLExporter().from_notebook_node(notebook)
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        chromium.launch(playwright) as browser,
    ):
        file = Path(folder) / "notebook.html"
        file.write_text(exported, encoding="utf-8")
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]  # the two keys it wants
        page.goto(file.as_uri())
        graph = page.frame_locator("iframe").get_by_role("application", name="Computational graph.")
        graph.press("Home")
        for _ in range(STEPS):
            graph.press("ArrowRight")
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(DRAWN_WITHIN_MS)
        page.screenshot(path=PICTURES / "notebook.png", animations="disabled")
    print(f"Picture: {PICTURES / 'notebook.png'}")


def cell() -> str:
    """Return the example, which ends with the page itself in place of its file."""
    found = re.search(r"```python\n(.*?)```", SOURCE.read_text(encoding="utf-8"), re.DOTALL)
    if found is None:
        raise ValueError(f"{SOURCE.name}: expected an example in Python, got none")
    return "\n".join([*found[1].splitlines()[:-1], "page"])


if __name__ == "__main__":
    main()
