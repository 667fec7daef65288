"""The least a Streamlit page can do: one slider and one text. What the screen is compared to."""

import streamlit as st

st.write(f"value {st.slider('number', 0, 1000, 0)}")
