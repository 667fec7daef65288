"""Mount the component."""

from typing import Any

from app.components.shared.loader import component
from app.figures import notation


def sheet_view(data: dict[str, Any], *, large: bool = False, key: str = "sheet") -> None:
    """Draw the graph of a sheet and its fields; they are marked in the browser.

    Parameters
    ----------
    data
        What `payload` returns; with the names that the notation of the page has for its cell.
    large
        Whether it is shown to a lecture hall.
    """
    component("sheet_view")(key=key, data={**data, "notation": notation.sent(), "large": large})
