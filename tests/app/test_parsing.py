"""Numbers and matrices from what people paste: values, round trips, and refusals in a sentence."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.experiment import parsing
from app.experiment.parsing import parse_cube, parse_matrix, parse_number

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def same_bits(a: object, b: object) -> bool:
    return np.array_equal(
        np.array(a, dtype=float).view(np.int64), np.array(b, dtype=float).view(np.int64)
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/3", 1 / 3),
        ("0,5", 0.5),
        ("-1e-3", -0.001),
        (".5", 0.5),
        (",5", 0.5),
        ("5.", 5.0),
        ("−1", -1.0),
        ("+2", 2.0),
        (" \u00a07 ", 7.0),
        ("-1/4", -0.25),
        ("0,5/2", 0.25),
        ("1 / 3", 1 / 3),
        ("2^-3", 0.125),
        ("1E3", 1000.0),
        ("-0", -0.0),
        ("1e-320", 1e-320),
        ("－１．５", -1.5),  # full width
        ("٢٫٥", 2.5),  # Arabic
        ("1.5D-02", 0.015),  # Fortran
        ("1_000", 1000.0),  # Python
        ("-0x1F", -31.0),
        ("0x1.8p-3", 0.1875),  # float.hex()
        ("1½", 1.5),
        ("1.2 × 10⁻³", 0.0012),
    ],
)
def test_number(text: str, value: float) -> None:
    assert same_bits(parse_number(text), value)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "abc", "1/0", "0^-1", "1e400", "10^400", "inf", "nan", "1_00", "0xZZ", "1.2.3"),
        *("1//2", "1/2/3", "2^0.5", "1;2", "--1", "1e", "=1+1", "__import__('os')", "\0"),
        *("</script><img src=x onerror=alert(1)>", "\u202e1", "9" * 50 + "^999", "1" * 61),
    ],
)
def test_what_is_not_a_number_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"^W_hh row 2 column 1: expected .+, got ") as caught:
        parse_number(text, "W_hh row 2 column 1")
    assert len(str(caught.value)) < 140
    assert str(caught.value).isprintable()


@given(FINITE)
def test_number_round_trip(value: float) -> None:
    assert same_bits(parse_number(repr(value)), value)
    assert same_bits(parse_number(repr(value).replace("-", "−").replace(".", ",")), value)


@pytest.mark.parametrize(
    "text",
    [
        "1\t0.5\n3\t-4",
        "1\t0,5\r\n3\t-4\r\n",
        "1,0.5\n3,-4",
        "1, 0.5\n3, -4\n\n",
        "1;0,5\n3;-4",
        "1;0.5;\n3;-4;",
        "1 0.5\n3 -4",
        "1 0,5\n3 -4",
        '"1","0.5"\n"3","-4"',
        "array([[ 1. ,  0.5],\n       [ 3. , -4. ]])",
        "np.array([[1., 0.5], [3, -4]], dtype=float32)",
        "tensor([[ 1.0000,  0.5000],\n        [ 3.0000, -4.0000]], dtype=torch.float64)",
        "[[ 1.   0.5]\n [ 3.  -4. ]]",
        "[[1, 0.5], [3, -4]]",
        "((1, 0.5), (3, -4))",
        "[[1, 1/2,], [3, -4],]",
        "[1 0.5; 3 -4]",
        "[1, 0.5; 3, -4];",
        "W = [1 0.5\n 3 -4]",
        "1 0.5; 3 -4",
        r"\begin{bmatrix}1 & \frac{1}{2}\\ 3 & -4\end{bmatrix}",
        r"$$\left[\begin{array}{cc}1 & \tfrac12 \\ 3 & -4 \\ \end{array}\right]$$".replace(
            r"\tfrac12", r"\tfrac{1}{2}"
        ),
        "\\begin{pmatrix} 1 & 0{,}5".replace("{,}", ",") + "\\\\ 3 & \\,-4 \\end{pmatrix}",
    ],
)
def test_matrix_formats(text: str) -> None:
    assert parse_matrix(text) == [[1.0, 0.5], [3.0, -4.0]]


def test_negative_fraction_in_latex() -> None:
    assert parse_matrix(r"\begin{bmatrix}-\frac{3}{4}\end{bmatrix}") == [[-0.75]]


def test_a_flat_list_is_a_row() -> None:
    assert parse_matrix("[1, 2, 3]") == [[1.0, 2.0, 3.0]]
    assert parse_matrix("array([1., 2., 3.])") == [[1.0, 2.0, 3.0]]


def test_the_grid_settles_what_a_comma_is() -> None:
    assert parse_matrix("0,5\n1,5", columns=1) == [[0.5], [1.5]]
    assert parse_matrix("0,5\n1,5", columns=2) == [[0.0, 5.0], [1.0, 5.0]]
    assert parse_matrix("0,5", columns=2) == [[0.5]]
    assert parse_matrix("0, 5", columns=2) == [[0.0, 5.0]]


def test_three_brackets_are_steps_of_sequences() -> None:
    text = "[[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 0], [1, 2]]]"
    assert parse_cube(text) == json.loads(text)
    with pytest.raises(ValueError, match="third axis"):
        parse_matrix(text)


def test_header_is_left_out_only_where_allowed() -> None:
    assert parse_cube("year,spots\n1700,5\n1701,11", header=True) == [[[1700, 5]], [[1701, 11]]]
    with pytest.raises(ValueError, match=r"row 1 column 1: expected .*, got 'year'"):
        parse_cube("year,spots\n1700,5")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2\n3 x", "W_hh row 2 column 2: expected a number such as 0.5, 1/3 or -1e-3, got 'x'"),
        (
            "1\t\n3\t4",
            "W_hh row 1 column 2: expected a number such as 0.5, 1/3 or -1e-3, got '': "
            "a value is missing",
        ),
        ("1 2\n3", "W_hh row 2: expected 2 numbers as in row 1, got 1"),
        ("", "W_hh: expected numbers, got nothing"),
        ("[[1, 2], [3, 4]", "W_hh: expected closed brackets, got one that stays open"),
        ("[[1, 2], 3]", "W_hh: expected numbers nested evenly, at most 3 deep, got '[[1, 2], 3]'"),
        ("[[[[1]]]]", "W_hh: expected at most 3 nested brackets, got more"),
        ("[1, 2", "W_hh: expected closed brackets, got '[1, 2'"),
        (
            "[[1. ... 2.]]",
            "W_hh: expected every number, got an array that was printed in short, with … in place "
            "of some: print all of it (NumPy: numpy.set_printoptions(threshold=10**6), PyTorch: "
            'torch.set_printoptions(profile="full"))',
        ),
        (
            "1" * (parsing.MAX_CHARACTERS + 1),
            "W_hh: expected at most 1,000,000 characters, got 1,000,001",
        ),
        ("1 " * (parsing.MAX_NUMBERS + 1), "W_hh: expected at most 320,000 numbers, got more"),
    ],
)
def test_refusals(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the whole message is compared below
        parse_matrix(text, "W_hh")
    assert str(caught.value) == message


MATRICES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(FINITE, min_size=width, max_size=width), min_size=1, max_size=5)
)


@given(MATRICES)
def test_matrix_round_trips(rows: list[list[float]]) -> None:
    width = len(rows[0])
    written = {
        "tsv": "\n".join("\t".join(map(repr, row)) for row in rows),
        "csv": "\n".join("; ".join(repr(v).replace(".", ",") for v in row) for row in rows),
        "python": repr(rows),
        "numpy": np.array2string(np.array(rows), floatmode="unique", threshold=10**6),
        "matlab": "[" + "; ".join(" ".join(map(repr, row)) for row in rows) + "]",
        "latex": r"\begin{bmatrix}"
        + r"\\".join(" & ".join(map(repr, row)) for row in rows)
        + r"\end{bmatrix}",
    }
    for name, text in written.items():
        assert same_bits(parse_matrix(text, columns=width), rows), name


@given(st.text() | st.text(alphabet="[]()1.2,; \n\t-/^e\\&{}abegin frcmtx"))
def test_any_text_is_numbers_or_a_value_error(text: str) -> None:
    try:
        rows = parse_matrix(text)
    except ValueError as error:
        message = str(error)
        assert "\n" not in message
        assert len(message) < 200
    else:
        assert all(math.isfinite(number) for row in rows for number in row)
        assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize(
    "text",
    [
        r"\begin{pmatrix}\phantom{-}1 & 0{,}5\\ \hline 3 & -\frac12\end{pmatrix}",
        r"\begin{pmatrix}1 & \tfrac{1}{2}\cr 3\, & -0.5\cr\end{pmatrix}",
        r"\begin{array}{cc}1 & 3\\0.5 & -0.5\end{array}^{\top}",
        "[1 3; 0.5 -0.5]'",
        "W_hh = [[1, 3], [0.5, -0.5]].T;",
        "(1, 3; 0.5, -0.5)^T",
        "{{1, 0.5}, {3, -0.5}}",
        "Parameter containing:\ntensor([[ 1.0000,  0.5000],\n        [ 3.0000, -0.5000]], "
        "requires_grad=True)",
        "W = 1 0.5\n3 -0.5",
    ],
)
def test_matrix_as_papers_and_programs_print_it(text: str) -> None:
    assert parse_matrix(text) == [[1, 0.5], [3, -0.5]]


def test_comma_and_blank_part_numbers_in_a_column_too() -> None:
    assert parse_matrix("5, 6", columns=1) == [[5, 6]]
    assert parse_matrix("5,6", columns=1) == [[5.6]]


def test_row_of_a_file_is_counted_with_its_header() -> None:
    with pytest.raises(ValueError, match=r"^a row 2 column 1: expected a number"):
        parse_cube("t\n1x\n1", "a", header=True)


@pytest.mark.parametrize("titles", ["time (s), x [m]", "t(s),x", "sunspots (count),year\r"])
def test_titles_may_have_brackets(titles: str) -> None:
    assert parse_cube(f"{titles}\n1,2\n3,4", header=True) == [[[1, 2]], [[3, 4]]]
    for literal in ("[\n[1, 2],\n[3, 4]]", "array([[1, 2],\n[3, 4]])", "((1, 2),\n(3, 4))"):
        assert parse_cube(literal, header=True) == [[[1, 2]], [[3, 4]]]


def test_no_batch_is_transposed() -> None:
    with pytest.raises(ValueError, match=r"^x: expected a matrix to transpose, got a third axis"):
        parse_cube("[[[1], [2]]]^T", "x")
