"""The experiment: everything that determines the numbers, where it comes from, and its run."""
