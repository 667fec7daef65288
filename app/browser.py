"""Open the page in the user's browser when the server starts.

Streamlit does so for a plain script, but not for a server module of one's own such as ours.
"""

import asyncio
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

LISTENING_AFTER_S = 0.3  # the server listens as soon as its start is complete


@asynccontextmanager
async def opened(_: st.App) -> AsyncIterator[None]:
    """Open the page once the server listens, unless Streamlit is told (or sees) to be headless."""
    task = None
    if not st.get_option("server.headless"):
        task = asyncio.create_task(_open(address()))
    yield
    if task is not None:
        task.cancel()


def address() -> str:
    """Return the URL at which a browser on this machine finds the page."""
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    host = st.get_option("browser.serverAddress") or "localhost"
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"{scheme}://{host}:{st.get_option('server.port')}/{base}"


async def _open(url: str) -> None:
    await asyncio.sleep(LISTENING_AFTER_S)
    await asyncio.to_thread(webbrowser.open, url)
