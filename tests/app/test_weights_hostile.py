"""Damaged and hostile files of weights: bounded memory, and one sentence whatever they hold."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.experiment.reading.notice import Options
from app.experiment.weights_file import opened_weights, to_npz, to_safetensors
from tests.app.test_weights_file import (
    packed,
    params,
    tensors,
    with_endless_dictionary,
    with_header,
)

BOMBS: dict[str, Callable[[], bytes]] = {
    "bzip2": lambda: packed(zipfile.ZIP_BZIP2, 300_000_000),
    "lzma": lambda: with_endless_dictionary(packed(zipfile.ZIP_LZMA)),
    "deflate": lambda: packed(zipfile.ZIP_DEFLATED, 500_000_000),
}
MEASURED = """
import resource, sys
from app.experiment.weights_file import weights_in
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
content = sys.stdin.buffer.read()
before = peak()
try:
    weights_in(content)
except ValueError as error:
    print(peak() - before, error)
"""


@pytest.mark.parametrize("kind", BOMBS)
def test_a_packed_bomb_takes_no_memory(kind: str) -> None:
    bomb = BOMBS[kind]()
    assert len(bomb) < 1_000_000
    run = subprocess.run(
        [sys.executable, "-c", MEASURED], input=bomb, capture_output=True, check=True, timeout=120
    )
    kibibytes, sentence = run.stdout.decode().split(" ", 1)
    assert int(kibibytes) < 32_000
    assert "expected" in sentence


def test_the_archive_packed_by_lzma_is_the_one_that_asks_for_gigabytes() -> None:
    content = with_endless_dictionary(packed(zipfile.ZIP_LZMA))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        raw = content[archive.infolist()[0].header_offset :]
    assert raw[30 + len("W_hh.npy") + 5 :][:4] == b"\xff\xff\xff\xff"


def one_sentence(content: bytes, options: Options | None = None) -> None:
    """Read a file: five arrays that fit together, or one sentence."""
    refused = ""
    try:
        found, understood = opened_weights(content, options or {})
    except ValueError as error:
        refused = str(error)
    else:
        assert found.W_hy.shape == (found.output_size, found.hidden_size)
        assert understood.sentences
    assert refused.isprintable()
    assert len(refused) < 400
    assert not refused or "expected" in refused


@settings(derandomize=True, max_examples=400, deadline=None)
@example(start="npz", changes=[(0.999, 1)], cut=1.0)  # a directory before the beginning
@given(
    start=st.sampled_from(["npz", "safetensors"]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12),
    cut=st.floats(0.5, 1.2),
)
def test_a_damaged_file_is_one_sentence(start: str, changes, cut: float) -> None:
    content = bytearray(to_npz(params()) if start == "npz" else to_safetensors(params()))
    for place, byte in changes:
        content[int(place * (len(content) - 1))] = byte
    one_sentence(bytes(content[: int(cut * len(content))]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["W_hh", "W_xh", "dtype", "shape", "data_offsets", "F64", "a"]), inner
        )
    ),
    max_leaves=12,
)


@settings(derandomize=True, max_examples=400, deadline=None)
@given(header=st.dictionaries(st.sampled_from(["W_hh", "W_xh", "fc.weight", "a"]), JSON))
def test_a_strange_header_of_tensors_is_one_sentence(header) -> None:
    one_sentence(tensors(header, bytes(64)))


@settings(derandomize=True, max_examples=400, deadline=None)
@given(
    pieces=st.lists(
        st.sampled_from(
            [
                *("{", "}", "(", ")", "[", "'descr': '<f8'", "'fortran_order': False", ", ", "'"),
                *("'shape': (3, 3)", "'shape': (2,)", "'descr': '|O'", "'descr': '>V2'"),
                *("9" * 20, "\n", "é"),
            ]
        ),
        max_size=12,
    )
)
def test_a_strange_header_of_numpy_is_one_sentence(pieces: list[str]) -> None:
    one_sentence(with_header("".join(pieces).encode()))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    arrays=st.dictionaries(
        st.sampled_from(
            [
                *("W_hh", "W_xh", "b", "arr_0", "arr_1", "arr_2", "U", "V", "W", "R", "i2h.weight"),
                *("rnn.weight_hh_l0", "rnn.weight_ih_l0", "kernel", "recurrent_kernel", "x"),
                *("rnn.weight_hh_l1", "embedding.weight", "i2o.weight", "W_hy", "b_y", "bias"),
                "fc.weight",
            ]
        ),
        st.lists(st.integers(0, 4), max_size=4),
        max_size=7,
    ),
    options=st.fixed_dictionaries(
        {},
        optional={
            "transpose": st.booleans() | st.text(max_size=3),
            "hidden first": st.booleans(),
            "swap": st.booleans(),
            "layer": st.integers(-2, 4),
            "rest": st.sampled_from(["leave out", "", None]),
            "outputs": st.sampled_from([1, 2, None, "x"]),
        },
    ),
)
def test_any_names_and_shapes_are_a_network_or_one_sentence(arrays, options) -> None:
    buffer = io.BytesIO()
    np.savez(buffer, **{name: np.ones(shape) for name, shape in arrays.items()})
    one_sentence(buffer.getvalue(), options)
