"""What all components share: how a front end is loaded, and its JavaScript."""
