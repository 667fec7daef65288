"""One HTML file with a network in it, which computes and shows every number without a server."""

import base64
import hashlib
import html
import json
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from app.components.portable.data import page_data
from app.components.portable.styles import ROOT, sheets
from app.components.shared.bundle import PORTABLE
from app.experiment import presets
from app.experiment.value import Experiment

VENDOR = ROOT / "assets" / "vendor"
LICENCES = ("vis-network/LICENSE-MIT", "katex/LICENSE", "katex/fonts/OFL.txt")
"""Of what others made and the page carries along."""

USUAL_TITLE = "Unrolled"
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; "
    "font-src data:; base-uri 'none'; form-action 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Unrolled">
<title>{title}</title>
{styles}
</head>
<body>
<main id="unrolled"><p>The network is being computed …</p></main>
<noscript>This page computes its numbers in the browser: allow it to run scripts.</noscript>
<script type="application/octet-stream" id="unrolled-data">{data}</script>
<script type="text/plain" id="licences">{licences}</script>
{scripts}
</body>
</html>
"""


def portable_page(experiment: Experiment, **view: Any) -> bytes:
    """Return the page of an experiment, in UTF-8; what is looked at first as in `page_data`.

    Whatever a user has typed is data in it: compressed and in base64, or escaped.

    Raises
    ------
    ValueError
        The run is too large for a page, or cannot be computed at all.
    """
    data = json.dumps(
        page_data(experiment, **view), separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    page = PAGE.format(
        policy=POLICY.format(scripts=" ".join(map(_hashed, _scripts()))),
        title=html.escape(presets.called(experiment) or USUAL_TITLE),
        styles=_styles(),
        data=base64.b64encode(zlib.compress(data.encode(), level=9)).decode("ascii"),
        licences=_licences(),
        scripts="\n".join(
            f"<script{kind}>{text}</script>"
            for kind, text in zip(("", ' type="module"'), _scripts(), strict=True)
        ),
    )
    return page.encode()


@cache
def _scripts() -> tuple[str, str]:
    """Return KaTeX, which leaves a global, and the front ends as a module."""
    return tuple(_script(path) for path in (VENDOR / "katex" / "katex.min.js", PORTABLE))  # type: ignore[return-value]


def _script(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if "</script" in text.lower() or "<!--" in text:
        raise ValueError(f"{path.name}: expected a script that can stand in a page")
    return text


def _hashed(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _styles() -> str:
    return "\n".join(
        f'<style data-address="{address}">{text}</style>' for address, text in sheets().items()
    )


@cache
def _licences() -> str:
    texts = ((VENDOR / name).read_text(encoding="utf-8") for name in LICENCES)
    return html.escape("\n\n".join(texts), quote=False)
