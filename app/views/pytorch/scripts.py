"""The experiment as scripts that need nothing of this app."""

from collections.abc import Callable

import streamlit as st

from app import reproduce
from app.experiment import Experiment

SHOWN = 40_000  # characters: a browser is slow to colour more

WRITERS: dict[str, tuple[str, Callable[[Experiment], str]]] = {
    "PyTorch": ("experiment_torch.py", reproduce.torch_script),
    "NumPy": ("experiment_numpy.py", reproduce.numpy_script),
}


def render(experiment: Experiment) -> None:
    """Draw one of the two scripts with its download."""
    st.markdown(
        "Either script reproduces this experiment without this app, from the exact numbers, and "
        "prints the same loss and gradients. In PyTorch’s, `nn.RNN` has two biases: our $b_h$ "
        "goes into `b_ih`, and `b_hh` is 0."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.segmented_control(
            "Library",
            list(WRITERS),
            default="PyTorch",
            key="pt_script",
            bind="query-params",
            persist_state="session",
            required=True,
        )
        file, write = WRITERS[name or "PyTorch"]
        try:
            script = write(experiment)
        except ValueError as error:
            st.warning(str(error))
            return
        st.download_button(
            f"Download {file}", script, file, "text/x-python", on_click="ignore", key="pt_download"
        )
    if len(script) > SHOWN:
        st.caption(f"The script has {len(script):,} characters: download it to read it.")
    else:
        st.code(script, language="python")
