"""Install Chromium for the browser tests where there is none: `python -m scripts.install_chromium`.

Playwright's own build first, then the system's package; where neither is to be had, one sentence
says what to do, and the exit code is 1. The same for the one library that Playwright's own driver
needs and a slim Debian lacks.
"""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

from scripts.chromium import find

GIVE_UP_AFTER_S = 900
DRIVER_LIBRARY = "libatomic1"
DRIVER_ADVICE = (
    "Playwright's driver, which the browser tests need, does not start here: install the system "
    f"library it lacks ({DRIVER_LIBRARY} on Debian and Ubuntu), then run `make test` again."
)
ADVICE = (
    "The browser tests need Chromium and it could not be installed here: install it yourself, with "
    "`python -m playwright install --with-deps chromium` or your system's package manager, so that "
    "`chromium` is on the PATH, then run `make test` again."
)


def main() -> int:
    """Return 0 with a working Chromium on the machine, else 1."""
    if not driver_starts():
        from_apt(DRIVER_LIBRARY)
        if not driver_starts():
            print(DRIVER_ADVICE, file=sys.stderr)
            return 1
    for install in (None, from_playwright, chromium_from_apt):
        if install is not None:
            install()
        if path := found():
            print(f"Chromium: {path}")
            return 0
    print(ADVICE, file=sys.stderr)
    return 1


def driver_starts() -> bool:
    """Whether Playwright's own program, a bundled Node.js, finds its libraries."""
    return attempt([sys.executable, "-m", "playwright", "--version"], quiet=True)


def found() -> str | None:
    """Return the path of a working Chromium, if there is one."""
    with sync_playwright() as playwright:
        return find(playwright)


def from_playwright() -> None:
    """Download Playwright's own build, and the system's libraries that it turns out to lack."""
    print("Installing Chromium with Playwright.", flush=True)
    playwright = [sys.executable, "-m", "playwright"]
    downloaded = attempt([*playwright, "install", "chromium"])
    if downloaded and found() is None and as_administrator() is not None:
        attempt([*playwright, "install-deps", "chromium"])


def chromium_from_apt() -> None:
    """Install the package of Debian and its relatives."""
    from_apt("chromium")


def from_apt(package: str) -> None:
    """Install a package of Debian and its relatives, where that is allowed."""
    administrator = as_administrator()
    if administrator is None or shutil.which("apt-get") is None:
        return
    print(f"Installing {package} with apt-get.", flush=True)
    attempt([*administrator, "apt-get", "update", "-q"])
    attempt([*administrator, "apt-get", "install", "-q", "-y", "--no-install-recommends", package])


def as_administrator() -> list[str] | None:
    """Return what to put before a command to run it as root, or None where that is not possible."""
    if os.name != "posix":
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and attempt(["sudo", "-n", "true"], quiet=True):
        return ["sudo", "-n"]
    return None


def attempt(command: list[str], *, quiet: bool = False) -> bool:
    """Run a command without input, bounded in time; whether it succeeded."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    output = subprocess.DEVNULL if quiet else sys.stderr
    try:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            timeout=GIVE_UP_AFTER_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
