"""Figures of the page Numerics: what floating-point formats do to a loss and its derivative."""
