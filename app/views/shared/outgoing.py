"""Every text that Python draws, on its way to the browser: in the notation that is asked for.

The texts of a page stand at hundreds of places, in labels, helps and sentences, and each may name a
symbol. So they are not rewritten where they are made but where all of them pass: each message of a
run is taken before it is sent, and its texts are read. What a component draws it gets as data,
which are written as its own Python side says; code, and what is typed in fields, stays as it is.
"""

from collections.abc import Callable
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.figures import notation

TEXTS = frozenset({"body", "label", "help", "placeholder", "text", "captions"})
"""What a reader reads of an element, by the names that Streamlit gives its fields."""
LEFT = frozenset({"code", "text", "html", "exception", "bidi_component"})
"""Elements whose texts are code, or a user's alone, or data."""


def follow() -> None:
    """Write what this run draws from here on in the notation of `notation.use`."""
    context: Any = get_script_run_ctx()
    if context is not None and not isinstance(context.enqueue, _Outgoing):
        context.enqueue = _Outgoing(context.enqueue)


class _Outgoing:
    """What sends a message, with its texts as they are asked for."""

    def __init__(self, send: Callable[[Any], None]) -> None:
        self._send = send

    def __call__(self, message: Any) -> None:
        """Write the texts of a message anew, and send it."""
        if notation.rewriter() is not None and message.WhichOneof("type") == "delta":
            delta = message.delta
            if delta.WhichOneof("type") == "add_block":
                _write(delta.add_block)
            elif (kind := delta.new_element.WhichOneof("type")) and kind not in LEFT:
                _write(getattr(delta.new_element, kind))
        self._send(message)


def _write(message: Any) -> None:
    """Write the texts of a message, and of the messages inside it."""
    for field, value in message.ListFields():
        if field.name in TEXTS:
            if isinstance(value, str):
                setattr(message, field.name, notation.markdown(value))
            elif field.message_type is None:
                value[:] = [notation.markdown(each) for each in value]
        elif field.message_type is not None:
            for each in [value] if hasattr(value, "ListFields") else value:
                _write(each)
