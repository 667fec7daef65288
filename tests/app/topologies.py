"""What the graph component receives of a graph's shape, as the browser takes it apart."""

import json
from typing import Any


def nodes_of(text: str) -> list[dict[str, Any]]:
    """Return the nodes of a topology, each with all its fields."""
    sent = json.loads(text)
    fields = {name: [values[k] for k in at] for name, (values, at) in sent["fields"].items()}
    whole = {**sent["names"], **fields}
    return [dict(zip(whole, each, strict=True)) for each in zip(*whole.values(), strict=True)]


def sizes_of(text: str) -> list[int]:
    """Return how many numbers of the local derivative of each edge are sent."""
    values, at = json.loads(text)["edges"]["size"]
    return [values[k] for k in at]
