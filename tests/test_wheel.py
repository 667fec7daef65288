"""The package that people install: what lies in it, and what they can do with it then."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import urllib.request
import zipfile
from pathlib import Path

import pytest

from app.experiment import link
from scripts import pins
from scripts.serving import free_port, started
from scripts.visitor import visiting
from tests.conftest import ROOT
from unrolled import __version__

FOLDERS = ("app", "assets", "rnn_core", "unrolled")
BUILD = "import sys; from setuptools import build_meta as b; b.build_{}(sys.argv[1])"
LARGEST = 4_000_000  # bytes of a wheel, and of the sources
PACKAGES = Path(sysconfig.get_path("purelib"))
"""Those of the tests' own environment: a new one finds them there, so nothing is downloaded."""
CORE = "numpy", "numpy.libs", "networkx"
RUN = """
import importlib.util, sys
import rnn_core, unrolled
trace = rnn_core.forward(rnn_core.Parameters.random(1, 2, seed=0), [[1], [2]], [1])
print(rnn_core.backward(trace).parameters.W_hh.shape)
absent = ("app", "scripts", "assets", "streamlit")
print([name for name in absent if importlib.util.find_spec(name)])
"""


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


def pythons() -> list[Path]:
    """Return each Python of this machine that the package is for."""
    versions = [11, 12, 13]
    found = {sys.version_info[1]: Path(sys.executable)}
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep)]
    folders += Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser().glob("versions/*/bin")
    for version in versions:
        for folder in folders:
            python = folder / f"python3.{version}"
            if version not in found and python.is_file() and starts(python, version):
                found[version] = python
    return [found[version] for version in versions if version in found]


def starts(python: Path, version: int) -> bool:
    """Whether a Python is of that version, and no name for one that is not there."""
    asked = "import sys, venv; print(sys.version_info[1])"
    run = subprocess.run([python, "-c", asked], check=False, capture_output=True, text=True)
    return run.stdout.strip() == str(version)


def installed(
    wheel: Path, python: Path, folder: Path, *packages: Path, is_compiled: bool = False
) -> Path:
    """Install the wheel into a new environment, beside packages from elsewhere; return its bin."""
    subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder), "--disable-pip-version-check"]
    options = ["--quiet", "--no-deps", "--no-index", "--no-cache-dir"]
    options += [] if is_compiled else ["--no-compile"]
    subprocess.run([*pip, "install", *options, str(wheel)], check=True, timeout=120)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "elsewhere.pth").write_text("".join(f"{each}\n" for each in packages), "utf-8")
    return folder / "bin"


def said(command: list[str | Path], folder: Path) -> tuple[int, str]:
    """Run a command as somebody without settings; return its exit code and what it said."""
    home = {**os.environ, "HOME": str(folder)}
    home.pop("PYTHONPATH", None)
    run = subprocess.run(
        command, cwd=folder, env=home, check=False, capture_output=True, text=True, timeout=120
    )
    return run.returncode, run.stdout + run.stderr


@pytest.fixture(scope="module")
def beside_few(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the wheel, NumPy and NetworkX, and nothing else."""
    few = tmp_path_factory.mktemp("few")
    for name in CORE:
        if (PACKAGES / name).exists():
            (few / name).symlink_to(PACKAGES / name)
    env = tmp_path_factory.mktemp("core") / "env"
    return installed(wheel, Path(sys.executable), env, few)


def test_the_command_starts_in_each_python_that_is_there(
    wheel: Path, beside_few: Path, tmp_path: Path
) -> None:
    others = [python for python in pythons() if python != Path(sys.executable)]
    bare = [installed(wheel, python, tmp_path / python.name) for python in others]
    for programs, missing in ((beside_few, ""), *((each, "numpy, networkx, ") for each in bare)):
        (home := programs / "home").mkdir()
        assert said([programs / "unrolled", "--version"], home) == (0, f"unrolled {__version__}\n")
        code, sentence = said([programs / "python", "-m", "unrolled"], home)
        assert code == 2
        assert sentence.startswith(f"unrolled: the app needs streamlit, {missing}pyvis, ")
        assert sentence.endswith(': pip install "unrolled[app]"\n')
        assert [*home.iterdir()] == []


def test_the_core_runs_beside_numpy_and_networkx_alone(beside_few: Path, tmp_path: Path) -> None:
    assert said([beside_few / "python", "-c", RUN], tmp_path) == (0, "(2, 2)\n[]\n")


def test_the_installed_command_opens_the_page_on_a_file_and_writes_nothing(
    wheel: Path, tmp_path: Path
) -> None:
    env = tmp_path / "env"
    programs = installed(wheel, Path(sys.executable), env, PACKAGES, is_compiled=True)
    before = files_in(env)
    table, port = tmp_path / "rain.csv", free_port()
    table.write_text("rain\n3.5\n4\n2\n", encoding="utf-8")
    (home := tmp_path / "home").mkdir()
    command = [str(programs / "unrolled"), str(table), "--no-browser", "--port", str(port)]
    with started(command, port, home) as server:
        printed = re.search(r"Unrolled: (http://localhost:\d+/)(\?\S+)", server.printed())
        assert printed is not None
        assert printed[1] == f"{server.url}/"
        bundle = f"{server.url}/assets/bundle/ui.js"
        with urllib.request.urlopen(bundle, timeout=60) as answer:
            assert answer.read() == (ROOT / "assets" / "bundle" / "ui.js").read_bytes()
        query, errors = asyncio.run(visit(server.url, printed[2][1:]))
    assert errors == []
    token = re.search(r"(?:^|&)e=([^&]+)", query)
    assert token is not None
    assert "files=" not in query
    assert link.decode(token[1]).x().ravel().tolist() == [3.5, 4, 2]
    assert "Traceback" not in server.printed()
    assert [path.name for path in home.iterdir()] == [server.log.name]
    assert files_in(env) == before


async def visit(server: str, query: str) -> tuple[str, list[str]]:
    """Open the page at an address; return what the address then asks for, and errors."""
    async with visiting(server, query=query) as visitor:
        return visitor.query, visitor.errors


def files_in(folder: Path) -> dict[Path, int]:
    """Return each file below a folder, with its size."""
    return {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
