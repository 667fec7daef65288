"""How Sphinx builds the site: `make docs`. Nothing is fetched from another host."""

import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from sphinx.ext.napoleon import NumpyDocstring  # noqa: E402

from scripts.documentation import docstrings, generated  # noqa: E402
from unrolled import __version__  # noqa: E402

project = "Unrolled"
author = "The Unrolled authors"
copyright = "The Unrolled authors, MIT licence"
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "scripts.documentation.extension",
]
source_suffix = {".md": "markdown"}
nitpicky = True
default_role = "literal"

myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]  # an answer in <details> is no section

autodoc_typehints = "none"  # shapes and units stand in the docstrings
autodoc_preserve_defaults = True
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

html_theme = "furo"
html_title = f"Unrolled {version}"
html_math_renderer = "katex"
html_favicon = "../assets/icon.svg"
html_static_path = ["_static", "generated/static", "../assets/vendor/katex"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False


_ATTRIBUTES = ("attribute", "data", "property")
_kept: dict[str, list[str]] = {}


def _before(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Write a docstring as Sphinx reads it, before napoleon reads its sections."""
    lines[:] = docstrings.as_rst(lines)
    if what in _ATTRIBUTES:  # read as a function's: napoleon would take for a type what is none
        _kept[name] = NumpyDocstring(lines, app.config, app, "function", name).lines()


def _after(app: Any, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Undo what napoleon made of an attribute."""
    lines[:] = _kept.pop(name, lines)


def _is_skipped(app: Any, what: str, name: str, obj: Any, skip: bool, options: Any) -> bool | None:
    """Leave out what only the library calls."""
    return True if name.startswith("trusted") else None


def setup(app: Any) -> None:
    """Write the pages that are made, and read docstrings as they are written."""
    generated.write(HERE / "generated")
    app.connect("autodoc-process-docstring", _before, priority=400)
    app.connect("autodoc-process-docstring", _after, priority=600)
    app.connect("autodoc-skip-member", _is_skipped)
