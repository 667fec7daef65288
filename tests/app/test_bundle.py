"""The front ends as one file: made of the modules as they are, or not used."""

import shutil
from pathlib import Path

import pytest

from app.components.shared import bundle
from scripts import bundle as packing


def test_the_page_loads_one_file_which_is_what_the_modules_make(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert packing.main(["--check"]) == 0, capsys.readouterr().out
    assert bundle.address() == "assets/bundle/ui.js"


def test_where_a_module_was_changed_or_renamed_the_page_loads_the_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "components"
    kept = shutil.ignore_patterns("*.py", "__pycache__")
    shutil.copytree(bundle.COMPONENTS, copy, ignore=kept)
    monkeypatch.setattr(bundle, "COMPONENTS", copy)
    monkeypatch.setattr(bundle, "ENTRY", copy / "shared" / "frontend" / "ui.js")
    assert bundle.address() == "assets/bundle/ui.js"

    changed = copy / "graph_view" / "frontend" / "player.js"
    text = changed.read_bytes()
    changed.write_bytes(text + b"\n")
    assert bundle.address() == "ui/components/shared/frontend/ui.js"
    changed.write_bytes(text)
    assert bundle.address() == "assets/bundle/ui.js"
    changed.rename(changed.with_name("players.js"))
    assert bundle.address() == "ui/components/shared/frontend/ui.js"


def test_without_the_file_the_page_loads_the_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundle, "BUNDLE", tmp_path / "ui.js")
    assert bundle.address() == "ui/components/shared/frontend/ui.js"
