"""Runs: start one of exactly this version, watch it, stop it, join it again."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from playground.client import decode
from playground.client.decode import Json
from playground.client.errors import ApiError, ServerGone
from playground.client.events import Accepted, Ended, Failed, Interrupted, RunEvent
from playground.client.exactly import Exactly
from playground.client.run_options import RunOptions
from playground.client.stream import failed, run_events
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
    ) -> AsyncIterator[RunEvent]:
        """Starts a run and yields what happens, from Accepted to Ended; without a thread it makes one.

        With `options` that change the context, what runs is a variant of `runnable`, and is recorded as one.
        Going away doesn't stop the run: `cancel` does. Raises ApiError if the server refuses it, ServerGone if the
        server goes away meanwhile.
        """
        options = options or RunOptions()
        request = await self._exactly.request(options.runnable(runnable))
        thread = await self._thread(thread_id, request.metadata)
        modes = dict.fromkeys([*_MODES, *(["values"] if values else []), *options.stream_modes])

        def start(accepted: "Callable[[RunCreateMetadata], None]") -> "AsyncIterator[StreamPart]":
            return self._wire.sdk.runs.stream(
                thread,
                request.assistant_id,
                input=input,
                command=cast(Any, command),
                context=cast(Any, request.context),
                config=cast(Any, {**(request.config or {}), **(options.config or {}), **(config or {})} or None),
                metadata={**(metadata or {}), **(request.metadata or {})} or None,
                stream_mode=cast(Any, list(modes)),
                stream_subgraphs=subgraphs,
                stream_resumable=True,
                checkpoint=_checkpoint(checkpoint_id),
                **_how(options),
                if_not_exists="create",
                on_run_created=accepted,
            )

        async for event in self._events(f"run {runnable.title}", start, thread, None):
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

    async def join(self, thread_id: str, run_id: str) -> AsyncIterator[RunEvent]:
        """What happened in a run from its start, as far as the server kept it, and what still happens."""

        def start(accepted: "Callable[[RunCreateMetadata], None]") -> "AsyncIterator[StreamPart]":
            return self._wire.sdk.runs.join_stream(thread_id, run_id, last_event_id="-1")

        yield Accepted(run_id, thread_id)
        async for event in self._events("join the run", start, thread_id, run_id):
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

    async def _events(
        self,
        what: str,
        start: "Callable[[Callable[[RunCreateMetadata], None]], AsyncIterator[StreamPart]]",
        thread_id: str,
        run_id: str | None,
    ) -> AsyncIterator[RunEvent]:
        """The stream through a queue: its acceptance comes before the first part, the server's end at once."""
        queue: asyncio.Queue[StreamPart | Accepted | Exception | None] = asyncio.Queue()

        def accepted(made: "RunCreateMetadata") -> None:
            queue.put_nowait(Accepted(made["run_id"], made.get("thread_id") or thread_id))

        tasks = [asyncio.create_task(_pump(start(accepted), queue)), asyncio.create_task(self._end_if_gone(queue))]
        seen = _Seen()
        try:
            while (item := await queue.get()) is not None:
                if isinstance(item, Accepted):
                    run_id = item.run_id
                    yield item
                elif isinstance(item, Exception):
                    raise self._wire.translate(what, item) or item from item
                else:
                    for event in run_events(item.event, item.data):
                        if seen.is_new(event):
                            yield event
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        async for event in self._end(thread_id, run_id, seen):
            yield event

    async def _end(self, thread_id: str, run_id: str | None, seen: "_Seen") -> AsyncIterator[RunEvent]:
        if run_id is None:
            raise ServerGone("The server ended the stream before it said which run it was.")
        try:
            run = await self.get(thread_id, run_id)
        except ApiError as error:
            if error.status != 404:
                raise
            yield Ended("interrupted")  # rolled back by another run: it is as if it had never been
            return
        if run.status == "error" and not seen.failed:
            yield failed(run.error or {"error": "Error", "message": "The run failed; the server keeps no reason."})
        yield Ended(run.status)

    async def _end_if_gone(self, queue: "asyncio.Queue[Any]") -> None:
        await self._wire.gone.wait()
        queue.put_nowait(ServerGone("The server went away during the run; what it had answered until then is kept."))


def _checkpoint(checkpoint_id: str | None) -> Any:
    return {"checkpoint_id": checkpoint_id, "checkpoint_ns": ""} if checkpoint_id else None


def _how(options: RunOptions) -> Json:
    """The options as the SDK's arguments; what isn't chosen is left out."""
    given = {
        "durability": options.durability,
        "multitask_strategy": options.multitask_strategy,
        "interrupt_before": list(options.interrupt_before) or None,
        "interrupt_after": list(options.interrupt_after) or None,
    }
    return {name: value for name, value in given.items() if value is not None}


class _Seen:
    """What was yielded already: an interrupt in a subgraph is told by each graph above it, too."""

    def __init__(self) -> None:
        self.failed = False
        self._interrupts: set[str | None] = set()

    def is_new(self, event: RunEvent) -> bool:
        if isinstance(event, Failed):
            self.failed = True
        if not isinstance(event, Interrupted) or not event.interrupts:
            return True
        ids = {interrupt.id for interrupt in event.interrupts}
        new = not ids <= self._interrupts
        self._interrupts |= ids
        return new


async def _pump(parts: "AsyncIterator[StreamPart]", queue: "asyncio.Queue[Any]") -> None:
    """Moves the stream into the queue; None is its end, an exception is what ended it."""
    try:
        async for part in parts:
            queue.put_nowait(part)
    except Exception as error:  # noqa: BLE001 - raised again where the events are read
        queue.put_nowait(error)
    else:
        queue.put_nowait(None)
