"""Tables and arrays as programs write them: their numbers, and what is said of them."""

import pytest

from app.experiment.parsing import parse_matrix
from app.experiment.reading import sequence
from app.experiment.reading.arrays import cube
from tests.app.reading import CASES, table


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("x;y\n1.234,5;0,5\n2.345;1,5\n", [[1234.5, 0.5], [2345, 1.5]]),  # German Excel
        ("x;y\n1 234,5;0,5\n2\u202f345;1,5\n", [[1234.5, 0.5], [2345, 1.5]]),  # French Excel
        ("x;y\n1'234.5;0.5\n2’345;1.5\n", [[1234.5, 0.5], [2345, 1.5]]),  # Swiss Excel
        ("x\ty\n0,5\t1\n0,25\t2\n", [[0.5, 1], [0.25, 2]]),
        ('"x" "y"\n"1" 0.5 0.7\n"2" 0.4 0.1\n', [[0.5, 0.7], [0.4, 0.1]]),  # R, write.table
        ('"","x","y"\n"1",0.5,0.7\n"2",0.4,0.1\n', [[0.5, 0.7], [0.4, 0.1]]),  # R, write.csv
        (",x,y\n0,0.5,0.7\n1,0.4,0.1\n", [[0.5, 0.7], [0.4, 0.1]]),  # pandas
        (",0,1\n0,0.5,0.7\n1,0.4,0.1\n", [[0.5, 0.7], [0.4, 0.1]]),  # pandas, no names
        ("          0    1\n0  0.5  0.7\n1  0.4  0.1", [[0.5, 0.7], [0.4, 0.1]]),  # printed frame
        ("# gnuplot\n# t u\n0 0.5\n\n1 0.4 # here\n", [[0, 0.5], [1, 0.4]]),
        ("   5.0000000e-01   7.0000000e-01\n   4.0e-01   1.0e-01\n", [[0.5, 0.7], [0.4, 0.1]]),
        ("5.0e-01,7.0e-01\n4.0e-01,1.0e-01\n", [[0.5, 0.7], [0.4, 0.1]]),  # savetxt
        ("% MATLAB\n0.5 0.7\n0.4 0.1\n", [[0.5, 0.7], [0.4, 0.1]]),
        ("// C\n0.5, 0.7\n0.4, 0.1\n", [[0.5, 0.7], [0.4, 0.1]]),
        ("| x | y |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n", [[1, 2], [3, 4]]),  # Markdown
        ("Station 7\nx,y\n1,2\n3,4\n5,6\n", [[1, 2], [3, 4], [5, 6]]),
        ('"Temp\n(°C)";u\n1;2\n3;4\n', [[1, 2], [3, 4]]),
        ("x,y\r\n1,2\r\n3,4\r\n", [[1, 2], [3, 4]]),
        ("x,y\u20281,2\u20283,4", [[1, 2], [3, 4]]),
        ("x,y\x851,2\x853,4", [[1, 2], [3, 4]]),
        ("Wert\n0,5\n0,7\n", [[0.5], [0.7]]),
        ("a,b\n−1,–2\n3,4\n", [[-1, -2], [3, 4]]),
        ("month,n\n1/2/2019,1\n1/3/2019,2\n", [[1], [2]]),
        ("when;n\n31.01.2019;1\n01.02.2019;2\n", [[1], [2]]),
        ("when,n\n2019-01-31T12:00:00Z,1\n2019-02-01 12:00,2\n", [[1], [2]]),
        ("q,n\n2019Q1,1\n2019Q2,2\n", [[1], [2]]),
        ("when,n\nJan 2019,1\nFeb 2019,2\n", [[1], [2]]),
        ("share\n1/3\n2/3\n", [[1 / 3], [2 / 3]]),
        ('[{"t": 1, "u": 2}, {"t": 3, "u": 4}]', [[1, 2], [3, 4]]),
        ('{"t": 1, "u": 2}\n{"t": 3, "u": 4}\n', [[1, 2], [3, 4]]),
        ('{"t": [1, 3], "u": [2, 4]}', [[1, 2], [3, 4]]),
        ('{"t": {"0": 1, "1": 3}, "u": {"0": 2, "1": 4}}', [[1, 2], [3, 4]]),  # pandas, to_json
        ("[1, 2]\n[3, 4]\n", [[1, 2], [3, 4]]),
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("sep=;\nx;y\n1,5;2\n3;4\n", [[1.5, 2], [3, 4]]),  # Excel
        ("x y\n1.0D+00 2.0d-01\n3.0D+00 4.0\n", [[1, 0.2], [3, 4]]),  # Fortran
        ("x，y\n１，−２\n３，４．５\n", [[1, -2], [3, 4.5]]),  # full width
        ("x;y\n١٫٥;٢\n٣;٤\n", [[1.5, 2], [3, 4]]),  # Arabic
        ("    a    b\nx  1.0  2.0\ny  3.0  4.0\n\n[2 rows x 2 columns]", [[1, 2], [3, 4]]),
        (
            "shape: (2, 2)\n┌─────┬─────┐\n│ x   ┆ y   │\n│ --- ┆ --- │\n│ f64 ┆ f64 │\n"
            "╞═════╪═════╡\n│ 1.0 ┆ 2.0 │\n│ 3.0 ┆ 4.0 │\n└─────┴─────┘",
            [[1, 2], [3, 4]],
        ),  # Polars
        ("p,q\n10%,$1.50\n12.5%,$2\n", [[10, 1.5], [12.5, 2]]),
        ("p;q\n1.234,50 €;−5 °C\n2,00 €;6 °C\n", [[1234.5, -5], [2, 6]]),
        ("t,u\n0 s,0.5 V\n1 s,0.7 V\n", [[0, 0.5], [1, 0.7]]),
        ("a,b\nTrue,1\nFalse,0\n", [[1, 1], [0, 0]]),
        ("12h\n13h\n", [[12], [13]]),
        ("5min,10min\n1,2\n3,4\n", [[1, 2], [3, 4]]),
        ("v\n3,5 m/s\n4,5 m/s\n", [[3.5], [4.5]]),
        ("2 kg\n3 kg\n", [[2], [3]]),
        ('a,b\n"(1,234.50)",1\n"2,000.00",2\n', [[-1234.5, 1], [2000, 2]]),  # accountants
        ("d,n\n2019M01,1\n2019M02,2\n", [[1], [2]]),  # Eurostat
        ("d,n\n2019-W01,1\n2019-W02,2\n", [[1], [2]]),
        ("d,n\n1:30 PM,1\n2:30 p.m.,2\n", [[1], [2]]),
        ("Monat;n\nJan 2019;1\nMär 2019;2\nMai 2019;3\nOkt 2019;4\n", [[1], [2], [3], [4]]),
        ("@relation r\n@attribute a numeric\n@data\n1,2\n3,4\n", [[1, 2], [3, 4]]),  # Weka
        ("'t s';'u'\n'1';'2'\n'3';'4'\n", [[1, 2], [3, 4]]),
        ('{"x": [[1, 2], [3, 4]]}', [[1, 2], [3, 4]]),
        ('{"name": "a", "x": [1, 2, 3]}', [[1], [2], [3]]),
        ('{"data": {"a": [1, 3], "b": [2, 4]}}', [[1, 2], [3, 4]]),
        (
            '{"columns": ["a", "b"], "index": [0, 1], "data": [[1, 2], [3, 4]]}',
            [[1, 2], [3, 4]],
        ),  # pandas, orient="split"
        (
            '{"schema": {"fields": []}, "data": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}',
            [[1, 2], [3, 4]],
        ),  # pandas, orient="table"
        ('[["1", "2"], ["3.5", "4"]]', [[1, 2], [3.5, 4]]),
    ],
)
def test_tables_as_programs_write_them(text: str, rows: list[list[float]]) -> None:
    found, said, _ = table(text)
    assert found == rows
    assert said


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("array([[1., 2.],\n       [3., 4.]], dtype=float32)", [[1, 2], [3, 4]]),
        ("Array([[1., 2.], [3., 4.]], dtype=float32)", [[1, 2], [3, 4]]),  # JAX
        (
            "<tf.Tensor: shape=(2, 2), dtype=float32, numpy=\narray([[1., 2.],\n [3., 4.]], "
            "dtype=float32)>",
            [[1, 2], [3, 4]],
        ),
        ("tensor([[1., 2.],\n        [3., 4.]], device='cuda:0')", [[1, 2], [3, 4]]),
        ("tensor([[1., 3.], [2., 4.]]).T", [[1, 2], [3, 4]]),
        ("[[1. 2.]\n [3. 4.]]\n<NDArray 2x2 @cpu(0)>", [[1, 2], [3, 4]]),  # MXNet
        ("In [3]: W\nOut[3]: \narray([[1., 2.],\n       [3., 4.]])", [[1, 2], [3, 4]]),
        ("my weights are [[1, 2], [3, 4]] as trained", [[1, 2], [3, 4]]),
        ("W =\n\n     1     2\n     3     4\n\n", [[1, 2], [3, 4]]),  # MATLAB
        (
            "W =\n\n  Columns 1 through 2\n\n     1     2\n     4     5\n\n  Column 3\n\n"
            "     3\n     6\n",
            [[1, 2, 3], [4, 5, 6]],
        ),
        ("W =\n\n   1.0e-03 *\n\n    0.5000    1.2000\n", [[0.0005, 0.0012]]),
        (
            "     [,1] [,2]\n[1,]    1    2\n[2,]    4    5\n     [,3]\n[1,]    3\n[2,]    6\n",
            [[1, 2, 3], [4, 5, 6]],
        ),
        ("[1] 0.1 0.2 0.3\n[4] 0.4 0.5", [[0.1, 0.2, 0.3, 0.4, 0.5]]),
        ("c(0.1, 0.2, 0.3)", [[0.1, 0.2, 0.3]]),
        ("matrix(c(1, 3, 2, 4), nrow = 2)", [[1, 2], [3, 4]]),
        ("matrix(c(1, 2, 3, 4), ncol = 2, byrow = TRUE)", [[1, 2], [3, 4]]),
        ("3-element Vector{Float64}:\n 0.1\n 0.2\n 0.3", [[0.1], [0.2], [0.3]]),
        (
            "2×2 adjoint(::Matrix{Float64}) with eltype Float64:\n 1.0  2.0\n 3.0  4.0",
            [[1, 2], [3, 4]],
        ),
        ("{{1, 2}, {3, 4}}", [[1, 2], [3, 4]]),  # Mathematica
        ("array([0.1, 0.2,\n       0.3])", [[0.1, 0.2, 0.3]]),
        ("[0.1 0.2 0.3\n 0.4]", [[0.1, 0.2, 0.3, 0.4]]),  # a vector that NumPy wrapped
        ("[np.float64(0.1), np.float64(0.2)]", [[0.1, 0.2]]),  # a list, since NumPy 2
        ("[[np.int64(1), np.int64(2)], [np.int64(3), np.int64(4)]]", [[1, 2], [3, 4]]),
        (" 1  2\n 3  4\n[torch.FloatTensor of size 2x2]\n", [[1, 2], [3, 4]]),  # PyTorch 0.3
        ("\n1.0000e-02 *\n  1.0  2.0\n[torch.DoubleTensor of size 1x2]", [[0.01, 0.02]]),
        ("Variable containing:\n 1  2\n[torch.FloatTensor of size 1x2]", [[1, 2]]),
        (
            "tensor(1.0000e-02 *\n       [[1.0, 3.0],\n        [3.0, 7.0]])",
            [[0.01, 0.03], [0.03, 0.07]],
        ),
        ("Matrix(2, 2, [[1, 2],[3, 4]])", [[1, 2], [3, 4]]),  # Maple
        ("{{1.*^-1, 2}, {3, 4}}", [[0.1, 2], [3, 4]]),  # Mathematica
        ("float W[2][2] = {{0.1f, 2.f}, {3, 4}};", [[0.1, 2], [3, 4]]),  # C
        ("2×2 Matrix{Float32}:\n 0.1f0  2.0f0\n 3.0f0  4.0f0", [[0.1, 2], [3, 4]]),  # Julia
        ("2-element Vector{Vector{Float64}}:\n [1.0, 2.0]\n [3.0, 4.0]", [[1, 2], [3, 4]]),
        ("[ 1  2 ]\n[ 3  4 ]", [[1, 2], [3, 4]]),
        ("| 1  2 |\n| 3  4 |", [[1, 2], [3, 4]]),
        ("⎡1  2⎤\n⎢    ⎥\n⎣3  4⎦", [[1, 2], [3, 4]]),  # SymPy
        ("0.1 * [[1, 3], [3, 4]]", [[0.1, 0.3], [0.3, 0.4]]),
        ("1/4 * [[1, 2], [3, 4]]", [[0.25, 0.5], [0.75, 1]]),
        ("W = -np.array([[1, 2], [3, 4]])", [[-1, -2], [-3, -4]]),
        ("W = -0.5 * [[1, 2], [3, 4]] * 2", [[-1, -2], [-3, -4]]),
        (r"-\frac{1}{4}\begin{bmatrix}1 & 2\end{bmatrix}", [[-0.25, -0.5]]),
        (r"A = -\begin{bmatrix}1 & 2\end{bmatrix}", [[-1, -2]]),
        (r"\left(1/4\begin{bmatrix}1 & 2\end{bmatrix}\right)", [[0.25, 0.5]]),
        ("- [1, 2]\n- [3, 4]\n", [[1, 2], [3, 4]]),  # YAML
        ("np.array([[1, 2], [3, 4]]).astype(np.float32).T", [[1, 3], [2, 4]]),
        ("np.array([[1, 2], [3, 4]]) / 4", [[0.25, 0.5], [0.75, 1]]),
        (r"\tfrac{1}{4}\begin{pmatrix}1 & 2\\3 & 4\end{pmatrix}", [[0.25, 0.5], [0.75, 1]]),
        (r"W = 0.1 \cdot \left[\begin{array}{cc}1 & 3\end{array}\right]", [[0.1, 0.3]]),
        ("  (0, 0)\t1.5\n  (1, 2)\t2.5", [[1.5, 0, 0], [0, 0, 2.5]]),  # SciPy
        (
            "<Compressed Sparse Row sparse matrix of dtype 'float64'\n"
            "\twith 1 stored elements and shape (2, 3)>\n  Coords\tValues\n  (1, 0)\t5.0",
            [[0, 0, 0], [5, 0, 0]],
        ),
        (
            r"\begin{equation}W = \begin{bmatrix}1 & 2\\[2pt]3 & 4\end{bmatrix}\end{equation}",
            [[1, 2], [3, 4]],
        ),
    ],
)
def test_arrays_as_programs_print_them(text: str, rows: list[list[float]]) -> None:
    assert table(text)[0] in (rows, [[n] for row in rows for n in row])
    assert parse_matrix(text) == rows


