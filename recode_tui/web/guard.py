"""Checks of requests from browsers, and the headers that restrict the page.

Other sites must not drive the app. Each address has a secret in its path, which nobody else knows. Besides,
the header `Host` has to name this server, which a site whose name was made to point to this machine does not;
and `Origin`, which browsers send with every websocket, has to be the page's own.
"""

from __future__ import annotations

import ipaddress
import secrets

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",  # it would hold the secret
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def new_secret() -> str:
    """A secret for the path of an address."""
    return secrets.token_urlsafe(32)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine and reachable from nowhere else."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Guard:
    """Refuses requests that are not from a page of this server.

    With `is_local` the header `Host` has to name this machine; a server that others reach does not know its
    names. The port may be another one, as behind a tunnel.
    """

    def __init__(self, *, is_local: bool) -> None:
        self._is_local = is_local

    def install(self, app: web.Application) -> None:
        """Check all requests to an application, and add headers to its responses."""
        app.middlewares.append(self._middleware())
        app.on_response_prepare.append(self._add_headers)

    def _middleware(self) -> Middleware:
        @web.middleware
        async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
            if why := self._refusal(request):
                raise web.HTTPForbidden(text=why)
            return await handler(request)

        return check

    def _refusal(self, request: web.Request) -> str:
        """Why a request is refused; empty if it is not."""
        name = request.host.rpartition(":")[0] or request.host
        if self._is_local and not is_loopback(name.strip("[]")):
            return f"this server is not {request.host!r}"
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"http://{request.host}":
            return f"a page of {origin!r} may not ask this server"
        if origin is None and "Upgrade" in request.headers:
            return "a websocket needs the header Origin"
        return ""

    async def _add_headers(self, request: web.Request, response: web.StreamResponse) -> None:
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
            f"img-src 'self' data:; connect-src 'self' ws://{request.host}; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'"
        )
        response.headers.update({**HEADERS, "Content-Security-Policy": policy})
