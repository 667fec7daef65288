"""Torch's graph beside ours: recordings -> pyvis networks -> component."""