def test_what_is_done_to_numbers_is_said_with_the_other_way() -> None:
    said = {
        "0.1 * [[1, 2], [3, 4]]": "Every number times 0.1, as written beside them.",
        "[ 1  2 ]\n[ 3  4 ]": "2 vectors read as the rows of one matrix.",
        "(0, 0) 1.5\n(1, 2) 2.5": "2 numbers given by row and column from 0, the others are 0.",
        "p,q\n10%,1\n12%,2\n": "Column “p”: “%” behind the numbers left out.",
        "p,q\n$1,1\n$2,2\n": "Column “p”: “$” before the numbers left out.",
        'a,b\n"(1,234)",1\n"5",2\n': "Column “a”: numbers in parentheses are negative.",
        "a,b\nTrue,1\nFalse,0\n": "Column “a”: true read as 1, false as 0.",
        "sep=;\nx;y\n1;2\n3;4\n": "Line 1 (sep=;) says what separates the cells.",
        '{"name": "a", "x": [1, 2, 3]}': "“x” read, name left out.",
    }
    for text, sentence in said.items():
        assert sentence in table(text)[1]
    assert "read the first one alone" in table("[ 1  2 ]\n[ 3  4 ]")[2]
    assert table("[ 1  2 ]\n[ 3  4 ]", array=0)[0] == [[1, 2]]


