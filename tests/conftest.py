"""Fixtures that all tests may use: the app's own server, started as a user would."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.serving import Server, serving

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app for all browser tests of one worker; it may not print a traceback."""
    with serving(ROOT / "app" / "main.py", tmp_path_factory.mktemp("elsewhere")) as running:
        yield running
        printed = running.printed()
    assert "Traceback" not in printed, printed
