"""Deleting an assistant: what goes with it, what stays, then the deed."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from playground.client.values import Assistant, Version
from playground.tui.screens.dialogs import Confirm
from playground.tui.text import MUTED, count, join, one_line, safe
from playground.tui.usecases.saying import say

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

_NAMED = 4
"""Labels or forks that are told by their names."""


@dataclass(frozen=True, slots=True)
class Around:
    """What hangs on an assistant."""

    versions: list[Version]
    labels: list[str]
    notes: int
    draft: bool
    pins: int
    threads: int
    forks: list[str]


async def delete(app: "PlaygroundApp", assistant: Assistant, versions: list[Version]) -> bool:
    """Delete an assistant, after naming what goes with it and what stays."""
    client = app.connected_client
    around = await _look(app, assistant, versions)
    option = f"Delete its {count(around.threads, 'thread')}, too" if around.threads else ""
    title = f"Delete {one_line(assistant.name, 60)}"
    question = Confirm(title, _what_goes(assistant, around), "Delete", destructive=True, option=option)
    if not await app.push_screen_wait(question):
        return False
    await client.assistants.delete(assistant.assistant_id, threads=question.chosen)
    say(app, f"{assistant.name} is deleted{', with its threads' if question.chosen else ''}.")
    return True


async def _look(app: "PlaygroundApp", assistant: Assistant, versions: list[Version]) -> Around:
    client, whose = app.connected_client, assistant.assistant_id
    labels, notes, draft, pins, threads, forks = await asyncio.gather(
        client.notes.labels(whose),
        client.notes.notes(whose),
        client.notes.draft(whose),
        client.assistants.pins(whose),
        client.threads.count(whose),
        client.assistants.forks(whose),
    )
    names = [fork.name for fork in forks if fork.assistant_id != whose]
    return Around(versions, sorted(labels), len(notes), draft is not None, len(pins), threads, names)


def _what_goes(assistant: Assistant, around: Around) -> Content:
    parts = [join(safe(one_line(assistant.name, 80), "bold"), f" goes for good, with {_goes(around)}.")]
    if around.threads:
        parts.append(safe(_what_of_threads(around.threads, assistant.runs or 0), MUTED))
    else:
        parts.append(safe("No thread ran on it last, so none goes.", MUTED))
    parts.append(safe("Marks on it go; a comparison that is open can't run it any more.", MUTED))
    if around.forks:
        go_on = "stays: a fork, which goes" if len(around.forks) == 1 else "stay: forks, which go"
        parts.append(safe(f"{_list(around.forks)} {go_on} on naming it as the source.", MUTED))
    if assistant.is_default:
        said = f"It is the default assistant of {one_line(assistant.graph_id, 60)}: runs that only name the graph"
        parts.append(safe(f"{said} fail without it, until the server starts again.", "$text-warning"))
    return Content("\n").join(parts)


def _what_of_threads(threads: int, runs: int) -> str:
    ran = f", with {count(runs, 'run')}," if runs else ""
    if threads == 1:
        return f"Its 1 thread stays{ran} and says which version made it, unless you say so here."
    return f"Its {count(threads, 'thread')} stay{ran} and say which version made them, unless you say so here."


def _goes(around: Around) -> str:
    labels = f"the label{'' if len(around.labels) == 1 else 's'} {_list(around.labels)}" if around.labels else ""
    things = [
        count(len(around.versions), "version"),
        labels,
        count(around.notes, "note") if around.notes else "",
        "its draft" if around.draft else "",
        f"{count(around.pins, 'helper')} that held a version for a run" if around.pins else "",
    ]
    there = [thing for thing in things if thing]
    return there[0] if len(there) == 1 else f"{', '.join(there[:-1])} and {there[-1]}"


def _list(names: list[str]) -> str:
    shown = [one_line(name, 40) for name in names[:_NAMED]]
    more = [f"{len(names) - _NAMED:,} more"] if len(names) > _NAMED else []
    return ", ".join([*shown, *more])
