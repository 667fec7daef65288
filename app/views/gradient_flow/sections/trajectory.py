"""The path of the states of a cell with gates, all of them together, in the plane it moves most."""

import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.views.gradient_flow.compute import space
from app.views.gradient_flow.figures import trajectory as figures


def render(experiment: Experiment) -> None:
    """Draw the path of all states of a step, (h, c) of an LSTM, and say what it is drawn along."""
    trace = trace_of(experiment)
    plane = space.plane_of(trace, experiment.sample)
    if plane is None:
        st.markdown("One number is no plane: Explore draws it over time.")
        return
    if plane.shares is None:
        st.markdown("The path of the states, all numbers of a step together.")
    else:
        names = trace.cell.states
        states = " and ".join(f"${name}_t$" for name in names)
        st.markdown(
            f"The path of {states}{' together' if len(names) > 1 else ''}, along the two "
            f"directions in which it varies most: {plane.shares.sum():.0%} of its variance."
        )
    with st.columns([1, 1])[0]:
        chart_view([figures.chart(plane.path, plane.names)], key="gf_path", steps=trace.steps)
