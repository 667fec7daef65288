"""Charts as figures of Plotly's package, and as a page that opens without a server."""

import re
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs_version

import unrolled
from app.components.plot_view.drawn import Drawn, collect, note
from app.figures import standalone
from app.figures.palette import palette
from app.figures.run import payload
from app.views.shared import offline
from app.views.shared.fragment import fragment
from rnn_core import Parameters, backward, forward
from tests.app.figure_cases import CASES, charts, run


def test_the_script_is_that_of_the_package() -> None:
    head = standalone.SCRIPT.read_text(encoding="utf-8")[:200]
    assert f"v{get_plotlyjs_version()}" in head


@pytest.mark.parametrize("case", CASES)
def test_plotly_takes_every_view_that_is_drawn(case: str) -> None:
    found = charts(payload(*CASES[case]()))
    drawn = [view for chart in found.values() for view in chart["views"] if view["figure"]]
    made = standalone.figures(list(found.values()))
    assert len(made) == len(drawn)
    for figure in made.values():
        assert isinstance(figure, go.Figure)
        for trace in figure.data:
            assert trace.type == "heatmap" or trace.marker.color is not None


def test_the_figures_of_the_library_hold_the_numbers_of_the_run() -> None:
    params = Parameters.random(1, 3, 1, seed=4)
    trace = forward(params, np.sin(np.arange(6.0)), [1.0], loss="squared_error")
    grads = backward(trace)
    found = unrolled.figures(trace, grads)
    hidden = found["Hidden states h_t: Heat map"].data[0]
    np.testing.assert_array_equal(hidden.z, trace.h[:, 0].T)
    assert hidden.colorscale[0][1] == palette()["light"]["diverging"][0][1]
    lengths = found["Length of the gradient"].data[0]
    np.testing.assert_allclose(lengths.y, np.linalg.norm(grads.h[1:, 0], axis=1), rtol=1e-14)
    with pytest.raises(ValueError, match="gradients: expected those of this run"):
        unrolled.figures(forward(params, [1.0]), grads)


def test_a_page_asks_nobody_for_anything_and_shows_a_text_as_text() -> None:
    hostile = "</script><img src=x onerror=alert(1)>"
    data = payload(*run(3, 2), labels=[hostile, "<b>", "&lt;i&gt;"])
    text = standalone.page(list(charts(data).values()), hostile).decode()
    before, script, after = text.partition(standalone.SCRIPT.read_text(encoding="utf-8"))
    assert script
    own = before + after
    assert "<img" not in own
    assert "default-src 'none'" in before
    assert not re.search(r"""(?:src|href)=["']?http""", own)
    assert "Hidden states h<sub>t</sub>" in own


def test_a_laboratory_offers_what_it_has_drawn_and_what_a_part_of_it_draws_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offered: list[dict[str, Any]] = []
    monkeypatch.setattr(offline.st, "download_button", lambda _, **given: offered.append(given))
    monkeypatch.setattr(offline.st, "fragment", lambda draw, **_: draw)
    first, second, later = list(charts(payload(*run(3, 2))).values())[:3]
    drawn: Drawn = {}
    offline.offer(drawn, "Gradient flow")
    assert not offered  # nothing is drawn
    collect(drawn)
    part = fragment(lambda: note("part", [later]))
    note("page", [first])
    note("page", [second])  # in its place
    collect(None)
    offline.offer(drawn, "Gradient flow")
    part()  # by itself, as Streamlit draws it again
    text = offered[0]["data"]().decode()
    titles = re.findall("<h2>(.*?)</h2>", text)
    assert offered[0]["file_name"] == "unrolled-gradient-flow-plots.html"
    assert titles == [standalone._html(chart["title"]) for chart in (second, later)]
