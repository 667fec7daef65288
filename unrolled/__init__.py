"""Every number of a recurrent network's forward pass and of back-propagation through time.

`unrolled` on the command line opens the app; `show` shows a live network in a notebook;
`rnn_core` computes, without either.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unrolled.live import Page, show

__all__ = ["Page", "show"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # When it is asked for: where NumPy is missing, the command says so itself.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from unrolled import live

    return getattr(live, name)
