"""Clipping by norm and by value: what each does to length and direction of the gradient."""

import numpy as np
import streamlit as st

from app.components.plot_view.component import chart_view
from app.experiment.value import Experiment
from app.figures.words import short
from app.views.gradient_flow.compute import sections
from app.views.gradient_flow.compute.sections import Clippings
from app.views.gradient_flow.figures import clipping as figures
from app.views.shared.bound import slider
from rnn_core import Clipped


def render(experiment: Experiment) -> None:
    """Draw both ways of clipping the gradient of the parameters, side by side."""
    left, right = st.columns(2)
    norm_share = _share(left, "Largest length, as a share of ‖g‖", "gf_norm")
    value_share = _share(right, "Largest number, as a share of max |gᵢ|", "gf_value")
    found = sections.clippings_of(experiment, norm_share, value_share)
    st.markdown(_point(found))
    parts = (found.before, found.by_norm, found.by_value)
    chart_view(
        [figures.numbers(*parts), figures.by_parameter(*parts)], key="gf_clipping", columns=2
    )
    st.markdown(_table(found))
    st.caption(
        "g is the gradient of all parameters as one vector. By norm: g · min(1, c / ‖g‖), "
        "Pascanu, Mikolov and Bengio (2013), algorithm 1. By value: each number into [−v, v], "
        "Mikolov (2012). Both bound the update, so one exploding gradient cannot throw the weights "
        "far; neither brings back a gradient that has vanished."
    )


def _share(place: "st.delta_generator.DeltaGenerator", label: str, key: str) -> float:
    return float(slider(place, label, 0.05, 1.0, 0.5, 0.05, key=key))


def _point(found: Clippings) -> str:
    by_norm, by_value = found.by_norm, found.by_value
    return (
        f"The gradient has length **{short(by_norm.norm_before)}**. Clipped by norm to "
        f"{short(found.max_norm)}, it keeps its direction and is **{_share_of(by_norm)}** as "
        f"long; clipped by value to ±{short(found.limit)}, it turns by "
        f"**{short(_angle(by_value), 3)}°** (cosine **{_cosine(by_value)}**) and is "
        f"**{_share_of(by_value)}** as long."
    )


def _share_of(clipped: Clipped) -> str:
    return f"{short(clipped.norm_after / clipped.norm_before)} times"


def _cosine(clipped: Clipped) -> str:
    return short(clipped.cosine)


def _angle(clipped: Clipped) -> float:
    return float(np.degrees(np.arccos(clipped.cosine)))


def _table(found: Clippings) -> str:
    head = (
        "| | threshold | length before | after | cosine to before | turned by | numbers changed |\n"
        "|:--|--:|--:|--:|--:|--:|--:|\n"
    )
    rows = [
        f"| {name} | `{short(threshold)}` | `{short(one.norm_before)}` | "
        f"`{short(one.norm_after)}` | `{_cosine(one)}` | `{short(_angle(one), 3)}°` | "
        f"`{one.changed}` of `{found.before.count}` |"
        for name, threshold, one in (
            ("by norm", found.max_norm, found.by_norm),
            ("by value", found.limit, found.by_value),
        )
    ]
    return head + "\n".join(rows)
