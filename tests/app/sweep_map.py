"""What the section of the sweep opens with, and a network whose map is known."""

from typing import Any

from app.experiment.presets import default
from app.experiment.sources import Given, Numbers
from app.views.gradient_flow.compute.sweep import Grid

OPENING = Grid(0.5, 1.6, 12, 100, 12)


def scalar() -> Any:
    """h_t = w h_{t-1}: J_T is w^T."""
    return default().replace(
        sequence=Numbers(values=(((0.0,),),), target=(((0.0,),),)),
        weights=Given(W_xh=((1.0,),), W_hh=((1.0,),), b_h=(0.0,), W_hy=((1.0,),), b_y=(0.0,)),
        activation="identity",
    )
