"""A thread to be read: what was said and called, turn by turn and by which version, as Markdown or as a page."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from playground.client.blocks import Block, CustomBlock, ErrorBlock, InterruptBlock, TextBlock, ToolBlock, ValueBlock
from playground.client.conversation import Conversation, title_of
from playground.client.secret_values import without_secrets
from playground.client.thread_export import Json, SavedThread
from playground.client.values import ran_title
from playground.compare.report_html import page, text_html
from playground.compare.report_markdown import code, fence

if TYPE_CHECKING:
    from playground.client.client import Client


@dataclass(frozen=True, slots=True)
class Part:
    """Who said it, or what it is, and the text."""

    who: str
    text: str


@dataclass(frozen=True, slots=True)
class ReportedTurn:
    """A run: what ran it, as the server says, and how it ended; its parts in their order."""

    title: str
    status: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class ThreadReport:
    """What a thread is called, and its turns; without secrets."""

    title: str
    thread_id: str
    made_at: datetime
    turns: tuple[ReportedTurn, ...]


async def read_report(client: "Client", saved: SavedThread, made_at: datetime) -> ThreadReport:
    """A thread as it is on the server, whole. Raises PlaygroundError."""
    conversation = Conversation()
    await conversation.open(client, saved.thread.thread_id)
    if not conversation.whole:
        await conversation.complete(saved.states)
    names = {one.assistant_id: one.name for one in await client.assistants.list()}
    for turn in conversation.transcript.turns:
        if turn.assistant_id:
            turn.title = ran_title(names.get(turn.assistant_id, turn.assistant_id), turn.version, turn.draft)
    return thread_report(conversation, made_at, saved.schema)


def thread_report(conversation: Conversation, made_at: datetime, schema: Json | None = None) -> ThreadReport:
    """The conversation as far as it was read. `schema`, of its state, says what is secret in values."""
    transcript = conversation.transcript
    turns = []
    for turn in transcript.turns:
        digest = f" · {turn.context_hash[:6]}" if turn.context_hash else ""
        blocks = (block for block in transcript.blocks if block.turn == turn.index)
        parts = tuple(part for block in blocks for part in _parts(block, schema) if part.text)
        turns.append(ReportedTurn(_clean(f"{turn.title or 'not said by the server'}{digest}"), turn.status, parts))
    named = title_of(conversation.thread) if conversation.thread else ""
    return ThreadReport(_clean(named or "Thread"), conversation.thread_id or "", made_at.astimezone(), tuple(turns))


def thread_markdown(report: ThreadReport) -> str:
    """The whole thread. What users and models wrote stands in fences: text, never headings or links of the page."""
    parts = [f"# {code(report.title)}", f"{report.made_at:%Y-%m-%d %H:%M} · thread {code(report.thread_id)}"]
    for number, turn in enumerate(report.turns, 1):
        parts.append(f"## Turn {number} · {code(turn.title)} · {turn.status}")
        for part in turn.parts:
            parts += [f"**{code(part.who)}**", fence(part.text)]
    return "\n\n".join(parts) + "\n"


def thread_html(report: ThreadReport) -> str:
    """The same as one page: no script, nothing from a network."""
    return page(report.title, _html(report))


def _html(report: ThreadReport) -> Iterator[str]:
    yield f"<h1>{text_html(report.title)}</h1>"
    yield f'<p class="muted">{report.made_at:%Y-%m-%d %H:%M} · thread {text_html(report.thread_id)}</p>'
    for number, turn in enumerate(report.turns, 1):
        yield f'<h2>Turn {number} <span class="muted">· {text_html(turn.title)} · {turn.status}</span></h2>'
        for part in turn.parts:
            look = ' class="input"' if part.who == "human" else ""
            yield f'<h3 class="muted">{text_html(part.who)}</h3><pre{look}>{text_html(part.text)}</pre>'


def _parts(block: Block, schema: Json | None) -> Iterable[Part]:
    """What a block says, without keys."""
    match block:
        case TextBlock():
            yield Part(_clean(block.role), _clean(block.text))
        case ToolBlock():
            yield Part(f"{_clean(block.name)} · {block.state}", _json(block.arguments))
            if block.result is not None:
                yield Part(f"{_clean(block.name)} answered", _clean(block.result))
        case ValueBlock():
            yield Part(block.title, _json(block.value, schema))
        case CustomBlock():
            yield Part("custom", _json(block.data))
        case InterruptBlock():
            yield Part("asked", _json(block.interrupt.value) if block.interrupt else "a breakpoint")
            if block.done:
                yield Part("answered", _json(block.answer))
        case ErrorBlock():
            yield Part("failed", _clean(": ".join(part for part in (block.error, block.message) if part)))


def _json(value: object, schema: Json | None = None) -> str:
    cleaned, _ = without_secrets(value, schema)
    if isinstance(cleaned, str):
        return cleaned
    return "" if cleaned is None else json.dumps(cleaned, ensure_ascii=False, indent=2, default=str)


def _clean(text: str) -> str:
    return str(without_secrets(text)[0])
