"""The parts of the page Practice."""
