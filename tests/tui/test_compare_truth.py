"""Never a doubt which version answered: the context that the graph saw is that of the version its pane names."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playground.client.blocks import Turn
from playground.client.client import Client
from playground.client.transcript import answer_in
from playground.refs import context_hash
from playground.tui.widgets.run_pane import RunPane
from tests.servers import PROJECTS, Server
from tests.tui.runs import Running, running

Context = dict[str, Any]


@pytest.fixture(scope="module")
def witnesses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(PROJECTS / "witness", tmp_path_factory.mktemp("witness") / "store").start()
    yield server
    server.kill()


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """The graphs go on when it is there."""
    return tmp_path / "gate"


def contexts_of(gate: Path) -> dict[str, Context]:
    """By what is compared. A draft that leaves out a key of its version can't be laid over it."""
    of = {"gate": str(gate)}
    return {
        "v1": of | {"prompt": "Be brief.", "numbers": [1, 2]},
        "v2": of | {"prompt": "Be kind.\n[b]Ünïcode[/b] \u202e", "nested": {"a": [{"b": None}], "": 1.0}},
        "v3": of | {"prompt": ""},
        "draft": of | {"prompt": "Be kind, or not.", "numbers": []},
    }


async def made(server: Server, client: Client, name: str, contexts: dict[str, Context]) -> str:
    """An assistant with three versions, the second active, and a draft of it."""
    sdk = server.client()
    assistant_id = (await sdk.assistants.create("witness", name=name, context=contexts["v1"]))["assistant_id"]
    for version in ("v2", "v3"):
        await sdk.assistants.update(assistant_id, context=contexts[version])
    await sdk.assistants.set_latest(assistant_id, 2)
    await client.notes.save_draft(assistant_id, 2, {"context": contexts["draft"]})
    return str(assistant_id)


async def send(run: Running, text: str) -> None:
    """Send to all, and wait until each graph has seen its context."""
    turns = len(run.compare.panes[0].conversation.transcript.turns)
    await run.type(text)
    await run.until(
        lambda: all(
            len(pane.conversation.transcript.turns) == turns + 1 and pane.conversation.status == "running"
            for pane in run.compare.panes
        ),
        "all panes running",
    )


def seen(pane: RunPane, turn: Turn) -> Context:
    """The context that the graph had."""
    blocks = [block for block in pane.conversation.transcript.blocks if block.turn == turn.index]
    said = json.loads(answer_in(blocks))
    assert said["before"] == said["after"]
    context = said["after"]
    assert isinstance(context, dict)
    return context


def check(pane: RunPane, turn: Turn, title: str, context: Context) -> None:
    """What the turn names is what ran."""
    assert seen(pane, turn) == context
    assert turn.title == title
    assert turn.context_hash[:12] == context_hash(context)


def check_title(pane: RunPane, title: str, context: Context) -> None:
    assert title in pane.title_content.plain
    assert context_hash(context)[:6] in pane.title_content.plain


@pytest.mark.parametrize("deleted", [False, True])
async def test_whatever_happens_while_the_panes_run(witnesses: Server, gate: Path, deleted: bool) -> None:
    contexts = contexts_of(gate)
    async with running(witnesses, (200, 60)) as run:
        client = run.app.client
        assert client is not None
        name = "deleted" if deleted else "changed"
        assistant_id = await made(witnesses, client, name, contexts)
        screen = await run.open_compare(f"{name}@v1", name, f"{name}@v3", f"{name}@draft")
        await send(run, "who are you?")
        sdk = witnesses.client()
        await sdk.assistants.set_latest(assistant_id, 1)
        await client.notes.save_draft(assistant_id, 1, {"context": {"gate": str(gate), "prompt": "another draft"}})
        await sdk.assistants.update(assistant_id, context={"gate": str(gate), "prompt": "a fourth"}, name="renamed")
        if deleted:
            await sdk.assistants.delete(assistant_id)
        await asyncio.to_thread(gate.touch)
        await run.all_done()
        titles = [f"{name}@v1", f"{name}@v2", f"{name}@v3", f"{name}@draft"]
        for pane, title, context in zip(screen.panes, titles, contexts.values(), strict=True):
            (turn,) = pane.conversation.transcript.turns
            check(pane, turn, title, context)
            check_title(pane, title, context)


async def test_a_pane_stays_what_it_names_turn_after_turn(witnesses: Server, gate: Path) -> None:
    contexts = contexts_of(gate)
    await asyncio.to_thread(gate.touch)
    async with running(witnesses, (200, 60)) as run:
        client = run.app.client
        assert client is not None
        assistant_id = await made(witnesses, client, "steady", contexts)
        screen = await run.open_compare("steady", "steady@draft")
        await run.type("first")
        await run.all_done()
        await witnesses.client().assistants.set_latest(assistant_id, 3)
        await client.notes.save_draft(assistant_id, 3, {"context": {"gate": str(gate), "prompt": "another draft"}})
        await run.type("second")
        await run.until(lambda: all(len(pane.conversation.transcript.turns) == 2 for pane in screen.panes))
        await run.all_done()
        for pane, title, named in zip(screen.panes, ["steady@v2", "steady@draft"], ["v2", "draft"], strict=True):
            for turn in pane.conversation.transcript.turns:
                check(pane, turn, title, contexts[named])
            check_title(pane, title, contexts[named])
