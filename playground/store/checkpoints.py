"""LangGraph's checkpointer over a file per thread. Imports langgraph."""

import asyncio
import copy
import secrets
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor
from itertools import islice
from typing import Any, ParamSpec, TypeVar, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    get_checkpoint_id,
    get_checkpoint_metadata,
)

from playground.store.errors import Invalid, StoreDamaged
from playground.store.plain import JSON
from playground.store.serializer import Serializer
from playground.store.tagged import TAG
from playground.store.thread_files import Element, ThreadFile, ThreadFiles

P = ParamSpec("P")
T = TypeVar("T")
Known = dict[int, tuple[Any, Any]]
"""What a listing has decoded already, by its address: an item, kept so that the address stays its own; its value."""


class JournalSaver(BaseCheckpointSaver[str]):
    """Checkpoints on disk when the call returns. The async methods wait for the disk on threads of their own."""

    serde: Serializer

    def __init__(self, files: ThreadFiles, workers: Executor) -> None:
        super().__init__(serde=Serializer())
        self.files = files
        self._workers = workers
        self._check: Callable[[], None] = lambda: None

    def with_allowlist(self, extra_allowlist: Collection[tuple[str, ...]]) -> "JournalSaver":
        """The same checkpointer, reviving these types too: what `compile` calls with those of the graph's schemas."""
        clone = copy.copy(self)
        clone.serde = self.serde.with_msgpack_allowlist(extra_allowlist)
        return clone

    def guarded(self, check: Callable[[], None]) -> "JournalSaver":
        """The same checkpointer; `check` is called in a writer's context before it writes, and raises if it may not."""
        clone = copy.copy(self)
        clone._check = check
        return clone

    def values(self, thread_id: str) -> Any:
        """The thread's newest state as plain JSON, None if it has none."""
        return self.files.values(thread_id)

    # Reading

    def get_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The checkpoint that the config names, or the newest of its thread and namespace."""
        thread_id, ns = _place(config)
        with self.files.using(thread_id) as file:
            if file is None:
                return None
            named = get_checkpoint_id(config)
            row = file.row("checkpoints", ns, named) if named else file.head(ns)
            return None if row is None else self._tuple(thread_id, file, row)

    def list(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> Iterator[CheckpointTuple]:
        """The checkpoints of a thread (None: of all), newest first. `filter` is what their metadata must have."""
        yield from self._listed(config, filter, before, limit)

    # Writing

    def put(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Store a checkpoint with the channels that changed. Raises Invalid (nothing is written then), StoreFailed."""
        thread_id, ns = _place(config)
        body = {name: value for name, value in checkpoint.items() if name != "channel_values"}
        row = {
            "ns": ns,
            "id": checkpoint["id"],
            "parent": get_checkpoint_id(config),
            "checkpoint": self.serde.encode(body),
            "metadata": self.serde.encode(dict(get_checkpoint_metadata(config, metadata))),
        }
        values = checkpoint["channel_values"]

        def encode(known: ThreadFile | None) -> dict[tuple[str, Any], Any]:
            changed = ((name, version) for name, version in new_versions.items() if name in values)
            return {(name, version): self._encoded(name, values[name], known) for name, version in changed}

        def store(file: ThreadFile, changed: dict[tuple[str, Any], Any]) -> None:
            for (name, version), value in changed.items():
                blob = {"ns": ns, "channel": name, "version": version, "value": file.fold(value)}
                file.blobs.put((ns, name, version), blob)
            file.checkpoints.put((ns, checkpoint["id"]), row)

        self._write(thread_id, encode, store)
        return _config(thread_id, ns, checkpoint["id"])

    def put_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Store what a task wrote after a checkpoint. Raises Invalid, before anything is written, StoreFailed."""
        thread_id, ns = _place(config)
        checkpoint_id = config["configurable"]["checkpoint_id"]

        def encode(known: ThreadFile | None) -> Sequence[tuple[int, str, Any]]:
            return [
                (WRITES_IDX_MAP.get(channel, index), channel, self._encoded(channel, value, known))
                for index, (channel, value) in enumerate(writes)
            ]

        def store(file: ThreadFile, encoded: Sequence[tuple[int, str, Any]]) -> None:
            for index, channel, value in encoded:
                key = (ns, checkpoint_id, task_id, index)
                if index >= 0 and file.row("writes", *key) is not None:
                    continue  # a task that ran again; errors, interrupts and resumes replace what was there
                file.writes.put(
                    key,
                    {
                        "ns": ns,
                        "checkpoint": checkpoint_id,
                        "task": task_id,
                        "index": index,
                        "path": task_path,
                        "channel": channel,
                        "value": file.fold(value),
                    },
                )

        self._write(thread_id, encode, store)

    def delete_thread(self, thread_id: str) -> None:
        """Remove all of a thread's checkpoints."""
        self.files.delete(thread_id)

    def delete_for_runs(self, run_ids: Sequence[str], *, thread_id: str | None = None) -> None:
        """Remove the checkpoints these runs made; looks through all threads unless told which."""
        runs = set(run_ids)
        self.files.settle()
        with self.files.lock:
            for _, file in self._some(thread_id) if runs else ():
                with file.storage.lock:
                    _keep(file, lambda row: row["metadata"].get("run_id") not in runs)

    def copy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """Copy all checkpoints to a thread that has none. Raises Conflict."""
        self.files.copy(source_thread_id, target_thread_id)

    def prune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """Remove all checkpoints (`delete`), or all but the newest of each namespace and what it is rebuilt from."""
        if strategy not in ("keep_latest", "delete"):
            raise Invalid(f"The strategy is 'keep_latest' or 'delete', not {strategy!r}.")
        for thread_id in thread_ids:
            if strategy == "delete":
                self.files.delete(thread_id)
                continue
            self.files.settle()
            with self.files.using(thread_id) as file:
                if file is not None:
                    needed = _needed(file)
                    _keep(file, lambda row, needed=needed: (row["ns"], row["id"]) in needed)  # type: ignore[misc]

    def get_next_version(self, current: str | None, channel: None) -> str:
        """Versions grow, as text too, and differ between the branches of a forked thread."""
        number = int(current.split(".")[0]) if current else 0
        return f"{number + 1:08d}.{secrets.randbits(48):012x}"

    # The same, from coroutines

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """As `get_tuple`."""
        return await self._call(self.get_tuple, config)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """As `list`."""
        for found in await self._call(self._listed, config, filter, before, limit):
            yield found

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """As `put`."""
        return await self._call_to_write(self.put, config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """As `put_writes`."""
        await self._call_to_write(self.put_writes, config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        """As `delete_thread`."""
        await self._call(self.delete_thread, thread_id)

    async def adelete_for_runs(self, run_ids: Sequence[str], *, thread_id: str | None = None) -> None:
        """As `delete_for_runs`."""
        await self._call(self.delete_for_runs, run_ids, thread_id=thread_id)

    async def acopy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """As `copy_thread`."""
        await self._call(self.copy_thread, source_thread_id, target_thread_id)

    async def aprune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """As `prune`."""
        await self._call(self.prune, thread_ids, strategy=strategy)

    async def _call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.wrap_future(self._workers.submit(function, *args, **kwargs))

    async def _call_to_write(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `_call`; what removes checkpoints waits for it, also when the caller is cancelled meanwhile."""
        self._check()  # here: the pool's threads have no context of the writer's
        future = self._workers.submit(function, *args, **kwargs)
        self.files.writes(future)
        return await asyncio.wrap_future(future)

    # Inside

    def _write(
        self, thread_id: str, encode: Callable[[ThreadFile | None], T], store: Callable[[ThreadFile, T], None]
    ) -> None:
        """Encode, then store what came out, in one transaction; a file is only made for what could be encoded."""
        self._check()
        with self.files.using(thread_id) as known:
            encoded = encode(known)
            if known is not None:
                _store(known, thread_id, encoded, store)
                return
        with self.files.using(thread_id, make=True) as file:
            assert file is not None
            _store(file, thread_id, encoded, store)

    def _encoded(self, channel: str, value: Any, file: ThreadFile | None) -> Any:
        """A value as JSON. Of a list of messages, those that the file knows are not encoded again."""
        try:
            prints = [self.serde.fingerprint(item) for item in value] if type(value) is list else []
            if not prints or None in prints:
                return self.serde.encode(value)
            return [
                Element(mark, None if file and file.known(mark) else self.serde.encode(item, 1))
                for mark, item in zip(prints, value, strict=True)
                if mark is not None
            ]
        except Invalid as error:
            raise Invalid(f"{channel}: {error}") from error

    def _some(self, thread_id: str | None) -> Iterator[tuple[str, ThreadFile]]:
        """A thread's file, or all of them, one after the other: only the last few stay open to be written."""
        if thread_id is None:
            yield from self.files.all()
        elif (file := self.files.find(thread_id)) is not None:
            yield thread_id, file

    def _listed(
        self,
        config: RunnableConfig | None,
        filter: dict[str, Any] | None,
        before: RunnableConfig | None,
        limit: int | None,
    ) -> Sequence[CheckpointTuple]:
        named = config["configurable"] if config else {}
        ns, only = named.get("checkpoint_ns"), named.get("checkpoint_id")
        until = get_checkpoint_id(before) if before else None

        def listed(thread_id: str, file: ThreadFile) -> Sequence[CheckpointTuple]:
            rows = (
                row
                for row in _newest_first(file, ns)
                if (not only or row["id"] == only) and (not until or row["id"] < until) and self._has(row, filter or {})
            )
            known: Known = {}
            with file.storage.lock:
                return [self._tuple(thread_id, file, row, known) for row in islice(rows, limit)]

        with self.files.lock:
            found = [one for entry in self._some(named["thread_id"] if config else None) for one in listed(*entry)]
        return sorted(found, key=lambda one: str(one.checkpoint["id"]), reverse=True)[:limit]

    def _has(self, row: JSON, filter: dict[str, Any]) -> bool:
        metadata = self.serde.decode(row["metadata"]) if filter else {}
        return all(metadata.get(name) == value for name, value in filter.items())

    def _tuple(self, thread_id: str, file: ThreadFile, row: JSON, known: Known | None = None) -> CheckpointTuple:
        """The checkpoint of a row. Raises StoreDamaged."""
        try:
            return self._decoded(thread_id, file, row, known)
        except StoreDamaged as error:
            raise StoreDamaged(f"{file.storage.path}, checkpoint {row['id']}: {error}") from error

    def _decoded(self, thread_id: str, file: ThreadFile, row: JSON, known: Known | None) -> CheckpointTuple:
        decode = self.serde.decode
        values = {name: self._value(value, known) for name, value in file.channels(row).items()}
        return CheckpointTuple(
            config=_config(thread_id, row["ns"], row["id"]),
            checkpoint=cast(Checkpoint, {**decode(row["checkpoint"]), "channel_values": values}),
            metadata=decode(row["metadata"]),
            parent_config=_config(thread_id, row["ns"], row["parent"]) if row["parent"] else None,
            pending_writes=[
                (write["task"], write["channel"], decode(file.unfold(write["value"])))
                for write in reversed([*file.ordered("writes", (row["ns"], row["id"]))])
            ],
        )

    def _value(self, value: Any, known: Known | None) -> Any:
        """Decoded. Of lists, what other checkpoints of a listing have, too, is decoded once."""
        if known is None or type(value) is not list:
            return self.serde.decode(value)
        return [self._once(item, known) for item in value]

    def _once(self, item: Any, known: Known) -> Any:
        if type(item) is not dict:
            return self.serde.decode(item)
        found = known.get(id(item))
        if found is None:
            found = known[id(item)] = (item, self.serde.decode(item))
        return found[1]


def _store(file: ThreadFile, thread_id: str, encoded: T, store: Callable[[ThreadFile, T], None]) -> None:
    with file.storage.transaction():
        file.name(thread_id)
        store(file, encoded)


def _place(config: RunnableConfig) -> tuple[str, str]:
    named = config["configurable"]
    return str(named["thread_id"]), named.get("checkpoint_ns", "")


def _config(thread_id: str, ns: str, checkpoint_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id, "checkpoint_ns": ns, "checkpoint_id": checkpoint_id}}


def _newest_first(file: ThreadFile, ns: str | None) -> Iterator[JSON]:
    """The live checkpoints of a namespace, or of all."""
    if ns is not None:
        return file.ordered("checkpoints", ns)
    return iter(sorted(file.rows("checkpoints"), key=lambda row: str(row["id"]), reverse=True))


def _keep(file: ThreadFile, wanted: Callable[[JSON], bool]) -> None:
    """Remove the other checkpoints, with what nothing refers to any more, and give the disk space back."""
    rows = file.rows("checkpoints")
    kept = [row for row in rows if wanted(row)]
    if len(kept) == len(rows):
        return
    steps = {(row["ns"], row["id"]) for row in kept}
    versions = {
        (row["ns"], channel, version)
        for row in kept
        for channel, version in row["checkpoint"]["channel_versions"].items()
    }
    with file.storage.transaction():
        _remove(file, "checkpoints", lambda row: (row["ns"], row["id"]) not in steps)
        _remove(file, "writes", lambda row: (row["ns"], row["checkpoint"]) not in steps)
        _remove(file, "blobs", lambda row: (row["ns"], row["channel"], row["version"]) not in versions)
        used = {
            number for table in ("blobs", "writes") for row in file.rows(table) for number in _references(row["value"])
        }
        unused = {id: None for id in file.storage.table("items") if int(id) not in used}
        file.storage.commit({"items": unused})
    file.storage.tidy()


def _remove(file: ThreadFile, table: str, unwanted: Callable[[JSON], bool]) -> None:
    file.storage.commit({table: {id: None for id, row in file.storage.table(table).items() if unwanted(row)}})


def _references(value: Any) -> Sequence[int]:
    """The items a folded value refers to."""
    if not isinstance(value, dict):
        return []
    if value.get(TAG) == "DeltaSnapshot":
        return _references(value["v"])
    return value["v"] if value.get(TAG) == "items" else []


def _needed(file: ThreadFile) -> set[tuple[str, str]]:
    """The newest checkpoint of each namespace, and those that its delta channels are rebuilt from."""
    needed: set[tuple[str, str]] = set()
    for ns in {row["ns"] for row in file.rows("checkpoints")}:
        row = file.head(ns)
        missing: set[str] | None = None
        while row is not None and (ns, row["id"]) not in needed:  # a crafted file may go in circles
            needed.add((ns, row["id"]))
            absent = _without_value(file, row)
            missing = absent if missing is None else missing & absent
            if not missing or row["parent"] is None:
                break
            row = file.row("checkpoints", ns, row["parent"])
    return needed


def _without_value(file: ThreadFile, row: JSON) -> set[str]:
    """The user's channels that have a version at this checkpoint but no stored value: deltas, or emptied."""
    versions = row["checkpoint"]["channel_versions"]
    return {
        name
        for name, version in versions.items()
        if not name.startswith(("__", "branch:to:")) and file.row("blobs", row["ns"], name, version) is None
    }
