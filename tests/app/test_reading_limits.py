"""Any text is read in time that grows as its length, and JSON in memory that its sizes allow."""

import json
import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.components.editor import opening, pasting
from app.experiment import link, own_data, presets
from app.experiment.reading import json_text, printed
from app.experiment.sources import Drawn, Numbers
from tests.app import every_entrance

ROOT = Path(__file__).resolve().parents[2]
LENGTH = 150_000
MOST_CPU_S = 60
"""About eight times what all take together, and less than one that reads in quadratic time."""
PLANTED = """
import re
from tests.app import every_entrance
every_entrance.ENTRANCES = {"planted": lambda text: re.sub(r"\\s+$", "", text + "x")}
every_entrance.main(LENGTH)
"""
BRACKETS = """
from tests.app import every_entrance
every_entrance.ENTRANCES = {"cells": every_entrance.ENTRANCES["parse_cube"]}
every_entrance.PATTERNS = ["[1],", "[ 1 ]", "a [1 ", "a [[1],", "x[1 (", "(1)]"]
every_entrance.main(1_000_000)
"""


def in_time(*program: str, seconds: int) -> subprocess.CompletedProcess[str]:
    """Run a program of Python until it ends or has used so much time of the processor."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))

    return subprocess.run(
        [sys.executable, *program],
        cwd=ROOT,
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_entrance_reads_every_repeated_pattern_in_linear_time() -> None:
    done = in_time("-m", "tests.app.every_entrance", str(LENGTH), seconds=MOST_CPU_S)
    begun = done.stdout.splitlines()
    assert done.returncode == 0, f"it ended in: {begun[-1:]}\n{done.stderr[-2000:]}"
    assert len(begun) == len(every_entrance.ENTRANCES) * len(every_entrance.PATTERNS)


def test_an_entrance_in_quadratic_time_is_found_and_named() -> None:
    done = in_time("-c", PLANTED.replace("LENGTH", "300_000"), seconds=8)
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1] == "planted ' '"


def test_a_million_characters_of_small_brackets_are_read_in_linear_time() -> None:
    done = in_time("-c", BRACKETS, seconds=20)
    assert done.returncode == 0, f"it ended in: {done.stdout.splitlines()[-1:]}"


@given(st.text("[](){} 1a", max_size=40))
def test_each_bracket_ends_where_its_depth_is_left(text: str) -> None:
    expected = [0] * len(text)
    open_now: list[int] = []
    for at, sign in enumerate(text):
        if sign in "[({":
            open_now.append(at)
        elif sign in "])}" and open_now:
            expected[open_now.pop()] = at + 1
    assert printed.ends(text).tolist() == expected


def answer(name: str, text: str) -> str:
    """The sentence of an entrance that refuses a text, or nothing."""
    try:
        every_entrance.ENTRANCES[name](text)
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", ["parse_cube", "table", "paste into W_hh", "own data", "clean"])
@pytest.mark.parametrize("pattern", [" ", "[", "1 ", "a", "\n", "array( "])
def test_a_text_at_the_limit_is_answered(name: str, pattern: str) -> None:
    assert "\n" not in answer(name, (pattern * 1_000_000)[:1_000_000])


STEPS = 600_000
BOMBS = {
    "steps": '{"unrolled": 1, "experiment": {"sequence": {"values": ['
    + ",".join(["[[0]]"] * STEPS)
    + "]}}}",
    "empty lists": "[" + ",".join(["[]"] * 1_000_000) + "]",
    "numbers": "[" + ",".join("1" * 1_000_000) + "]",
    "lines": '{"t":1}\n' * 120_000,
    "objects": "[" + ",".join(['{"x": [[0]], "y": 1}'] * 150_000) + "]",
    "deep": "[" * 1_000_000,
    "deep objects": '{"a":' * 300_000,
    "deep and closed": "[" * 400_000 + "]" * 400_000,
    "a string": json.dumps({"unrolled": 1, "experiment": {"a": "[" * 900_000}}),
}
READERS: dict[str, Callable[[str], object]] = {
    "file": lambda text: link.from_file(text.encode()),
    "sequence": lambda text: opening.opened_sequence(presets.default(), "a.json", text, {}),
    "own": own_data.examples_in,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("bomb", BOMBS)
def test_json_that_is_too_much_takes_no_more_memory_than_its_text_before_it_is_refused(
    bomb: str, reader: str
) -> None:
    text = BOMBS[bomb]
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"^\w.*: ") as caught:
            READERS[reader](text)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(str(caught.value)) < 250
    assert peak < 100 * 2**20


def test_sizes_are_judged_whatever_stands_in_strings() -> None:
    fine = {'a"[[[[[[[[[[[[[[[[': '\\"[[[[[[[[[[[[[[[[' + "\\", "b": ["\\", "]]]]", '"']}
    assert json_text.loads(json.dumps(fine), "file") == fine
    with pytest.raises(ValueError, match="at most 3 items in a list, got 4"):
        json_text.loads('{"a": [[1, 2, 3], [1, 2, 3, 4]]}', "file", items=3)
    with pytest.raises(ValueError, match="at most 12 nested brackets"):
        json_text.loads("[" * 13 + "]" * 13, "file")
    assert json_text.loads("[" * 12 + "]" * 12, "file")


@pytest.mark.parametrize(
    "text", ["(" * 5000, "[" * 5000, "{" * 5000, "((((1", "[(" * 3000, "-" * 60]
)
def test_deep_nesting_is_one_sentence_at_every_entrance(text: str) -> None:
    for name in every_entrance.ENTRANCES:
        for wrapped in (text, f"x = {text}", f'{{"x": {text}', f"sequence,x1,y\n{text}"):
            assert "\n" not in answer(name, wrapped), name


PIECES = st.sampled_from(
    [
        *("[](){}\"\\,;|\t\n #%-.:=/'", "1", "0,5", "1.234,5", "1,234", "x", "y", "NA"),
        *("sequence,x,y\n", "2019-01-01", "2019/10", "array(", "tensor([", "...", "[,1]", "[1,]"),
        *("e+03 *", "Columns 1", '{"x": [1], "y": 2}', '{"t": 1}', "\\begin{bmatrix}", "&", "\\\\"),
        *("\\end{bmatrix}", "\u00ad", "matrix(c(", "nrow = 2", "byrow = TRUE", "W =\n", "^T"),
        *(
            "2×2 Matrix{Float64}:\n",
            "| 1 |",
            "[",
            "]",
            "(",
            ")",
            ",",
            ";",
            "\n",
            " ",
            "\t",
            '"',
            "#",
        ),
    ]
)
OPTIONS = st.dictionaries(
    st.sampled_from(
        [
            *("leave_out", "use", "leave_out_lines", "missing", "title_row", "decimal", "as"),
            *("transpose", "batch_first", "array", "grouped", "steps", "characters", "window"),
            *("answers", "sequences"),
        ]
    ),
    st.sampled_from(
        [True, False, 0, 1, 2, -1, 10**9, "text", "classes", ",", "leave out", [1], [2]]
    ),
    max_size=3,
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=200), OPTIONS)
def test_any_text_in_any_way_is_read_or_refused_in_one_sentence(
    text: str, options: dict[str, Any]
) -> None:
    for entrance in (
        lambda: opening.opened_sequence(presets.default(), "a.txt", text, options),
        lambda: opening.opened_sequence(presets.default(), "a.csv", text, options),
        lambda: pasting.pasted(presets.default(), "x", (0, 0), text, options),
        lambda: pasting.pasted(presets.default(), "W_xh", (0, 0), text, options),
        lambda: own_data.understood(text, options),
    ):
        try:
            entrance()
        except ValueError as error:
            message = str(error)
        else:
            message = ""
        assert "\n" not in message
        assert len(message) < 400


def test_a_largest_file_of_our_own_is_read_in_little_memory() -> None:
    numbers = (np.arange(160_000) * 0.6180339887) % 1
    cube = numbers.reshape(5000, 16, 2).tolist()
    own = presets.default().replace(
        sequence=Numbers(
            values=tuple(tuple(map(tuple, step)) for step in cube), target=(((1.0,),) * 16,)
        ),
        weights=Drawn(scheme="orthogonal", seed=1, hidden=2),
    )
    content = link.to_file(own).encode()
    assert 3_000_000 < len(content) < link.MAX_FILE
    tracemalloc.start()
    try:
        assert link.from_file(content) == own
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100 * 2**20
