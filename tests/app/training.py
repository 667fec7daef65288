"""The page Training as its tests open it."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.presets import default
from app.experiment.value import Experiment

SCRIPT = (
    "import streamlit as st\nfrom app import state\nfrom app.views.training import page\n"
    "state.start()\npage.render(lambda title: None)\n"
    "if state.problem():\n    st.error(state.problem())"  # as the shell does
)


def page(section: str = "", experiment: Experiment | None = None, **controls: str) -> AppTest:
    app = AppTest.from_string(SCRIPT, default_timeout=60)
    app.query_params["e"] = link.encode(experiment or default())
    if section:
        app.query_params["tr"] = section
    for name, value in controls.items():
        app.query_params[name] = value
    return app.run()


def said(app: AppTest) -> str:
    assert not app.exception
    kinds = ("title", "header", "markdown", "caption")
    parts = [element.value for kind in kinds for element in app.get(kind)]
    return " ".join(parts)


def charts(app: AppTest) -> dict[str, Any]:
    """The charts of the page that `chart_view` was given, by their names."""
    found = [json.loads(part.proto.bytes) for part in app.get("bidi_component")]
    return {
        chart["id"]: chart
        for data in found
        for group in data["groups"]
        for chart in group["charts"]
    }
