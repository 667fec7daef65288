"""Say where the page is, and open it in the user's browser, when the server starts.

Streamlit opens a plain script, but not a server module of one's own such as ours; and it would
print `localhost` however many others can reach the server.
"""

import asyncio
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from app.server import handed
from app.server.hosts import EVERY_ADDRESS, OWN, listens_on

FRONT_PAGE = "explore"
"""The name of the page that lives at the address itself."""

LISTENING_AFTER_S = 0.3  # the server listens as soon as its start is complete


@asynccontextmanager
async def announced(_: st.App) -> AsyncIterator[None]:
    """Print where the page is; open it unless Streamlit is told (or sees) to be headless."""
    print(f"\n  Unrolled: {place()}\n", flush=True)
    task = None
    if not st.get_option("server.headless"):
        task = asyncio.create_task(_open(address()))
    yield
    if task is not None:
        task.cancel()


def place() -> str:
    """Return where the server can be reached, as the operator reads it."""
    if listens_on() not in EVERY_ADDRESS:
        return address()
    port = st.get_option("server.port")
    return f"{address()} and port {port} of every address of this machine"


def address() -> str:
    """Return the URL at which a browser on this machine finds the page, and what is handed over."""
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    host = listens_on()
    if host in (*OWN, *EVERY_ADDRESS):
        host = st.get_option("browser.serverAddress") or "localhost"
    if ":" in host:
        host = f"[{host}]"
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"{scheme}://{host}:{st.get_option('server.port')}/{base}{handed.HAND.query()}"


async def _open(url: str) -> None:
    await asyncio.sleep(LISTENING_AFTER_S)
    if not await asyncio.to_thread(webbrowser.open, url):
        print("  No browser was found: open that address in one.\n", flush=True)
