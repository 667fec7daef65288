"""The plots of the app's laboratories, of a run of one's own, as figures of Plotly.

A module for each page: `gradient_flow`, `numerics`, `without_the_loop`, `training`. What a page
has controls for is an argument.
"""

from unrolled.laboratories import gradient_flow, numerics, training, without_the_loop

__all__ = ["gradient_flow", "numerics", "training", "without_the_loop"]
