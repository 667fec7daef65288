"""The plots of the laboratories, from the library: every one, and the numbers in them."""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from rnn_core import Parameters, Trace, backward, forward
from rnn_core.training import Settings, Setup, begin, characters, task_named, train
from unrolled import laboratories
from unrolled.laboratories import gradient_flow, numerics, training, without_the_loop

ROOT = Path(__file__).resolve().parents[1]
Figures = dict[str, go.Figure]


def run(hidden: int = 2, cell: str = "elman", *, steps: int = 5, target: bool = True) -> Trace:
    params = Parameters.random(1, hidden, 1, seed=3, cell=cell)
    x = np.sin(np.arange(2.0 * steps)).reshape(steps, 2, 1)
    return forward(params, x, [[0.5], [1.0]] if target else None, loss="squared_error")


ELMAN, WIDE, LSTM = run(), run(4), run(2, "lstm")
TASK = task_named("adding")
SETTINGS = Settings(length=6, updates=4, hidden=3, judge_every=2)
START = begin(TASK, SETTINGS)
RECORDS = list(train(TASK, SETTINGS, START))
LETTERS = characters("abca" * 20, train_share=0.8, setup=Setup(length=8, hidden=3, updates=1))
READER = begin(LETTERS, Settings(length=8, updates=1, hidden=3)).params

CALLS: dict[str, tuple[Callable[..., Figures], tuple[Any, ...], dict[str, Any]]] = {
    "lengths": (gradient_flow.lengths, (ELMAN,), {"sample": 1}),
    "lengths of gates": (gradient_flow.lengths, (LSTM,), {}),
    "spectrum": (gradient_flow.spectrum, (ELMAN,), {}),
    "jacobians": (gradient_flow.jacobians, (LSTM,), {"k": 2}),
    "clipping": (gradient_flow.clipping, (ELMAN,), {}),
    "remedies": (gradient_flow.remedies, (ELMAN,), {}),
    "state space": (gradient_flow.state_space, (ELMAN,), {"held": "step", "step": 2}),
    "state space of many": (gradient_flow.state_space, (WIDE,), {}),
    "path": (gradient_flow.path, (LSTM,), {}),
    "sweep": (gradient_flow.sweep, (ELMAN,), {"longest": 20, "lengths": 4}),
    "forms": (numerics.forms, (-1000.0, 1.0), {}),
    "forms of the gradient": (numerics.forms, (3.0, 0.3), {"quantity": "gradient"}),
    "slopes of tanh": (numerics.slopes, (9.0,), {"dtype": "float32"}),
    "differences": (numerics.differences, (1.5, 1.0), {}),
    "softmax": (numerics.softmax, ([1000, 1001, 999],), {}),
    "shift": (numerics.shift, (-800.0,), {}),
    "staircases": (without_the_loop.staircases, (), {}),
    "waiting": (without_the_loop.waiting, (ELMAN,), {}),
    "throughput": (without_the_loop.throughput, (ELMAN,), {"seconds": 0.05}),
    "padding": (without_the_loop.padding, (ELMAN, [5, 3, 1]), {}),
    "chunks": (without_the_loop.chunks, (ELMAN,), {}),
    "slopes": (without_the_loop.slopes, (ELMAN,), {"sample": 1}),
    "tangents": (without_the_loop.tangents, (ELMAN,), {}),
    "linear": (without_the_loop.linear, (ELMAN,), {}),
    "iterations": (without_the_loop.iterations, (ELMAN, "newton"), {}),
    "progress": (training.progress, (RECORDS, TASK, SETTINGS), {}),
    "compared": (training.compared, ({"one": RECORDS, "other": RECORDS}, TASK), {}),
    "prediction": (training.prediction, (TASK, SETTINGS, RECORDS[-1].checkpoint), {}),
    "what is right": (training.prediction, (TASK, SETTINGS), {"sample": 2}),
    "update": (training.update, (TASK, SETTINGS, START), {"parameter": "b_h"}),
    "reading": (training.reading, (LETTERS, READER, "abcz"), {}),
    "weights": (training.weights, (READER,), {}),
}


def figures(name: str) -> Figures:
    draw, given, named = CALLS[name]
    return draw(*given, **named)


def listed(entry: Any) -> list[float]:
    return [float(number) for number in np.asarray(entry, float).ravel()]


@pytest.mark.parametrize("name", CALLS)
def test_each_draws_figures_of_plotly_with_something_in_them(name: str) -> None:
    found = figures(name)
    assert found
    for title, figure in found.items():
        assert isinstance(figure, go.Figure)
        assert figure.data, title


def test_every_entry_is_called_here() -> None:
    modules = [getattr(laboratories, name) for name in laboratories.__all__]
    public = {getattr(module, name) for module in modules for name in module.__all__}
    assert public == {draw for draw, *_ in CALLS.values()}


