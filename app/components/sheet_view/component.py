"""Mount the component."""

from typing import Any

from app.components.shared.loader import component


def sheet_view(data: dict[str, Any], *, key: str = "sheet") -> None:
    """Draw the graph of a sheet and its fields; they are marked in the browser.

    Parameters
    ----------
    data
        What `payload` returns.
    """
    component("sheet_view")(key=key, data=data)
