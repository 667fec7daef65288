"""What tests of reading ask: a case's file, a table's rows, a refusal."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.experiment.reading import sequence
from app.experiment.reading.notice import Unread
from scripts import read as script

CASES = Path(__file__).parent / "cases"


def case(name: str, **options: Any) -> dict[str, Any]:
    return script.read(CASES / name, None, options)


def table(
    text: str | bytes, name: str = "a.csv", **options: Any
) -> tuple[list[Any], str, list[str]]:
    """Return the rows, what was said, and the labels of the buttons."""
    opened = sequence.read(text, name, options)
    assert opened.kind == "sequence"
    rows = np.array(opened.cube)[:, 0].tolist()
    return rows, opened.understood.line, [choice.label for choice in opened.understood.choices]


def refused(text: str, name: str = "a.csv", **options: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Unread) as caught:
        sequence.read(text, name, options)
    return str(caught.value), {c.label: {c.option: c.value} for c in caught.value.choices}
