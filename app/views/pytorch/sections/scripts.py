"""The experiment as scripts that need nothing of this app."""

from collections.abc import Callable

import streamlit as st

from app import listings
from app.experiment.value import Experiment
from app.views.shared import script
from rnn_core.cells import ELMAN

WRITERS: dict[str, tuple[str, Callable[[Experiment], str]]] = {
    "PyTorch": ("experiment_torch.py", listings.torch_script),
    "NumPy": ("experiment_numpy.py", listings.numpy_script),
}


def render(experiment: Experiment) -> None:
    """Draw one of the two scripts with its download."""
    st.markdown(
        "Either script reproduces this experiment without this app, from the exact numbers, and "
        f"prints the same loss and gradients. {_biases(experiment)}"
    )
    script.offer(WRITERS, experiment, key="pt_script")


def _biases(experiment: Experiment) -> str:
    """Say what becomes of the biases in PyTorch's module, or that there is none."""
    layout = experiment.kind.torch
    if experiment.kind is ELMAN:
        return (
            "The PyTorch script uses `nn.RNN`, which adds two biases where one is enough: "
            "the cell’s bias stands in `b_ih`, and `b_hh` is 0."
        )
    if layout is None or experiment.activation not in layout.activations:
        return (
            "The PyTorch script writes the lines of the cell as a loop and leaves the way back to "
            "autograd."
        )
    return (
        f"The PyTorch script puts the matrices into `nn.{layout.module}`, gate below gate; the "
        "NumPy script goes back through the lines of the cell by hand."
    )
