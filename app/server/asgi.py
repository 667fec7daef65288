"""What the web server adds to Streamlit's own: our files, who may ask for them, and its life."""

import asyncio
import base64
import hashlib
import re
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from pathlib import Path

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.server.browser import FRONT_PAGE, announced
from app.server.hosts import KnownHosts
from app.server.leaving import tidied
from app.server.options import Options
from app.server.sparing import sparing
from app.server.waking import wake_once

APP = Path(__file__).resolve().parents[1]
SERVED = {
    "/assets": APP.parent / "assets",
    # Each front end stands below /ui where it stands in the app: an import between two of them is
    # the same path for the browser, an editor and the type checker.
    **{
        f"/ui/{folder.relative_to(APP).as_posix()}": folder
        for folder in sorted(APP.rglob("frontend"))
    },
}
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
SHORT_EMBED = re.compile(rb"(?<![^&])embed=?(?![^&])")
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")


def routes() -> list[BaseRoute]:
    """Return our own answers, below the base path if there is one.

    One mount for each folder of static files; and the way from the front page's name, which
    Streamlit knows no page by, to the place where it lives, with what a link says.
    """
    base = str(streamlit.get_option("server.baseUrlPath")).strip("/")
    prefix = f"/{base}" if base else ""

    async def to_front(request: Request) -> Response:
        query = request.url.query
        return RedirectResponse(f"{prefix}/?{query}" if query else f"{prefix}/")

    return [
        *(Route(f"{prefix}/{FRONT_PAGE}{end}", to_front) for end in ("", "/")),
        *(
            Mount(prefix + path, RevalidatedFiles(directory=folder, check_dir=False))
            for path, folder in SERVED.items()
        ),
    ]


def lifespan(
    let_go: Callable[[], None],
) -> Callable[[streamlit.App], AbstractAsyncContextManager[None]]:
    """Return what goes on while the server runs, besides its answers; `let_go` as in `tidied`."""

    @asynccontextmanager
    async def life(app: streamlit.App) -> AsyncIterator[None]:
        wake_once(asyncio.get_running_loop())
        with sparing():
            async with tidied(let_go), announced(app):
                yield

    return life


def middleware(options: Options) -> list[Middleware]:
    """Return what wraps every response."""
    return [
        Middleware(SecurityHeaders, options.frame_ancestors),
        Middleware(KnownHosts, options.allowed_hosts),
        Middleware(ShortEmbed),
    ]


class RevalidatedFiles(StaticFiles):
    """Static files that the browser keeps but asks for again: an update is seen at once.

    Unchanged files answer 304 by their ETag, without a body.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, or 304, with the header that asks for revalidation."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


class ShortEmbed:
    """Lead `?embed` to `?embed=true`, which is what the page itself understands."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, as every ASGI application does."""
        if scope["type"] == "http" and SHORT_EMBED.search(scope["query_string"]):
            query = SHORT_EMBED.sub(b"embed=true", scope["query_string"]).decode("latin-1")
            # Relative, so that no path can lead to another host, and a proxy's own path stays.
            await RedirectResponse(f"?{query}")(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class SecurityHeaders:
    """Forbid the page every other host, other pages to frame it, and the guessing of types."""

    def __init__(self, app: ASGIApp, frame_ancestors: Collection[str]) -> None:
        self.app = app
        self.frame_ancestors = tuple(frame_ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, as every ASGI application does."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = content_security_policy(Headers(scope=scope).get("host", ""), self.frame_ancestors)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = policy
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                if not self.frame_ancestors:  # this older header cannot name a host
                    headers["X-Frame-Options"] = "SAMEORIGIN"
            await send(message)

        await self.app(scope, receive, send_with_headers)


def content_security_policy(host: str, frame_ancestors: Collection[str] = ()) -> str:
    """Return the policy for a page of this host, with nothing allowed from any other.

    Only its own pages may show it in a frame, and those of `frame_ancestors`. Streamlit imports a
    component's module from a `blob:` URL and styles elements inline. Not every browser takes 'self'
    to cover web sockets, so those are named with the host.
    """
    sockets = f" ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: 'wasm-unsafe-eval' {' '.join(inline_script_hashes())}",
            f"connect-src 'self'{sockets}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "media-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "frame-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            " ".join(("frame-ancestors 'self'", *frame_ancestors)),
        )
    )


@cache
def inline_script_hashes() -> tuple[str, ...]:
    """Return the CSP sources of the inline scripts in the page that Streamlit itself serves."""
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    scripts = INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
