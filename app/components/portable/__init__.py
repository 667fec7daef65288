"""A network as a page of its own: one file, which works without a server."""
