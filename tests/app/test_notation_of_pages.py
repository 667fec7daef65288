"""In every notation all that Python writes follows: no symbol of ours is left on any page."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.presets import PRESETS, default
from app.experiment.value import Experiment
from app.figures import notation, standalone
from app.figures.symbols import OF_PAGES
from app.views.lessons import built, prose
from app.views.shared.outgoing import LEFT, TEXTS
from rnn_core import CELLS
from rnn_core.cells import NOTATIONS, rewriter
from tests.app.test_digits import PAGES

SCRIPT = """
from app import state
from app.state import controls
from app.views import sidebar
from app.views.{page} import page
state.start()
with __import__("streamlit").sidebar:
    sidebar.render(str, page="{address}")
page.render({argument})
controls.close(state.experiment())
"""
SHOWN = ("title", "text", "notes", "early", "head", "rows", "note", "hovertemplate", "ticktext")
"""What a reader reads of a chart; in a figure the names of what is drawn, too."""
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
STEP = r"\{?(?:t|T|k|\d)"
LEFT_OVER = {
    "pytorch": r"W_\{?(?:xh|hy)|b_\{?[hy]\b",
    "goodfellow": rf"W_\{{?(?:xh|hh|hy)|b_\{{?[hy]\b|(?<![A-Za-z])[hxzapy]_{STEP}",
    "d2l": rf"W_\{{?hy|(?<![\w}}])W_\{{[xh]|b_\{{?y|b_\{{h|(?<![A-Za-z])[hxapy]_{STEP}",
    "keras": rf"W_\{{?(?:xh|hh|hy)|b_\{{?[hy]\b|(?<![A-Za-z])a_{STEP}",
}
"""Symbols of ours that a notation writes otherwise."""
LETTERS = {"pytorch": "a", "goodfellow": "pz", "d2l": "ahpxy", "keras": "a"}
"""Letters of ours that are none there."""


def opened(name: str, asked: str, experiment: Experiment | None = None) -> AppTest:
    """A page with a network of all symbols, in a notation."""
    page, argument, parameters = PAGES[name]
    address = page.replace("_", "-")
    script = SCRIPT.format(page=page, argument=argument, address=address)
    app = AppTest.from_string(script, default_timeout=120)
    app.query_params["e"] = link.encode(experiment or default())
    for key, text in {**parameters, "notation": asked}.items():
        app.query_params[key] = text
    app.run()
    assert not app.exception
    return app


def read(app: AppTest) -> Iterator[str]:
    """What a reader reads: each text of Streamlit's elements, and those of all charts."""
    for node in nodes(app._tree):
        proto = getattr(node, "proto", None)
        if getattr(node, "type", "") == "bidi_component":
            yield from drawn(json.loads(proto.bytes).get("groups", []))
        elif proto is not None and node.type not in LEFT:
            yield from fields(proto)


def nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from nodes(child)


def fields(proto: Any) -> Iterator[str]:
    for field, value in proto.ListFields():
        if field.message_type is None:
            if field.name in (*TEXTS, "options", "content"):
                yield from [value] if isinstance(value, str) else value
        else:
            for each in [value] if hasattr(value, "ListFields") else value:
                yield from fields(each)


def drawn(sent: Any, key: str = "", *, figure: bool = False) -> Iterator[str]:
    if isinstance(sent, dict) and "bdata" not in sent:
        for name, part in sent.items():
            yield from drawn(part, name, figure=figure or name == "figure")
    elif isinstance(sent, list):
        for part in sent:
            yield from drawn(part, key, figure=figure)
    elif isinstance(sent, str) and (key in SHOWN or (figure and key == "name")):
        yield sent.replace("<sub>", "_").replace("</sub>", "").replace("<sup>", "^")


def left_over(asked: str, own: set[str]) -> re.Pattern[str]:
    """Finds what is ours; letters that the page means otherwise are its own, as is d2l's size h."""
    letters = "".join(set(LETTERS[asked]) - own)
    alone = (
        rf"(?<![\w\\.’'/{{_^])(?<!units )[{letters}](?= [=<>≤≥]|[,;)‖|]|$)(?! ?\()"
        if letters
        else "(?!)"
    )
    return re.compile(f"{LEFT_OVER[asked]}|{alone}")


@pytest.mark.parametrize("asked", NOTATIONS)
@pytest.mark.parametrize("name", PAGES)
def test_no_symbol_of_ours_is_left_on_a_page(name: str, asked: str) -> None:
    page = PAGES[name][0].replace("_", "-")
    ours = left_over(asked, set(OF_PAGES.get(page, ())) if name != "numerics, slope" else {"e"})
    texts = [CODE.sub(" ", text) for text in read(opened(name, asked))]
    assert len(texts) > 10
    assert not [(found[0], text) for text in texts for found in ours.finditer(text)]


