"""What `make check` finds in JavaScript: errors planted in a project of one file."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = Path(sys.prefix)
SETTINGS = ("tsconfig.json", "eslint.config.js", ".prettierrc.json", "package.json")
GOOD = """/** @param {number[]} values */
export function largest(values) {
  return Math.max(...values);
}
"""


def make(folder: Path, target: str, *up_to_date: str) -> subprocess.CompletedProcess[str]:
    """Run `make` as it stands in the repository; what is `up_to_date` is not looked at."""
    command = ["make", "-f", str(ROOT / "Makefile"), f"VENV={ENVIRONMENT}", target]
    for name in (f"{ENVIRONMENT}/installed-dev", *up_to_date):
        command += ["-o", name]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def tools() -> Path:
    """Install the checkers, unless they are there."""
    made = make(ROOT, "node_modules/installed")
    assert made.returncode == 0, made.stderr
    return ROOT / "node_modules"


@pytest.fixture
def project(tmp_path: Path, tools: Path) -> Path:
    (tmp_path / "node_modules").symlink_to(tools)
    for name in SETTINGS:
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "app" / "part" / "frontend").mkdir(parents=True)
    return tmp_path


def checked(project: Path, *scripts: str) -> tuple[int, str]:
    """Return what the check says of a project with these scripts: its code, and its words."""
    for number, script in enumerate(scripts):
        path = project / "app" / "part" / "frontend" / f"planted{number}.js"
        path.write_text(script, encoding="utf-8")
    said = make(project, "javascript", "node_modules/installed")
    return said.returncode, said.stdout + said.stderr


def test_a_script_without_errors_passes(project: Path) -> None:
    code, said = checked(project, GOOD)
    assert code == 0, said


@pytest.mark.parametrize(
    "planted",
    [
        [(GOOD.replace("  return", "    return"), "Code style issues")],
        [
            (GOOD + "const unused = 1;\n", "no-unused-vars"),
            (GOOD + 'document.body.innerHTML = "x";\n', "no-restricted-properties"),
            (GOOD + "export const same = largest([1]) == 1;\n", "eqeqeq"),
        ],
        [
            (GOOD + 'export const three = largest(["3"]);\n', "TS2322"),
            (GOOD + "export const none = largest([1]).length;\n", "TS2339"),
            (GOOD + "export const known = unknownName;\n", "TS2304"),
            (GOOD.replace("/** @param {number[]} values */\n", ""), "TS7006"),
            (GOOD + 'export const wide = document.querySelector("p").hidden;\n', "TS2531"),
        ],
    ],
    ids=["format", "rules", "types"],
)
def test_every_planted_error_is_found(project: Path, planted: list[tuple[str, str]]) -> None:
    code, said = checked(project, *(script for script, _ in planted))
    assert code != 0
    for number, (_, words) in enumerate(planted):
        assert re.search(rf"planted{number}\.js[^/]*{words}", said), said


def test_every_script_of_the_app_is_checked(tools: Path) -> None:
    typescript = tools / "typescript" / "bin" / "tsc"
    listed = subprocess.run(
        [ENVIRONMENT / "bin" / "node", typescript, "--listFilesOnly"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    checked = {Path(line) for line in listed.stdout.splitlines()}
    scripts = {path.resolve() for path in (ROOT / "app").rglob("*.js")}
    assert len(scripts) > 50
    assert scripts - checked == set()


@pytest.mark.parametrize("way_out", ["@ts-nocheck", "@ts-ignore", "@ts-expect-error", "{any}"])
def test_no_script_is_taken_out_of_the_check(way_out: str) -> None:
    scripts = [*(ROOT / "app").rglob("*.js"), *(ROOT / "app").rglob("*.d.ts")]
    assert [path for path in scripts if way_out in path.read_text(encoding="utf-8")] == []


IMPORT = re.compile(r'^(?:import\b|export [*{])[^;"]*"(\.[^"]+)"', re.MULTILINE)


def circles(root: Path) -> list[list[str]]:
    """Return the modules that import one another, however far around; types are no import."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for path in root.rglob("frontend/**/*.[jt]s"):
        for other in IMPORT.findall(path.read_text(encoding="utf-8")):
            graph.add_edge(str(path), str((path.parent / other).resolve()))
    assert graph
    return [sorted(part) for part in nx.strongly_connected_components(graph) if len(part) > 1]


def test_no_two_modules_import_one_another() -> None:
    assert circles(ROOT / "app") == []


def test_a_planted_circle_is_found(tmp_path: Path) -> None:
    room = tmp_path / "part" / "frontend"
    room.mkdir(parents=True)
    names = ("a.js", "b.js", "c.js")
    for name, other in zip(names, (*names[1:], names[0]), strict=True):
        (room / name).write_text(f'import {{\n  one,\n}} from "./{other}";\n', encoding="utf-8")
    assert circles(tmp_path) == [[str(room / name) for name in names]]
