"""The experiment as scripts that need nothing of this app."""

from collections.abc import Callable

import streamlit as st

from app import listings
from app.experiment.value import Experiment
from app.views.shared import script

WRITERS: dict[str, tuple[str, Callable[[Experiment], str]]] = {
    "PyTorch": ("experiment_torch.py", listings.torch_script),
    "NumPy": ("experiment_numpy.py", listings.numpy_script),
}


def render(experiment: Experiment) -> None:
    """Draw one of the two scripts with its download."""
    st.markdown(
        "Either script reproduces this experiment without this app, from the exact numbers, and "
        "prints the same loss and gradients. In PyTorch’s, `nn.RNN` has two biases: our $b_h$ "
        "goes into `b_ih`, and `b_hh` is 0."
    )
    script.offer(WRITERS, experiment, key="pt_script")
