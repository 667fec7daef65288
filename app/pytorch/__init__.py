"""The same run in PyTorch: as a witness, and with the graph that it builds."""
