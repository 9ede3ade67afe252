"""The server's graphs: their state, schemas and drawing."""

import asyncio
import builtins
from contextlib import aclosing, suppress
from typing import Any, cast
from uuid import UUID

from playground.client import decode
from playground.client.decode import Json, default_assistant_id
from playground.client.errors import ApiError, PlaygroundError, ServerGone
from playground.client.validation import Problem
from playground.client.values import Graph, Schemas
from playground.client.wire import Wire

_PAGE = 100


class Graphs:
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def list(self) -> list[Graph]:
        """Every graph, by name. A server that isn't a playground's only tells of those with an assistant."""
        info = await self.info()
        if info is not None:
            return [decode.graph(row) for row in info.get("graphs", [])]
        return [Graph(graph_id) for graph_id in sorted(await self._graph_ids())]

    async def settled(self, seconds: float = 60.0) -> builtins.list[Graph]:
        """As `list`, once each is ready or failed; after `seconds` as they are."""
        wire = self._wire
        if not await wire.is_own():
            return await self.list()
        found: builtins.list[Graph] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), aclosing(cast(Any, wire.changes())) as changes:
                async for rows in changes:
                    found = [decode.graph(row) for row in rows]
                    if all(graph.state != "loading" for graph in found):
                        break
        return found

    async def notices(self) -> builtins.list[str]:
        """What of the project isn't applied by this server, a sentence each."""
        info = await self.info()
        return list(info.get("notices", [])) if info else []

    async def log(self, lines: int) -> builtins.list[str] | None:
        """The last lines of what the user's graphs printed; None on another server."""
        path = f"/playground/log?lines={lines}"
        found = await self._wire.ask_or(None, "read the server's log", self._wire.sdk.http.get(path))
        return cast(Json, found)["lines"] if found is not None else None

    async def info(self) -> Json | None:
        """GET /playground: version, project, store, notices, graphs. None on another server."""
        if self._wire.own is False:
            return None
        info = await self._wire.ask_or(None, "list the graphs", self._wire.sdk.http.get("/playground"))
        self._wire.own = info is not None
        return cast(Json | None, info)

    async def schemas(self, assistant_id: str) -> Schemas:
        """`assistant_id` may be a graph's name: its default assistant."""
        sdk = self._wire.sdk
        row = cast(Json, await self._wire.ask("read the schemas", sdk.assistants.get_schemas(_id(assistant_id))))
        return Schemas(
            graph_id=row.get("graph_id", ""),
            input=row.get("input_schema") or None,
            output=row.get("output_schema") or None,
            state=row.get("state_schema") or None,
            context=row.get("context_schema") or row.get("config_schema") or None,
            config=row.get("config_schema") or None,
        )

    async def schemas_if_any(self, assistant_id: str) -> Schemas | None:
        """As `schemas`, None of a graph that is broken. Raises ServerGone."""
        try:
            return await self.schemas(assistant_id)
        except ServerGone:
            raise
        except PlaygroundError:
            # LangGraph's own server drops the connection after such a failure: let a request find out that doesn't
            # matter.
            with suppress(PlaygroundError):
                await self.list()
            return None

    async def drawing(self, assistant_id: str, xray: bool | int = False) -> dict[str, builtins.list[Json]]:
        """{"nodes": [{"id", "type", "data"}], "edges": [{"source", "target", "conditional"?, "data"?}]}.

        `xray` opens subgraphs.
        """
        sdk = self._wire.sdk
        return cast(
            dict[str, builtins.list[Json]],
            await self._wire.ask("draw the graph", sdk.assistants.get_graph(_id(assistant_id), xray=xray)),
        )

    async def validate(self, assistant_id: str, context: Json) -> builtins.list[Problem] | None:
        """What the graph's own type says of a context; `assistant_id` may be a graph's name. None on another server.

        A run with this context would fail on it. Types of a context can say more than their JSON schema: custom
        validators, what fields mean together.
        """
        if not await self._wire.is_own():
            return None
        answer = await self._wire.ask(
            "check the context",
            self._wire.sdk.http.post(
                "/playground/validate", json={"assistant_id": _id(assistant_id), "context": context}
            ),
        )
        return [(tuple(row["path"]), str(row["message"])) for row in cast(Json, answer)["problems"]]

    async def opened_drawing(self, assistant_id: str) -> tuple[dict[str, builtins.list[Json]], str | None]:
        """The drawing with all its subgraphs opened; where the server refuses that, with none, and why."""
        try:
            return await self.drawing(assistant_id, xray=True), None
        except ApiError as error:
            return await self.drawing(assistant_id), error.sentence

    async def _graph_ids(self) -> set[str]:
        sdk, found, offset = self._wire.sdk, set[str](), 0
        while True:
            rows = await self._wire.ask(
                "list the graphs", sdk.assistants.search(limit=_PAGE, offset=offset, select=["graph_id"])
            )
            found |= {row["graph_id"] for row in rows}
            if len(rows) < _PAGE:
                return found
            offset += _PAGE


def _id(text: str) -> str:
    """An assistant's id; a graph's name becomes that of its default assistant (most routes take ids only)."""
    try:
        return str(UUID(text))
    except ValueError:
        return default_assistant_id(text)
