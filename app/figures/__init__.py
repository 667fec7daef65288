"""Figures: numbers in, plain dicts for Plotly out. No Streamlit here."""
