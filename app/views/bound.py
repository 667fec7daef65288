"""Controls that are bound to the address, with what Streamlit's own do not take from there."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator


def whole_number(
    place: DeltaGenerator | None, label: str, least: int, most: int, value: int, **options: Any
) -> int:
    """Draw a field for a whole number and return it; `options` are those of `st.number_input`.

    It stands in `place`, or where the script has come to. A number in the address that is out of
    range falls back to `value`, also an infinite one, which Streamlit fails to make an integer of.
    """
    draw = st.number_input if place is None else place.number_input
    try:
        given = draw(
            label, least, most, value, bind="query-params", persist_state="session", **options
        )
    except OverflowError:  # `state.start` has taken it out of the address: the next run binds
        given = draw(label, least, most, value, **{**options, "key": f"{options['key']}_again"})
    return value if given is None else int(given)
