"""Mount the component."""

from collections.abc import Mapping
from urllib.parse import urlencode

from app.components.shared.loader import component


def link_button(label: str, asked: Mapping[str, str], *, key: str) -> None:
    """Draw a button that copies the address of the first page, with what is `asked` of it.

    Only the browser knows where it found the app, and only a click there may copy.
    """
    component("link_button")(key=key, data={"label": label, "query": urlencode(asked)})
