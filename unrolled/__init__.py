"""Every number of a recurrent network's forward pass and of back-propagation through time.

`unrolled` on the command line opens the app; `show` shows a live network in a notebook,
`figures` the plots of a run, `laboratories` those of the pages beside it; `rnn_core` computes,
without any of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unrolled.live import Page, show
    from unrolled.plots import figures

__all__ = ["Page", "figures", "show"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    # When it is asked for: where NumPy is missing, the command says so itself.
    if name == "laboratories":
        return import_module("unrolled.laboratories")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from unrolled import live, plots

    return getattr(plots if name == "figures" else live, name)
