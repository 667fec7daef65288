"""The interpreter of cells: any `Cell` run forward and back, from its lines alone."""
