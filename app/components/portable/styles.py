"""The style sheets of a page that works without a server: those of the app, with all they name."""

import base64
import re
from functools import cache
from pathlib import Path

from app.figures.palette import CANVAS, theme

COMPONENTS = Path(__file__).resolve().parents[1]
ROOT = COMPONENTS.parents[1]
SHEETS = (
    "ui/components/graph_view/frontend/graph.css",
    "ui/components/editor/frontend/editor.css",
    "ui/components/shared/frontend/symbols/explain.css",
    "ui/components/portable/frontend/portable.css",
    "assets/vendor/katex/katex.min.css",
)
"""By the addresses that the front ends ask for them by."""
SERVED = {"ui/components/": COMPONENTS, "assets/": ROOT / "assets"}

IMPORT = re.compile(r'@import url\("([^"]+)"\);')
FONT = re.compile(r"@font-face\{[^}]*\}")
SOURCE = re.compile(r"url\((fonts/[^)]+)\)")
FONTS = ("KaTeX_AMS", "KaTeX_Main", "KaTeX_Math", "KaTeX_Size")  # in which our formulas are set

NAMES = {
    "primaryColor": "primary-color",
    "backgroundColor": "background-color",
    "secondaryBackgroundColor": "secondary-background-color",
    "textColor": "text-color",
    "borderColor": "border-color",
    "linkColor": "link-color",
}
"""The theme's colours as Streamlit calls them in its settings and in its variables."""


@cache
def sheets() -> dict[str, str]:
    """Return the text of each style sheet by its address, with nothing left to be loaded."""
    found = {address: _whole(_path(address)) for address in SHEETS}
    return {**found, "": _themes()}


def _path(address: str) -> Path:
    start = next(start for start in SERVED if address.startswith(start))
    return SERVED[start] / address.removeprefix(start)


def _whole(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    text = IMPORT.sub(lambda found: _whole(path.parent / found[1]), text)
    text = FONT.sub(lambda found: found[0] if any(map(found[0].__contains__, FONTS)) else "", text)
    return SOURCE.sub(lambda found: f"url({_inlined(path.parent / found[1])})", text)


def _inlined(font: Path) -> str:
    return f"data:font/woff2;base64,{base64.b64encode(font.read_bytes()).decode('ascii')}"


def _themes() -> str:
    """Return the app's colours as the variables that Streamlit would set."""
    light, dark = (_variables(name) for name in ("light", "dark"))
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    )


def _variables(page: str) -> str:
    colours = theme(page)
    told = {variable: colours[name] for name, variable in NAMES.items()}
    told |= {
        "green-text-color": CANVAS[page]["right"],
        "red-text-color": CANVAS[page]["warning"],
    }
    return "".join(f"--st-{name}:{colour};" for name, colour in told.items())
