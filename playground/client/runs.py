"""Runs: start one of exactly this version, watch it, stop it, join it again."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from playground.client import decode
from playground.client.decode import Json
from playground.client.events import Accepted, RunEvent
from playground.client.exactly import Exactly
from playground.client.following import Following
from playground.client.record import RunRecord
from playground.client.run_options import RunOptions
from playground.client.values import Run, Runnable, Waiting
from playground.client.wire import Wire

if TYPE_CHECKING:
    from langgraph_sdk.schema import RunCreateMetadata, StreamPart

_MODES = ["messages-tuple", "updates", "custom"]
_PAGE = 100


class Runs:
    def __init__(self, wire: Wire, exactly: Exactly) -> None:
        self._wire = wire
        self._exactly = exactly

    async def stream(
        self,
        runnable: Runnable,
        *,
        thread_id: str | None = None,
        input: Any = None,
        command: Json | None = None,
        config: Json | None = None,
        metadata: Json | None = None,
        checkpoint_id: str | None = None,
        options: RunOptions | None = None,
        values: bool = False,
        subgraphs: bool = True,
        modes: Sequence[str] = (),
        record: RunRecord | None = None,
    ) -> AsyncGenerator[RunEvent]:
        """Starts a run and yields what happens, from Accepted to Ended; without a thread it makes one.

        With `options` that change the context, what runs is a variant of `runnable`, and is recorded as one.
        `modes` are streamed beside the usual ones, for `record`, which gets every event as it was sent.
        Going away doesn't stop the run: `cancel` does. Raises ApiError if the server refuses it, ServerGone if the
        server goes away before it has accepted the run, or doesn't come back.
        """
        options = options or RunOptions()
        request = await self._exactly.request(options.runnable(runnable))
        thread = await self._thread(thread_id, request.metadata)
        streamed = dict.fromkeys([*_MODES, *(["values"] if values else []), *modes, *options.stream_modes])

        def start(accepted: "Callable[[RunCreateMetadata], None]") -> "AsyncIterator[StreamPart]":
            return self._wire.sdk.runs.stream(
                thread,
                request.assistant_id,
                input=input,
                command=cast(Any, command),
                context=cast(Any, request.context),
                config=cast(Any, {**(request.config or {}), **(options.config or {}), **(config or {})} or None),
                metadata={**(metadata or {}), **(request.metadata or {})} or None,
                stream_mode=cast(Any, list(streamed)),
                stream_subgraphs=subgraphs,
                stream_resumable=True,
                checkpoint=_checkpoint(checkpoint_id),
                **_how(options),
                if_not_exists="create",
                on_run_created=accepted,
            )

        following = Following(self._wire, f"run {runnable.title}", thread, record, values=values)
        async with aclosing(following.events(start)) as events:
            async for event in events:
                yield event

    async def create(
        self, runnable: Runnable, thread_id: str, *, input: Any = None, options: RunOptions | None = None
    ) -> Run:
        """Starts a run without following it; `join` does that. Raises ApiError if the server refuses it."""
        options = options or RunOptions()
        request = await self._exactly.request(options.runnable(runnable))
        started = self._wire.sdk.runs.create(
            await self._thread(thread_id, request.metadata),
            request.assistant_id,
            input=input,
            context=cast(Any, request.context),
            config=cast(Any, {**(request.config or {}), **(options.config or {})} or None),
            metadata=request.metadata,
            stream_mode=cast(Any, list(dict.fromkeys([*_MODES, "values", *options.stream_modes]))),
            stream_subgraphs=True,
            stream_resumable=True,
            **_how(options),
        )
        return decode.run(await self._wire.ask(f"run {runnable.title}", started))

    async def join(self, thread_id: str, run_id: str, record: RunRecord | None = None) -> AsyncGenerator[RunEvent]:
        """What happened in a run from its start, as far as the server kept it, and what still happens."""

        def start(accepted: "Callable[[RunCreateMetadata], None]") -> "AsyncIterator[StreamPart]":
            return self._wire.sdk.runs.join_stream(thread_id, run_id, last_event_id="-1")

        yield Accepted(run_id, thread_id)
        following = Following(self._wire, "join the run", thread_id, record, values=True)
        async with aclosing(following.events(start, run_id)) as events:
            async for event in events:
                yield event

    async def cancel(self, thread_id: str, run_id: str) -> None:
        """Stops the run; what it checkpointed stays. A run that is over stays as it is."""
        sdk = self._wire.sdk
        await self._wire.ask_or(None, "stop the run", sdk.runs.cancel(thread_id, run_id, wait=False))

    async def get(self, thread_id: str, run_id: str) -> Run:
        return decode.run(await self._wire.ask("read the run", self._wire.sdk.runs.get(thread_id, run_id)))

    async def list(self, thread_id: str, limit: int = _PAGE, offset: int = 0) -> list[Run]:
        """Newest first."""
        rows = await self._wire.ask("list the runs", self._wire.sdk.runs.list(thread_id, limit=limit, offset=offset))
        return sorted((decode.run(row) for row in rows), key=lambda run: run.created_at, reverse=True)

    async def waiting(self) -> dict[str, Waiting]:
        """What each run in the queue waits for, by its id. Only our server says so: of others nothing is known."""
        if not await self._wire.is_own():
            return {}
        answer = await self._wire.ask_or(None, "read the queue", self._wire.sdk.http.get("/playground/queue"))
        return decode.queue(cast(Json, answer or {}))

    async def _thread(self, thread_id: str | None, told: Json | None) -> str:
        """The thread to run on. It is made with the run, unless it has to carry what the server can't say."""
        if told is None:
            return thread_id or str(uuid4())
        sdk = self._wire.sdk
        row = await self._wire.ask(
            "create a thread", sdk.threads.create(thread_id=thread_id, metadata=told, if_exists="do_nothing")
        )
        if not told.items() <= (row["metadata"] or {}).items():
            await self._wire.ask("use the thread", sdk.threads.update(row["thread_id"], metadata=told))
        return str(row["thread_id"])


def _checkpoint(checkpoint_id: str | None) -> Any:
    return {"checkpoint_id": checkpoint_id, "checkpoint_ns": ""} if checkpoint_id else None


def _how(options: RunOptions) -> Json:
    """The options as the SDK's arguments; what isn't chosen is left out."""
    given = {
        "durability": options.durability,
        "multitask_strategy": options.multitask_strategy,
        "interrupt_before": _nodes(options.interrupt_before),
        "interrupt_after": _nodes(options.interrupt_after),
    }
    return {name: value for name, value in given.items() if value is not None}


def _nodes(names: tuple[str, ...]) -> Any:
    return "*" if "*" in names else list(names) or None
