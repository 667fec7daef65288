"""Charts of the page "Gradient flow"."""
