"""Assistants to a file and from one."""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from playground.client.errors import PlaygroundError
from playground.client.values import Assistant
from playground.tui.screens.dialogs import Confirm
from playground.tui.text import count, one_line
from playground.tui.usecases.saying import say

if TYPE_CHECKING:
    from playground.client.transfer import Exported, Imported, Planned
    from playground.tui.app import PlaygroundApp
    from playground.tui.screens.export import Scope


async def export_assistants(app: "PlaygroundApp", chosen: Sequence[Assistant]) -> Path | None:
    """Write assistants with all their versions to a file: the chosen, all of their graph, or all there are."""
    from playground.client.transfer import collect
    from playground.client.transfer_file import write_file
    from playground.tui.screens.export import ExportDialog
    from playground.tui.screens.progress import with_progress

    client = app.connected_client
    scopes = _scopes(chosen, await client.assistants.list())
    if not scopes:
        say(app, "There is no assistant to export.")
        return None
    choice = await app.push_screen_wait(ExportDialog(scopes))
    if choice is None:
        return None
    overwrite = is_there(choice.path)
    if overwrite and not await wants_to_overwrite(app, choice.path):
        return None
    ids = choice.scope.assistant_ids
    try:
        exported = await with_progress(app, "Export", lambda on_step: collect(client, ids, on_step))
    except asyncio.CancelledError:
        _go_on_if_stopped()
        say(app, "Stopped: nothing was written.")
        return None
    try:
        written = await asyncio.to_thread(write_file, Path(choice.path), exported.text, overwrite=overwrite)
    except FileExistsError as error:
        raise PlaygroundError(f"{choice.path} was made meanwhile: nothing was written. Choose another name.") from error
    _tell_exported(app, exported, written)
    return written


def _tell_exported(app: "PlaygroundApp", exported: "Exported", written: Path) -> None:
    many = f"{count(exported.assistants, 'assistant')} with {count(exported.versions, 'version')}"
    if exported.left_out:
        sentence = f"{many} are in {written}, but for what is secret. Set it anew where they are imported."
        app.show_details(sentence, "\n".join(exported.left_out), "Exported without secrets")
    else:
        app.notify(one_line(f"{written} has {many}.", 300), timeout=6, markup=False)


def _scopes(chosen: Sequence[Assistant], assistants: Sequence[Assistant]) -> list["Scope"]:
    from playground.tui.screens.export import Scope

    scopes = []
    if len(chosen) == 1:
        name = chosen[0].name
        scopes.append(Scope(name, (chosen[0].assistant_id,), f"{_file_name(name)}.yaml"))
    elif chosen:
        ids = tuple(one.assistant_id for one in chosen)
        scopes.append(Scope(f"The {len(chosen)} marked", ids, "assistants.yaml"))
    graph_id = chosen[0].graph_id if chosen else None
    of_graph = tuple(one.assistant_id for one in assistants if one.graph_id == graph_id)
    if of_graph:
        scopes.append(Scope(f"All of the graph {graph_id}", of_graph, f"{_file_name(graph_id or '')}-assistants.yaml"))
    if assistants:
        scopes.append(Scope("All there are", tuple(one.assistant_id for one in assistants), "assistants.yaml"))
    return scopes


def is_there(path: str) -> bool:
    return Path(path).expanduser().is_file()


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name)[:60].strip("-.") or "assistant"


async def wants_to_overwrite(app: "PlaygroundApp", path: str) -> bool:
    body = f"{path} is there already. What is in it now goes for good."
    question = Confirm("Write over the file?", body, "Write over it", destructive=True)
    return await app.push_screen_wait(question) is True


async def import_assistants(app: "PlaygroundApp") -> list[str]:
    """Make the assistants of a file, after showing what is in it; the ids of those that are there."""
    from playground.client.transfer import carry_out, plan
    from playground.client.transfer_file import read, read_file
    from playground.tui.screens.import_preview import ImportPreview
    from playground.tui.screens.pick_file import PickFile
    from playground.tui.screens.progress import with_progress

    path = await app.push_screen_wait(PickFile("Import assistants", "Look into it", Path.cwd()))
    if path is None:
        return []
    client = app.connected_client

    async def look(on_step: object) -> "dict[bool, list[Planned]]":
        file = await asyncio.to_thread(lambda: read(read_file(path)))
        return {same: await plan(client, file, same) for same in (False, True)}

    try:
        plans = await with_progress(app, f"Reading {path.name}", look)
    except asyncio.CancelledError:
        _go_on_if_stopped()
        return []
    same_ids = await app.push_screen_wait(ImportPreview(path.name, plans))
    if same_ids is None:
        return []
    stop = asyncio.Event()
    imported = await with_progress(
        app, "Import", lambda on_step: carry_out(client, plans[same_ids], on_step=on_step, stop=stop), stop.set
    )
    _tell(app, imported)
    return [one.assistant_id for one in imported if one.versions]


def _tell(app: "PlaygroundApp", imported: "Sequence[Imported]") -> None:
    whole = [one for one in imported if one.is_whole]
    made = [one for one in whole if one.state != "there"]
    sentence = f"{count(len(made), 'assistant')} imported, with {count(sum(one.total for one in made), 'version')}."
    if len(whole) == len(imported) and not any(one.said for one in imported):
        app.notify(sentence, timeout=6, markup=False)
        return
    missing = len(imported) - len(whole)
    if missing:
        apart = f"{count(missing, 'assistant')} of the file {'is' if missing == 1 else 'are'} not here whole."
        sentence = f"{sentence} {apart}" if made else apart
    app.show_details(sentence, "\n".join(one_line(one.sentence, 500) for one in imported), "Import")


def _go_on_if_stopped() -> None:
    """Let a cancelling go on that is of this worker, not of the work that the user stopped."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
