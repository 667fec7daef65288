"""Every number of a recurrent network's forward pass and of back-propagation through time.

`unrolled` on the command line opens the app; `rnn_core` computes, without it.
"""

__version__ = "0.1.0"
