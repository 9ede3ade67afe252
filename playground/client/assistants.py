"""Assistants and their versions, with the same promises on every LangGraph server."""

import asyncio
import builtins
from collections.abc import Mapping, Sequence
from typing import Any, cast

from playground.client import decode
from playground.client.assistant_list import PIN, AssistantList, is_pin
from playground.client.decode import Json
from playground.client.errors import ApiError, NothingChanged
from playground.client.notes import Notes
from playground.client.pages import all_pages
from playground.client.values import Assistant, Version
from playground.client.wire import Wire
from playground.refs import context_hash

_NAMED = 100  # assistants whose names contain a name


class Assistants:
    def __init__(self, wire: Wire, notes: Notes) -> None:
        self._wire = wire
        self._notes = notes
        self._all = AssistantList(wire, notes)

    async def list(self, graph_id: str | None = None) -> list[Assistant]:
        """All of them, last changed first, but those that only pin a version."""
        return await self._all.read(graph_id)

    async def update(self, known: Sequence[Assistant]) -> builtins.list[Assistant]:
        """As `list`, given what was read before: only what changed is read, and what didn't is the same object."""
        return await self._all.update(known)

    async def get(self, assistant_id: str) -> Assistant:
        row, labels, runs = await asyncio.gather(
            self._row(assistant_id), self._notes.labels(assistant_id), self._all.run_counts()
        )
        return decode.assistant(row, labels, None if runs is None else runs[assistant_id])

    async def versions(self, assistant_id: str) -> builtins.list[Version]:
        """Newest first."""
        assistant, rows, labels, notes = await asyncio.gather(
            self._row(assistant_id),
            self._version_rows(assistant_id),
            self._notes.labels(assistant_id),
            self._notes.notes(assistant_id),
        )
        active = assistant["version"]
        return [decode.version(row, active, labels, notes.get(row["version"])) for row in rows]

    async def create(
        self,
        graph_id: str,
        name: str,
        context: Json | None = None,
        *,
        config: Json | None = None,
        metadata: Json | None = None,
        description: str | None = None,
        assistant_id: str | None = None,
    ) -> Assistant:
        """A new assistant at version 1. With an `assistant_id` that exists, that one as it is."""
        row = await self._wire.ask(
            f"create the assistant “{name}”",
            self._wire.sdk.assistants.create(
                graph_id,
                cast(Any, _without_mirror(config)),
                context=context or None,
                metadata=metadata,
                assistant_id=assistant_id,
                if_exists="do_nothing" if assistant_id else "raise",
                name=name,
                description=description,
            ),
        )
        return decode.assistant(row)

    async def fork(self, version: Version, name: str) -> Assistant:
        """A new assistant that starts as a copy of `version` and remembers it in metadata.forked_from."""
        metadata = {key: value for key, value in version.metadata.items() if key not in ("created_by", "playground")}
        metadata["forked_from"] = {
            "assistant_id": version.assistant_id,
            "version": version.version,
            "name": version.name,
        }
        return await self.create(
            version.graph_id,
            name,
            version.context,
            config=version.config,
            metadata=metadata,
            description=version.description,
        )

    async def rename(self, assistant_id: str, name: str) -> Version:
        """A new version with another name. Raises NothingChanged."""
        base = decode.version(await self._row(assistant_id))
        return await self.save(base, context=base.context, name=name)

    async def describe(self, assistant_id: str, description: str) -> Version:
        """A new version with another description; an empty one is none. Raises NothingChanged."""
        base = decode.version(await self._row(assistant_id))
        return await self.save(base, context=base.context, description=description)

    async def set_metadata(self, assistant_id: str, metadata: Json) -> Version:
        """A new version with this metadata; only our server forgets keys that aren't in it. Raises NothingChanged."""
        base = decode.version(await self._row(assistant_id))
        return await self.save(base, context=base.context, metadata=metadata)

    async def named(self, name: str) -> builtins.list[Assistant]:
        """Those with exactly this name, but those that only pin a version."""
        found = self._wire.sdk.assistants.search(name=name, limit=_NAMED)
        rows = cast(builtins.list[Json], await self._wire.ask("look for the name", found))
        return [decode.assistant(row) for row in rows if row.get("name") == name and not is_pin(row)]

    async def pins(self, assistant_id: str) -> builtins.list[Assistant]:
        """The hidden assistants that hold its versions for runs, on a server that can't run a version."""
        rows = await self._all.rows(metadata={"playground": PIN, "pin_of": assistant_id})
        return [decode.assistant(row) for row in rows]

    async def forks(self, assistant_id: str) -> builtins.list[Assistant]:
        """Those that were forked from one of its versions."""
        rows = await self._all.rows(metadata={"forked_from": {"assistant_id": assistant_id}})
        return [decode.assistant(row) for row in rows if not is_pin(row)]

    async def save(
        self,
        base: Version,
        *,
        context: Json,
        config: Json | None = None,
        name: str | None = None,
        description: str | None = None,
        metadata: Json | None = None,
        note: str | None = None,
    ) -> Version:
        """A new version, which becomes the active one; what isn't given stays as in `base`. Raises NothingChanged.

        One PATCH with every field: LangGraph forgets tags where only the context is sent, and what it keeps is of the
        active version, which need not be `base`. It merges metadata, so keys of the active version stay there; our
        server replaces it.
        """
        payload: Json = {
            "graph_id": base.graph_id,
            "name": base.name if name is None else name.strip(),
            "description": (base.description if description is None else description) or "",  # null is refused
            "metadata": base.metadata if metadata is None else metadata,
            "replace_metadata": True,
            **_patch_content(context, base.config if config is None else config),
        }
        if _same(payload, base):
            raise NothingChanged(f"Nothing changed: this is the same as v{base.version}, so there is nothing to save.")
        row = await self._patch(base.assistant_id, payload)
        if note:
            await self._notes.set_note(base.assistant_id, row["version"], note)
        return decode.version(row, row["version"], note=note)

    async def add_version(
        self,
        assistant_id: str,
        *,
        graph_id: str,
        name: str,
        description: str | None,
        context: Json,
        config: Json,
        metadata: Json,
    ) -> Version:
        """The next version exactly like this, also if it is the same as the last; a description of None stays."""
        payload: Json = {
            "graph_id": graph_id,
            "name": name,
            "metadata": metadata,
            "replace_metadata": True,
            **({} if description is None else {"description": description}),
            **_patch_content(context, config),
        }
        return decode.version(await self._patch(assistant_id, payload))

    async def promote(self, assistant_id: str, version: int) -> Assistant:
        """Makes `version` the active one, and checks that it is.

        LangGraph's own server forgets the context and the graph here, so there the version is saved once more on top,
        and that copy (with a note that says so) becomes the active one.
        """
        rows = await self._version_rows(assistant_id)
        wanted = next((row for row in rows if row["version"] == version), None)
        if wanted is None:
            raise ApiError(f"There is no v{version} of this assistant.", 404)
        sdk = self._wire.sdk
        row = cast(
            Json, await self._wire.ask(f"make v{version} active", sdk.assistants.set_latest(assistant_id, version))
        )
        if not _equal(row, wanted):
            row = await self._repair(assistant_id, wanted)
        return decode.assistant(row, await self._notes.labels(assistant_id))

    async def delete(self, assistant_id: str, threads: bool = False) -> None:
        """Deletes it with its versions, labels, notes and draft, and with `threads` those that it ran on last."""
        sdk = self._wire.sdk
        await self._wire.ask("delete the assistant", sdk.assistants.delete(assistant_id, delete_threads=threads))
        for row in await self._all.rows(metadata={"playground": PIN, "pin_of": assistant_id}):
            await self._wire.ask_or(
                None, "delete a pin", sdk.assistants.delete(row["assistant_id"], delete_threads=threads)
            )
        await self._notes.forget(assistant_id)

    async def overwrite(self, assistant: Assistant, graph_id: str, context: Json, config: Json) -> None:
        """Puts a graph, context and config on top, whatever is there."""
        await self._patch(assistant.assistant_id, {"graph_id": graph_id, **_patch_content(context, config)})

    async def _repair(self, assistant_id: str, wanted: Mapping[str, Any]) -> Json:
        context, config = decode.content(wanted)
        payload = {
            "graph_id": wanted["graph_id"],
            "name": wanted.get("name"),
            "description": wanted.get("description") or "",
            "metadata": wanted.get("metadata") or {},
            **_patch_content(context, config),
        }
        row = await self._patch(assistant_id, payload)
        await self._notes.set_note(assistant_id, row["version"], f"v{wanted['version']} made active again")
        return row

    async def _patch(self, assistant_id: str, payload: Json) -> Json:
        """Not through the SDK's update(), which leaves out what is empty and so cannot clear it."""
        path = f"/assistants/{assistant_id}"
        return cast(Json, await self._wire.ask("save the version", self._wire.sdk.http.patch(path, json=payload)))

    async def _row(self, assistant_id: str) -> Json:
        return cast(Json, await self._wire.ask("read the assistant", self._wire.sdk.assistants.get(assistant_id)))

    async def _version_rows(self, assistant_id: str) -> builtins.list[Json]:
        """Newest first."""

        async def page(limit: int, offset: int) -> builtins.list[Json]:
            found = self._wire.sdk.assistants.get_versions(assistant_id, limit=limit, offset=offset)
            # A page without versions is a 404.
            return cast(builtins.list[Json], await self._wire.ask_or([], "list the versions", found))

        return await all_pages(self._wire, page)


def _without_mirror(config: Json | None) -> Json | None:
    return {key: value for key, value in (config or {}).items() if key != "configurable"} or None


def _patch_content(context: Json, config: Json) -> Json:
    """The two fields so that nothing of the old version stays: an empty config is ignored unless it says so."""
    config = _without_mirror(config) or {}
    return {"context": context, "config": config if context else {**config, "configurable": {}}}


def _same(payload: Json, base: Version) -> bool:
    return (
        payload["graph_id"] == base.graph_id
        and payload["name"] == base.name
        and (payload["description"] or None) == (base.description or None)
        and _alike(payload["metadata"], base.metadata)
        and _alike(payload["context"], base.context)
        and _alike(_without_mirror(payload["config"]) or {}, base.config)
    )


def _alike(left: Json, right: Json) -> bool:
    """Whether they are the same JSON: 1, 1.0 and true, which Python takes for equal, are not."""
    return context_hash(left) == context_hash(right)


def _equal(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    return left["graph_id"] == right["graph_id"] and decode.content(left) == decode.content(right)
