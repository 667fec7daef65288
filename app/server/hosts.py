"""Which names the server answers to: another page's script must not reach it by a name of its own.

A page of `evil.example` may have its name resolved to this machine once it is open ("DNS
rebinding"); the browser then takes the app for a part of that page. The Host header still says the
name, so the server answers to those it knows: this machine's own, the address that it was told to
listen on, and what the operator names. Where it listens on every address, an address in numbers
is answered too: rebinding needs a name.
"""

import re
from collections.abc import Collection
from ipaddress import ip_address

import streamlit
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.server.options import ALLOWED_HOSTS, ENVIRONMENT

OWN = ("localhost", "127.0.0.1", "::1")
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  # what listens on all of them says
HEADER = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_.-]+))(?::\d{1,5})?")
DEFAULT_PORTS = {"http": "80", "https": "443"}
MISDIRECTED = 421  # HTTP: asked of a server that does not answer for this name
POLICY_VIOLATION = 1008  # of a web socket


def name_in(header: str) -> str | None:
    """Return the name in a Host header, without its port, or None if it is none."""
    found = HEADER.fullmatch(header)
    return None if found is None else (found[1] or found[2]).lower().rstrip(".")


def listens_on() -> str:
    """Return the address that the server was told to listen on."""
    return str(streamlit.get_option("server.address") or EVERY_ADDRESS[0])


def is_known(header: str, address: str, named: Collection[str]) -> bool:
    """Whether a server that listens on an address, and has been given names, answers to a Host.

    A name of `*.example.org` stands for every name below it, and `*` for all names there are.
    """
    name = name_in(header)
    if not name:
        return False
    if name in (*OWN, address.lower(), *named) or "*" in named:
        return True
    if any(each.startswith("*.") and name.endswith(each[1:]) for each in named):
        return True
    return address in EVERY_ADDRESS and _is_address(name)


def is_same_origin(origin: str, host: str) -> bool:
    """Whether a page of that Origin is one of the server asked for as that Host."""
    scheme, _, place = origin.lower().partition("://")
    port = DEFAULT_PORTS.get(scheme, "")
    return place == host.lower() or f"{place}:{port}" == host.lower()


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


class KnownHosts:
    """Refuse what is asked of a name that is not the server's, and sockets from other pages.

    Streamlit checks sockets too, but not before it has asked a public service for this machine's
    address, while every visitor waits.
    """

    def __init__(self, app: ASGIApp, named: Collection[str]) -> None:
        self.app = app
        self.named = named

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, as every ASGI application does."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        known = len(hosts) == 1 and is_known(hosts[0], listens_on(), self.named)
        if scope["type"] == "websocket":
            if known and _may_connect(headers.get("origin"), hosts[0]):
                await self.app(scope, receive, send)
            else:  # before the socket is open this answers 403
                await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        elif known:
            await self.app(scope, receive, send)
        else:
            await PlainTextResponse(_refusal(hosts), MISDIRECTED)(scope, receive, send)


def _may_connect(origin: str | None, host: str) -> bool:
    if origin is None or is_same_origin(origin, host):
        return True
    if not streamlit.get_option("server.enableCORS"):
        return True
    return origin in streamlit.get_option("server.corsAllowedOrigins")


def _refusal(hosts: list[str]) -> str:
    name = name_in(hosts[0]) if len(hosts) == 1 else None
    if name is None:
        return "Host: expected one name that this server has.\n"
    return (
        f"This server does not answer to the name {name}. Whoever runs it can add the name: "
        f"`python -m unrolled {ALLOWED_HOSTS} {name}`, or {ENVIRONMENT[ALLOWED_HOSTS]} in a "
        "container.\n"
    )
