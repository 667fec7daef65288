"""A visitor without a browser, who speaks Streamlit's protocol: for tests and benchmarks.

A browser takes far more of a machine than the server does; with visitors like this one a whole
class fits beside the server that it asks. What is sent is what the page's own scripts send.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit
from uuid import uuid4

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

ANSWER_WITHIN_S = 60.0
EVENTS = "$$STREAMLIT_INTERNAL_KEY_{}__events"  # where Streamlit looks for what a component sends
ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR)


class Visitor:
    """One open page: what it holds, and what its visitor does."""

    def __init__(self, socket: ClientConnection, page: str, query: str) -> None:
        self.socket = socket
        self.page, self.query = page, query
        self.page_hash = ""
        self.session = ""  # its id, by which a connection that broke is taken up again
        self.components: dict[str, str] = {}  # of a component's name, its id
        self.buttons: dict[str, str] = {}  # of a button's label, its id
        self.errors: list[str] = []
        self.received = 0  # bytes
        self._source = uuid4().hex  # tells its commands from those of another page
        self._commands = 0
        self._runs = asyncio.Queue[float]()  # when each whole run had arrived
        self._timers: dict[str, asyncio.Task[None]] = {}  # of parts that ask again by themselves

    async def rerun(self, *states: WidgetState, fragment: str = "") -> None:
        """Ask for a run of the page, with what some of its controls now say."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self.query
        asked.page_script_hash = self.page_hash
        if not self.page_hash:
            asked.page_name = self.page
        if fragment:
            asked.fragment_id, asked.is_auto_rerun = fragment, True
        asked.widget_states.widgets.extend(states)
        await self.socket.send(message.SerializeToString())

    async def arrived(self) -> float:
        """Wait until a whole run has arrived, and return when it had."""
        return await asyncio.wait_for(self._runs.get(), ANSWER_WITHIN_S)

    async def act(self, *states: WidgetState) -> float:
        """Change some controls, and return the seconds until all that follows has arrived."""
        while not self._runs.empty():
            self._runs.get_nowait()
        asked = time.perf_counter()
        await self.rerun(*states)
        return await self.arrived() - asked

    async def command(self, **command: object) -> float:
        """Send a command of the sidebar, as `act`."""
        self._commands += 1
        batch = {"source": self._source, "list": [{**command, "n": self._commands}]}
        state = WidgetState(id=EVENTS.format(self.components["unrolled_editor"]))
        state.json_trigger_value = json.dumps([{"event": "commands", "value": batch}])
        return await self.act(state)

    async def edit(self, field: str, row: int, column: int, text: str) -> float:
        """Type a number into a cell, as `act`."""
        return await self.command(do="cell", field=field, row=row, column=column, text=text)

    async def press(self, label: str) -> float:
        """Press a button, as `act`."""
        return await self.act(WidgetState(id=self.buttons[label], trigger_value=True))

    async def listen(self) -> None:
        """Take in all that the server sends, until it or the visitor ends."""
        with suppress(ConnectionClosed):
            async for content in self.socket:
                assert isinstance(content, bytes)  # noqa: S101  # Streamlit's messages are binary
                self.received += len(content)
                self._take(ForwardMsg.FromString(content))
        for timer in self._timers.values():
            timer.cancel()

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "script_finished" and message.script_finished in ENDS:
            self._runs.put_nowait(time.perf_counter())
        elif kind == "new_session" and not message.metadata.run.fragment_ids:
            self.session = message.new_session.initialize.session_id
            for timer in self._timers.values():
                timer.cancel()
            self._timers.clear()
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "delta":
            self._show(message.delta)
        elif kind == "auto_rerun":
            part = message.auto_rerun.fragment_id
            if part not in self._timers:
                asking = self._ask_again(part, message.auto_rerun.interval)
                self._timers[part] = asyncio.create_task(asking)
        elif kind == "stop_auto_rerun":
            for part in message.stop_auto_rerun.fragment_ids:
                if part in self._timers:
                    self._timers.pop(part).cancel()

    def _show(self, delta: Delta) -> None:
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "bidi_component":
            self.components[element.bidi_component.component_name] = element.bidi_component.id
        elif kind == "button":
            self.buttons[element.button.label] = element.button.id
        elif kind == "exception":
            self.errors.append(element.exception.message)

    async def _ask_again(self, part: str, interval: float) -> None:
        with suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(interval)
                await self.rerun(fragment=part)


@asynccontextmanager
async def visiting(
    server: str, page: str = "", query: str = "", session: str = ""
) -> AsyncIterator[Visitor]:
    """Open a page, whole, until the block ends: as a new visitor, or that of a session again."""
    address = f"ws://{urlsplit(server).netloc}/_stcore/stream"
    words = ("streamlit", "none", session) if session else ("streamlit",)
    async with connect(
        address,
        origin=Origin(server),
        subprotocols=[Subprotocol(word) for word in words],
        max_size=None,
        compression=None,
    ) as socket:
        visitor = Visitor(socket, page, query)
        listening = asyncio.create_task(visitor.listen())
        try:
            await visitor.rerun()
            await visitor.arrived()
            yield visitor
        finally:
            await socket.close()
            await listening
