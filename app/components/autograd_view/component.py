"""Mount the component."""

from typing import Any

from app.components.shared.loader import component


def autograd_view(
    data: dict[str, Any], *, about: dict[str, Any], key: str, large: bool = False
) -> None:
    """Draw two graphs beside each other, with a player where there is something to play.

    Parameters
    ----------
    data
        What `payload` or `side_by_side` returns.
    about
        "shape": text that changes when the graphs do; "steps": T, or 0 where it does not matter.
    large
        Whether it is in letters for the last row of a lecture hall, from the side of the loss.
    """
    component("autograd_view")(key=key, data={**data, **about, "key": key, "large": large})
