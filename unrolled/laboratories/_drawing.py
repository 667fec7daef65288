"""How a laboratory's plots are drawn: by what the app has, as figures of Plotly."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rnn_core import Trace
from rnn_core.cells import ELMAN
from unrolled import home

if TYPE_CHECKING:
    import plotly.graph_objects as go

Figures = dict[str, "go.Figure"]
"""Figures by their titles, as the app has them."""


@contextmanager
def drawing() -> Iterator[Callable[[Sequence[Any]], Figures]]:
    """Let the block import the app; give what makes figures of its charts."""
    home.require_packages()
    with home.the_app():
        from app.figures.standalone import figures

        yield figures


def require_elman(trace: Trace) -> None:
    """Raise ValueError unless a run is of an Elman network."""
    if trace.cell is not ELMAN:
        raise ValueError(
            f"trace: expected a run of an Elman network, got one of the cell {trace.cell.title}"
        )


def require_sample(trace: Trace, sample: int) -> None:
    """Raise ValueError unless a run has a sequence of that number."""
    if not 0 <= sample < trace.batch:
        raise ValueError(f"sample: expected one of {trace.batch} sequences from 0, got {sample}")
