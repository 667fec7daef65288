"""The sections of the page, and the controls that they share."""
