"""The controls' component: shows a payload and sends commands."""

from collections.abc import Callable
from typing import Any

from app.components.shared.loader import component

KEY = "editor"
SENT = "commands"


def editor(data: dict[str, Any], on_commands: Callable[[], None]) -> None:
    """Draw the controls; `on_commands` is called before the rerun that new commands cause."""
    component("editor")(key=KEY, data=data, on_commands_change=on_commands)
