"""Figures of a run: Trace and Gradients in, plain dicts for Plotly out. No Streamlit here."""

from app.figures.run.payload import payload

__all__ = ["payload"]