def makers() -> Iterator[tuple[Path, str]]:
    """Yield where the pages' figures are made: every function that returns a chart, or some."""
    for path in sorted((ROOT / "app/views").glob("*/figures/**/*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            is_public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if is_public and node.returns is not None and "Chart" in ast.unparse(node.returns):
                yield path, node.name


def test_every_chart_that_a_laboratory_draws_is_had_from_the_library() -> None:
    called = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add((Path(frame.f_code.co_filename), frame.f_code.co_name))

    sys.setprofile(note)
    try:
        for name in CALLS:
            figures(name)
    finally:
        sys.setprofile(None)
    wanted = set(makers())
    assert len(wanted) > 30
    assert not wanted - called


def test_the_lengths_of_the_gradient_are_those_of_the_backward_pass() -> None:
    grads = backward(ELMAN)
    figure = figures("lengths")["Length of the gradient, and what theory allows"]
    (drawn,) = [trace for trace in figure.data if trace.name == "‖∂L/∂h<sub>t</sub>‖"]
    own = np.linalg.norm(grads.h[1:, 1], axis=1)
    np.testing.assert_allclose(listed(drawn.y), np.log10(own), rtol=1e-12)


def test_the_eigenvalues_are_those_of_numpy() -> None:
    figure = figures("spectrum")["Eigenvalues of W_hh"]
    own = np.linalg.eigvals(ELMAN.params.W_hh)
    drawn = [complex(*at) for trace in figure.data if trace.mode == "markers"
             for at in zip(trace.x, trace.y, strict=True)]  # fmt: skip
    np.testing.assert_allclose(np.sort_complex(drawn), np.sort_complex(own), atol=1e-12)


def test_the_jacobian_is_that_of_finite_differences() -> None:
    trace, step = run(), 1e-6
    found = gradient_flow.jacobians(trace, k=0)["∂h_T/∂h_k for k = 0"].data[0].z
    ends = np.empty((2, 2))
    for unit in range(2):
        pair = []
        for sign in (1, -1):
            h0 = np.zeros((1, 2))
            h0[0, unit] = sign * step
            pair.append(forward(trace.params, trace.x[:, :1], h0=h0).h[-1, 0])
        ends[:, unit] = (pair[0] - pair[1]) / (2 * step)
    np.testing.assert_allclose(np.asarray(found), ends, atol=1e-8)


def test_a_run_that_begins_elsewhere_is_drawn_as_it_was() -> None:
    params = ELMAN.params
    trace = forward(params, ELMAN.x[:, :1], [[1.0]], h0=[[0.3, -0.4]], loss="squared_error")
    figure = gradient_flow.state_space(trace)["State space"]
    (path,) = [one for one in figure.data if one.name == "path"]
    np.testing.assert_array_equal([path.x[0], path.y[0]], [0.3, -0.4])
    np.testing.assert_array_equal([path.x[-1], path.y[-1]], trace.h[-1, 0])


def test_the_last_iterate_of_newton_lies_on_the_loop() -> None:
    figure = next(iter(figures("iterations").values()))
    np.testing.assert_allclose(listed(figure.data[0].y), ELMAN.h[:, 0, 0], rtol=1e-13)
    np.testing.assert_allclose(listed(figure.data[1].y), ELMAN.h[:, 0, 0], rtol=1e-10)


def test_the_loss_over_the_updates_is_that_of_the_records() -> None:
    batch = figures("progress")["Loss"].data[0]
    assert listed(batch.y) == [record.loss for record in RECORDS]


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (lambda: gradient_flow.spectrum(LSTM), "trace: expected a run of an Elman network"),
        (lambda: without_the_loop.linear(LSTM), "trace: expected a run of an Elman network"),
        (lambda: gradient_flow.lengths(run(target=False)), "target"),
        (lambda: gradient_flow.lengths(ELMAN, sample=2), "sample: expected one of 2 sequences"),
        (lambda: gradient_flow.jacobians(ELMAN, k=6), "k: expected a step from 0 to 5, got 6"),
        (lambda: gradient_flow.state_space(ELMAN, held="all"), "held: expected one of zero, mean"),
        (lambda: gradient_flow.path(run(1)), "trace: expected finite states of two numbers"),
        (lambda: numerics.forms(1.0, 1.0, quantity="x"), "quantity: expected one of loss"),
        (lambda: numerics.forms(1.0, 1.0, dtype="float8"), "float8"),
        (lambda: without_the_loop.iterations(ELMAN, "x"), "method: expected one of "),
        (lambda: without_the_loop.iterations(ELMAN, number=99), "number: expected an iterate"),
        (lambda: without_the_loop.padding(ELMAN, [9]), "lengths: expected 1 to 16"),
        (lambda: without_the_loop.padding(ELMAN, [1], unit=3), "unit: expected one from 1 to 2"),
        (lambda: without_the_loop.tangents(ELMAN, around="x"), "around: expected one of zero"),
        (lambda: without_the_loop.chunks(ELMAN, kind="x"), "kind"),
        (lambda: without_the_loop.chunks(ELMAN, length=0), "length"),
        (lambda: without_the_loop.staircases(0), "steps"),
        (lambda: training.reading(TASK, READER, "a"), "task: expected one that reads characters"),
        (lambda: training.update(TASK, SETTINGS, START, parameter="W"), "parameter: expected one"),
        (lambda: numerics.softmax([]), "logits: expected two finite numbers or more"),
        (lambda: gradient_flow.sweep(ELMAN, lengths=0), "lengths: expected a whole number from 1"),
        (lambda: gradient_flow.sweep(ELMAN, longest=10**9), "longest: expected a whole number"),
        (lambda: numerics.differences(1.0, 1.0, power=400.0), "power: expected one from -16 to -1"),
        (lambda: numerics.shift(np.inf), "a: expected a finite number"),
        (
            lambda: without_the_loop.iterations(ELMAN, "chunked_jacobi", chunk=0),
            "chunk: expected a whole number",
        ),
        (lambda: gradient_flow.sweep(ELMAN, radii=(1.0, 0.5, 4)), "radii"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said_in_a_sentence(
    draw: Callable[[], Figures], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        draw()
