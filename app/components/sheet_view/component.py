"""Mount the component."""

from collections.abc import Callable
from typing import Any

from app.components.shared.loader import component
from app.figures import notation

KEY = "sheet"


def sheet_view(
    data: dict[str, Any], *, large: bool = False, on_way: Callable[[], None], key: str = KEY
) -> None:
    """Draw the graph of a sheet and its fields; they are marked in the browser.

    Parameters
    ----------
    data
        What `payload` returns; with the names that the notation of the page has for its cell.
    large
        Whether it is shown to a lecture hall.
    on_way
        Called where the reader goes on: the name of the way is the key's `way`.
    """
    component("sheet_view")(
        key=key,
        data={**data, "notation": notation.sent(), "large": large},
        on_way_change=on_way,
    )
