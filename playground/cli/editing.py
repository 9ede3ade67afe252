"""new, fork, save, rename: what makes assistants and versions. Each prints the ref of what it made."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playground.cli.output import one_line, say, say_json, tell
from playground.cli.session import DONE
from playground.cli.values import changed, check, read_context
from playground.client.errors import NothingChanged, UsageError
from playground.client.values import Assistant, Version

if TYPE_CHECKING:
    from playground.client.client import Client


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
    values = read_context(context) if context is not None else {}
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
    """A new version on top, made of the one that `ref` names. Refuses what doesn't fit, and what changes nothing."""
    base = await client.version(ref)
    context = changed(
        base.context if changes.context is None else read_context(changes.context), changes.sets, changes.unsets
    )
    name = None if changes.name is None else _name(changes.name)
    if changes.context is not None or changes.sets or changes.unsets:
        await check(client, base.assistant_id, context, base.context, "Not saved")
    if dry_run:
        return _show(base, context, name, changes.description, as_json)
    return _saved(
        await client.assistants.save(
            base, context=context, name=name, description=changes.description, note=changes.note
        ),
        as_json,
    )


def _show(base: Version, context: dict[str, Any], name: str | None, description: str | None, as_json: bool) -> int:
    """What saving would change. Raises NothingChanged if that is nothing."""
    from playground.cli.listing import print_changes
    from playground.compare.config_diff import differences

    about = {"name": base.name, "description": base.description or ""}
    wanted = {
        "name": base.name if name is None else name,
        "description": about["description"] if description is None else description,
    }
    found = {"context": differences(base.context, context), "about": differences(about, wanted)}
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
