"""The Streamlit front end: shows what `rnn_core` computes and does no mathematics of its own."""
