"""The sections of the page, and the controls above them."""
