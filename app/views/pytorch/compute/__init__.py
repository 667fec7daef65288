"""What PyTorch computes for an experiment, how far that is from ours, and the graph it builds."""

from app.views.pytorch.compute.agreement import (
    FREE_SECONDS,
    TOLERANCE,
    Agreement,
    Difference,
    Precision,
    Row,
    agreement_of,
    compare,
    quantities,
    run_in,
    seconds_to_compare,
)
from app.views.pytorch.compute.graphs import (
    Graphs,
    accumulation_of,
    cut_of,
    freed_of,
    graphs_of,
    no_grad_of,
    short_graph_of,
    short_run_of,
)

__all__ = [
    "FREE_SECONDS",
    "TOLERANCE",
    "Agreement",
    "Difference",
    "Graphs",
    "Precision",
    "Row",
    "accumulation_of",
    "agreement_of",
    "compare",
    "cut_of",
    "freed_of",
    "graphs_of",
    "no_grad_of",
    "quantities",
    "run_in",
    "seconds_to_compare",
    "short_graph_of",
    "short_run_of",
]
