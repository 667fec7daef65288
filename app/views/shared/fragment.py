"""Parts of a page that Streamlit draws again by themselves, as the page was drawn."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from app.figures.words import digits, use_digits

Arguments = ParamSpec("Arguments")


def fragment(
    draw: Callable[Arguments, None], run_every: float | None = None
) -> Callable[Arguments, None]:
    """Return what draws a part now, and again each `run_every` seconds, or when asked inside it.

    Its numbers have the digits that the page has: what the page sets at its top is not set again.
    """
    asked = digits()

    @wraps(draw)
    def drawn(*arguments: Arguments.args, **named: Arguments.kwargs) -> None:
        use_digits(asked)
        draw(*arguments, **named)

    return st.fragment(drawn, run_every=run_every)
