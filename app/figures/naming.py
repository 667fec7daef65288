"""The texts of charts in the notation that is asked for: titles, axes, legends, hover, tables.

Charts are made with our symbols, wherever they are made; here alone, as they leave for the page,
their texts are written anew.
"""

import re
from collections.abc import Sequence
from typing import Any, cast

from app.figures import notation
from app.figures.types import Chart, Dict
from app.figures.words import plotly_symbol

TEXTS = frozenset({"title", "text", "early", "note"})
LISTS = frozenset({"notes", "head", "rows"})
"""What a reader reads of a chart, its views and tables, by their names in `types`."""
OF_FIGURES = frozenset({"title", "text", "name", "hovertemplate", "ticktext"})
"""What he reads of a figure, by Plotly's names."""
_LOWERED = re.compile(r"<sub>([A-Za-z0-9,+−]+)</sub>")
_HELD = re.compile(r"%\{[^}]*\}|10<sup>[^<]*</sup>|<[^>]*>")
"""Plotly's own: places of numbers, powers of ten, tags."""


def named_charts(charts: Sequence[Chart]) -> list[Chart]:
    """Return charts as the page shows them; a view keeps its name, by which it is chosen."""
    if notation.rewriter() is None:
        return list(charts)
    return [cast("Chart", _chart(cast("Dict", chart))) for chart in charts]


def _chart(part: Dict) -> Dict:
    made = {key: _read(value, key) for key, value in part.items()}
    if "figure" in part and part["name"]:
        made["title"] = notation.plain(part["name"])
    return made


def _read(value: Any, key: str) -> Any:
    if key == "figure":
        return _figure(value, key)
    if key in ("views", "tables"):
        return [_chart(each) for each in value]
    if key in TEXTS and isinstance(value, str):
        return notation.plain(value)
    return [notation.plain(each) for each in value] if key in LISTS else value


def _figure(value: Any, key: str) -> Any:
    """Return a figure, or a part of one that has this name, with its texts."""
    if isinstance(value, dict):
        if "bdata" in value:
            return value
        return {name: _figure(each, name) for name, each in value.items()}
    if isinstance(value, list) and (key in OF_FIGURES or (value and isinstance(value[0], dict))):
        return [_figure(each, key) for each in value]
    return _drawn(value) if key in OF_FIGURES and isinstance(value, str) else value


def _drawn(text: str) -> str:
    """Return a text of Plotly's, with its subscripts."""
    lowered = _LOWERED.sub(r"_\1", text)
    held = _HELD.sub(lambda found: notation.kept_as_typed(found[0]), lowered)
    return notation.plain(held, plotly_symbol)
