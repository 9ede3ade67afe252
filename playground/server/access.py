"""Who is answered: who has the key and uses the server's own name, and no web page of a site that isn't allowed."""

import hmac
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from playground.server.errors import detail

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Access:
    """ASGI middleware that refuses strangers before anything else sees the request.

    `Host` keeps rebound DNS names out, `Origin` and `Sec-Fetch-Site` the web pages that the user happens to visit, the
    key the other users of the machine.
    """

    def __init__(
        self, app: ASGIApp, *, key: str | None, hosts: Collection[str] = LOOPBACK, origins: Collection[str] = ()
    ) -> None:
        self._app = app
        self._key = key
        self._hosts = frozenset(hosts) | LOOPBACK
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope["method"], Headers(scope=scope))
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await detail(*refusal)(scope, receive, send)

    def _refusal(self, method: str, headers: Headers) -> tuple[int, str] | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if hostname(host) not in self._hosts:
            return 403, f"This server does not answer for the host {host[:100]!r}."
        if origin is not None and origin not in self._origins:
            return 403, f"Pages of {origin[:100]!r} may not use this server; --allow-origin allows a site."
        if origin is None and headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return 403, "Pages of other sites may not use this server."
        is_preflight = method == "OPTIONS" and "access-control-request-method" in headers
        if self._key and not is_preflight and not self._has_key(headers):
            return 401, "This server needs its key in the header x-api-key."
        return None

    def _has_key(self, headers: Headers) -> bool:
        given = headers.get("x-api-key", "")
        return hmac.compare_digest(given.encode(), (self._key or "").encode())


def hostname(host: str) -> str:
    """The name in a Host header, without port and brackets."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0].lower() if ":" in host else host.lower()
