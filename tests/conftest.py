"""What all tests share: the app's own server, started as a user would, and the order of files."""

import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

from scripts.serving import Server, serving

ROOT = Path(__file__).resolve().parents[1]
# A busy machine is no wrong answer, and what was tried once is tried each time.
settings.register_profile("unhurried", deadline=None, derandomize=True)
settings.load_profile("unhurried")
# Each AppTest would read the metadata of all installed packages, in search of components.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
LONGEST_FIRST = ("browser", "app", "tests", "test_practice_marking")
"""Folders and files; where files are given to workers in order, what is short fills up the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    last = len(places)
    items.sort(key=lambda item: places.get(item.path.stem, places.get(item.path.parent.name, last)))


def pytest_collection_finish() -> None:
    """Take what was imported out of the garbage collector's sight, as the app does at its start.

    Streamlit collects all generations after each run of a page; see `shell._settle_memory`.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app for all browser tests of one worker; it may not print a traceback."""
    with serving(ROOT / "app" / "main.py", tmp_path_factory.mktemp("elsewhere")) as running:
        yield running
        printed = running.printed()
    assert "Traceback" not in printed, printed
