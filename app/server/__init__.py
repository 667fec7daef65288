"""The server: what it adds to Streamlit's own, and what its operator says."""
