"""A button that copies a link into this app."""
