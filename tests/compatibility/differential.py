"""A scenario, played through the SDK on the real `langgraph dev` and on our server; what came out, made comparable."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import httpx
from langgraph_sdk.client import LangGraphClient

JSON = dict[str, Any]

# Keys whose values are one server's own: versions, hosts, clocks, what only LangSmith uses.
OWN_KEYS = frozenset(
    {
        *("langgraph_version", "langgraph_api_version", "langgraph_api_url", "langgraph_host", "langgraph_plan"),
        *("langgraph_request_id", "langsmith_session_name", "langgraph_auth_user", "langgraph_auth_user_id"),
        *("langgraph_auth_permissions", "__request_start_time_ms__", "__after_seconds__", "user_id"),
        *("__pregel_node_finished", "ls_integration", "lc_versions", "thread_key", "_mark"),
        "__context_provided__",
    }
)
# What ours adds on purpose: which version produced it. `traceback` comes with errors.
OUR_ADDITIONS = frozenset({"assistant_version", "context_hash", "traceback"})

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HEX = re.compile(r"\b[0-9a-f]{32}\b")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)?")
_MILLISECONDS = re.compile(r"\b\d{13}-\d+\b")


@dataclass
class Side:
    """A server under comparison."""

    sdk: LangGraphClient
    http: httpx.AsyncClient
    mark: str = field(default_factory=lambda: uuid4().hex[:12])
    """In names and metadata: what this scenario made, apart from what the others did."""

    async def request(self, method: str, path: str, json: Any = None, *headers: str, **given: Any) -> JSON:
        """Status, body and the named headers of an answer."""
        response = await self.http.request(method, path, json=json, **given)
        found = {name: response.headers.get(name) for name in headers}
        return {"status": response.status_code, "body": _body(response), **({"headers": found} if headers else {})}

    async def events(self, path: str, json: JSON, **given: Any) -> list[Any]:
        """The events of a stream as [name, data], read as the SDK does."""
        return [[part.event, part.data] async for part in self.sdk.http.stream(path, "POST", json=json, **given)]

    async def run(self, graph: str, thread_id: str | None = None, **given: Any) -> list[Any]:
        """The events of a run as [name, data]."""
        return await listed(self.sdk.runs.stream(thread_id, graph, **given))

    async def thread(self, **given: Any) -> str:
        """A new thread's id."""
        return str((await self.sdk.threads.create(**given))["thread_id"])

    async def assistant(self, graph: str, **given: Any) -> str:
        """A new assistant's id."""
        return str((await self.sdk.assistants.create(graph, **given))["assistant_id"])

    async def until(self, asked: Callable[[], Awaitable[Any]], wanted: Callable[[Any], bool]) -> Any:
        """What `asked` answers once it is what is wanted: the API has nothing to wait on but asking again."""
        async with asyncio.timeout(20):
            while not wanted(found := await asked()):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
            return found


Scenario = Callable[[Side], Awaitable[Any]]


@dataclass(frozen=True)
class Row:
    """A scenario; `differs` says why ours answers something else, on purpose, and `ours` what exactly."""

    name: str
    play: Scenario
    differs: str | None = None
    ours: Any = None
    alone: bool = False
    """Played while no other row is: the real server lets others have its error."""


class Rows(list[Row]):
    """The rows of one table: `@rows.same` for what must be equal, `@rows.differs(why, ours)` for what is not."""

    def same(self, play: Scenario) -> Scenario:
        """A row named as its function, whose outcome is the same on both servers."""
        self.append(Row(_name(play), play))
        return play

    def alone(self, play: Scenario) -> Scenario:
        """Above `same` or `differs`: the row is played while no other one is."""
        self[-1] = replace(self[-1], alone=True)
        return play

    def differs(self, why: str, ours: Any) -> Callable[[Scenario], Scenario]:
        """A row whose outcome is `ours` on our server, and something else on the real one."""

        def add(play: Scenario) -> Scenario:
            self.append(Row(_name(play), play, why, ours))
            return play

        return add


async def listed(stream: AsyncIterator[Any]) -> list[Any]:
    """A stream of the SDK as [event, data]."""
    return [[part.event, part.data] async for part in stream]


async def refused(call: Awaitable[Any]) -> Any:
    """Status and body of the error that the call raises, or what it answered."""
    try:
        return await call
    except httpx.HTTPStatusError as error:
        return {"status": error.response.status_code, "body": _body(error.response)}


async def refused_somehow(call: Awaitable[Any]) -> Any:
    """As `refused`, where our sentence says more than the real one's: only that there is one."""
    answer = await refused(call)
    body = answer.get("body") if isinstance(answer, dict) else None
    has_sentence = isinstance(body, dict) and isinstance(body.get("detail"), str) and bool(body["detail"])
    return {"status": answer["status"], "has a sentence": has_sentence} if body is not None else answer


def comparable(outcome: Any, mark: str = "") -> Any:
    """The outcome with every id and time named by the order in which it appears, without what is one server's own."""
    names: dict[str, str] = {}

    def name(kind: str) -> Callable[[re.Match[str]], str]:
        return lambda match: names.setdefault(match[0], f"<{kind} {len(names) + 1}>")

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                plain(key): plain(item)
                for key, item in sorted(value.items(), key=lambda pair: _UUID.sub("", str(pair[0])))
                if key not in OWN_KEYS | OUR_ADDITIONS
            }
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        if isinstance(value, str):
            text = value.replace(mark, "<mark>") if mark else value
            text = _HEX.sub(name("hash"), _UUID.sub(name("id"), text))
            return _MILLISECONDS.sub("<event id>", _TIME.sub("<time>", text))
        return value

    return plain(outcome)


def _body(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return response.text


def _name(play: Scenario) -> str:
    return getattr(play, "__name__", "").replace("_", " ")
