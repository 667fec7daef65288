"""Our style sheets and those of the libraries that are served with them."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

OF_KATEX = (ROOT / "assets" / "vendor" / "katex" / "katex.min.css").read_text(encoding="utf-8")
OURS = re.compile(r"ur-|st-key-|stMarkdown")
SHEETS = sorted([*ROOT.glob("assets/*.css"), *ROOT.glob("app/components/**/*.css")])


def inside_katex(text: str) -> set[str]:
    """Return the classes, but ours, of each selector that reaches into an equation."""
    selectors = re.findall(r"[^{}]*\.katex[^{}]*(?=\{)", re.sub(r"/\*.*?\*/", "", text, flags=re.S))
    classes = {name for one in selectors for name in re.findall(r"\.([A-Za-z][\w-]*)", one)}
    return {name for name in classes if not OURS.match(name)}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_what_is_said_of_equations_is_said_of_classes_that_they_have(sheet: Path) -> None:
    """A new KaTeX may name its parts anew: a rule for an old name would do nothing."""
    known = set(re.findall(r"\.([A-Za-z][\w-]*)", OF_KATEX))
    assert inside_katex(sheet.read_text(encoding="utf-8")) <= known


def test_the_rules_that_reach_into_equations_are_found() -> None:
    found = {name for sheet in SHEETS for name in inside_katex(sheet.read_text(encoding="utf-8"))}
    assert {"katex", "katex-base", "katex-display"} <= found
