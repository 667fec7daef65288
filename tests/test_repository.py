"""What the repository promises of itself: examples, layers, silence and versions."""

import ast
import contextlib
import io
import re
import subprocess
import sys
import tomllib
from importlib.machinery import PathFinder
from pathlib import Path

import numpy as np
import pytest

import unrolled
from app.experiment.presets import PRESETS
from scripts import pins

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(ROOT.glob("*.md"))
OWN_SOURCES = sorted(
    path
    for folder in ("app", "rnn_core", "unrolled", "assets")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".js", ".css", ".html", ".svg", ".toml"}
    and "vendor" not in path.parts
)
REMOTE = re.compile(r"(?:https?:)?//[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
# Names of vocabularies, never fetched, and where a part of vis-network says whose it is.
NAMESPACES = (
    "http://www.w3.org/",
    "http://www.imsglobal.org/xsd/ims",
    "https://github.com/zloirock/core-js",
)
SESSION = {"session_state", "query_params"}
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def fenced(language: str, text: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def example() -> dict[str, object]:
    """Run the README's example; its variables."""
    (code,) = fenced("python", README)
    variables: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, "README.md", "exec"), variables)  # noqa: S102  # our own text
    return variables


def test_readme_example_is_the_preset_it_names() -> None:
    ran, preset = example(), PRESETS["by_hand"].experiment
    for name, array in ran["params"].items():  # type: ignore[attr-defined]
        np.testing.assert_array_equal(array, getattr(preset.parameters(), name))
    trace = ran["trace"]
    np.testing.assert_array_equal(trace.x, preset.x())  # type: ignore[attr-defined]
    np.testing.assert_array_equal(trace.target, preset.target())  # type: ignore[attr-defined]
    assert (trace.activation, trace.loss_name) == (  # type: ignore[attr-defined]
        preset.activation,
        preset.loss,
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_link_to_files_that_exist(document: Path) -> None:
    linked = LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in linked if not (document.parent / link).exists()] == []


