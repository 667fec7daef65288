"""Parts of a page that Streamlit draws again by themselves, as the page was drawn."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from app.components.plot_view import drawn as charts
from app.figures import notation
from app.figures.words import digits, use_digits
from app.views.shared import outgoing

Arguments = ParamSpec("Arguments")


def fragment(
    draw: Callable[Arguments, None], run_every: float | None = None
) -> Callable[Arguments, None]:
    """Return what draws a part now, and again each `run_every` seconds, or when asked inside it.

    Its numbers have the digits that the page has, and its symbols the notation: what the page sets
    at its top is not set again. Its charts are noted where those of the page are.
    """
    asked, writer, noted = digits(), notation.rewriter(), charts.collecting()

    @wraps(draw)
    def drawn(*arguments: Arguments.args, **named: Arguments.kwargs) -> None:
        use_digits(asked)
        notation.use(writer)
        charts.collect(noted)
        outgoing.follow()
        draw(*arguments, **named)

    return st.fragment(drawn, run_every=run_every)
