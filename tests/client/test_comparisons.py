"""Comparisons, kept in the server's store."""

from dataclasses import replace
from uuid import uuid4

from playground.client.client import Client
from playground.client.saved import SavedComparison, SavedSide, SavedTurn
from playground.client.values import SAMPLE

TURN = SavedTurn(
    run_id="r1",
    input="hello [/bold]",
    title="support@v7",
    context_hash="3fa9c1000000",
    assistant_id="a1",
    version=7,
    status="done",
    queued=0.25,
    first_token=0.5,
    running=2.0,
    input_tokens=640,
    output_tokens=88,
    cost=0.0125,
    steps=3,
    path=("call", "tools", "call"),
)
SIDE = SavedSide(
    side_id="s1",
    ref="support@prod",
    assistant_id="a1",
    graph_id="writer",
    name="support",
    version=7,
    context_hash="3fa9c1000000",
    context={"prompt": "Be kind.", "none": None},
    config={"tags": ["x"]},
    left_out=("api_key",),
    thread_id="t2",
    earlier=("t1",),
    linked=False,
    turns=(TURN, SavedTurn(input={"a": [1]}, status="failed", error="RuntimeError: boom")),
    samples=5,
)


def new(**facts: object) -> SavedComparison:
    return replace(SavedComparison(str(uuid4()), "tone", (SIDE, replace(SIDE, side_id="s2", draft=True))), **facts)  # type: ignore[arg-type]


async def test_a_comparison_comes_back_whole(client: Client) -> None:
    saved = new()
    assert await client.comparisons.get(saved.comparison_id) is None
    await client.comparisons.save(saved)
    found = await client.comparisons.get(saved.comparison_id)
    assert found is not None
    assert found.created_at.year > 2000
    assert found.created_at == found.updated_at
    assert replace(found, created_at=saved.created_at, updated_at=saved.updated_at) == saved
    assert (found.title, found.refs, found.turns) == ("tone", "support@v7 | support@draft", 2)
    assert found.threads == ("t2", "t1")
    assert found.inputs == ["hello [/bold]", '{"a": [1]}']


async def test_text_that_no_client_can_send_does_not_stop_the_saving(client: Client) -> None:
    saved = new(name="lone \ud800 surrogate")
    await client.comparisons.save(saved)
    found = await client.comparisons.get(saved.comparison_id)
    assert found is not None
    assert found.name == "lone ? surrogate"


async def test_the_last_changed_is_the_first_of_the_list(client: Client) -> None:
    first, second = new(name="first"), new(name="second")
    for one in (first, second, replace(first, name="renamed")):
        await client.comparisons.save(one)
    mine = {first.comparison_id, second.comparison_id}
    names = [one.name for one in await client.comparisons.list() if one.comparison_id in mine]
    assert names == ["renamed", "second"]


async def test_samples_are_items_of_their_own_and_go_with_their_comparison(client: Client) -> None:
    saved, other = new(), new()
    for one in (saved, other):
        await client.comparisons.save(one)
        await client.comparisons.save_samples(one.comparison_id, "s1", [{"answer": "yes"}, {"answer": "no"}])
    ours = {"playground": SAMPLE, "comparison": saved.comparison_id}
    thread = await client.threads.create(ours)
    assert [one.thread_id for one in await client.threads.with_metadata(ours)] == [thread.thread_id]
    assert await client.comparisons.samples(saved.comparison_id, "s1") == [{"answer": "yes"}, {"answer": "no"}]
    assert await client.comparisons.samples(saved.comparison_id, "s2") == []
    await client.comparisons.delete(saved.comparison_id)
    await client.comparisons.delete(saved.comparison_id)
    assert await client.comparisons.get(saved.comparison_id) is None
    assert await client.comparisons.samples(saved.comparison_id, "s1") == []
    assert await client.threads.with_metadata(ours) == []
    assert len(await client.comparisons.samples(other.comparison_id, "s1")) == 2
    await client.comparisons.save_samples(other.comparison_id, "s1", [])
    assert await client.comparisons.samples(other.comparison_id, "s1") == []


async def test_items_of_somebody_else_are_no_comparisons(client: Client) -> None:
    store, keys = client.wire.sdk.store, [uuid4().hex for _ in range(4)]
    odd = [{"text": 1}, {"sides": "none"}, {"sides": [{"side_id": "s1"}]}, {"sides": [], "from_tomorrow": 1}]
    for key, value in zip(keys, odd, strict=True):
        await store.put_item(["playground", "comparisons"], key=key, value=value)
    found = [one.comparison_id for one in await client.comparisons.list() if one.comparison_id in keys]
    assert found == [keys[3]], "what is missing has its default, what is extra is left out"


async def test_threads_of_a_comparison_are_deleted_if_they_are_there(client: Client) -> None:
    thread = await client.threads.create()
    await client.comparisons.delete_threads([thread.thread_id, str(uuid4())])
    assert thread.thread_id not in [one.thread_id for one in await client.threads.list()]
