"""new, fork, save, rename: what makes assistants and versions. Each prints the ref of what it made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from playground.cli.output import one_line, say, say_json, tell
from playground.cli.session import DONE
from playground.cli.values import Json, changed, check, read_context
from playground.client.errors import NothingChanged, UsageError
from playground.client.values import Assistant, Version
from playground.refs import context_hash

if TYPE_CHECKING:
    from playground.client.client import Client
    from playground.compare.config_diff import Change


@dataclass(frozen=True, slots=True)
class Changes:
    """What `save` was asked to change; None and empty leave it as it is."""

    sets: Sequence[str] = ()
    unsets: Sequence[str] = ()
    context: Path | None = None
    name: str | None = None
    description: str | None = None
    note: str | None = None


async def new(
    client: "Client", graph_id: str, name: str, context: Path | None, description: str | None, as_json: bool
) -> int:
    """An assistant of a graph, with the graph's defaults but for what `context` says."""
    known = [graph.graph_id for graph in await client.graphs.list()]
    if graph_id not in known:
        raise UsageError(f"There is no graph “{one_line(graph_id)}”; there is {', '.join(known) or 'none'}.")
    values = await read_context(context) if context is not None else {}
    name = _name(name)
    if values:
        await check(client, graph_id, values, {}, "Not made")
    return await _made(client, await client.assistants.create(graph_id, name, values, description=description), as_json)


async def fork(client: "Client", ref: str, name: str, as_json: bool) -> int:
    """A new assistant that starts as a copy of any version."""
    return await _made(client, await client.assistants.fork(await client.version(ref), _name(name)), as_json)


async def rename(client: "Client", ref: str, name: str, as_json: bool) -> int:
    """A new version with another name; the same as `save REF --name NAME` of the active version."""
    runnable = await client.resolve(ref)
    return _saved(await client.assistants.rename(runnable.assistant_id, _name(name)), as_json)


async def save(client: "Client", ref: str, changes: Changes, dry_run: bool, as_json: bool) -> int:
    """A new version on top, made of the version or the draft that `ref` names; a draft that is saved is one no more.

    Refuses what doesn't fit, and what changes nothing.
    """
    runnable = await client.resolve(ref)
    base = await client.version(f"{runnable.assistant_id}@v{runnable.version}")
    start = await _of_draft(client, base) if runnable.draft else _Content()
    wanted = await _changed(base, start, changes)
    if context_hash(wanted.context or {}) != base.context_hash:
        await check(client, base.assistant_id, wanted.context or {}, base.context, "Not saved")
    if dry_run:
        return await _show(client, base, wanted, as_json)
    saved = await client.assistants.save(
        base,
        context=base.context if wanted.context is None else wanted.context,
        config=wanted.config,
        name=wanted.name,
        description=wanted.description,
        metadata=wanted.metadata,
        note=changes.note,
    )
    if runnable.draft:
        await client.notes.drop_draft(base.assistant_id)
    return _saved(saved, as_json)


@dataclass(frozen=True, slots=True)
class _Content:
    """What a version is to have; None is as in its base."""

    context: Json | None = None
    config: Json | None = None
    name: str | None = None
    description: str | None = None
    metadata: Json | None = None


async def _of_draft(client: "Client", base: Version) -> _Content:
    """What a draft changes. Raises UsageError for one that somebody has to look at first."""
    draft = await client.notes.draft(base.assistant_id)
    if draft is None or draft.base_version != base.version:
        raise UsageError(f"The draft of “{base.name}” changed at this moment: try again.")
    if not base.active:
        raise UsageError(
            f"The draft of “{base.name}” is based on v{base.version}, and another version is active since: "
            "merge them on the Edit screen."
        )
    if draft.is_unread:
        raise UsageError(
            f"The draft of “{base.name}” has text that can't be read as a value: mend it on the Edit screen."
        )
    return _Content(
        **{name: draft.content.get(name) for name in ("context", "config", "name", "description", "metadata")}
    )


async def _changed(base: Version, start: _Content, changes: Changes) -> _Content:
    """What was asked for, on top of what there is."""
    context = start.context if changes.context is None else await read_context(changes.context)
    context = changed(base.context if context is None else context, changes.sets, changes.unsets)
    name = start.name if changes.name is None else _name(changes.name)
    description = start.description if changes.description is None else changes.description
    return replace(start, context=context, name=name, description=description)


async def _show(client: "Client", base: Version, wanted: _Content, as_json: bool) -> int:
    """What saving would change. Raises NothingChanged if that is nothing."""
    from playground.cli.listing import print_changes
    from playground.compare.config_diff import differences

    if wanted.context is not None:
        wanted = replace(wanted, context=(await client.masked(replace(base, context=wanted.context))).context)
    base = await client.masked(base)

    def of(part: str) -> "list[Change]":
        before, after = getattr(base, part), getattr(wanted, part)
        if part in ("name", "description"):
            before, after = {part: before or ""}, None if after is None else {part: after}
        return [] if after is None else differences(before, after)

    found = {part: of(part) for part in ("name", "description", "context", "config", "metadata")}
    if not any(found.values()):
        raise NothingChanged(f"Nothing changes: this is the same as v{base.version}.")
    if as_json:
        say_json({"base": base, **found})
        return DONE
    for changes in found.values():
        print_changes(changes)
    tell(f"Nothing was saved. This is what would change from {base.name}@v{base.version}.")
    return DONE


async def _made(client: "Client", assistant: Assistant, as_json: bool) -> int:
    if as_json:
        say_json(assistant)
        return DONE
    if len(await client.assistants.named(assistant.name)) > 1:  # a ref by name would be ambiguous
        tell(f"Other assistants are called {one_line(assistant.name)}, too: this one is named by its id.")
        say(f"{assistant.assistant_id}@v{assistant.version}")
    else:
        say(f"{assistant.name}@v{assistant.version}")
    return DONE


def _saved(version: Version, as_json: bool) -> int:
    if as_json:
        say_json(version)
    else:
        say(f"{version.name}@v{version.version}")
    return DONE


def _name(name: str) -> str:
    name = name.strip()
    if not name:
        raise UsageError("A name must not be empty.")
    return name
