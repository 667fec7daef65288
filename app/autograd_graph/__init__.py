"""Torch's graph of a run, recorded as it is built and as it is walked."""
