"""Training for a page: what is trained, the run as it grows, and where it is computed."""
