"""The component of a sheet: the network's graph, and the numbers that are to be worked out."""
