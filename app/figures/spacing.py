"""How far apart nodes of a graph are drawn, in pixels, on a page and in pictures."""

COLUMN = 190.0  # between two time steps where one node stands in each row
BESIDE = 130.0  # between two nodes of the same step and row
ROW = 95.0
READOUT = 100.0  # from the loss of a step to its prediction, and to its target

LEAST_SHRINK = 0.4  # of the time axis, so that steps stay apart where their boxes are small
GAPS = {
    "row": 17.0,
    "product": 9.0,  # between rows of products, which all add up to what stands above them
    "column": 20.0,
    "parameter": 12.0,
    "parameters": 46.0,  # from them to all others
}
"""What is left between boxes, once it is known how large they are."""
