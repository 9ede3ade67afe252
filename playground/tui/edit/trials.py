"""Trying a draft out: each input is a run of its own, on a thread that is thrown away. No widgets."""

import asyncio
import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from playground.client.blocks import Block, ErrorBlock, Turn
from playground.client.conversation import Conversation
from playground.client.errors import PlaygroundError
from playground.client.inputs import check_input, only_text_field, read_input, takes_messages
from playground.refs import context_hash
from playground.tui.inputs import json_placeholder
from playground.tui.text import one_line, short_hash

if TYPE_CHECKING:
    from playground.client.client import Client

OLD: Final = "before your last change"
METADATA: Final = {"playground": "trial"}
"""Of the threads that are thrown away: one that a crash left behind can be told by it."""

_FORGOTTEN: Final = timedelta(hours=1)
_EMPTY: Final[dict[str, Any]] = {"string": "", "integer": 0, "number": 0, "boolean": False, "array": [], "object": {}}


class Trials:
    """What was tried, a turn each, none of which knows of the others. `listener` is as a Conversation's."""

    def __init__(
        self,
        listener: Callable[[list[Block]], None] = lambda blocks: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.conversation = Conversation(None, listener, clock)
        self._drafts: list[str] = []  # the fingerprint of what each turn tried
        self._left: set[str] = set()  # threads that could not be deleted yet

    @property
    def turn(self) -> Turn | None:
        """The last one."""
        return self.conversation.turn

    @property
    def active(self) -> bool:
        """Whether one is running."""
        return self.conversation.active

    @property
    def error(self) -> ErrorBlock | None:
        """Why the last one failed."""
        turn = self.turn
        blocks = reversed(self.conversation.transcript.blocks)
        return next((b for b in blocks if isinstance(b, ErrorBlock) and turn and b.turn == turn.index), None)

    async def run(self, client: "Client", ref: str, input: Any, draft: Any = None) -> None:
        """Run `input` on the ref and follow it; what failed in the run is part of the transcript.

        `draft` is what the editor has, to tell later whether it has changed since. Raises PlaygroundError if it can't
        be started. Nothing stays behind, however it ends.
        """
        conversation = self.conversation
        runnable = await client.resolve(ref)
        thread = await client.threads.create(dict(METADATA))
        conversation.runnable, conversation.ran, conversation.thread_id = runnable, None, thread.thread_id
        for block in conversation.transcript.waiting:
            block.done, block.answer = True, "not answered"
        self._drafts.append(fingerprint(draft))
        try:
            await conversation.send(client, input)
        finally:
            self._left.add(thread.thread_id)
            await asyncio.shield(self._clear_away(client))

    def close(self) -> None:
        """What still runs is nobody's any more; it is cleared away at its end."""
        self.conversation.listener = lambda blocks: None

    async def stop(self, client: "Client") -> None:
        """Stop the one that runs; what it has said stays."""
        await self.conversation.stop(client)

    async def _clear_away(self, client: "Client") -> None:
        """Delete the threads that are done with; those that can't be deleted now, after the next trial."""
        try:
            await self.stop(client)
            for thread_id in list(self._left):
                await client.threads.delete(thread_id)
                self._left.discard(thread_id)
        except PlaygroundError:
            pass  # the server is away: the next trial tries again

    def labels(self, draft: Any) -> dict[int, str]:
        """What made each answer, as its run said; of all but the draft as it is now, that it is old."""
        now = fingerprint(draft)
        return {
            turn.index: OLD if tried != now and not turn.active else ran_label(turn)
            for turn, tried in zip(self.conversation.transcript.turns, self._drafts, strict=False)
        }

    def is_old(self, draft: Any) -> bool:
        """Whether the draft has changed since the last trial began."""
        return bool(self._drafts) and self._drafts[-1] != fingerprint(draft)


async def sweep(client: "Client", now: datetime) -> None:
    """Delete the threads of trials that a crash left behind. Others may be trying something at this moment."""
    for thread in await client.threads.with_metadata(dict(METADATA)):
        if thread.status != "busy" and now - thread.updated_at > _FORGOTTEN:
            await client.threads.delete(thread.thread_id)


def fingerprint(draft: Any) -> str:
    """The same for the same draft."""
    return context_hash({"draft": draft})


def ran_label(turn: Turn) -> str:
    """`draft on v9 · 3fa9c1`, as the run's own metadata say; nothing before the server has told."""
    if turn.version is None:
        return short_hash(turn.context_hash)
    version = f"draft on v{turn.version}" if turn.draft else f"v{turn.version}"
    return f"{version} · {short_hash(turn.context_hash)}" if turn.context_hash else version


# What is typed, as an input


def starting_text(schema: dict[str, Any] | None) -> str:
    """What an empty line starts with: the required fields as JSON, nothing where plain text will do."""
    if takes_messages(schema) or only_text_field(schema):
        return ""
    properties = (schema or {}).get("properties") or {}
    required = [name for name in (schema or {}).get("required") or [] if name in properties]
    return json.dumps({name: _empty(properties[name]) for name in required}, ensure_ascii=False) if required else ""


def hint(schema: dict[str, Any] | None) -> str:
    """What stands in the empty line."""
    if takes_messages(schema):
        return "A message; Enter asks the draft"
    field = only_text_field(schema)
    return f"{one_line(field, 40)}, as text or JSON; Enter runs the draft" if field else json_placeholder(schema)


def trial_input(text: str, schema: dict[str, Any] | None) -> Any:
    """What was typed as the graph's input, checked against its schema. Raises ValueError, a sentence."""
    given = read_input(text, schema)
    check_input(given, schema)
    return given


def _empty(field: Any) -> Any:
    """A value to begin with: the default, the first choice, else the type's empty one."""
    if not isinstance(field, dict):
        return None
    if "default" in field:
        return field["default"]
    choices = field.get("enum")
    if isinstance(choices, list) and choices:
        return choices[0]
    return _EMPTY.get(str(field.get("type")))
