"""The experiment's controls: sizes, choices, and matrices edited in place."""
