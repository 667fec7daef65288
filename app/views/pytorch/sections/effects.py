"""What detach, no_grad, retain_graph and accumulation do to the graph, each a real run."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from app.components.autograd_view.component import autograd_view
from app.components.autograd_view.payload import side_by_side
from app.components.autograd_view.words import numbers_text
from app.experiment.value import Experiment
from app.figures.words import short
from app.pytorch.autograd_graph import Recording
from app.views.pytorch import compute
from app.views.shared import scene
from app.views.shared.bound import Section, choice, slider
from rnn_core.cells import symbol

Panes = list[tuple[str, Recording, Mapping[str, str]]]


def render(experiment: Experiment) -> None:
    """Draw the demonstration that is chosen, on a few steps of the experiment."""
    try:
        trace = compute.short_run_of(experiment)
    except ValueError:
        st.markdown("The last states of this experiment are not finite: nothing can be run on.")
        return
    steps = experiment.sizes[0]
    which = "all" if trace.steps == steps else f"the last {trace.steps}"
    st.markdown(
        f"Each demonstration runs on {which} of the {steps} steps of this experiment, with the "
        "loss of the last one. Nothing here is made up: node lists, numbers and messages are "
        "PyTorch’s own."
    )
    titles = {name: effect.title for name, effect in EFFECTS.items()}
    chosen = choice(
        "Effect", "pt_effect", titles, "detach", look="buttons", label_visibility="collapsed"
    )
    EFFECTS[chosen].render(experiment)


def _detach(experiment: Experiment) -> None:
    steps = compute.short_run_of(experiment).steps
    if steps < 2:
        st.markdown("With one step there is no state to detach: give the sequence a second one.")
        return
    step = 1
    if steps > 2:
        step = slider(
            None,
            f"Detach {' and '.join(experiment.kind.states)} at step",
            1,
            steps - 1,
            steps // 2,
            key="pt_k",
            width=320,
        )
    found = compute.cut_of(experiment, step)
    whole, cut = found.whole, found.cut
    gone = {name: "cut off" for name in whole.nodes if name not in cut.nodes}
    apart = max(_apart(cut.gradients.get(name), ours) for name, ours in found.truncated.items())
    states = [f"{state}[{step}]" for state in experiment.kind.states]
    lines = " and ".join(f"`{state} = {state}.detach()`" for state in states)
    alone = len(states) == 1
    weight = _most_changed(experiment, whole, cut)
    st.markdown(
        f"{lines} {'keeps' if alone else 'keep'} the numbers, so the loss stays "
        f"`{short(cut.loss)}`, but the new {'tensor has' if alone else 'tensors have'} no "
        f"`grad_fn`: of {len(whole.nodes)} "
        f"nodes {len(cut.nodes)} can still be reached from the loss, and the other {len(gone)} are "
        f"freed. The gradient of ${symbol(weight)}$ goes from "
        f"`{_numbers(whole.gradients.get(weight))}` to "
        f"`{_numbers(cut.gradients.get(weight))}`. That is back-propagation truncated to "
        f"{steps - step} {_steps(steps - step)}: ours with truncate = {steps - step} differs by "
        f"{_size(apart)}."
    )
    _draw(
        experiment,
        [("Without detach", whole, gone), (f"{' and '.join(states)} detached", cut, {})],
        f"detach {step}",
    )


def _most_changed(experiment: Experiment, whole: Recording, cut: Recording) -> str:
    """Return the recurrent weight whose gradient the cut changes most, or any other weight."""

    def change(name: str) -> float:
        return _apart(cut.gradients.get(name), whole.gradients[name])

    kind = experiment.kind
    found = max(kind.recurrent, key=change, default=kind.leading)
    return found if change(found) else max((*kind.recurrent, *kind.parameters), key=change)


def _no_grad(experiment: Experiment) -> None:
    found = compute.no_grad_of(experiment)
    count = len(found.with_graph.nodes)
    st.markdown(
        f"Under `with torch.no_grad():` the same lines give the same loss "
        f"`{short(found.without.loss)}`, and leave no node where there were {count}: "
        f"`loss.grad_fn` is {'there' if found.loss_has_grad_fn else '`None`'}, nothing is saved "
        "for a backward pass. Asked for one, PyTorch answers:"
    )
    st.code(f"RuntimeError: {found.refusal}", language=None, wrap_lines=True)
    _draw(
        experiment,
        [("With gradients", found.with_graph, {}), ("Under no_grad", found.without, {})],
        "no_grad",
    )


def _retain_graph(experiment: Experiment) -> None:
    found = compute.freed_of(experiment)
    second = "runs" if found.second_pass_ran else "is refused"
    st.markdown(
        f"`loss.backward()` frees what the nodes have saved as it passes: {len(found.freed)} of "
        f"{len(found.plain.nodes)} nodes had saved tensors and hold none now. After "
        f"`loss.backward(retain_graph=True)`, {len(found.freed_when_retained) or 'none'} of them "
        f"{'is' if len(found.freed_when_retained) < 2 else 'are'} freed, and a second pass "
        f"{second}. Without it, the second `loss.backward()` gets:"
    )
    st.code(f"RuntimeError: {found.refusal}", language=None, wrap_lines=True)
    _draw(
        experiment,
        [
            ("After backward()", found.plain, dict.fromkeys(found.freed, "freed")),
            (
                "After backward(retain_graph=True)",
                found.retained,
                {
                    node.id: "kept"
                    for node in found.retained.nodes.values()
                    if node.saved and node.id not in found.freed_when_retained
                },
            ),
        ],
        "retain",
    )


def _accumulate(experiment: Experiment) -> None:
    found = compute.accumulation_of(experiment)
    first, second, again = (
        found.first.gradients,
        found.second.gradients,
        found.again.gradients,
    )
    twice = all(np.array_equal(second[name], 2 * first[name]) for name in first)
    same = all(np.array_equal(again[name], first[name]) for name in first)
    cleared = all(value is None for value in found.zeroed.values())
    st.markdown(
        "A leaf’s node is called AccumulateGrad because it adds: a second `backward()` over the "
        f"same graph makes every `.grad` {'exactly twice' if twice else 'about twice'} what it "
        "was. `zero_grad()` sets each to "
        f"{'`None`' if cleared else 'zero'}, and the next pass gives "
        f"{'the first numbers again' if same else 'other numbers'}. The graph itself does not "
        "change; forgetting `zero_grad` changes what the optimiser is told."
    )
    lines = [
        "| `.grad` of | after one `backward()` | after two | after `zero_grad()` | and one more |",
        "|:--|--:|--:|--:|--:|",
    ]
    for name in experiment.kind.parameters:
        zeroed = found.zeroed[name]
        cells = [_numbers(first[name]), _numbers(second[name])]
        cells += ["None" if zeroed is None else _numbers(zeroed), _numbers(again[name])]
        lines.append(f"| `{name}` | {' | '.join(f'`{cell}`' for cell in cells)} |")
    st.markdown("\n".join(lines))
    _draw(
        experiment,
        [
            ("After one backward()", found.first, _totals(found.first)),
            ("After two", found.second, _totals(found.second)),
        ],
        "accumulate",
    )


EFFECTS = {
    "detach": Section("detach", _detach),
    "no_grad": Section("no_grad", _no_grad),
    "retain_graph": Section("retain_graph", _retain_graph),
    "accumulate": Section(".grad adds up", _accumulate),
}


def _draw(experiment: Experiment, panes: Panes, shape: str) -> None:
    data = side_by_side(panes, compute.short_graph_of(experiment))
    about = {
        "shape": f"{shape} {experiment.cell} {experiment.loss} {experiment.sizes[0]}",
        "steps": 0,
    }
    autograd_view(data, about=about, key="pt_effects", large=scene.is_large())


def _totals(recording: Recording) -> dict[str, str]:
    """Return what stands in each leaf's `.grad`, to be written into its node."""
    return {
        node.id: _brief(recording.gradients[node.symbol])
        for node in recording.nodes.values()
        if node.is_leaf and node.symbol in recording.gradients
    }


def _brief(gradient: Any) -> str:
    flat = np.ravel(gradient)
    if flat.size <= 2:
        return "  ".join(short(value) for value in flat.tolist())
    with np.errstate(all="ignore"):
        return f"‖·‖ {short(float(np.linalg.norm(flat)))}"


def _numbers(gradient: Any) -> str:
    """Return a gradient's numbers, or its length where they are many; None is no gradient."""
    return "None" if gradient is None else numbers_text(gradient)


def _apart(gradient: Any, ours: Any) -> float:
    """Return the largest difference; no gradient counts as zero."""
    theirs = np.zeros_like(ours) if gradient is None else gradient
    with np.errstate(all="ignore"):
        return float(np.max(np.abs(np.subtract(theirs, ours)), initial=0.0))


def _size(apart: float) -> str:
    return "nothing, to the last bit" if apart == 0 else f"`{short(apart, 2)}`"


def _steps(count: int) -> str:
    return "step" if count == 1 else "steps"
