"""What a value says of itself fits on two lines, however many numbers it holds."""

import dataclasses
import importlib
import inspect
import pkgutil
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import rnn_core
from rnn_core import (
    Difference,
    GradientCheck,
    Parameters,
    backward,
    computational_graph,
    forward,
    paths,
    run_in_format,
)

LONGEST = 200
PARAMS = Parameters.random(2, 40, 3, seed=1)
TRACE = forward(PARAMS, np.ones((12, 5, 2)), np.ones((1, 5, 3)))
GRADS = backward(TRACE)
FAR = Difference(absolute=0.5, relative=0.25, skipped=0, tolerance=1e-6, checked=True)
HIDDEN = Difference(absolute=1e-20, relative=1.0, skipped=0, tolerance=1e-6, checked=False)
SMALL = forward(Parameters.random(1, 2, 1, seed=1), np.ones(6), 1.0)


def dataclasses_of_the_core() -> list[type[Any]]:
    names = [m.name for m in pkgutil.walk_packages(rnn_core.__path__, "rnn_core.")]
    found = {
        value: None
        for name in names
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, type)
        and dataclasses.is_dataclass(value)
        and value.__module__.startswith("rnn_core.")
    }
    return list(found)


def much(kind: str) -> Any:
    """A field's content as large as it comes: by what the annotation says."""
    if kind in ("int", "bool"):
        return 123_456
    if "float" in kind and "tuple" not in kind and "Mapping" not in kind and "Array" not in kind:
        return -1.2345678901234567e-300
    if "Mapping" in kind:
        return {f"name {n}": n for n in range(1000)}
    if "tuple" in kind:
        return tuple(f"node {n}" for n in range(1000))
    return np.ones((100, 100)) if "Array" in kind else "x" * 1000


@pytest.mark.parametrize("kind", dataclasses_of_the_core(), ids=lambda kind: kind.__qualname__)
def test_every_value_says_little_of_much(kind: type[Any]) -> None:
    if issubclass(kind, Parameters | GradientCheck):
        return  # whose text is found from what it holds: below
    value = object.__new__(kind)
    for field in dataclasses.fields(kind):
        annotated = str(field.type)
        plain = isinstance(field.type, type) and "[" not in annotated
        bare = field.type.__name__ if plain else annotated  # a union has a name, too, from 3.14 on
        value.__dict__[field.name] = much(bare)
    text = repr(value)
    assert len(text) <= LONGEST, text
    assert text.startswith(f"{kind.__name__}(")
    assert "\n" not in text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (PARAMS, "Parameters(D=2, H=40, K=3, float64)"),
        (GRADS.parameters, "Parameters(D=2, H=40, K=3, float64)"),
        (PARAMS.astype("float32"), "Parameters(D=2, H=40, K=3, float32)"),
        (TRACE, "z=array (12, 5, 40)"),
        (GRADS, "z=array (12, 5, 40)"),
        (
            paths(computational_graph(SMALL, backward(SMALL), level="scalar"), "W_hh[1,1]", "L"),
            "paths=",
        ),
        (rnn_core.gradient_check(SMALL), "GradientCheck(ok=True, relative="),
        (
            GradientCheck({"x": FAR, "h0": HIDDEN}, 1e-6),
            "GradientCheck(ok=False, relative=2.5e-01 in x, 1 of 2 checked)",
        ),
        (GradientCheck({"h0": HIDDEN}, 1e-6), "(nothing checked: 1 gradient too small)"),
        (run_in_format(SMALL, dtype="float16"), "FormatRun(dtype='float16'"),
        (rnn_core.ACTIVATIONS["tanh"], "Activation(name='tanh'"),
        (rnn_core.LOSSES["squared_error"], "Loss(name='squared_error'"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_text_says_what_a_value_is(value: object, said: str) -> None:
    text = repr(value)
    assert said in text
    assert len(text) <= LONGEST


def test_a_text_computes_nothing() -> None:
    grads = backward(forward(PARAMS, np.ones((12, 5, 2)), np.ones((1, 5, 3))))
    before = set(grads.__dict__)
    repr(grads)
    assert set(grads.__dict__) == before


def test_a_notebook_shows_runs_and_gradients_as_tables_of_their_numbers() -> None:
    trace = forward(Parameters.random(1, 2, 1, seed=1, cell="lstm"), np.linspace(-1, 1, 30), 1.0)
    grads = backward(trace)
    for value, quantities in ((trace, trace.quantities), (grads, grads.quantities)):
        first, *others = ElementTree.fromstring(f"<div>{value._repr_html_()}</div>")  # noqa: S314
        heads, *rows = [[cell.text or "" for cell in row] for row in first.iter("tr")]
        assert [row[0] for row in rows] == [*map(str, range(8)), "…", *map(str, range(27, 31))]
        for name, array in quantities.items():
            column = heads.index(name if value is trace else f"∂L/∂{name}")
            shown = [float(number.replace("−", "-")) for number in rows[-1][column].split(",")]
            np.testing.assert_allclose(shown, array[-1, 0], rtol=1e-3)
        assert len(others) == (value is grads)
        if others:
            assert [row[0].text for row in others[0].iter("tr")][1:] == [
                f"∂L/∂{name}" for name in trace.params.names
            ]
    check = rnn_core.gradient_check(trace)
    table = ElementTree.fromstring(check._repr_html_())  # noqa: S314
    listed = [[cell.text for cell in row] for row in table.iter("tr")][1:]
    assert [row[0] for row in listed] == [f"∂L/∂{name}" for name in check.differences]
    assert [row[4] == "too small to check" for row in listed] == [
        name in check.unchecked for name in check.differences
    ]
    assert "<table>" in trace.params._repr_html_()
    assert len(PARAMS._repr_html_()) + len(TRACE._repr_html_()) < 20_000


def test_numbers_of_a_table_are_written_as_on_the_page() -> None:
    text = Parameters(
        W_xh=[[-0.0], [1e6]],
        W_hh=[[-1.5, 2 / 3], [-1e-7, 0.1]],
        b_h=[0, 0],
        W_hy=[[1, -1]],
        b_y=[0],
    )._repr_html_()
    assert "[0], [1e6]" in text
    assert "[−1.5, 0.6667], [−1e−7, 0.1]" in text


def test_help_names_the_types_as_they_are_written() -> None:
    # Unless annotations stay unread, ArrayLike alone is printed as the union it stands for.
    public = {name: getattr(rnn_core, name) for name in rnn_core.__all__}
    written = {name: str(inspect.signature(f)) for name, f in public.items() if callable(f)}
    assert "ArrayLike" in written["forward"]
    assert not [name for name, text in written.items() if "numpy._typing" in text]
