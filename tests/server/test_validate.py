"""POST /playground/validate: what a graph's own type says of a context, which is what a run with it would fail on."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from playground.client import decode
from playground.client.client import Client
from playground.client.errors import ApiError
from playground.client.validation import said
from playground.runs.context_check import BLOCKED
from tests.servers import PROJECTS, Server

JSON = dict[str, Any]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(PROJECTS / "own_types", tmp_path_factory.mktemp("own_types") / "store").start()
    yield server
    server.kill()


@pytest.fixture
async def client(running: Server) -> AsyncIterator[Client]:
    client = await Client.connect(running.url, running.key)
    yield client
    await client.close()


async def problems(client: Client, graph: str, context: JSON) -> list[str]:
    found = await client.graphs.validate(graph, context)
    assert found is not None
    return [said(problem) for problem in found]


@pytest.mark.parametrize(
    ("graph", "context", "sentences"),
    [
        ("checked", {}, []),
        ("checked", {"tone": "warm", "pet": {"kind": "cat"}, "tool": {"size": 3}, "model": "x", "unknown": 1}, []),
        ("checked", {"tone": "formal"}, ["tone: formal was never liked here"]),
        ("checked", {"loud": True}, ["what is loud can't be dry"]),
        ("checked", {"heat": 3}, ["heat: must be ≤ 2"]),
        ("checked", {"pet": {"kind": "cow"}}, ["pet.kind: must be one of: cat, dog"]),
        ("checked", {"pet": {}}, ["pet.kind: is required: it says which of several kinds this is"]),
        ("checked", {"pet": {"kind": "cat", "lives": 0}}, ["pet.lives: must be ≥ 1"]),
        ("checked", {"pet": {"kind": "dog"}}, ["pet.name: is required: it has no default"]),
        ("checked", {"either": {"a": 1}}, ["either: must be a whole number or a list"]),
        ("checked", {"tool": {"size": "x"}}, ["tool: fits none of the forms it may have: Strict or Cat"]),
        ("checked", {"rows": [{}, {"sise": 1}]}, ["rows[2].sise: is not a field of this graph"]),
        ("checked", {"limits": {"A": 1}}, ["limits.A: has a key that must match pattern '^[a-z]+$'"]),
        ("checked", {"heat": "x", "rows": 3}, ["heat: must be a number", "rows: must be a list"]),
        ("post_init", {}, ["low: is required: it has no default"]),
        ("post_init", {"low": 11}, ["low is 11, which is above high"]),
        ("post_init", {"low": 1, "unknown": 2}, []),
        ("typed", {"heat": "x", "unknown": 1}, []),
        ("none", {"heat": "x"}, []),
        ("factory", {"tone": "formal"}, ["tone: formal was never liked here"]),
        ("factory", {}, []),
        ("runtime_factory", {"low": 11}, ["low is 11, which is above high"]),
        ("runtime_factory", {"low": 1}, []),
    ],
)
async def test_what_the_type_says_is_what_a_run_fails_on(
    running: Server, client: Client, graph: str, context: JSON, sentences: list[str]
) -> None:
    assert await problems(client, graph, context) == sentences
    thread = await running.client().threads.create()
    run = await running.client().runs.wait(
        thread["thread_id"], graph, input={"text": "x"}, context=context, raise_error=False
    )
    assert isinstance(run, dict)
    if sentences:
        assert run["__error__"]["message"].endswith(f": {'; '.join(sentences)}")
    else:
        assert run == {"text": "fine"}


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("exit", "its type ends the program (SystemExit: 3)"),
        ("raise", "its type refuses it: KeyError: '[/bold]\\x1b[31mno such thing'"),
    ],
)
async def test_a_validator_that_raises_anything_harms_nothing(client: Client, what: str, sentence: str) -> None:
    assert await problems(client, "raises", {"what": what}) == [sentence]
    assert await problems(client, "raises", {"what": "fine"}) == []


async def test_a_factory_that_fails_for_these_values_says_so(client: Client) -> None:
    (sentence,) = await problems(client, "factory", {"model": "gone"})
    assert sentence.startswith("The factory factory failed")
    assert sentence.endswith("LookupError: there is no model gone")


async def test_no_sentence_holds_a_secret(client: Client) -> None:
    (sentence,) = await problems(client, "checked", {"api_key": "hunter2"})
    assert sentence == "api_key: '…' is no key"
    assert await problems(client, "checked", {"secret": "hunter2"}) == ["secret: … is known to everybody"]
    (sentence,) = await problems(client, "checked", {"secret": ["hunter2"]})
    assert "hunter2" not in sentence


async def test_by_the_id_of_an_assistant_and_for_what_is_not_there(running: Server, client: Client) -> None:
    made = await running.client().assistants.create("checked", context={"tone": "warm"})
    assert await problems(client, made["assistant_id"], {"loud": True}) == ["what is loud can't be dry"]
    for name, status, words in (("nix", 404, "not found"), ("broken", 424, "never loads")):
        with pytest.raises(ApiError, match=words) as refused:
            await client.graphs.validate(name, {})
        assert refused.value.status == status


@pytest.mark.parametrize("body", [{}, {"assistant_id": "checked"}, {"assistant_id": "checked", "context": [1]}])
async def test_a_request_that_is_not_well_formed(http: httpx.AsyncClient, body: JSON) -> None:
    answer = await http.post("/playground/validate", json=body)
    assert (answer.status_code, set(answer.json())) == (422, {"detail"})


async def test_nothing_is_kept_of_it(running: Server, client: Client) -> None:
    before = await running.client().assistants.get_versions(decode.default_assistant_id("checked"))
    await client.graphs.validate("checked", {"tone": "warm"})
    assert await running.client().assistants.get_versions(decode.default_assistant_id("checked")) == before


async def test_the_docs_tell_of_it(http: httpx.AsyncClient) -> None:
    assert "/playground/validate" in (await http.get("/docs")).text


async def test_validators_that_block_hold_up_nobody(tmp_path: Path) -> None:
    """Last, on a server of its own: their threads can't be ended."""
    server = Server(PROJECTS / "own_types", tmp_path / "store").start()
    try:
        client = await Client.connect(server.url, server.key)
        blocking = [asyncio.create_task(problems(client, "blocks", {"what": "block"})) for _ in range(3)]
        assert await problems(client, "raises", {"what": "fine"}) == []
        blocking.append(asyncio.create_task(problems(client, "blocks", {"what": "block"})))
        assert [await one for one in blocking] == [[BLOCKED]] * 4
        (sentence,) = await problems(client, "checked", {})
        assert sentence.startswith("could not be checked: 4 checks before it")
        assert await server.client().runs.wait(None, "checked", input={"text": "x"}) == {"text": "fine"}
        await client.close()
    finally:
        server.kill()
