"""Torch's graph of a run, recorded as it is built and as it is walked."""

from app.pytorch.autograd_graph.demonstrations import (
    Accumulation,
    Detached,
    Freed,
    NoGrad,
    accumulate,
    detached_at,
    free,
    no_grad,
)
from app.pytorch.autograd_graph.recorder import Frame, Node, Recording, Visit
from app.pytorch.autograd_graph.run import record, steps_that_fit

__all__ = [
    "Accumulation",
    "Detached",
    "Frame",
    "Freed",
    "NoGrad",
    "Node",
    "Recording",
    "Visit",
    "accumulate",
    "detached_at",
    "free",
    "no_grad",
    "record",
    "steps_that_fit",
]
