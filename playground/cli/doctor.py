"""doctor: is everything there that the playground needs? One line each, and what to do."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from playground.cli.output import one_line, say, say_json
from playground.cli.session import DONE, FAILED
from playground.client.errors import PlaygroundError
from playground.client.target import Place, Target

if TYPE_CHECKING:
    from playground.client.misfits import Misfit


_SIGNS = {True: "✔", False: "✘", None: "!"}


@dataclass(frozen=True, slots=True)
class Check:
    """One line: `ok` is None for a remark, which is no reason to fail."""

    name: str
    ok: bool | None
    said: str


async def doctor(target: Target, as_json: bool) -> int:
    """Exit code 1 if a check failed. Values that no longer fit are remarks: the project can be used, they are kept."""
    checks = []
    async for check in _checks(target):
        checks.append(check)
        if not as_json:
            say(f"{_SIGNS[check.ok]} {one_line(check.name, 60):<10} {one_line(check.said, 300)}")
    if as_json:
        say_json(checks)
    return FAILED if any(check.ok is False for check in checks) else DONE


async def _checks(target: Target) -> AsyncIterator[Check]:
    from playground.client.connection import Connection
    from playground.client.misfits import find_misfits
    from playground.client.validation import said

    yield Check("playground", True, version("langgraph-playground"))
    if not target.url:
        try:
            place = target.place()
        except PlaygroundError as error:
            yield Check("project", False, error.sentence)
            return
        yield Check("project", True, str(place.project))
        for check in await asyncio.to_thread(_store, place):
            yield check
    connection = Connection(target)
    try:
        client = await connection.open()
    except PlaygroundError as error:
        yield Check("server", False, error.sentence)
        return
    try:
        yield Check("server", True, client.url)
        for graph in await client.graphs.settled():
            failed = graph.state == "failed"
            where = f" ({graph.source})" if graph.source else ""
            yield Check(graph.graph_id, not failed, f"{graph.error}{where}" if failed else f"loads{where}")
        for notice in await client.graphs.notices():
            yield Check("notice", None, notice)
        for misfit in await find_misfits(client):
            for problem in misfit.problems:
                yield Check(_title(misfit), None, said(problem))
    except PlaygroundError as error:
        yield Check("server", False, error.sentence)
    finally:
        await connection.close()


def _title(misfit: "Misfit") -> str:
    assistant = misfit.assistant
    return f"{assistant.name}@draft" if misfit.draft else f"{assistant.name}@v{assistant.version}"


def _store(place: Place) -> list[Check]:
    """Can it be used, and is all of it as it was written? A server may use it meanwhile."""
    from playground.server.maintenance import check_store

    folder: Path = place.store
    if not folder.exists():
        parent = next(parent for parent in folder.parents if parent.exists())
        if parent.is_dir() and os.access(parent, os.W_OK):
            return [Check("store", True, f"{folder} (will be made)")]
        return [Check("store", False, f"{folder} cannot be made: name another with --store")]
    if not folder.is_dir():
        return [Check("store", False, f"{folder} is not a folder: name another with --store")]
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return [Check("store", False, f"{folder} is not writable: name another with --store")]
    problems = check_store(folder)
    return [Check("store", False, problem) for problem in problems] or [Check("store", True, str(folder))]
