"""New assistants, and what is said about one: its name, its description, its metadata."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from playground.client.values import Assistant, Version
from playground.tui.screens.dialogs import Ask
from playground.tui.text import one_line
from playground.tui.usecases.saying import say

if TYPE_CHECKING:
    from playground.tui.app import PlaygroundApp

_NEW_VERSION = "LangGraph keeps it in the versions: this makes a new one, which is active."


async def create(app: "PlaygroundApp", graph_id: str) -> Assistant | None:
    """A new assistant of the graph, with the graph's own defaults."""
    title, also = f"New assistant of {one_line(graph_id, 60)}", "What it is for (optional)"
    question = Ask(title, "Name", action="Create", also=also, warn=_taken(app))
    name = await app.push_screen_wait(question)
    if name is None:
        return None
    assistants = app.connected_client.assistants
    assistant = await assistants.create(graph_id, name, context={}, description=question.written or None)
    say(app, f"{assistant.name} is there, as v1 with the defaults of {graph_id}.")
    return assistant


async def fork(app: "PlaygroundApp", source: Version) -> Assistant | None:
    """A new assistant that starts as a copy of the version and remembers it."""
    title = f"Fork {one_line(source.name, 60)}@v{source.version}"
    question = Ask(title, "Name of the new assistant", f"{source.name} copy", action="Fork", warn=_taken(app))
    name = await app.push_screen_wait(question)
    if name is None:
        return None
    assistant = await app.connected_client.assistants.fork(source, name)
    say(app, f"{assistant.name} is a copy of {source.name}@v{source.version}.")
    return assistant


async def rename(app: "PlaygroundApp", assistant: Assistant) -> bool:
    """Another name; its versions, labels and threads stay with it."""
    question = Ask(
        f"Rename {one_line(assistant.name, 60)}",
        f"New name. {_NEW_VERSION}",
        assistant.name,
        action="Rename",
        warn=_taken(app, assistant.assistant_id),
    )
    name = await app.push_screen_wait(question)
    if name is None or name == assistant.name:
        return False
    version = await app.connected_client.assistants.rename(assistant.assistant_id, name)
    say(app, f"{assistant.name} is called {version.name} now, as v{version.version}.")
    return True


async def describe(app: "PlaygroundApp", assistant: Assistant) -> bool:
    """What the assistant is for, in a line; an empty one is none."""
    title, before = f"Describe {one_line(assistant.name, 60)}", assistant.description or ""
    question = Ask(title, f"What it is for. {_NEW_VERSION}", before, action="Save", empty=True)
    text = await app.push_screen_wait(question)
    if text is None or text == before:
        return False
    version = await app.connected_client.assistants.describe(assistant.assistant_id, text)
    say(app, f"{assistant.name} is {'described' if text else 'no longer described'}, as v{version.version}.")
    return True


async def edit_metadata(app: "PlaygroundApp", assistant: Assistant) -> bool:
    """The user's own keys of the metadata, as YAML or JSON; those of the playground and the server stay."""
    from playground.tui.screens.metadata import MetadataDialog, hidden, shown

    wanted = await app.push_screen_wait(MetadataDialog(assistant))
    if wanted is None or wanted == shown(assistant.metadata):
        return False
    client = app.connected_client
    current = await client.assistants.get(assistant.assistant_id)
    if shown(current.metadata) != shown(assistant.metadata):
        say(app, f"Someone changed the metadata of {assistant.name} meanwhile: nothing was saved. Open it again.")
        return True
    version = await client.assistants.set_metadata(assistant.assistant_id, {**hidden(current.metadata), **wanted})
    stayed = sorted(shown(version.metadata).keys() - wanted.keys())
    if stayed:
        sentence = f"This server only adds to metadata: {', '.join(stayed)} stayed. The rest is saved"
        app.notify(one_line(f"{sentence} as v{version.version}.", 300), severity="warning", timeout=10, markup=False)
    else:
        say(app, f"The metadata of {assistant.name} is saved, as v{version.version}.")
    return True


def _taken(app: "PlaygroundApp", but: str | None = None) -> Callable[[str], Awaitable[str | None]]:
    """Says so if another assistant has the name: LangGraph allows it, a ref by that name won't do."""

    async def warn(name: str) -> str | None:
        others = [one for one in await app.connected_client.assistants.named(name) if one.assistant_id != but]
        if not others:
            return None
        whose = ", ".join(sorted({one_line(one.graph_id, 30) for one in others}))
        return f"An assistant of {whose} has that name: a ref needs an id then. Enter again takes it all the same."

    return warn
