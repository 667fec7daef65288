"""In every notation all that Python writes follows: no symbol of ours is left on any page."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.presets import default
from app.views.shared.outgoing import LEFT, TEXTS
from rnn_core.cells import NOTATIONS
from tests.app.test_digits import PAGES

SCRIPT = """
from app import state
from app.figures import notation
from app.figures.symbols import OF_PAGES
from app.state import controls
from app.views import sidebar
from app.views.{page} import page
from rnn_core.cells import NOTATIONS, rewriter
state.start()
with __import__("streamlit").sidebar:
    sidebar.render(str, page="{address}")
notation.use(rewriter(state.experiment().kind, NOTATIONS["{notation}"], frozenset(OF_PAGES.get("{address}", ()))))
page.render({argument})
controls.close(state.experiment())
"""


def opened(name: str, asked: str, experiment: Any = None) -> AppTest:
    page, argument, parameters = PAGES[name]
    script = SCRIPT.format(
        page=page, argument=argument, notation=asked, address=page.replace("_", "-")
    )
    app = AppTest.from_string(script, default_timeout=120)
    app.query_params["e"] = link.encode(experiment or default())
    for key, text in parameters.items():
        app.query_params[key] = text
    app.run()
    assert not app.exception
    return app


def read(app: AppTest) -> Iterator[str]:
    """What a reader reads: of each element of Streamlit's its texts, and those of all charts."""
    for node in nodes(app._tree):
        proto = getattr(node, "proto", None)
        kind = getattr(node, "type", "")
        if kind == "bidi_component":
            sent = json.loads(proto.bytes)
            yield from drawn(sent.get("groups", []))
        elif proto is not None and kind not in LEFT:
            yield from fields(proto)


def nodes(node: Any) -> Iterator[Any]:
    yield node
    for child in getattr(node, "children", {}).values():
        yield from nodes(child)


def fields(proto: Any) -> Iterator[str]:
    for field, value in proto.ListFields():
        if field.name in (*TEXTS, "options", "content") and field.message_type is None:
            yield from [value] if isinstance(value, str) else value
        elif field.message_type is not None:
            for each in [value] if hasattr(value, "ListFields") else value:
                yield from fields(each)


SHOWN = ("title", "text", "notes", "early", "head", "rows", "note", "hovertemplate", "ticktext")


def drawn(sent: Any, key: str = "", inside: str = "") -> Iterator[str]:
    if isinstance(sent, dict):
        named = "" if "bdata" in sent else sent
        for name, part in dict(named).items():
            yield from drawn(part, name, "figure" if name == "figure" else inside)
    elif isinstance(sent, list):
        for part in sent:
            yield from drawn(part, key, inside)
    elif isinstance(sent, str) and (key in SHOWN or (key == "name" and inside)):
        yield re.sub(
            r"</?sub>|</?sup>", lambda found: {"<sub>": "_", "<sup>": "^"}.get(found[0], ""), sent
        )


CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
SPAN = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
STEP = r"\{?(?:t|T|k|\d)"
FORBIDDEN = {
    "pytorch": r"W_\{?(?:xh|hy)|b_\{?[hy]\b",
    "goodfellow": rf"W_\{{?(?:xh|hh|hy)|b_\{{?[hy]\b|(?<![A-Za-z])[hxzapy]_{STEP}",
    "d2l": rf"W_\{{?hy|(?<![\w}}])W_\{{[xh]|b_\{{?y|b_\{{h|(?<![A-Za-z])[hxapy]_{STEP}",
    "keras": rf"W_\{{?(?:xh|hh|hy)|b_\{{?[hy]\b|(?<![A-Za-z])[a]_{STEP}",
}
LETTERS = {"pytorch": "a", "goodfellow": "pz", "d2l": "ahpxy", "keras": "a"}
"""Letters of ours that are no symbol there, or not of this size."""


@pytest.mark.parametrize("asked", NOTATIONS)
@pytest.mark.parametrize("name", PAGES)
def test_no_symbol_of_ours_is_left(name: str, asked: str) -> None:
    forbidden = re.compile(FORBIDDEN[asked])
    lone = re.compile(rf"(?<![\w\\.’'/{{_^])[{LETTERS[asked]}](?= [=<>≤≥]|[,;)‖|]|$)(?! ?\()")
    found = []
    for text in read(opened(name, asked)):
        words = CODE.sub(" ", text)
        found += [(each[0], text) for each in forbidden.finditer(words)]
        found += [(each[0], text) for each in lone.finditer(words)]
    assert not found, "\n".join(f"{what!r} in {text!r}" for what, text in found[:40])
