"""A run's stream over a bad network: nothing twice, nothing lost, and what is lost is said."""

import json
from collections.abc import AsyncIterator

import pytest

from playground.client import following, wire
from playground.client.client import Client
from playground.client.events import Disconnected, Ended, Failed, MessageChunk, Reconnected, RunEvent, Values
from playground.client.message_json import messages_of
from playground.client.record import RunRecord
from tests.proxy import Proxy, proxy
from tests.servers import Server

WORDS = 300
TEXT = "".join(f"word{number} " for number in range(WORDS))
INPUT = {"messages": [{"role": "user", "content": str(WORDS)}]}


@pytest.fixture
async def network(odd_server: Server) -> AsyncIterator[Proxy]:
    async with proxy(odd_server.url) as made:
        yield made


async def told(network: Proxy, server: Server, record: RunRecord, *, values: bool = False) -> list[RunEvent]:
    client = await Client.connect(network.url, server.key)
    runnable = await client.resolve("tokens")
    events = [event async for event in client.runs.stream(runnable, input=INPUT, record=record, values=values)]
    await client.close()
    return events


def spoken(events: list[RunEvent]) -> str:
    pieces = [event for event in events if isinstance(event, MessageChunk) and event.kind == "ai"]
    return "".join(event.text for event in pieces)


async def test_a_stream_that_breaks_off_goes_on_where_it_was(network: Proxy, odd_server: Server) -> None:
    network.cuts, network.refused = [30_001, 700, 30_000], 1
    record = RunRecord()
    events = await told(network, odd_server, record)
    assert network.lost == 3
    assert spoken(events) == TEXT
    assert events[-1] == Ended("success")
    breaks = [type(event) for event in events if isinstance(event, Disconnected | Reconnected)]
    assert breaks == [Disconnected, Reconnected] * 3
    run = record.runs[-1]
    assert run.over
    assert record.lost == ""
    (thread_id,) = {event.thread_id for event in events if hasattr(event, "thread_id")}
    whole = odd_server.client().runs.join_stream(thread_id, run.run_id, last_event_id="-1")
    assert [kept.id for kept in record if not kept.note] == [part.id async for part in whole]


async def test_a_network_that_says_nothing_more_is_noticed(
    network: Proxy, odd_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "_SILENCE", 0.3)  # more breaks than the one that is made do no harm
    network.cuts, network.silent = [20_000], True
    events = await told(network, odd_server, RunRecord())
    assert network.lost == 1
    assert any(isinstance(event, Disconnected) for event in events)
    assert spoken(events) == TEXT


async def test_what_a_server_without_ids_streamed_meanwhile_is_said_to_be_lost(
    network: Proxy, odd_server: Server
) -> None:
    network.cuts, network.without_ids = [20_000], True
    record = RunRecord()
    events = await told(network, odd_server, record, values=True)
    assert spoken(events) != TEXT
    assert "can't be had again" in [json.loads(kept.line)["note"] for kept in record if kept.note][-1]
    last = [event for event in events if isinstance(event, Values)][-1]
    assert [message["content"] for message in messages_of(last.values) or []] == [str(WORDS), TEXT]
    assert events[-1] == Ended("success")


async def test_a_server_that_does_not_come_back_is_given_up(
    network: Proxy, odd_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_PATIENCE", (0.0, 0.0))
    network.cuts, network.refused = [20_000], 1_000
    with pytest.raises(following.ServerGone, match="didn't come back"):
        await told(network, odd_server, RunRecord())


async def test_a_run_that_failed_while_nobody_listened_says_so(network: Proxy, odd_server: Server) -> None:
    network.cuts = [160]
    client = await Client.connect(network.url, odd_server.key)
    events = [event async for event in client.runs.stream(await client.resolve("boom"), input={})]
    await client.close()
    assert network.lost == 1
    assert [event.error for event in events if isinstance(event, Failed)] == ["CustomError"]
    assert events[-1] == Ended("error")
