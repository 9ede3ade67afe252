"""Samples on a real server: each its own run, on a thread of its own, none from a cache."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from playground.client.client import Client
from playground.client.conversation import Conversation
from playground.client.sample_json import sample_to_json, samples_from_json
from playground.client.sampling import Job, Sampling, states_before
from playground.client.values import Runnable
from playground.compare.samples import Sample, group
from tests.servers import PROJECTS, Server


@pytest.fixture(scope="module")
def caching_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(PROJECTS / "caching", tmp_path_factory.mktemp("caching") / "store").start()
    yield server
    server.kill()


@pytest.fixture
async def caching(caching_server: Server) -> AsyncIterator[Client]:
    client = await Client.connect(caching_server.url, caching_server.key)
    yield client
    await client.close()


async def ran(client: Client, runnable: Runnable, given: Any) -> Conversation:
    conversation = Conversation(runnable)
    await conversation.send(client, given)
    return conversation


@pytest.mark.parametrize(
    ("graph", "given"), [("nodes", {"word": "one"}), ("models", {"messages": [{"role": "user", "content": "hello"}]})]
)
async def test_no_sample_comes_from_a_cache(caching: Client, graph: str, given: Any) -> None:
    runnable = await caching.resolve(graph)
    first, second = await ran(caching, runnable, given), await ran(caching, runnable, given)
    assert first.transcript.answer == second.transcript.answer  # the project does use its caches
    assert first.turn is not None
    assert second.turn is not None
    assert (first.turn.cached, second.turn.cached) == (False, True)

    samples = await Sampling(caching, [Job("a", runnable, given)] * 3).run()
    assert [sample.status for sample in samples] == ["done"] * 3
    assert not any(sample.cached for sample in samples)
    said = [first.transcript.answer, *(sample.answer for sample in samples)]
    if graph == "nodes":
        for name in ("outer", "inner"):
            assert len({json.loads(answer)[name] for answer in said}) == 4
    assert len(set(said)) == 4

    third = await ran(caching, runnable, given)
    assert third.transcript.answer == first.transcript.answer  # nor do they change what is in it


async def test_each_sample_names_what_ran(client: Client) -> None:
    assistant = await client.assistants.create("echo", "sampled", {"word": "one"})
    first = await client.resolve(f"{assistant.assistant_id}@v1")
    await client.assistants.save((await client.assistants.versions(assistant.assistant_id))[0], context={"word": "two"})
    second = await client.resolve(f"{assistant.assistant_id}@v2")
    progress: list[str] = []
    jobs = [Job("a", first, {}), Job("b", second, {})] * 3
    sampling = Sampling(client, jobs, at_most=2, comparison_id="ours", listener=progress.append)
    samples = await sampling.run()
    assert [sample.title for sample in samples] == ["sampled@v1", "sampled@v2"] * 3
    assert {sample.context_hash for sample in sampling.of("a")} == {first.context_hash}
    assert [(one.count, json.loads(one.text)["seen"]) for one in group(sampling.of("b"))] == [(3, ["two"])]
    assert sorted(progress) == ["a"] * 6 + ["b"] * 6
    assert (sampling.wanted("a"), sampling.active()) == (3, False)
    for sample in samples:
        run = await client.runs.get(sample.thread_id or "", sample.run_id or "")
        assert run.version == (1 if sample.title.endswith("v1") else 2)

    mine = {sample.thread_id for sample in samples}
    assert len(mine) == 6
    whose = {"playground": "sample", "comparison": "ours"}
    assert {thread.thread_id for thread in await client.threads.with_metadata(whose)} == mine
    for samples_too in (False, True):
        listed = await client.threads.list(assistant.assistant_id, samples=samples_too)
        assert {thread.thread_id for thread in listed} == (mine if samples_too else set())
    assert not mine & {thread.thread_id for thread in await client.threads.list(limit=3)}


async def test_a_later_turn_is_sampled_from_where_it_began(client: Client) -> None:
    runnable = await client.resolve("tokens")
    conversation = Conversation(runnable)
    for words in ("1", "2", "3"):
        await conversation.send(client, {"messages": [{"role": "user", "content": words}]})
    thread_id, turn = conversation.thread_id or "", conversation.transcript.turns[1]
    before = await states_before(client, thread_id, turn.run_id)
    assert await states_before(client, thread_id, conversation.transcript.turns[0].run_id) == ()
    newest = (await client.threads.state(thread_id)).checkpoint_id
    samples = await Sampling(client, [Job("a", runnable, turn.input, thread_id, before)] * 2).run()
    assert [sample.answer for sample in samples] == ["word0 word1 "] * 2
    for sample in samples:
        state = await client.threads.state(sample.thread_id or "")
        assert [message["content"] for message in state.values["messages"]] == ["1", "word0 ", "2", "word0 word1 "]
    assert (await client.threads.state(thread_id)).checkpoint_id == newest


async def test_what_fails_or_asks_is_a_sample_of_its_own(client: Client) -> None:
    boom, ask = await client.resolve("boom"), await client.resolve("ask")
    gone = Job("gone", ask, {}, "00000000-0000-0000-0000-000000000000", (await _some_state(client),))
    samples = await Sampling(client, [Job("boom", boom, {}), gone, Job("ask", ask, {})]).run()
    assert [sample.status for sample in samples] == ["failed", "failed", "interrupted"]
    assert samples[0].note.startswith("CustomError: boom")
    assert samples[1].note
    assert samples[1].run_id is None
    assert samples[2].note == 'It asks: {"question": "name?"}'


async def _some_state(client: Client) -> Any:
    conversation = await ran(client, await client.resolve("echo"), {})
    return await client.threads.state(conversation.thread_id or "")


async def test_stop_keeps_what_has_ended(client: Client) -> None:
    sleep, echo = await client.resolve("sleep"), await client.resolve("echo")
    jobs = [Job("quick", echo, {}), Job("slow", sleep, {"seconds": 600}), *[Job("slow", sleep, {"seconds": 600})] * 3]
    sampling = Sampling(client, jobs, at_most=2)
    ended = asyncio.Event()
    sampling.listener = lambda key: ended.set() if sampling.of("quick") else None
    task = asyncio.create_task(sampling.run())
    await ended.wait()
    assert sampling.active("slow")
    await sampling.stop("slow")
    assert not sampling.active("quick")
    samples = await task
    assert samples[0].status == "done"
    assert {sample.status for sample in samples[1:]} <= {"stopped"}
    assert len(samples) <= 3  # two ran at once, what hadn't begun never did
    for sample in samples[1:]:
        assert (await client.runs.get(sample.thread_id or "", sample.run_id or "")).status == "interrupted"


async def test_a_sample_survives_its_json(client: Client) -> None:
    samples = await Sampling(client, [Job("a", await client.resolve("echo"), {})]).run()
    rows = [json.loads(json.dumps(sample_to_json(sample))) for sample in samples]
    assert samples_from_json([*rows, {"answer": 1}, {}]) == samples
    assert samples_from_json([{"answer": "yes"}]) == [Sample("yes")]