@pytest.mark.parametrize("name", PAGES)
def test_plotly_takes_every_chart_of_a_page(name: str) -> None:
    sent = [json.loads(part.proto.bytes) for part in opened(name, "d2l").get("bidi_component")]
    shown = [
        chart
        for data in sent
        for group in data.get("groups", [])
        for chart in group["charts"] or ()
    ]
    drawn = [view for chart in shown for view in chart["views"] if view["figure"]]
    assert sum(standalone.figure(view) is not None for view in drawn) == len(drawn)


GATED = {"lstm": PRESETS["lstm_by_hand"].experiment, "gru": PRESETS["gru_latch"].experiment}


def changed(cell: str, asked: str) -> re.Pattern[str]:
    """Find names of the cell that the notation writes otherwise, and has for nothing else."""
    kind = CELLS[cell]
    write = rewriter(kind, NOTATIONS[asked]).plain
    names = [*kind.shapes, *(f"{name}_2" for name in ("x", *kind.line, "a", "y"))]
    theirs = {write(name) for name in names}
    gone = {name for name in names if write(name) != name and name not in theirs}
    ends = ((re.escape(n.removesuffix("_2")), n.endswith("_2")) for n in gone)
    forms = (
        rf"{n.replace('_', '_{{?')}[,_]\{{?(?:t|T|\d)" if timed else n.replace("_", r"_\{?")
        for n, timed in ends
    )
    return re.compile(rf"(?<![\w}}])(?<!_\{{)(?:{'|'.join(forms)})(?!\w)")


@pytest.mark.parametrize("cell", GATED)
@pytest.mark.parametrize("asked", NOTATIONS)
@pytest.mark.parametrize("name", PAGES)
def test_no_symbol_of_gates_is_left_on_a_page(name: str, asked: str, cell: str) -> None:
    # There an Elman network stands in for a gated one, and the page's own u_t is its inputs' part.
    ours = changed("elman" if name.startswith("loop") else cell, asked)
    texts = [CODE.sub(" ", text) for text in read(opened(name, asked, GATED[cell]))]
    assert len(texts) > 10
    assert not [(found[0], text) for text in texts for found in ours.finditer(text)]


@pytest.mark.parametrize("asked", NOTATIONS)
def test_no_symbol_of_ours_is_left_in_a_lesson(asked: str) -> None:
    notation.use(rewriter(CELLS["elman"], NOTATIONS[asked]))
    try:
        texts = [
            CODE.sub(" ", notation.markdown(prose.markdown(text, lambda name: name)))
            for lesson in built.lessons().values()
            for scene in lesson.scenes
            for text in (scene.title, scene.text, scene.ask, scene.answer)
            if text
        ]
    finally:
        notation.use(None)
    ours = left_over(asked, set())
    assert not [(found[0], text) for text in texts for found in ours.finditer(text)]


ROWS = {
    "gradient flow, over_time": r"= \mathbf{W}_{\text{hh}}\,"
    r"\operatorname{diag}(\varphi'(\mathbf{z}_t))$",
    "gradient flow, jacobian": r"= J_{k+1}\,\cdots J_{T-1} J_T$",
    "gradient flow, sweep": r"= \mathbf{W}_{\text{hh}} D_1 \cdots \mathbf{W}_{\text{hh}} D_T$",
    "loop, batch": r"$Z_t = X_t\,\mathbf{W}_{\text{xh}} + H_{t-1}\,\mathbf{W}_{\text{hh}} + "
    r"\mathbf{b}_{\text{h}}$",
    "loop, relu": r"$\mathbf{H}_t = (\mathbf{X}_t\mathbf{W}_{\text{xh}} + \mathbf{H}_{t-1}"
    r"\mathbf{W}_{\text{hh}} + \mathbf{b}_{\text{h}})\,D_t$",
    "loop, linear": r"$\mathbf{H}_t = \mathbf{H}_{t-1} A_t + b_t$",
    "practice": r"$\mathbf{z}_t = \mathbf{X}_t\,\mathbf{W}_{\text{xh}} + \mathbf{H}_{t-1}\,"
    r"\mathbf{W}_{\text{hh}} + \mathbf{b}_{\text{h}}$",
}
"""By page, a formula of it for vectors that are rows, worked out by hand."""


@pytest.mark.parametrize("name", ROWS)
def test_of_rows_a_formula_is_the_transpose(name: str) -> None:
    assert any(ROWS[name] in text for text in read(opened(name, "d2l")))
