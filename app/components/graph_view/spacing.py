"""How far apart nodes are drawn, in pixels."""

COLUMN = 190.0  # between two time steps where one node stands in each row
BESIDE = 130.0  # between two nodes of the same step and row
ROW = 95.0
