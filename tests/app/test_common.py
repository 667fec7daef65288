"""What JavaScript shares with Python is said by Python, once, and used by both alike."""

import json
import re
from typing import Any

import numpy as np

from app.figures.common import common
from app.figures.palette import SERIES
from app.figures.words import in_full, plain
from rnn_core.precision import FORMATS
from tests.app.in_node import answer
from tests.conftest import ROOT

NUMBERS = 20_000
SCRIPT = ROOT / "tests" / "app" / "write_numbers.js"


def numbers() -> list[float]:
    """Return numbers of every size; half-way between two that are written; at every border."""
    rng = np.random.default_rng(0)
    found = [
        *(rng.normal(size=6000) * 10.0 ** rng.uniform(-12, 12, 6000)).tolist(),
        *(rng.integers(0, 2**64, 6000, dtype=np.uint64).view(np.float64)).tolist(),
        *(rng.integers(-10_000_000, 10_000_000, 4000) / 8).tolist(),
        *(rng.integers(-400_000, 400_000, 2900) / 2.0 ** rng.integers(0, 24, 2900)).tolist(),
        *(float(f"{digit}e{power}") for digit in (1, 9.9995, 9.99949, 5) for power in range(-9, 9)),
        *(0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 1.7976931348623157e308, 12345.0, 0.5, 2.5),
    ]
    while len(found) < NUMBERS:
        found.append(float(len(found)) + 0.5)
    return found[:NUMBERS]


def asked(*ways: dict[str, Any]) -> Any:
    """Return what the page's modules write, of each way that is asked for."""
    return answer(SCRIPT, [common(), *ways])


def test_both_languages_write_twenty_thousand_numbers_alike() -> None:
    given = numbers()
    sent = [repr(value).replace("inf", "Infinity") for value in given]
    counts = (1, 2, 3, 4, 5, 6, 12)
    found = asked(*({"way": "written", "given": sent, "digits": digits} for digits in counts))
    with np.errstate(all="ignore"):
        for digits, written in zip(counts, found, strict=True):
            for value, (shown, read) in zip(given, written, strict=True):
                assert shown == in_full(value, digits), value
                if np.isfinite(value):
                    assert read == plain(value, digits), value


def test_a_sentence_writes_a_matrix_by_rows() -> None:
    shapes = ([2, 2], [4, 1], [1, 4], [4], [])
    written = asked(*({"way": "summary", "given": [1, 2, -3, 4], "shape": one} for one in shapes))
    flat = "[1, 2, −3, 4]"
    assert written == ["[[1, 2], [−3, 4]]", "[[1], [2], [−3], [4]]", flat, flat, flat]
    (many,) = asked({"way": "summary", "given": [1.0] * 16, "shape": [4, 4]})
    assert many == "16 numbers, length 4"


def test_what_plotly_has_written_is_rewritten() -> None:
    texts = ["t = 3: 1.25e+6", "−2e-7", "0.00005", "1e+4", "h_1e+5 [1,2]", "0.0012", "10,000"]
    (written,) = asked({"way": "rewritten", "given": texts})
    assert written == ["t = 3: 1.25e6", "−2e−7", "5e−5", "10000", "h_1e+5 [1,2]", *texts[-2:]]


def test_numbers_are_rounded_to_a_format_as_numpy_rounds_them() -> None:
    rng = np.random.default_rng(1)
    given = [*(rng.normal(size=3000) * 10.0 ** rng.uniform(-9, 6, 3000)).tolist(), 65519.0, 65520.0]
    sent = [repr(value) for value in given]
    found = asked(*({"way": "rounded", "given": sent, "format": name} for name in FORMATS))
    with np.errstate(all="ignore"):
        for kind, rounded in zip(FORMATS.values(), found, strict=True):
            ours = [float(np.asarray(value).astype(kind)) for value in given]
            assert [float(text) for text in rounded] == ours


def test_every_number_of_a_format_is_told_from_its_neighbours_by_the_digits_sent() -> None:
    for name, kind in FORMATS.items():
        digits = common()["formats"][name]["digits"]
        near = np.nextafter(
            np.asarray([1.0, 8.0, 9.0, 1e4], kind), np.asarray(np.inf, kind), dtype=kind
        )
        for value in near.tolist():
            assert float(np.asarray(float(f"{value:.{digits}g}")).astype(kind)) == value
    assert [each["digits"] for each in common()["formats"].values()] == [5, 9, 17]


def test_no_colour_level_or_limit_is_typed_in_javascript() -> None:
    said = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?!\w)")
    levels = re.compile(r"\"step\",\s*\"operation\"|\"rolled\",\s*\"step\"")
    limits = {f"{value}" for value in common()["limits"].values()}
    for path in [*(ROOT / "app").rglob("*.js"), *(ROOT / "app").rglob("*.css")]:
        text = path.read_text("utf-8")
        code = re.sub(r"/\*.*?\*/|//.*", "", text, flags=re.DOTALL if path.suffix == ".css" else 0)
        assert said.findall(code) == [], path
        assert levels.findall(code) == [], path
        assert not limits & set(re.findall(r"\b\d+\b", code.replace("_", ""))), path


def test_the_table_is_small_and_has_the_colours_of_the_figures() -> None:
    table = common()
    assert len(json.dumps(table)) < 8000
    assert table["colours"]["themes"]["dark"]["series"] == SERIES["dark"]
