"""Every number of a recurrent network's forward pass and of back-propagation through time.

`unrolled` on the command line opens the app; `show` shows a live network in a notebook;
`rnn_core` computes, without either.
"""

from unrolled.live import Page, show

__all__ = ["Page", "show"]

__version__ = "0.1.0"
