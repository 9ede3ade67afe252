"""graphs, assistants, versions, show, diff: what there is, printed."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from playground.cli.output import moment, one_line, say, say_json, table
from playground.cli.session import DONE
from playground.client.errors import UsageError
from playground.client.values import Assistant, Version

if TYPE_CHECKING:
    from playground.client.client import Client

_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_STATES = {"ready": "●", "failed": "✘", "loading": "…"}


async def graphs(client: "Client", as_json: bool) -> int:
    """Every graph, once the server knows whether it loads."""
    found = await client.graphs.settled()
    notices = await client.graphs.notices()
    if as_json:
        say_json({"graphs": found, "notices": notices})
        return DONE
    rows = [
        (_STATES.get(graph.state, graph.state), graph.graph_id, graph.error or graph.description or "")
        for graph in found
    ]
    _print(rows, ("", "GRAPH", "DESCRIPTION"), "This project has no graphs.")
    for notice in notices:
        say(f"! {notice}")
    return DONE


async def assistants(client: "Client", graph_id: str | None, as_json: bool) -> int:
    """Every assistant, of one graph or of all."""
    if graph_id is not None and graph_id not in (known := [graph.graph_id for graph in await client.graphs.list()]):
        raise UsageError(f"There is no graph “{graph_id}”; there is {', '.join(known) or 'none'}.")
    found = await client.assistants.list(graph_id)
    if as_json:
        say_json(found)
        return DONE
    _print(
        [_assistant_row(assistant) for assistant in found],
        ("ID", "NAME", "GRAPH", "VER", "LABEL", "UPDATED"),
        "None yet.",
    )
    return DONE


async def versions(client: "Client", ref: str, as_json: bool) -> int:
    """Every version of the assistant that the ref names, newest first."""
    runnable = await client.resolve(ref)
    found = await client.assistants.versions(runnable.assistant_id)
    if as_json:
        say_json(found)
        return DONE
    _print([_version_row(version) for version in found], ("VER", "", "LABEL", "SAVED", "CONTEXT", "NOTE"), "None yet.")
    return DONE


async def show(client: "Client", ref: str, as_json: bool) -> int:
    """One version, whole."""
    version = await client.masked(await client.version(ref))
    if as_json:
        say_json(version)
        return DONE
    say(f"{version.name}@v{version.version}{' ● active' if version.active else ''}")
    about = {
        "graph": version.graph_id,
        "id": version.assistant_id,
        "saved": moment(version.created_at),
        "labels": ", ".join(version.labels),
        "note": version.note,
        "description": version.description,
        "context hash": version.context_hash,
    }
    for name, value in about.items():
        if value:
            say(f"{name:<13} {one_line(value)}")
    for name, part in (("context", version.context), ("config", version.config), ("metadata", version.metadata)):
        if part:
            say(f"\n{name}")
            _print_fields(part)
    return DONE


async def diff(client: "Client", left_ref: str, right_ref: str, as_json: bool) -> int:
    """What differs between two refs; drafts, too. Exit code 0 either way."""
    from playground.compare.config_diff import differences

    left, right = await asyncio.gather(client.resolve(left_ref), client.resolve(right_ref))
    left, right = await asyncio.gather(client.masked(left), client.masked(right))
    changes = {
        "context": differences(left.context, right.context),
        "config": differences(left.config, right.config),
    }
    if as_json:
        say_json({"left": left, "right": right, **changes})
        return DONE
    say(f"- {left.title} · {left.context_hash[:6]}\n+ {right.title} · {right.context_hash[:6]}")
    if left.graph_id != right.graph_id:
        say(f"~ graph: {left.graph_id} → {right.graph_id}")
    for part in changes.values():
        print_changes(part)
    if not any(changes.values()) and left.graph_id == right.graph_id:
        same = left.context_hash == right.context_hash
        say("= the same context and config" if same else "~ only what is secret differs")
    return DONE


def print_changes(changes: Iterable[Any]) -> None:
    """Differences of two configurations: each field with its sign, texts by line."""
    for change in changes:
        _print_change(change)


def _print_change(change: Any) -> None:
    from playground.compare.text_diff import diff_lines

    say(f"{_SIGNS[change.kind]} {change.path}")
    if isinstance(change.left, str) and isinstance(change.right, str):
        for row in diff_lines(change.left, change.right):
            if row.kind == "equal":
                say(f"      {row.left}")
                continue
            if row.left is not None:
                say(f"    - {row.left}")
            if row.right is not None:
                say(f"    + {row.right}")
        return
    if change.kind != "added":
        say(f"    - {_value(change.left)}")
    if change.kind != "removed":
        say(f"    + {_value(change.right)}")


def _print_fields(fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        if isinstance(value, str) and "\n" in value:
            say(f"  {name}:")
            for line in value.splitlines():
                say(f"    {line}")
        else:
            say(f"  {name}: {_value(value)}")


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _assistant_row(assistant: Assistant) -> tuple[str, ...]:
    return (
        assistant.assistant_id[:8],
        f"{'·' if assistant.is_default else ''}{assistant.name}",
        assistant.graph_id,
        f"v{assistant.version}",
        ", ".join(assistant.labels),
        moment(assistant.updated_at),
    )


def _version_row(version: Version) -> tuple[str, ...]:
    return (
        f"v{version.version}",
        "● active" if version.active else "",
        ", ".join(version.labels),
        moment(version.created_at),
        version.context_hash[:6],
        version.note or "",
    )


def _print(rows: Sequence[Sequence[str]], heads: Sequence[str], nothing: str) -> None:
    if not rows:
        say(nothing)
        return
    for line in table(rows, heads):
        say(line)
