"""Who is answered: who has the key and uses the server's own name, and no web page of a site that isn't allowed."""

import hmac
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from playground.server.errors import detail

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
NO_KEY = "This server needs its key in the header x-api-key."


class Access:
    """ASGI middleware that refuses strangers before anything else sees the request.

    `Host` keeps rebound DNS names out, `Origin` and `Sec-Fetch-Site` the web pages that the user happens to visit.
    """

    def __init__(self, app: ASGIApp, *, hosts: Collection[str] = LOOPBACK, origins: Collection[str] = ()) -> None:
        self._app = app
        self._hosts = frozenset(hosts) | LOOPBACK
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Headers(scope=scope)) if scope["type"] == "http" else None
        await (detail(403, refusal) if refusal else self._app)(scope, receive, send)

    def _refusal(self, headers: Headers) -> str | None:
        host, origins = headers.get("host", ""), headers.getlist("origin")
        if hostname(host) not in self._hosts:
            return f"This server does not answer for the host {host[:100]!r}."
        for origin in origins:
            if origin not in self._origins:
                return f"Pages of {origin[:100]!r} may not use this server; --allow-origin allows a site."
        if not origins and headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return "Pages of other sites may not use this server."
        return None


class Key:
    """ASGI middleware that keeps the other users of the machine out.

    It stands behind CORS, which answers preflights (they carry no key) and lets an allowed page read the refusal.
    """

    def __init__(self, app: ASGIApp, *, key: str | None) -> None:
        self._app = app
        self._key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = scope["type"] == "http" and self._key and not self._has_key(Headers(scope=scope))
        await (detail(401, NO_KEY) if refused else self._app)(scope, receive, send)

    def _has_key(self, headers: Headers) -> bool:
        given = headers.get("x-api-key", "")
        return hmac.compare_digest(given.encode(), (self._key or "").encode())


def hostname(host: str) -> str:
    """The name in a Host header, without port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0].lower() if ":" in host else host.lower()
