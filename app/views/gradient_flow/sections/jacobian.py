"""∂h_T/∂h_k: what arrives at the last state of a change at an earlier one."""

import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.value import Experiment
from app.figures.notation import sided
from app.figures.types import Steps
from app.views.gradient_flow.compute import sections
from app.views.gradient_flow.figures import jacobian as figures
from app.views.shared.bound import slider


def render(experiment: Experiment) -> None:
    """Draw the product of Jacobians for one k, its singular values for all, and what they tell."""
    steps, hidden = experiment.sizes[0], experiment.hidden
    states = experiment.kind.states
    s = figures.symbol(states)
    k = int(slider(None, "Step k, whose state acts on the last one", 0, steps, 0, key="gf_k"))
    (chosen,) = sections.jacobians_of(experiment, (k,))
    listed = sections.jacobians_of(experiment, sections.states_listed(steps, len(states) * hidden))
    chart_view(
        [
            figures.heat_map(chosen, steps, states),
            figures.over_k(listed, k, Steps(steps, experiment.labels()), s),
        ],
        key="gf_jacobians",
        columns=2,
    )
    stacked = ", ".join(f"{state}_t" for state in states)
    where = "" if len(states) == 1 else f", where $s_t = [{stacked}]$ are all states of the cell,"
    st.markdown(
        rf"$\frac{{\partial {s}_T}}{{\partial {s}_k}} = J_T\,J_{{T-1}} \cdots J_{{k+1}}${where} "
        r"carries the gradient of a loss at step $T$ back to step $k$, as its transpose times "
        rf"$\frac{{\partial L}}{{\partial {s}_T}}${sided('', ', from the right')}. Its "
        "singular values are the factors by which that gradient can change on the way."
    )
