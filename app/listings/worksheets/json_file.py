"""Sheets as JSON, for scripts: the network, and every question with its answer."""

import json
from collections.abc import Sequence
from typing import Any

from rnn_core.practice import Network, Sheet


def json_file(sheets: Sequence[Sheet]) -> bytes:
    """Return a list of sheets; steps and units count from 1, answers have the digits asked for."""
    found = [described(sheet) for sheet in sheets]
    return (json.dumps(found, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def described(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as JSON has it."""
    return {
        "grade": sheet.grade,
        "seed": sheet.seed,
        "title": sheet.title,
        "network": _network(sheet.network),
        "questions": [
            {
                "of": question.of,
                "quantity": question.quantity,
                "t": question.t,
                "unit": list(question.unit),
                "answer": answer,
                "digits": question.digits,
            }
            for question, answer in zip(sheet.questions, sheet.key, strict=True)
        ],
    }


def _network(network: Network) -> dict[str, Any]:
    """Return what `rnn_core.forward` takes; "c0" and "readout" only where they are not usual."""
    y = network.y.tolist()
    found: dict[str, Any] = {
        "cell": network.cell.name,
        "activation": network.activation,
        "loss": network.loss,
        "x": network.x.tolist(),
        "h0": None if network.h0 is None else network.h0.tolist(),
        "y": y[0][0] if network.y.size == 1 else y,
        "parameters": {name: array.tolist() for name, array in network.parameters.items()},
    }
    if network.c0 is not None:
        found["c0"] = network.c0.tolist()
    if network.readout != "last":
        found["readout"] = network.readout
    return found
