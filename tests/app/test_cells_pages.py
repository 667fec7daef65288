"""Every page with every cell: it shows the network, or says in a sentence what it is about."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import changes, link, presets
from rnn_core import CELLS

MAIN = Path(__file__).resolve().parents[2] / "app" / "main.py"
PAGES = ("gradient-flow", "training", "numerics", "without-the-loop", "pytorch")
TOO_LONG = 60


def opened(cell: str) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=TOO_LONG)
    app.query_params["e"] = link.encode(changes.with_network(presets.default(), cell))
    return app


@pytest.mark.parametrize("cell", [name for name in CELLS if name != "elman"])
def test_explore_shows_a_network_of_any_cell(cell: str) -> None:
    app = opened(cell).run()
    assert not app.exception
    assert not app.error
    equations = app.markdown[0].value
    for name in CELLS[cell].states:
        assert f"{name}_t =" in equations
