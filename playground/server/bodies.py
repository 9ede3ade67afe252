"""What a request's body may be: JSON, of a bounded size and depth. Anything else is refused in a sentence."""

from collections.abc import Callable, Coroutine
from typing import Any

import orjson
from fastapi import Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.server.errors import detail

LIMIT = 32 * 1024 * 1024  # bytes: some pictures or a long document in base64, and no more memory than that takes
# Levels of lists and objects in each other. What orjson writes has 254 at most, and a body is put into rows and states.
DEPTH = 128

TOO_LARGE = f"The request's body is over {LIMIT // 1024 // 1024} MB, which is the most that this server takes."
TOO_DEEP = f"The JSON in the request's body is nested more than {DEPTH} levels deep."


class BodyLimit:
    """ASGI middleware that answers a body over `LIMIT` with 413. What is sent nevertheless is not kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif _announced(scope) > LIMIT:
            await detail(413, TOO_LARGE)(scope, receive, send)
        else:
            await self._app(scope, _limited(receive), send)


class JSONRoute(APIRoute):
    """A route whose body is read as strict JSON (UTF-8, no NaN, no lone surrogates), as LangGraph Server reads it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def with_strict_body(request: Request) -> Response:
            return await handle(_JSONRequest(request.scope, request.receive))

        return with_strict_body


class _JSONRequest(Request):
    async def json(self) -> Any:
        body = await self.body()
        value = orjson.loads(body)
        if body.count(b"[") + body.count(b"{") > DEPTH and is_deeper(value, DEPTH):
            raise HTTPException(422, TOO_DEEP)
        return value


def is_deeper(value: Any, depth: int) -> bool:
    """Whether lists and objects are nested more than `depth` levels."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(depth):
        inner = (item for outer in level for item in (outer.values() if isinstance(outer, dict) else outer))
        level = [item for item in inner if isinstance(item, dict | list)]
    return bool(level)


def _announced(scope: Scope) -> int:
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(length) if length.isdigit() else 0


def _limited(receive: Receive) -> Receive:
    """`receive`, until more came than was allowed: a body sent in chunks doesn't say its size before."""
    size = 0

    async def limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > LIMIT:
            raise HTTPException(413, TOO_LARGE)
        return message

    return limited
