"""How much of the states' variance each principal component explains."""

import numpy as np

from app.figures import axes, tables
from app.figures.types import Chart, Floats, typed_array, view
from app.figures.words import short


def chart(shares: Floats) -> Chart:
    """Return the share of the variance that each principal component explains."""
    shown = shares[:12]
    figure = {
        "data": [
            {
                "type": "bar",
                "x": typed_array(np.arange(1, len(shown) + 1)),
                "y": typed_array(shown),
                "name": "explains",
                "meta": {"series": 0},
                "hovertemplate": f"PC %{{x}}: %{{y:{axes.HOVER_SHARE}}}<extra></extra>",
            },
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": typed_array(np.arange(1, len(shown) + 1)),
                "y": typed_array(np.cumsum(shown)),
                "name": "together",
                "line": {"width": 2},
                "marker": {"size": 6},
                "meta": {"series": 1},
                "hovertemplate": f"PC 1 to %{{x}}: %{{y:{axes.HOVER_SHARE}}}<extra></extra>",
            },
        ],
        "layout": axes.layout(
            300,
            xaxis={
                "title": {"text": "principal component", "standoff": 6},
                "tick0": 1,
                "dtick": 1,
                "showgrid": False,
                "zeroline": False,
            },
            yaxis=axes.number_axis("variance", range=[0, 1.05], **axes.SHARES),
            showlegend=True,
            bargap=0.35,
        ),
    }
    together = [short(100 * float(shares[:n].sum())) for n in (1, 2, 3)]
    return {
        "id": "gf_explained",
        "title": "Variance of the states that each component explains",
        "phase": "",
        "views": [
            view(
                "",
                figure,
                f"The first component explains {together[0]} % of the variance, the first two "
                f"{together[1]} %, the first three {together[2]} %.",
            )
        ],
        "tables": [tables.matrix("share", shares)],
    }
