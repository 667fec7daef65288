"""The page Numerics as its tests open it."""

from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.value import Experiment
from tests.experiments import six_steps

SCRIPT = "from app import state\nfrom app.views.numerics import page\nstate.start()\npage.render()"


def page(section: str = "", experiment: Experiment | None = None, **controls: str) -> AppTest:
    app = AppTest.from_string(SCRIPT, default_timeout=60)
    app.query_params["e"] = link.encode(experiment or six_steps())
    for name, value in ({"nu": section} if section else {}).items():
        app.query_params[name] = value
    for name, value in controls.items():
        app.query_params[name] = value
    return app.run()


def shown(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.warning, *app.success, *app.code]
    return "\n".join(element.value for element in parts)
