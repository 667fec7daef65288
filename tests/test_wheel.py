"""The package that people install: what lies in it, and what of it they can import."""

import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from scripts import pins
from tests.conftest import ROOT

FOLDERS = ("app", "assets", "rnn_core", "unrolled")
BUILD = "import sys; from setuptools import build_meta as b; b.build_{}(sys.argv[1])"
LARGEST = 4_000_000  # bytes of a wheel, and of the sources


def build(kind: str, source: Path, folder: Path) -> Path:
    """Build a `wheel` or an `sdist`, as `pip` does of a folder."""
    command = [sys.executable, "-c", BUILD.format(kind), str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=120)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources as an archive, made of a copy: building leaves folders behind."""
    copy = tmp_path_factory.mktemp("copy")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    lists = (path.name for path in ROOT.glob("requirements*.txt"))
    for name in ("pyproject.toml", "README.md", "LICENSE", *lists):
        shutil.copy(ROOT / name, copy)
    return build("sdist", copy, tmp_path_factory.mktemp("sources"))


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made of those sources alone."""
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sources) as archive:
        archive.extractall(unpacked, filter="data")
    (source,) = unpacked.iterdir()
    return build("wheel", source, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_two_names_and_all_of_the_app_inside_one(
    sources: Path, wheel: Path
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"unrolled", "rnn_core"}
    assert {"rnn_core/py.typed", "unrolled/py.typed"} <= names
    inside = {"app": "unrolled/_bundle/", "assets": "unrolled/_bundle/"}
    expected = {
        inside.get(folder, "") + path.relative_to(ROOT).as_posix()
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    expected.add("unrolled/_bundle/requirements.txt")
    assert {name for name in names if "dist-info" not in name} == expected
    assert wheel.stat().st_size < LARGEST
    assert sources.stat().st_size < LARGEST


def test_the_core_asks_for_what_the_app_asks_for_of_the_same_packages() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    core = pins.listed("\n".join(settings["project"]["dependencies"]))
    app = pins.listed((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    assert [each.name for each in core] == ["numpy", "networkx"]
    assert {str(each) for each in core} <= {str(each) for each in app}
