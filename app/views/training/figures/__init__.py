"""Charts of a run of training."""
