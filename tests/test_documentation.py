"""The documentation: every example runs and prints what it says, and every link leads somewhere."""

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.experiment.presets import PRESETS
from rnn_core import ACTIVATIONS, CELLS
from scripts.documentation import docstrings, generated, reference
from tests.app.in_node import answer
from unrolled import cli

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
MADE = DOCS / "generated"
WRITTEN = sorted(path for path in DOCS.rglob("*.md") if MADE not in path.parents)
PAGES = [ROOT / "README.md", *WRITTEN]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FENCED = re.compile(r"^(`{3,}|:::).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+).+?\1", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
ROUNDING = re.compile(r"\b\de(?:-1[5-7]|\+00)\b")  # a difference that a machine's own sums make
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+(?:\n[^$\n]+)?)\$", re.DOTALL)


def examples(text: str) -> list[tuple[str, str]]:
    """Return the blocks of a page that are run, or that say what was printed."""
    return [block for block in BLOCK.findall(text) if block[0] in {"python", "text", "console"}]


def run(text: str, name: str) -> Iterator[tuple[str, str]]:
    """Run the examples of a page in turn; yield what each printed, and what it says was printed.

    A block `text` is what the blocks `python` before it have printed; a `console` has commands,
    each with what it prints behind it.
    """
    variables: dict[str, object] = {}
    printed = ""
    for kind, content in examples(text):
        if kind == "python":
            assert not printed, f"{name}: what is printed is nowhere said: {printed}"
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                exec(compile(content, name, "exec"), variables)  # noqa: S102  # our own text
            printed = output.getvalue()
        elif kind == "text":
            yield printed, content
            printed = ""
        else:
            yield console(content), content
    assert not printed, f"{name}: what is printed is nowhere said: {printed}"


def console(session: str) -> str:
    """Return a session of `unrolled` with what its commands print now."""
    said = ""
    for line in session.splitlines():
        if line.startswith("$ "):
            output = io.StringIO()
            command, *words = shlex.split(line[2:])
            assert command == "unrolled"
            with contextlib.redirect_stdout(output):
                assert cli.main(words) == 0
            said += f"{line}\n{output.getvalue()}"
    return said


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_example_prints_what_its_page_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for registry in (ACTIVATIONS, CELLS):  # what a page plants is gone behind it
        for name in [*registry]:
            monkeypatch.setitem(registry, name, registry[name])
    before = [[*registry] for registry in (ACTIVATIONS, CELLS)]
    try:
        for printed, said in run(page.read_text(encoding="utf-8"), page.name):
            assert ROUNDING.sub("1e-16", printed) == ROUNDING.sub("1e-16", said)
    finally:
        for registry, names in zip((ACTIVATIONS, CELLS), before, strict=True):
            for name in registry.keys() - set(names):
                del registry[name]


def test_a_planted_example_that_prints_something_else_is_found() -> None:
    page = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n"
    assert [*run(page, "planted")] == [("2\n", "3\n")]
    with pytest.raises(AssertionError, match="nowhere said: 2"):
        [*run(page[:26], "planted")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages that a build makes, in a folder."""
    folder = tmp_path_factory.mktemp("generated")
    generated.write(folder)
    return folder


def anchors(text: str) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and MyST make them."""
    headings = HEADING.findall(FENCED.sub("", text))
    tidy = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in headings)
    return {re.sub(r"\s", "-", heading.strip()) for heading in tidy}


def broken(text: str, page: Path, made: Path) -> list[str]:
    """Return the links of a page that lead nowhere."""
    found = []
    for link in LINK.findall(CODE.sub("", FENCED.sub("", text))):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if target.is_relative_to(MADE):
            target = made / target.relative_to(MADE)
        is_there = target.exists()
        if not (is_there and (not anchor or anchor in anchors(target.read_text(encoding="utf-8")))):
            found.append(link)
    return found


def test_every_link_leads_to_a_page_and_a_heading(made: Path) -> None:
    pages = {page: page for page in PAGES}
    pages |= {path: MADE / path.relative_to(made) for path in made.rglob("*.md")}
    for path, place in pages.items():
        assert broken(path.read_text(encoding="utf-8"), place, made) == [], place


def test_a_planted_broken_link_is_found(made: Path) -> None:
    text = "[a](gone.md), [b](#nothing), [c](theory/forward.md#by-hand), `[d](no.md)`\n"
    assert broken(text, DOCS / "index.md", made) == ["gone.md", "#nothing"]


def test_every_page_is_in_the_contents_of_the_site(made: Path) -> None:
    toctree = re.compile(r"^```\{toctree\}\n(?:.*?\n)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
    listed = {"index"}
    for path, folder in (
        (DOCS / "index.md", ""),
        (made / "lessons/index.md", "generated/lessons/"),
    ):
        for block in toctree.findall(path.read_text(encoding="utf-8")):
            lines = re.findall(r"^(?:.*<)?([\w./-]+)>?$", block, re.MULTILINE)
            listed |= {folder + line for line in lines}
    there = {str(path.relative_to(DOCS).with_suffix("")) for path in WRITTEN}
    there |= {f"generated/{path.relative_to(made).with_suffix('')}" for path in made.rglob("*.md")}
    assert listed == there


def test_katex_writes_every_formula(made: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in (*WRITTEN, *made.rglob("*.md"))]
    plain = [CODE.sub("", BLOCK.sub("", text)) for text in texts]
    formulas = [a or b for text in plain for a, b in FORMULA.findall(text)]
    assert len(formulas) > 200
    planted = r"\frac{1"
    refused = answer(ROOT / "tests" / "app" / "write_formulas.js", [*formulas, planted])
    assert refused == [planted]


def test_networks_in_pages_are_presets(made: Path) -> None:
    named = re.compile(r"^```\{network\} (\w+)$", re.MULTILINE)
    texts = [path.read_text(encoding="utf-8") for path in (*WRITTEN, *made.rglob("*.md"))]
    names = {name for text in texts for name in named.findall(text)}
    assert names
    assert names <= PRESETS.keys()
    assert all((made / "static" / "networks" / f"{name}.html").is_file() for name in names)


def test_the_reference_names_every_public_name_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(reference.pages()) == 5
    groups = {**reference.GROUPS, "Weights": "INITIALISERS initialise from_torch to_torch gone"}
    monkeypatch.setattr(reference, "GROUPS", groups)
    with pytest.raises(ValueError, match="wrong: gone, with_spectral_radius"):
        reference.pages()


def test_a_docstring_keeps_its_equations_and_its_signs() -> None:
    lines = ["Return |z| of `a_`.", "", "    z = W x", "    h = φ(z)", "", "More.", "", "Raises"]
    assert docstrings.as_rst([*lines, "------", "ValueError", "    A name_ is * bad."]) == [
        r"Return \|z\| of ``a_``.",
        "",
        ".. code-block:: text",
        "",
        "    z = W x",
        "    h = φ(z)",
        "",
        "More.",
        "",
        "Raises",
        "------",
        "ValueError",
        r"    A name\_ is \* bad.",
    ]
