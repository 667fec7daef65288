"""What is told of a node, as pairs of a name and a text."""

from collections.abc import Mapping
from typing import Any

from app.components.autograd_view.words import called, listed, numbers_text, shape_text
from app.pytorch.autograd_graph import Node, Recording
from rnn_core.cells import ADD

COUNTS = {2: "two", 3: "three", 4: "four"}


def torch_facts(recording: Recording, node: Node, value: Any) -> list[list[str]]:
    """Return what is known of a node of torch's graph once it is made."""
    saved = ", ".join(f"{name} {shape_text(shape)}" for name, shape in node.saved)
    facts = [["made by", node.line]]
    if value is not None:
        what = "leaf" if node.is_leaf else "result"
        facts.append([what, f"{node.symbol} {numbers_text(value)}"])
    if node.is_leaf:
        facts.append(["next_functions", "none: the graph ends here, in .grad"])
    else:
        after = [recording.nodes[name] for name in node.next]
        facts += [
            ["saved tensors", saved or "none"],
            ["next_functions", listed([called(each) for each in after])],
            ["sequence number", str(node.number)],
        ]
    return facts


def our_facts(node: Mapping[str, Any], summands: int, linked: list[str]) -> list[list[str]]:
    """Return what is known of a node of ours; `linked` are its counterparts."""
    facts = [["node", f"{node['symbol']}: {_kind_words(node, summands)}"]]
    if node["value"] is not None:
        facts.append(["value", numbers_text(node["value"])])
    if not linked:
        facts.append(["in PyTorch", _absent(node)])
    return facts


def _kind_words(node: Mapping[str, Any], summands: int) -> str:
    of = "" if node["op"] != ADD else f" of {COUNTS.get(summands, summands)}"
    words = {"product": "a product", "sum": f"a sum{of}", "parameter": "a parameter, shared"}
    return words.get(node["kind"], str(node["kind"]))


def _absent(node: Mapping[str, Any]) -> str:
    """Say why a node of ours has no counterpart."""
    kind = node["kind"]
    if kind == "target":
        return "no node: a target that needs no gradient is a plain tensor"
    if kind == "probability":
        symbol = node["symbol"]
        return f"no node: the loss is computed from the logit, nothing differentiated from {symbol}"
    if kind == "rest":
        return "no node: it stands for what is not drawn"
    if kind == "activation":
        return "no node: the identity returns the tensor that it is given"
    return "no node: detach has cut it out of the graph"
