"""∂h_T/∂h_k: what arrives at the last state of a change at an earlier one."""

import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.value import Experiment
from app.figures.types import Steps
from app.views.gradient_flow.compute import sections
from app.views.gradient_flow.figures import jacobian as figures
from app.views.shared.bound import slider


def render(experiment: Experiment) -> None:
    """Draw the product of Jacobians for one k, and its singular values for all."""
    steps, hidden = experiment.sizes[0], experiment.hidden
    st.markdown(
        r"$\frac{\partial h_T}{\partial h_k} = J_T\,J_{T-1} \cdots J_{k+1}$ carries the gradient "
        r"of a loss at step $T$ back to step $k$, as its transpose times "
        r"$\frac{\partial L}{\partial h_T}$. Its singular values are the factors by which that "
        "gradient can change on the way."
    )
    k = int(slider(None, "Step k, whose state acts on the last one", 0, steps, 0, key="gf_k"))
    (chosen,) = sections.jacobians_of(experiment, (k,))
    listed = sections.jacobians_of(experiment, sections.states_listed(steps, hidden))
    chart_view(
        [
            figures.heat_map(chosen, steps),
            figures.over_k(listed, k, Steps(steps, experiment.labels())),
        ],
        key="gf_jacobians",
        columns=2,
    )