@pytest.mark.parametrize(
    "text", ["city,n\n5th,1\n6th,2\n7nd,3\n", "A1,2\nA2,3\n", "h1 0.1\nh2 0.3\n"]
)
def test_names_with_digits_are_no_numbers_with_units(text: str) -> None:
    with pytest.raises(ValueError, match="got words in column"):
        sequence.read(text, "a.csv", {})


@pytest.mark.parametrize(
    "text",
    [
        *(
            "[[1, 2], [3, 4]] ** 2",
            "[[1, 2], [3, 4]] + 1",
            "1 - [[1, 2], [3, 4]]",
            "a * [[1, 2], [3, 4]]",
        ),
        *(
            "[[1, 2], [3, 4]] @ [[1, 0], [0, 1]]",
            "1/np.sqrt(3) * [[1, 2], [3, 4]]",
            "2 ^ [[1, 2], [3, 4]]",
        ),
        *("np.zeros((3, 4))", "np.random.rand(3, 4)", "np.array([1, 2, 3, 4]).reshape(2, 2)"),
        *("x + 3 * [[1, 2], [3, 4]]", r"A + \begin{bmatrix}1 & 2\end{bmatrix}"),
    ],
)
def test_arithmetic_beside_an_array_is_refused_not_passed_over(text: str) -> None:
    with pytest.raises(ValueError, match="expected an array alone, or times a number, got"):
        sequence.read(text, "a.csv", {})


