"""SDK code that runs the turns of a thread again, on a fresh one: each in the version that answered it."""

from typing import TYPE_CHECKING, Any

from playground.client.conversation import Conversation
from playground.client.python_text import literal
from playground.client.secret_values import without_secrets
from playground.client.thread_export import Json, SavedThread

if TYPE_CHECKING:
    from playground.client.blocks import Turn
    from playground.client.client import Client

_HEAD = """\
\"\"\"The turns of a thread, run again on a fresh one.\"\"\"

import os

from langgraph_sdk import get_sync_client

client = get_sync_client(url=os.environ.get("PLAYGROUND_URL", {url}), api_key=os.environ.get("PLAYGROUND_KEY"))
thread_id = client.threads.create()["thread_id"]
"""


async def read_code(client: "Client", saved: SavedThread) -> str:
    """The code; keys are never in it. Raises PlaygroundError."""
    conversation = Conversation()
    await conversation.open(client, saved.thread.thread_id)
    if not conversation.whole:
        await conversation.complete(saved.states)
    return thread_code(conversation, client.url, own=await client.wire.is_own(), schema=saved.schema)


def thread_code(conversation: Conversation, url: str, *, own: bool, schema: Json | None = None) -> str:
    """`own`: the server runs a version by `id@number`; another one runs what is active now, which is said."""
    parts = [_HEAD.format(url=literal(url))]
    graph_id = conversation.thread.graph_id if conversation.thread else None
    for number, turn in enumerate(conversation.transcript.turns, 1):
        parts.append(_turn(number, turn, graph_id, own, schema))
    return "\n".join([*parts, "print(answer)\n"] if conversation.transcript.turns else parts)


def _turn(number: int, turn: "Turn", graph_id: str | None, own: bool, schema: Json | None) -> str:
    """A run as a call; what it went on from without an input is a resume, whose answer isn't kept."""
    given, left_out = without_secrets(turn.input, schema)
    said = f"# Turn {number}"
    if turn.draft:
        said += f": a draft of v{turn.version} ran; its context isn't on the server, this runs the version."
    elif turn.version is not None and not own:
        said += f": v{turn.version} ran; this server runs what is active."
    notes = [said, *([f"# Left out, since it is secret: {', '.join(map(repr, left_out))}."] if left_out else [])]
    arguments = ["thread_id", literal(_assistant(turn, graph_id, own)), f"input={literal(given, 1)}"]
    if turn.input is None:
        notes.append("# It went on from where the thread waited: put the answer here if it was asked for one.")
    lines = "".join(f"    {argument},\n" for argument in arguments)
    return "\n".join([*notes, f"answer = client.runs.wait(\n{lines})\n"])


def _assistant(turn: "Turn", graph_id: str | None, own: bool) -> Any:
    if not turn.assistant_id:
        return graph_id or ""
    return f"{turn.assistant_id}@{turn.version}" if own and turn.version is not None else turn.assistant_id
