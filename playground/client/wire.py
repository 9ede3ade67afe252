"""The one place that touches the SDK: requests, their errors as sentences, and which server is on the other end."""

import asyncio
import importlib
import json
from collections.abc import AsyncIterator, Awaitable
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit, urlunsplit

from playground.client.errors import ApiError, PlaygroundError, ServerGone

if TYPE_CHECKING:
    import httpx
    from langgraph_sdk.client import LangGraphClient

T = TypeVar("T")

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_TIMEOUT = {"connect": 5.0, "read": 300.0, "write": 300.0, "pool": 5.0}  # seconds
_SILENCE = 30.0  # seconds without a sign of life on a stream, which beats every 5
_REFUSED_KEY = "The server at {url} refused the key: give the right one with --key or PLAYGROUND_KEY."


class Wire:
    """A connection to a LangGraph server, which can be pointed at another address while it is in use.

    `own` says whether the server is a playground's, with our extras; None until it was asked. `page_limit` is how many
    rows of a list are asked for at once: fewer once the server refused so many.
    """

    def __init__(self) -> None:
        self.url = ""
        self.own: bool | None = None
        self.page_limit = 1_000  # LangGraph's own limit
        self._sdk: LangGraphClient | None = None
        self.restarting: str | None = None  # why our server said that it ends only to begin again
        self.gone = asyncio.Event()  # set while the server is known to be away: streams break off at once
        self.back = asyncio.Event()  # set while it isn't

    @property
    def sdk(self) -> "LangGraphClient":
        if self._sdk is None:
            raise ServerGone("There is no server to talk to.")
        return self._sdk

    async def connect(self, url: str, key: str | None) -> None:
        """Points at `url` from now on. Loads the SDK, off the event loop."""
        client = await asyncio.to_thread(_sdk_client, url, key)
        old, self._sdk = self._sdk, client
        self.url, self.own, self.page_limit = public_url(url), None, 1_000
        self.gone.clear()
        self.back.set()
        if old is not None:
            await old.aclose()

    def lose(self) -> None:
        """The server is away, until `connect`."""
        self.back.clear()
        self.gone.set()

    async def close(self) -> None:
        if self._sdk is not None:
            await self._sdk.aclose()

    async def ask(self, what: str, answer: Awaitable[T]) -> T:
        """Awaits a request; `what` completes "Could not …" if it fails. Raises ApiError, ServerGone."""
        try:
            return await answer
        except Exception as error:
            if translated := self.translate(what, error):
                raise translated from error
            raise

    async def ask_or(self, default: T, what: str, answer: Awaitable[T]) -> T:
        """As `ask`, but 404 is `default`."""
        try:
            return await self.ask(what, answer)
        except ApiError as error:
            if error.status == 404:
                return default
            raise

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine: then no network is between us."""
        return urlsplit(self.url).hostname in _LOOPBACK

    async def is_own(self) -> bool:
        """Whether the server is a playground's: it has GET /playground."""
        if self.own is None:
            self.own = await self.ask_or(None, "reach the server", self.sdk.http.get("/playground")) is not None
        return self.own

    async def changes(self) -> AsyncIterator[list[dict[str, Any]]]:
        """The graphs' rows of our server, now and after each change, until it goes. Being here keeps it up."""
        self.restarting = None
        stream = self.sdk.http.stream("/playground/attach", "GET")
        try:
            async for part in stream:
                if part.event == "graphs":
                    yield cast(list[dict[str, Any]], part.data)
                elif part.event == "restarting":
                    self.restarting = str(cast(dict[str, Any], part.data)["reason"])
        except Exception as error:
            raise self.translate("follow the server", error) or error from error

    def translate(self, what: str, error: Exception) -> PlaygroundError | None:
        """The error as a sentence; None if it is not one of the wire's."""
        import httpx

        if isinstance(error, httpx.HTTPStatusError):
            return self._refused(what, error)
        if isinstance(error, httpx.TimeoutException):
            return ServerGone(f"Could not {what}: the server at {self.url} did not answer in time.")
        if isinstance(error, httpx.HTTPError):
            return ServerGone(f"Could not {what}: the server at {self.url} does not answer ({_cause(error)}).")
        if isinstance(error, json.JSONDecodeError):
            return ServerGone(f"Could not {what}: what answers at {self.url} is not a LangGraph server.")
        if isinstance(error, RuntimeError) and "client has been closed" in str(error):
            return ServerGone(f"Could not {what}: the connection was closed.")
        return None

    def _refused(self, what: str, error: "httpx.HTTPStatusError") -> ApiError:
        status = error.response.status_code
        if status in (401, 403):
            return ApiError(_REFUSED_KEY.format(url=self.url), status)
        message = getattr(error, "message", "") or str(error)
        first, _, rest = message.partition("\n")
        return ApiError(f"Could not {what}: {_sentence(first)}", status, rest.strip() or None)


def public_url(url: str) -> str:
    """The URL without a user name or password, for screens and logs."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])).rstrip("/")


def _sdk_client(url: str, key: str | None) -> "LangGraphClient":
    """An SDK client that reports a refused connection at once.

    `get_client` would retry it for seconds, and would send LANGSMITH_API_KEY to whoever listens.
    """
    httpx = importlib.import_module("httpx")
    sdk = importlib.import_module("langgraph_sdk.client")
    headers = {"x-api-key": key} if key else {}
    local = urlsplit(url).hostname in _LOOPBACK
    http = httpx.AsyncClient(
        base_url=url,
        headers=headers,
        timeout=httpx.Timeout(**_TIMEOUT),
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
        trust_env=not local,  # a proxy from the environment must not see loopback
        event_hooks={"request": [_notice_silence], "response": [_drop_location]},
    )
    client: LangGraphClient = sdk.LangGraphClient(http)
    return client


async def _notice_silence(request: "httpx.Request") -> None:
    """A stream that doesn't even beat is a network that dropped: nobody else says so."""
    if request.headers.get("accept") == "text/event-stream":
        request.extensions["timeout"] = {**request.extensions.get("timeout", {}), "read": _SILENCE}


async def _drop_location(response: "httpx.Response") -> None:
    """Keeps the SDK from reconnecting a stream by itself, unseen: `following` does, and knows a server's next life."""
    if "location" in response.headers and not response.is_redirect:
        del response.headers["location"]


def _cause(error: Exception) -> str:
    text = str(error).strip() or type(error).__name__
    return "connection refused" if "All connection attempts failed" in text else text.splitlines()[0]


def _sentence(text: str) -> str:
    text = text.strip() or "no reason given"
    return text if text[-1] in ".!?" else text + "."
