"""What W_hh and φ′ are like: eigenvalues, singular values and saturation."""

import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.value import Experiment
from app.figures import spectrum as figures
from app.figures.types import Steps
from app.figures.words import short
from app.views.gradient_flow.compute import over_time, sections
from app.views.gradient_flow.figures import saturation
from app.views.gradient_flow.sections import controls
from app.views.shared import elman_only
from rnn_core import ACTIVATIONS

WHY = "this section is about one matrix and one function; *Jacobian* shows those of any cell"


def render(experiment: Experiment) -> None:
    """Draw both factors of the Jacobian, W_hh and the slopes of φ, and what each does."""
    experiment = elman_only.in_place_of(experiment, WHY, controls.use)
    found = sections.spectrum_of(experiment)
    slope = over_time.slopes_of(experiment)
    symbol = ACTIVATIONS[experiment.activation].symbol
    chart_view(
        [figures.eigenvalues(found), figures.singular_values(found)], key="gf_matrix", columns=2
    )
    st.markdown(
        r"$J_t = \operatorname{diag}(\varphi'(z_t))\,W_{hh}$ has two factors. The eigenvalues of "
        rf"$W_{{hh}}$ (spectral radius **{short(found.radius)}**) say what happens in the long "
        rf"run, its singular values (largest **{short(found.norm)}**) what can happen in one "
        rf"step, and $\varphi'$ (mean **{short(float(slope.mean()))}**) takes away from both."
    )
    steps = Steps(len(slope), experiment.labels())
    chart_view(
        [saturation.over_time(slope, symbol, steps), saturation.histogram(slope, symbol)],
        key="gf_slope",
        steps=len(slope),
        columns=2,
    )
