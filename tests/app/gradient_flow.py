"""The page Gradient flow as its tests open it, and the experiments they open it on."""

import base64
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.sources import Drawn, Numbers, Series
from app.experiment.value import Experiment
from app.views.gradient_flow.compute import over_time
from app.views.gradient_flow.page import SECTIONS
from app.views.gradient_flow.sections.controls import EXAMPLES
from tests.experiments import six_steps

SCRIPT = (
    "from app import state\nfrom app.views.gradient_flow import page\nstate.start()\npage.render()"
)
OWN = sorted(set(SECTIONS) - {"sweep"})
HALF = EXAMPLES["0.5¹⁰"][1]
ATTRACTORS = EXAMPLES["Two attractors"][1]


def sine(hidden: int, steps: int = 30, **changed: Any) -> Experiment:
    return Experiment(
        sequence=Series(name="sine", length=steps, scaling="none"),
        weights=Drawn(scheme="orthogonal", seed=2, hidden=hidden, spectral_radius=1.3),
        loss="squared_error",
        readout="every",
    ).replace(**changed)


def overflowing(activation: str) -> Experiment:
    return Experiment(
        sequence=Numbers(values=tuple(((1.0,),) for _ in range(200)), target=(((1.0,),),)),
        weights=Drawn(scheme="identity", seed=1, hidden=2, spectral_radius=1000.0),
        activation=activation,
        loss="squared_error",
    )


def page(section: str = "", experiment: Experiment | None = None, **controls: str) -> AppTest:
    app = AppTest.from_string(SCRIPT, default_timeout=60)
    app.query_params["e"] = link.encode(experiment or six_steps())
    if section:
        app.query_params["gf"] = section
    for name, value in controls.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> str:
    assert not app.exception
    parts = [element.value for kind in ("markdown", "caption") for element in app.get(kind)]
    return " ".join(parts)


def numbers(spec: dict[str, Any]) -> np.ndarray:
    kind = {"f8": np.float64, "i4": np.int32}[spec["dtype"]]
    flat = np.frombuffer(base64.b64decode(spec["bdata"]), kind)
    return flat.reshape([int(n) for n in spec["shape"].split(",")]) if "shape" in spec else flat


def flow(experiment: Experiment, **options: bool) -> over_time.OverTime:
    return over_time.over_time_of(experiment, **{"last_only": False, "with_norms": True, **options})
