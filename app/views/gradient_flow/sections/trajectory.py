"""The path of the states of a cell with gates, all of them together, in the plane it moves most."""

import numpy as np
import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.run import trace_of
from app.experiment.value import Experiment
from app.views.gradient_flow.figures import trajectory as figures
from rnn_core import principal_components


def render(experiment: Experiment) -> None:
    """Draw the path of all states of a step, (h, c) of an LSTM, and say what it is drawn along."""
    trace = trace_of(experiment)
    names = trace.cell.states
    path = np.concatenate([trace[name][:, experiment.sample] for name in names], axis=1)
    units = [f"{name}, unit {i + 1}" for name in names for i in range(experiment.hidden)]
    finite = np.isfinite(path).all(axis=1)
    if path.shape[1] == 1 or not finite.any():
        st.markdown("One number is no plane: Explore draws it over time.")
        return
    if path.shape[1] > 2:
        main = principal_components(path[finite])
        shares = main.shares[:2]
        along = np.full_like(path, np.nan)
        along[finite] = main.project(path[finite])
        path, units = along[:, :2], [f"direction {i + 1} ({s:.0%})" for i, s in enumerate(shares)]
        states = " and ".join(f"${name}_t$" for name in names)
        st.markdown(
            f"The path of {states}{' together' if len(names) > 1 else ''}, along the two "
            f"directions in which it varies most: {shares.sum():.0%} of its variance."
        )
    else:
        st.markdown("The path of the states, all numbers of a step together.")
    with st.columns([1, 1])[0]:
        chart_view([figures.chart(path, units)], key="gf_path", steps=len(path) - 1)
