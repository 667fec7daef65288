"""A page that works without a server: what it computes is what the app shows."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app.components.graph_view import extent
from app.components.graph_view.detail import detail
from app.components.graph_view.extent import levels_offered
from app.components.graph_view.held_data import base_of
from app.components.graph_view.payload import payload
from app.components.portable.data import page_data
from app.components.portable.page import portable_page
from app.components.shared.meanings import numbers_of
from app.experiment import changes, link, presets
from app.experiment.held_run import held_run
from app.experiment.holding import Hold
from app.experiment.resizing import with_hidden
from app.experiment.run import gradients_if_any, trace_of
from app.experiment.sources import Numbers, Series
from app.experiment.value import Experiment
from app.figures.common import common
from rnn_core import CELLS, computational_graph
from rnn_core.graph import LEVELS
from tests.app.in_node import answer
from tests.conftest import ROOT
from tests.experiments import six_steps

SCRIPT = ROOT / "tests" / "app" / "open_portable.js"
AGREES = 1e-12
LARGEST = 3_000_000  # bytes


@pytest.fixture(autouse=True)
def whole_graphs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Python send every level whole, as the page has it."""
    monkeypatch.setattr(extent, "WHOLE_NODES", dict.fromkeys(extent.WHOLE_NODES, 10**6))


def case(
    experiment: Experiment, holds: tuple[Hold, ...] = (), edits: tuple[Any, ...] = ()
) -> dict[str, Any]:
    """Return a page, what is done to it, and what Python says of the same."""
    page = page_data(experiment)
    for edit in edits:
        experiment = changes.with_cell(experiment, *edit)
    trace, grads = trace_of(experiment), gradients_if_any(experiment)
    held = (lambda base: held_run(experiment, holds, base)) if holds else None
    wanted: dict[str, Any] = {"levels": {}}
    for level in levels_offered(trace):
        sent = payload(trace, grads, level=level, sample=experiment.sample, held=held)
        wanted = {**sent, "levels": {**wanted["levels"], level: sent["levels"][level]}}
    names = ("field", "row", "column", "value")
    return {
        "page": page,
        "changes": [dict(zip(names, edit, strict=True)) for edit in edits],
        "held": [{"place": hold.place, "value": hold.value} for hold in holds],
        "wanted": wanted,
        "details": list(details(experiment, holds)),
        "symbols": numbers_of(trace, grads, experiment.sample),
        "experiment": link.to_file(experiment),
    }


def details(
    experiment: Experiment, holds: tuple[Hold, ...]
) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Yield what Python says of each parameter at each level, and of some scalars' paths."""
    trace, grads = trace_of(experiment), gradients_if_any(experiment)
    for level in levels_offered(trace):
        graph = computational_graph(
            trace, grads, level=level, sample=experiment.sample, jacobians=False
        )
        last = [
            f"{name}[{','.join(map(str, trace.params[name].shape))}]" for name in trace.params.names
        ]
        wanted = [*trace.params.names, *last, "h[1,1]" if level == "scalar" else "h[1]", "L"]
        for selected in wanted:
            run = held_run(experiment, holds, base_of(level)) if holds else None
            found = detail(graph, trace, grads, level, experiment.sample, selected, run)
            yield level, selected, None if found is None else dict(found)


def agree(cases: dict[str, dict[str, Any]]) -> None:
    found = answer(SCRIPT, [common(), *cases.values()])
    apart = {name: each for name, each in zip(cases, found, strict=True) if not small(each["by"])}
    assert not apart
    for name, each in zip(cases, found, strict=True):
        taken = Experiment.model_validate_json(each["experiment"], strict=True)
        assert link.to_file(taken) == cases[name]["experiment"], name  # −0 is another text than 0


def small(difference: float | None) -> bool:
    return difference is not None and difference <= AGREES


def test_the_page_of_every_preset_computes_what_the_app_shows() -> None:
    agree({name: case(preset.experiment) for name, preset in presets.PRESETS.items()})


def test_the_page_holds_and_changes_numbers_of_every_cell_as_the_app_does() -> None:
    cases = {}
    for cell in CELLS:
        experiment = changes.with_network(six_steps(), cell)
        line = experiment.kind.lines[0].name
        holds = (Hold("h[4,2]", 0.25), Hold(f"{line}[5,1]", -0.5))
        own = experiment.kind.recurrent[0]
        edits = (("x", 1, 0, -0.7), (own, 1, 0, 0.35), (own, 0, 1, -0.0), ("h_0", 1, 0, 0.2))
        cases[cell] = case(experiment, holds)
        cases[f"{cell}, truncated"] = case(experiment.replace(truncate=2), holds, edits)
    agree(cases)


def test_the_page_of_a_sequence_of_a_batch_adds_what_the_others_do() -> None:
    experiment = six_steps()
    values = tuple(((0.3 * t,), (1.0 - 0.4 * t,)) for t in range(4))
    target = tuple(((1.0,), (0.0,)) for _ in range(4))
    both = experiment.replace(
        sequence=Numbers(values=values, target=target), readout="every", sample=1
    )
    edits = (("W_xh", 0, 0, 0.1), ("target", 1, 0, 0.5), ("x", 0, 0, 2.0))
    holds = (Hold("h[2,1]", 0.5),)
    agree({"as it is": case(both), "changed": case(both, holds, edits)})


def test_what_is_taken_into_the_app_is_what_was_changed_on_the_page() -> None:
    named = presets.PRESETS["sine"].experiment.replace(sequence=Series(name="sine", length=5))
    drawn = changes.with_cell(named, "W_hy", 0, 1, 0.5)
    edits = (
        ("x", 3, 0, 1e300),
        ("target", 0, 0, 1 / 3),
        ("W_hy", 0, 1, 5e-324),
        ("W_hh", 3, 0, 1e21),
        ("b_h", 2, 0, -0.0),
        ("h_0", 1, 0, 0.0),
    )
    agree({edit[0]: case(drawn, edits=(edit,)) for edit in edits})
    assert case(drawn, edits=edits[:1])["experiment"] != case(drawn)["experiment"]


def test_the_page_of_a_long_run_is_no_larger_than_it_may_be() -> None:
    long = Numbers(values=(((0.5,),),) * 1000, target=(((1.0,),),) * 1000)
    sine = presets.PRESETS["sine"].experiment.replace(sequence=long, readout="every")
    experiment = with_hidden(sine, 2)
    assert levels_offered(trace_of(experiment)) == list(LEVELS)
    assert len(portable_page(experiment)) < LARGEST


def test_a_run_that_is_too_large_is_refused_in_one_sentence() -> None:
    experiment = with_hidden(presets.PRESETS["sunspots"].experiment, 21)
    said = "Page: expected at most 2,000 hidden numbers, T · H, got 2,100."
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        portable_page(experiment)


def test_what_a_user_has_typed_is_data_and_the_page_asks_nobody() -> None:
    title = "</title></script><script>alert(1)</script><!--"
    experiment = presets.PRESETS["text"].experiment.replace(title=title)
    page = portable_page(experiment).decode()
    assert title not in page
    assert page.count("<script") == 4
    assert page.count("</script") == 4
    assert "<!--" not in page
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=[\"']?(?!data:)\w|@import|url\((?!data:)", head_of(page))


def head_of(page: str) -> str:
    """Return a page without its scripts, which hold names of files that they do not ask for."""
    return re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
