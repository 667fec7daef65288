"""Charts of the page "Without the loop"."""
