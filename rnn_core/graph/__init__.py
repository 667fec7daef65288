"""A run of the network as a NetworkX graph of its computation, with every value and gradient."""

from rnn_core.graph.build import LEVELS, computational_graph
from rnn_core.graph.order import computation_order
from rnn_core.graph.paths import Path, Paths, paths
from rnn_core.graph.replay import replay
from rnn_core.graph.truncated import truncated_gradients

__all__ = [
    "LEVELS",
    "Path",
    "Paths",
    "computation_order",
    "computational_graph",
    "paths",
    "replay",
    "truncated_gradients",
]
