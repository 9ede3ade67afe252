"""What a user does to assistants and versions: ask what must be asked, do it, say what was done.

Each is awaited in a worker of the screen that started it. Errors of the client pass through; the screen reports them.
"""

import json
from typing import TYPE_CHECKING

from textual.content import Content

from playground.client.errors import PlaygroundError
from playground.client.values import Assistant, Version
from playground.tui.changes import changed, summary, version_changes
from playground.tui.screens.dialogs import Ask, Confirm
from playground.tui.text import MUTED, count, join, one_line, safe

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp


async def create(app: "PlaygroundApp", graph_id: str) -> Assistant | None:
    """A new assistant of the graph, with the graph's own defaults."""
    name = await app.push_screen_wait(Ask(f"New assistant of {graph_id}", "Name", action="Create"))
    if name is None:
        return None
    assistant = await app.connected_client.assistants.create(graph_id, name, context={})
    say(app, f"{assistant.name} is there, as v1 with the defaults of {graph_id}.")
    return assistant


async def fork(app: "PlaygroundApp", source: Version) -> Assistant | None:
    """A new assistant that starts as a copy of the version and remembers it."""
    title = f"Fork {source.name}@v{source.version}"
    name = await app.push_screen_wait(Ask(title, "Name of the new assistant", f"{source.name} copy", action="Fork"))
    if name is None:
        return None
    assistant = await app.connected_client.assistants.fork(source, name)
    say(app, f"{assistant.name} is a copy of {source.name}@v{source.version}.")
    return assistant


async def make_active(app: "PlaygroundApp", version: Version, active: Version) -> bool:
    """Make a version the one that runs when none is named, after showing what that changes."""
    differing = changed(version_changes(active, version))
    body = join(
        f"{one_line(version.name)} runs v{version.version} instead of v{active.version} from now on. ",
        f"Every version stays. {count(len(differing), 'field')} will differ:\n\n",
        summary(differing),
    )
    if not await app.push_screen_wait(Confirm(f"Make v{version.version} active", body, "Make active")):
        return False
    assistant = await app.connected_client.assistants.promote(version.assistant_id, version.version)
    say(app, f"v{assistant.version} of {assistant.name} is active.")
    return True


async def delete(app: "PlaygroundApp", assistant: Assistant, versions: list[Version]) -> bool:
    """Delete an assistant, after naming what goes with it and what stays."""
    client = app.connected_client
    ran = bool(await client.threads.list(assistant.assistant_id, limit=1))
    body = _what_goes(assistant, versions, ran)
    option = "Delete its threads, too" if ran else ""
    question = Confirm(f"Delete {assistant.name}", body, "Delete", destructive=True, option=option)
    if not await app.push_screen_wait(question):
        return False
    await client.assistants.delete(assistant.assistant_id, threads=question.chosen)
    say(app, f"{assistant.name} is deleted{', with its threads' if question.chosen else ''}.")
    return True


def _what_goes(assistant: Assistant, versions: list[Version], ran: bool) -> Content:
    labels = sorted({label for version in versions for label in version.labels})
    goes = [count(len(versions), "version"), *([f"the labels {', '.join(labels)}"] if labels else [])]
    parts = [join(safe(one_line(assistant.name, 80), "bold"), f" goes for good, with {' and '.join(goes)}.")]
    stays = (
        "Its threads stay, and say which version made them, unless you say so here."
        if ran
        else "No thread ran on it last."
    )
    parts.append(safe(stays, MUTED))
    if assistant.is_default:
        parts.append(safe(f"It is the default assistant of {assistant.graph_id}.", "$text-warning"))
    return Content("\n").join(parts)


async def set_label(app: "PlaygroundApp", version: Version) -> bool:
    """Give the version a label; it leaves the version that had it. A label it has is taken away."""
    has = f" A label it has ({', '.join(version.labels)}) is taken away." if version.labels else ""
    question = f"A name that moves from version to version: prod, staging, …{has}"
    title = f"Label v{version.version} of {version.name}"
    label = await app.push_screen_wait(Ask(title, question, action="Label", check=_label_problem))
    if label is None:
        return False
    notes = app.connected_client.notes
    if label in version.labels:
        await notes.drop_label(version.assistant_id, label)
        say(app, f"v{version.version} is no longer {label}.")
    else:
        await notes.set_label(version.assistant_id, label, version.version)
        say(app, f"{version.name}@{label} is v{version.version} now.")
    return True


def _label_problem(label: str) -> str | None:
    from playground.client.notes import check_label

    try:
        check_label(label)
    except PlaygroundError as error:
        return error.sentence
    return None


def context_json(version: Version) -> str:
    """The version's context as JSON to paste."""
    return json.dumps(version.context, ensure_ascii=False, indent=2)


def say(app: "PlaygroundApp", sentence: str) -> None:
    """A short word that it is done."""
    app.notify(one_line(sentence, 200), timeout=3, markup=False)
