"""Presets as pages of their own inside the site: each computes its numbers in the browser."""

from html import escape

from app.components.portable.page import portable_page
from app.experiment.presets import PRESETS

FOLDER = "networks"
EMBEDDED = (
    '<div class="network"><iframe src="{address}" title="The network {title}" loading="lazy">'
    '</iframe><p><a href="{address}">{title}, in a page of its own</a></p></div>'
)


def pages() -> dict[str, bytes]:
    """Return the page of each preset by the name of its file."""
    return {f"{name}.html": portable_page(each.experiment) for name, each in PRESETS.items()}


def embedded(name: str, static: str) -> str:
    """Return a preset's page in a frame and a link to it; `static` leads to the static files.

    Raises
    ------
    ValueError
        There is no such preset.
    """
    if name not in PRESETS:
        raise ValueError(f"network: expected one of {', '.join(PRESETS)}, got {name!r:.40}")
    address = f"{static}/{FOLDER}/{name}.html"
    return EMBEDDED.format(address=address, title=escape(PRESETS[name].title))
