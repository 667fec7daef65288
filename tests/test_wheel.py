"""The core as a package: what a checker of types and a user of it get."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import ROOT


def test_the_wheel_holds_the_typed_core_alone(tmp_path: Path) -> None:
    source, made = tmp_path / "source", tmp_path / "made"
    shutil.copytree(
        ROOT / "rnn_core", source / "rnn_core", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in (
        "pyproject.toml",
        "README.md",
        "LICENSE",
        *(p.name for p in ROOT.glob("req*.txt")),
    ):
        shutil.copy(ROOT / name, source)
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", build, made],
        cwd=source,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (wheel,) = made.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert "rnn_core/py.typed" in names
    sources = {p.relative_to(ROOT).as_posix() for p in (ROOT / "rnn_core").rglob("*.py")}
    assert sources <= names
    assert all(name.startswith(("rnn_core/", "unrolled-")) for name in names)
