"""The controls that the sections share: a logit, a target and a floating-point format."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import state
from app.experiment.parsing import parse_number
from app.figures.words import in_full, short
from app.views.shared import narrow, told
from app.views.shared.bound import choice, slider, text
from rnn_core.precision import FORMATS, rounded

LARGEST = 1e300
DEFAULT_FORMAT = "float64"


def row(key: str) -> DeltaGenerator:
    """Return a place for controls side by side, in as many lines as they need."""
    narrow.switch(key)
    place = narrow.folded(key)
    return place.container(horizontal=True, vertical_alignment="top", gap="medium", key=key)


def number(place: DeltaGenerator, label: str, key: str, default: float, limit: float) -> float:
    """Draw a box for a number and return it; a bad one is told, and the default is used."""
    typed = text(
        place,
        label,
        f"{default:g}",
        max_chars=60,
        width=130,
        key=key,
        placeholder="−1000, 0.5, 1/3 or 1e−3",
    )
    try:
        return limited(label, parse_number(typed, label), limit)
    except ValueError as error:
        told.refuse(f"{error}. {in_full(default)} is used.")
        return default


def limited(label: str, value: float, limit: float) -> float:
    """Return a number that is at most `limit` in size; ValueError otherwise."""
    if abs(value) > limit:
        raise ValueError(f"{label}: expected at most {short(limit)} in size, got {short(value)}")
    return value


def logit(place: DeltaGenerator, key: str, default: float, dtype: str) -> float:
    """Draw the box for the logit a, which has to fit the format."""
    value = number(place, "Logit a", key, default, LARGEST)
    if abs(rounded(value, dtype)) == float("inf"):
        told.refuse(
            f"Logit a: {in_full(value)} is larger than any {dtype}. {in_full(default)} is used."
        )
        return default
    return value


def target(place: DeltaGenerator, key: str = "nu_y") -> float:
    """Draw the slider for the target y."""
    return float(slider(place, "Target y", 0.0, 1.0, 1.0, 0.05, width=140, key=key))


def floating_format(place: DeltaGenerator, key: str = "nu_f", default: str = DEFAULT_FORMAT) -> str:
    """Draw the choice of a floating-point format."""
    formats = {name: name for name in FORMATS}
    return choice("Format", key, formats, default, place=place, look="buttons")


def examples(title: str, choices: dict[str, dict[str, object]], key: str) -> None:
    """Draw buttons that set controls, each to an example worth a look."""
    place = narrow.folded(key)
    with place.container(horizontal=True, vertical_alignment="center", key=key):
        st.caption(title, width="content")
        for number_, (name, values) in enumerate(choices.items()):
            st.button(
                name,
                key=f"{key}_{number_}",
                on_click=state.set_controls,
                args=(values,),
            )