def test_tree_in_architecture_exists() -> None:
    tree = fenced("", (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"))[0]
    named = tree_paths(tree)
    assert len(named) > 30
    assert [path for path in named if not (ROOT / path).exists()] == []


def tree_paths(tree: str) -> list[str]:
    """Return the paths of a tree: what is in a folder stands indented below it, two spaces end."""
    within: list[tuple[int, list[str]]] = [(-1, [""])]
    paths = []
    for line in tree.splitlines():
        depth = len(line) - len(line.lstrip())
        while within[-1][0] >= depth:
            within.pop()
        heads = [re.split(r"\s{2,}", part.strip())[0] for part in line.split(";   ")]
        names = [
            name for head in heads for name in re.findall(r"[\w.]+(?:/|\.py)(?=[,\s]|$)", head)
        ]
        found = [folder + name for folder in within[-1][1] for name in names]
        within.append((depth, [path for path in found if path.endswith("/")]))
        paths += found
    return paths


def test_a_path_that_is_not_there_is_found() -> None:
    tree = "app/\n  main.py   the page;   gone.py   a plan\n"
    tree += "  a/, b/   both\n    c.py   in each\n  d.py   beside them\n"
    expected = "main.py gone.py a/ b/ a/c.py b/c.py d.py"
    assert tree_paths(tree) == ["app/", *(f"app/{path}" for path in expected.split())]


def test_versions_agree() -> None:
    version = unrolled.__version__
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version {version}" in README
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert newest is not None
    assert newest[1] == version


def remote_hosts(text: str) -> list[str]:
    return [
        found[0]
        for found in REMOTE.finditer(text)
        if not text.startswith(NAMESPACES, found.start())
    ]


@pytest.mark.parametrize("source", OWN_SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sources_name_no_other_host(source: Path) -> None:
    assert remote_hosts(source.read_text(encoding="utf-8")) == []


def test_a_planted_host_is_found() -> None:
    assert remote_hosts('<script src="//cdn.example.com/x.js">') == ["//cdn.example.com"]
    assert remote_hosts('import "https://example.org/x.js"') == ["https://example.org"]
    assert remote_hosts('xmlns="http://www.w3.org/2000/svg"') == []


def session_uses(source: str) -> list[int]:
    """Return the lines that touch Streamlit's session state or the address."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr in SESSION
    ]


@pytest.mark.parametrize(
    "source",
    [path for path in OWN_SOURCES if path.suffix == ".py" and "state" not in path.parts],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_only_state_touches_the_session(source: Path) -> None:
    assert session_uses(source.read_text(encoding="utf-8")) == []


def test_a_planted_use_of_the_session_is_found() -> None:
    assert session_uses("import streamlit as st\nst.session_state['x'] = 1\n") == [2]


def private_imports(source: str) -> list[str]:
    """Return what a file imports of `rnn_core` that is its own business."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "rnn_core":
            found += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [each.name for each in node.names if each.name.startswith("rnn_core")]
    return [name for name in found if any(part[:1] == "_" for part in name.split("."))]


@pytest.mark.parametrize("folder", ["app", "benchmarks", "scripts"])
def test_who_uses_the_core_goes_through_what_it_shows(folder: str) -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob("*.py")}
    assert {path: private_imports(text) for path, text in sources.items() if "rnn_core" in text}
    assert [path for path, text in sources.items() if private_imports(text)] == []


def test_a_planted_look_into_the_core_is_found() -> None:
    planted = "from rnn_core._arrays import FloatArray\nfrom rnn_core.forms import form, _own"
    assert private_imports(planted) == ["rnn_core._arrays.FloatArray", "rnn_core.forms._own"]


@pytest.mark.parametrize(
    ("package", "unwanted"),
    [
        ("rnn_core", "streamlit plotly pyvis torch matplotlib pandas pydantic app"),
        ("app.experiment.value", "streamlit plotly pyvis torch matplotlib"),
        ("app.experiment.run", "streamlit plotly pyvis torch matplotlib"),
    ],
)
def test_imports_bring_nothing_of_the_layers_above(package: str, unwanted: str) -> None:
    script = f"import sys, {package}; print(*set({unwanted.split()!r}) & set(sys.modules))"
    printed = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == ""


def entries(folder: Path) -> list[str]:
    """Return what is in a folder, without what Python left behind of modules that have gone."""
    files = [
        path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]
    return sorted({path.relative_to(folder).parts[0] for path in files})


def test_the_app_has_at_most_a_dozen_entries() -> None:
    assert len(entries(ROOT / "app")) <= 12


def hidden_by(folder: Path) -> list[str]:
    """Return what a folder hides that is first on the path, or that Streamlit takes for pages."""
    elsewhere = [path for path in sys.path if path and Path(path).resolve() != folder.resolve()]
    names = {Path(name).stem for name in entries(folder) if not name.startswith(("__", "."))}
    found = {name for name in names if PathFinder.find_spec(name, elsewhere) is not None}
    return sorted({*found, *(names & {*sys.stdlib_module_names, "pages"})})


def test_nothing_beside_the_main_script_hides_a_package() -> None:
    assert hidden_by(ROOT / "app") == []


def test_a_planted_name_that_hides_a_package_is_found(tmp_path: Path) -> None:
    for name in ("torch", "pages", "state", "json"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").touch()
    assert hidden_by(tmp_path) == ["json", "pages", "torch"]


def test_every_module_stands_in_a_layer() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layered = [each for each in settings["importlinter"]["contracts"] if each["type"] == "layers"]
    assert [each["name"] for each in layered if not each.get("exhaustive")] == []
    containers = {container for each in layered for container in each["containers"]}
    pages = {f"app.views.{path.parent.name}" for path in ROOT.glob("app/views/*/page.py")}
    rooms = ("components", "experiment", "figures", "server", "views", "work")
    assert {"rnn_core", "app", "unrolled", *pages, *(f"app.{room}" for room in rooms)} <= containers


def test_ci_runs_what_everybody_runs() -> None:
    commands = [
        line
        for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "set ", "cd "))
    ]
    assert commands == ["make test"]


def test_every_package_is_pinned_within_its_bounds() -> None:
    pinned = pins.pins_in(pins.PINS.read_text(encoding="utf-8"))
    assert pins.stale(pinned, pins.wanted()) == []
    assert not [name for name in pinned if name.startswith(("nvidia", "cuda", "triton"))]


def test_a_planted_stale_pin_is_found() -> None:
    pinned = pins.pins_in("# a comment\nnumpy==1.26.0\nnetworkx==3.6.1  # the graph\n")
    bounds = pins.listed("numpy>=2.1,<3\nnetworkx>=3.4,<4\n-r other.txt\npackaging\nnowhere>1\n")
    assert pins.stale(pinned, bounds) == [
        "numpy: expected <3,>=2.1, pinned to 1.26.0",
        "nowhere: asked for, but not pinned",
        "packaging: installed, but not pinned",
    ]


@pytest.mark.parametrize("workflow", sorted((ROOT / ".github" / "workflows").iterdir()))
def test_workflows_take_actions_by_commit_and_may_only_read(workflow: Path) -> None:
    text = workflow.read_text(encoding="utf-8")
    actions = re.findall(r"uses: *(\S+)", text)
    assert actions
    assert [name for name in actions if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name)] == []
    assert "permissions:\n  contents: read\njobs:" in text


def test_bundled_fonts_come_with_their_licence() -> None:
    for folder in ("katex/fonts", "noto"):
        licence = ROOT / "assets" / "vendor" / folder / "OFL.txt"
        assert "SIL OPEN FONT LICENSE Version 1.1" in licence.read_text(encoding="utf-8")
