"""The style sheets of pages: what Streamlit's theme cannot say, applied where they are drawn."""

from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).resolve().parents[3] / "assets"


def apply(name: str) -> None:
    """Apply the sheet of that name, for as long as the page draws it."""
    st.html(ASSETS / f"{name}.css")
