"""No front end reads a node's name: a graph whose nodes bear other names is shown the same."""

import json
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from app.components.graph_view.payload import payload
from rnn_core import Gradients, Parameters, Trace, backward, forward
from rnn_core.graph import LEVELS

SHOWN = """async (sent) => {
  const at = (file) => new URL(`ui/components/graph_view/frontend/${file}`, document.baseURI).href;
  const { aboutOf, modelOf } = await import(at("model.js"));
  const { framesOf } = await import(at("frames.js"));
  const { counterpartOf } = await import(at("counterpart.js"));
  const { windowAround } = await import(at("window.js"));
  const { chainOf } = await import(at("chain_rule.js"));
  const { equationOf } = await import(at("equations.js"));
  const { forgetWidths } = await import(at("symbol.js"));
  const { sentenceOf } = await import(at("words.js"));
  forgetWidths(); // a font that was not there before may have come
  const models = Object.values(sent.levels).map((level) => modelOf(level, aboutOf(sent)));
  const ofLevel = (model) => {
    const frames = framesOf(model);
    return {
      nodes: model.nodes.map(({ x, y, i }) => [x, y, i]),
      stride: model.stride,
      loss: model.loss.i,
      window: windowAround(model, 2, null),
      frames: frames.list.map(({ phase, node, step }) => [phase, node.i, step]),
      known: [...frames.known],
      felt: [...frames.felt],
      found: frames.list.map((_, k) => frames.locate(frames.nameAt(k + 1)) - 1),
      sentences: frames.list.map((_, k) => sentenceOf(model, frames, k + 1)),
      equations: model.nodes.map((node) => node.op && equationOf(model, node)?.latex),
      chains: model.nodes.map(
        (node) => model.level !== "rolled" && node.back.length && chainOf(model, node).total,
      ),
    };
  };
  const selections = models.flatMap((before) =>
    models.flatMap((model) =>
      before.nodes.map((node) => {
        const chosen = { component: 1, step: 2 };
        if (model === before || model.byId.has(node.id)) return null;
        const found = counterpartOf(model, node.id, chosen, before);
        return found && [model.byId.get(found.id).i, found.component];
      }),
    ),
  );
  return { levels: models.map(ofLevel), selections };
}"""


def sent_of(trace: Trace, grads: Gradients) -> dict[str, Any]:
    """Return what the page is sent, with all levels at once."""
    levels = {level: payload(trace, grads, level=level)["levels"][level] for level in LEVELS}
    return {**payload(trace, grads), "levels": levels}


def renamed(sent: dict[str, Any], stem: str) -> dict[str, Any]:
    """Give each node another name, the same one at all levels."""
    known: dict[str, str] = {}
    levels = {}
    for level, data in sent["levels"].items():
        shape = json.loads(data["topology"])
        shape["names"]["id"] = [
            known.setdefault(name, f"{stem}{len(known)}") for name in shape["names"]["id"]
        ]
        levels[level] = {**data, "topology": json.dumps(shape)}
    return {**sent, "levels": levels}


@pytest.mark.parametrize("cell", ["elman", "leaky", "gru", "lstm"])
def test_a_graph_whose_nodes_bear_other_names_is_shown_the_same(page: Page, cell: str) -> None:
    params = Parameters.random(2, 2, 1, seed=0, cell=cell)
    trace = forward(params, np.random.default_rng(0).normal(size=(3, 1, 2)), 1, readout="every")
    sent = sent_of(trace, backward(trace))
    page.evaluate(SHOWN, renamed(sent, "first"))  # fonts are asked for by what is written in them
    page.evaluate("document.fonts.ready.then(() => null)")
    shown, other = page.evaluate(SHOWN, sent), page.evaluate(SHOWN, renamed(sent, "n"))
    assert shown == other
    assert any(shown["selections"])
    for level in shown["levels"]:  # each position is found again by its name
        assert level["found"] == list(range(len(level["frames"])))


STANDS_FOR = [
    ("operation", "h[2]", "scalar", "h[2,2]"),
    ("operation", "W_hh h[2]", "scalar", "W_hh[2,1]·h[2,1]"),
    ("operation", "W_hh", "scalar", "W_hh[1,2]"),
    ("operation", "h[2]", "rolled", "h"),
    ("scalar", "W_hh[1,2]·h[2,2]", "operation", "W_hh h[2]"),
    ("scalar", "z[3,1]", "operation", "z[3]"),
    ("rolled", "h", "operation", "h[2]"),
    ("rolled", "h", "scalar", "h[2,2]"),
]
OF_GATES = [
    ("operation", "f[2]⊙c[1]", "scalar", "f[2,2]·c[1,2]"),
    ("operation", "i[2]⊙g[2]", "scalar", "i[2,2]·g[2,2]"),
    ("scalar", "i[2,1]·g[2,1]", "operation", "i[2]⊙g[2]"),
    ("operation", "tanh(c[2])", "scalar", "tanh(c[2,2])"),
    ("operation", "c[2]", "scalar", "c[2,2]"),
    ("operation", "c[2]", "rolled", "c"),
    ("operation", "z_i[2]", "scalar", "z_i[2,2]"),
]
COUNTERPART = """async ([sent, asked]) => {
  const at = (file) => new URL(`ui/components/graph_view/frontend/${file}`, document.baseURI).href;
  const { aboutOf, modelOf } = await import(at("model.js"));
  const { counterpartOf } = await import(at("counterpart.js"));
  const model = (name) => modelOf(sent.levels[name], aboutOf(sent));
  return asked.map(([from, id, to]) => {
    const before = model(from);
    if (!before.byId.has(id)) return [`there is no ${id}`];
    return counterpartOf(model(to), id, { component: 1, step: 2 }, before)?.id ?? null;
  });
}"""


@pytest.mark.parametrize(("cell", "cases"), [("elman", STANDS_FOR), ("lstm", OF_GATES)])
def test_what_is_selected_has_something_that_stands_for_it_at_another_level(
    page: Page, cell: str, cases: list[tuple[str, str, str, str]]
) -> None:
    params = Parameters.random(2, 2, 1, seed=0, cell=cell)
    trace = forward(params, np.ones((3, 1, 2)), 1, readout="every")
    sent = sent_of(trace, backward(trace))
    found = page.evaluate(COUNTERPART, [sent, [case[:3] for case in cases]])
    assert found == [stands_for for *_, stands_for in cases]
