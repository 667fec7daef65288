"""The page Without the loop as its tests open it."""

from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.value import Experiment

SCRIPT = (
    "from app import state\nfrom app.views.without_the_loop import page\n"
    "state.start()\npage.render()"
)


def page(experiment: Experiment, section: str, **controls: str) -> AppTest:
    app = AppTest.from_string(SCRIPT, default_timeout=60)
    app.query_params["e"] = link.encode(experiment)
    app.query_params["wl"] = section
    for name, value in controls.items():
        app.query_params[name] = value
    return app.run()


def shown(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.markdown, *app.caption])


def rows(app: AppTest) -> dict[str, list[str]]:
    """The cells of every row of the page's tables, by the row's first cell."""
    lines = [line for line in shown(app).splitlines() if line.startswith("| ")]
    split = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]
    return {cells[0]: cells[1:] for cells in split}