def test_a_place_of_a_sparse_matrix_is_given_once_and_nothing_is_divided_by_zero() -> None:
    with pytest.raises(ValueError, match="expected each place of a sparse matrix once"):
        sequence.read("(0, 0) 1.0\n(0, 0) 2.0", "a.csv", {})
    with pytest.raises(ValueError, match="expected a number other than 0 to divide by"):
        sequence.read("[[1, 2], [3, 4]] / 0", "a.csv", {})


def test_a_sparse_matrix_that_is_too_large_is_refused_before_it_is_made() -> None:
    with pytest.raises(ValueError, match="got a sparse matrix of 9,000,001 × 9,000,001"):
        sequence.read("(0, 0) 1.0\n(9000000, 9000000) 2.0", "a.csv", {})


@pytest.mark.parametrize(
    "text",
    [
        "tensor([[1., ..., 2.],\n        ...,\n        [3., ..., 4.]])",
        "[[1 2 ... 3]\n [4 5 ... 6]]",
        "3×9 Matrix{Float64}:\n 0.1  0.2  …  0.3\n 0.1  0.2  …  0.3",
        "5-element Vector{Float64}:\n 0.1\n ⋮\n 0.3",
    ],
)
def test_an_array_printed_in_short_is_refused_with_the_way_on(text: str) -> None:
    with pytest.raises(ValueError, match="printed in short, with … in place of some: print all"):
        sequence.read(text, "a.csv", {})


def test_one_of_several_arrays_is_taken_by_name_and_the_others_are_offered() -> None:
    text = (CASES / "paste-row-convention.txt").read_text(encoding="utf-8")
    found, understood = cube(text, "W_hh", {}, field="W_hh")
    assert found[0][0] == [0.5, -0.1, 0.3]
    assert [c.label for c in understood.choices] == ["read x", "read W_xh", "read b_h"]
    assert cube(text, "W_hh", {"array": 3}, field="W_hh")[0] == [[[0.1, 0.2, 0.3]]]
