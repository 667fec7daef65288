"""Find a Chromium and start it for tests, pictures and benchmarks."""

import json
import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Headless and silent: without these Chromium itself calls its maker's services at every start.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Pages of a test live for seconds: to optimise what they run costs more than it saves. Nor is any
# form read in order to fill it in later.
SHORT_LIVED = "--js-flags=--no-maglev,--no-opt"
PREFERENCES = {"autofill": {"enabled": False, "profile_enabled": False}}
ANSWER_WITHIN_S = 60


def find(playwright: Playwright) -> str | None:
    """Return the path of a Chromium that starts: one on the PATH, or Playwright's own."""
    on_path = [found for name in NAMES if (found := shutil.which(name))]
    candidates = [*on_path, playwright.chromium.executable_path]
    return next((path for path in candidates if starts(path)), None)


def starts(path: str) -> bool:
    """Whether the program is there with every library it needs."""
    if not Path(path).exists():
        return False
    try:
        answer = subprocess.run(
            [path, "--version"], check=False, capture_output=True, timeout=ANSWER_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0


def launch(playwright: Playwright) -> Browser:
    """Start the Chromium that was found, where every context is a fresh profile.

    Raises
    ------
    RuntimeError
        There is none.
    """
    return playwright.chromium.launch(executable_path=_found(playwright), args=list(FLAGS))


def open_profile(playwright: Playwright, folder: Path) -> BrowserContext:
    """Start the Chromium that was found with a new profile on disk, which keeps compiled scripts.

    It is for many short visits; a benchmark takes `launch`.

    Raises
    ------
    RuntimeError
        There is none.
    """
    path = _found(playwright)
    preferences = folder / "Default" / "Preferences"
    preferences.parent.mkdir()
    preferences.write_text(json.dumps(PREFERENCES), encoding="utf-8")
    return playwright.chromium.launch_persistent_context(
        folder, executable_path=path, args=[*FLAGS, SHORT_LIVED]
    )


def _found(playwright: Playwright) -> str:
    path = find(playwright)
    if path is None:
        raise RuntimeError("No Chromium was found: run `make test`, which installs one.")
    return path
