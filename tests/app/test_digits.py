"""How many digits computed numbers have is asked for once, and every page follows."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.experiment import link
from app.experiment.presets import default
from app.figures.words import CHOICES, digits, in_full, plain, short, tex, use_digits
from app.views.gradient_flow import page as gradient_flow
from app.views.numerics import page as numerics
from app.views.without_the_loop import page as without_the_loop
from rnn_core.numerals import DIGITS
from tests.conftest import ROOT

SCRIPT = """
from app import state
from app.figures.words import use_digits
from app.state import controls
from app.views import sidebar
from app.views.{page} import page
state.start()
with __import__("streamlit").sidebar:
    sidebar.render(str)
page.render({argument})
controls.close(state.experiment())
"""
OPENS = "lambda title: None"
PAGES: dict[str, tuple[str, str, dict[str, str]]] = {
    "explore": ("explore", OPENS, {}),
    **{
        f"gradient flow, {one}": ("gradient_flow", "", {"gf": one})
        for one in gradient_flow.SECTIONS
    },
    **{f"numerics, {one}": ("numerics", "", {"nu": one}) for one in numerics.SECTIONS},
    **{f"loop, {one}": ("without_the_loop", "", {"wl": one}) for one in without_the_loop.SECTIONS},
    "training": ("training", OPENS, {}),
    "pytorch": ("pytorch", "", {}),
    "practice": ("practice", "", {}),
}
NUMBER = re.compile(r"(?<![\w.,/=-])[−-]?(\d+\.\d+|0)(?:e[−-]?\d+)?(?![\w.]*\w)")
OWN = {"numerics, slope": r"`[^`]*`|\*\*[^*]*\*\*", "pytorch": r"the loss `[^`]*`; ours is `[^`]*`"}
"""Where the last places are what is shown."""
SHORT = ("numerics, non_finite", "numerics, slope", "loop, iterate", "training", "practice")
"""Where nothing is computed until one asks, or only how large a difference is."""


def opened(name: str, count: int) -> AppTest:
    page, argument, parameters = PAGES[name]
    app = AppTest.from_string(SCRIPT.format(page=page, argument=argument), default_timeout=120)
    app.query_params["e"] = link.encode(default())
    for key, text in {**parameters, "digits": str(count)}.items():
        app.query_params[key] = text
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> Iterator[str]:
    """What a page says: its own texts, its tables, and what its charts say."""
    for kind in ("markdown", "caption", "info", "warning", "success", "error", "metric"):
        yield from (str(part.value) for part in app.get(kind))
    for frame in (*app.dataframe, *app.table):
        yield from (str(value) for value in frame.value.to_numpy().ravel())
    for part in app.get("bidi_component"):
        yield from texts(json.loads(part.proto.bytes))


def texts(sent: Any, key: str = "") -> Iterator[str]:
    if isinstance(sent, dict):
        for name, part in sent.items():
            if name not in ("data", "layout", "fields", "options") or key == "figure":
                yield from texts(part, name)
    elif isinstance(sent, list):
        for part in sent:
            yield from texts(part, key)
    elif isinstance(sent, str) and key in ("text", "notes", "hovertemplate", "label", "facts"):
        yield sent


def significant(number: str) -> int:
    return len(number.replace(".", "").lstrip("0").rstrip("0"))


def numbers(text: str) -> list[int]:
    return [significant(found[1]) for found in NUMBER.finditer(text)]


@pytest.fixture(autouse=True)
def usual() -> Iterator[None]:
    yield
    use_digits(DIGITS)


@pytest.mark.parametrize("name", PAGES)
def test_no_number_of_a_page_has_more_digits_than_are_asked_for(name: str) -> None:
    for count in (max(CHOICES), min(CHOICES)):  # nothing kept of the first is shown again
        found = [
            (most, text)
            for text in said(opened(name, count))
            for most in numbers(re.sub(OWN.get(name, "^$"), "", text))
        ]
        longest = max(found, default=(0, ""))
        assert longest[0] <= count, longest
        assert name in SHORT or longest[0] == count, longest  # it follows: it is not merely short


def test_the_control_is_kept_in_the_address_and_a_wrong_one_is_told() -> None:
    app = opened("explore", 6)
    assert app.get("button_group")[0].value == 6
    assert app.query_params["digits"] == "6"
    wrong = opened("explore", 5)
    assert wrong.get("button_group")[0].value == DIGITS
    assert "digits" not in wrong.query_params


@pytest.mark.parametrize(
    ("value", "three", "four", "six"),
    [
        (0.5, "0.5", "0.5", "0.5"),
        (1.15478491, "1.15", "1.155", "1.15478"),
        (-12345.678, "−12300", "−12350", "−12345.7"),
        (-9.99996e-7, "−1e−6", "−1e−6", "−9.99996e−7"),
        (float("inf"), "∞", "∞", "∞"),
        (float("nan"), "NaN", "NaN", "NaN"),
    ],
)
def test_a_number_is_written_with_the_digits_asked_for(
    value: float, three: str, four: str, six: str
) -> None:
    assert short(value) == four
    use_digits(3)
    assert (digits(), short(value), short(value, 6)) == (3, three, three)
    use_digits(6)
    assert (short(value), short(value, 3)) == (six, three)
    assert in_full(-0.123456789) == "−0.123456789"


def test_a_program_and_a_formula_read_the_same_digits() -> None:
    use_digits(3)
    assert (plain(-0.00001234), plain(0.5), plain(1.2345, 5)) == ("-1.23e-5", "0.5", "1.2345")
    assert (tex(-0.00001234), tex(1.2345)) == (r"-1.23\!\cdot\!10^{-5}", "1.23")
    assert (tex(float("-inf")), tex(float("nan"))) == (r"-\infty", r"\text{NaN}")


def test_a_part_that_is_drawn_again_by_itself_keeps_the_digits_of_its_page() -> None:
    def script() -> None:
        import streamlit as st

        from app.figures.words import short, use_digits
        from app.views.shared.fragment import fragment

        def part() -> None:
            st.button("again")
            st.write(short(1.23456789))

        use_digits(6)
        fragment(part)()
        use_digits(3)  # as a thread that has drawn another page

    app = AppTest.from_function(script).run()
    assert app.markdown[0].value == "1.23457"
    app.button[0].click().run()
    assert app.markdown[0].value == "1.23457"


def test_only_the_shared_fragment_is_one_of_streamlits() -> None:
    calls = re.compile(r"st\.fragment\(")
    found = [path.name for path in (ROOT / "app").rglob("*.py") if calls.search(path.read_text())]
    assert found == ["fragment.py"]
