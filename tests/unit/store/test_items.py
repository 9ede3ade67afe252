"""The Store API's items, and LangGraph's store over them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from langgraph.store.base import InvalidNamespaceError

from playground.store import items as module
from playground.store.database import Database
from playground.store.errors import BadRequest, Invalid
from playground.store.items import Items, TimeToLive


@pytest.fixture
def items(database: Database) -> Items:
    return database.items


class Clock:
    """The time of the items, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.minute = 0
        monkeypatch.setattr(module, "now", self)
        monkeypatch.setattr(module, "expiry", lambda ttl: None if ttl is None else self.at(self.minute + ttl))

    def at(self, minute: float) -> str:
        return f"2026-01-01T00:{int(minute):02}:00.000000+00:00"

    def __call__(self) -> str:
        return self.at(self.minute)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_an_item_is_put_got_replaced_and_deleted(items: Items) -> None:
    first = items.put(("a", "b"), "k", {"v": 1})
    assert first == {
        "namespace": ["a", "b"],
        "key": "k",
        "value": {"v": 1},
        "created_at": first["created_at"],
        "updated_at": first["created_at"],
    }
    second = items.put(["a", "b"], "k", {"v": 2})
    assert second["created_at"] == first["created_at"] < second["updated_at"]
    assert items.get(("a", "b"), "k") == second
    assert items.get(("a",), "k") is None
    assert items.delete(("a", "b"), "k")
    assert not items.delete(("a", "b"), "k")
    assert items.get(("a", "b"), "k") is None


@pytest.mark.parametrize(
    ("namespace", "key", "value"),
    [
        ((), "k", {}),
        (("a.b",), "k", {}),
        (("",), "k", {}),
        ((1,), "k", {}),
        (("langgraph",), "k", {}),
        (("a\ud83d",), "k", {}),
        (("a",), "\ud83d", {}),
        (("a",), "k", [1]),
        (("a",), "k", {"x": float("nan")}),
        (("a",), "k", {"x": 2**70}),
    ],
)
def test_what_cannot_be_stored_is_refused(items: Items, namespace: Any, key: str, value: Any) -> None:
    with pytest.raises(Invalid):
        items.put(namespace, key, value)
    assert items.search() == []


def test_items_are_found_by_prefix_and_filter(items: Items, clock: Clock) -> None:
    for clock.minute, (namespace, key, value) in enumerate(
        [
            (("u", "1"), "a", {"kind": "x", "n": 1}),
            (("u", "1", "deep"), "b", {"kind": "y", "n": 2}),
            (("u", "2"), "c", {"kind": "x", "n": 3, "o": {"p": 1}}),
            (("v",), "d", {"kind": "x"}),
        ]
    ):
        items.put(namespace, key, value)

    def keys(*prefix: str, **query: Any) -> str:
        return "".join(row["key"] for row in items.search(prefix, **query))

    assert keys() == "dcba"
    assert keys("u") == "cba"
    assert keys("u", "1") == "ba"
    assert keys("u", limit=1, offset=1) == "b"
    assert keys(filter={"kind": "x"}) == "dca"
    assert keys(filter={"o": {"p": 1}}) == "c"
    assert keys(filter={"n": {"$gte": 2}}) == "cb"
    assert keys(filter={"n": {"$gt": 1, "$lt": 3}}) == "b"
    assert keys(filter={"n": {"$ne": 1}, "kind": {"$eq": "x"}}) == "dc"
    assert keys(filter={"kind": {"$gt": 1}}) == ""
    assert keys(filter={"kind": {"$gt": "x"}}) == "b"
    assert keys(filter={"o": {"p": {"$lte": "1"}}}) == "c"
    assert keys(filter={"n": True}) == ""
    with pytest.raises(BadRequest, match=r"Unsupported operator: \$like"):
        items.search((), {"n": {"$like": 1}})


def test_namespaces(items: Items) -> None:
    for path in (("a", "b", "c"), ("a", "b", "d"), ("a", "x"), ("z",)):
        items.put(path, "k", {})
    assert items.namespaces() == [["a", "b", "c"], ["a", "b", "d"], ["a", "x"], ["z"]]
    assert items.namespaces(("a",), max_depth=2) == [["a", "b"], ["a", "x"]]
    assert items.namespaces(("a", "*", "c")) == [["a", "b", "c"]]
    assert items.namespaces(suffix=("*", "d")) == [["a", "b", "d"]]
    assert items.namespaces(limit=1, offset=1) == [["a", "b", "d"]]


def test_an_item_is_gone_when_its_time_is_over(items: Items, clock: Clock) -> None:
    items.put(("a",), "short", {}, ttl=10)
    items.put(("a",), "long", {})
    clock.minute = 9
    assert items.get(("a",), "short", refresh_ttl=False) is not None
    assert len(items.search(refresh_ttl=False)) == 2
    clock.minute = 10
    assert items.get(("a",), "short") is None
    assert [row["key"] for row in items.search()] == ["long"]
    items.put(("b",), "other", {}, ttl=1)
    clock.minute = 30
    assert items.namespaces() == [["a"]]
    items.sweep()
    assert items.tables.journal.read()["items"].keys() == {"2"}


def test_reading_lets_an_items_time_begin_anew(items: Items, clock: Clock) -> None:
    items.put(("a",), "k", {}, ttl=10)
    clock.minute = 9
    assert items.get(("a",), "k") is not None
    clock.minute = 18
    assert len(items.search()) == 1
    clock.minute = 27
    assert items.get(("a",), "k", refresh_ttl=False) is not None
    clock.minute = 28
    assert items.get(("a",), "k") is None


def test_the_project_says_how_long_items_are_kept(items: Items, clock: Clock) -> None:
    items.ttl = TimeToLive(default=5, refresh_on_read=False)
    items.put(("a",), "usual", {})
    items.put(("a",), "ever", {}, ttl=None)
    items.put(("a",), "long", {}, ttl=20)
    clock.minute = 4
    assert len(items.search()) == 3
    clock.minute = 5
    assert [row["key"] for row in items.search(refresh_ttl=True)] == ["long", "ever"]
    clock.minute = 24
    assert items.get(("a",), "long") is not None
    clock.minute = 25
    assert [row["key"] for row in items.search()] == ["ever"]


@pytest.mark.parametrize("ttl", [1e300, float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(items: Items, ttl: float) -> None:
    with pytest.raises(Invalid, match="can't be kept for"):
        items.put(("a",), "k", {}, ttl=ttl)


def test_results_are_the_callers_own(items: Items) -> None:
    value = {"list": [1]}
    for row in (items.put(("a",), "k", value), items.get(("a",), "k"), items.search()[0]):
        assert row is not None
        row["value"]["list"].append(2)
        row["namespace"].append("x")
    value["list"].append(3)
    assert items.get(("a",), "k")["value"] == {"list": [1]}  # type: ignore[index]


async def test_langgraphs_store_is_the_same_items(database: Database) -> None:
    store = database.base_store
    await store.aput(("users", "1"), "name", {"first": "Ada"})
    store.put(("users", "2"), "name", {"first": "Bob"}, ttl=5)
    item = await store.aget(("users", "1"), "name")
    assert item is not None
    assert (item.value, item.namespace, item.key) == ({"first": "Ada"}, ("users", "1"), "name")
    assert (datetime.now(UTC) - item.created_at).total_seconds() < 60
    assert [found.value["first"] for found in store.search(("users",))] == ["Bob", "Ada"]
    assert [found.value["first"] for found in await store.asearch(("users",), filter={"first": "Ada"})] == ["Ada"]
    assert store.search(("users",), query="anyone")[0].score is None
    assert await store.alist_namespaces(prefix=("users",), suffix=("2",)) == [("users", "2")]
    assert store.list_namespaces(max_depth=1) == [("users",)]
    assert database.items.get(("users", "1"), "name")["value"] == {"first": "Ada"}  # type: ignore[index]
    await store.adelete(("users", "1"), "name")
    assert store.get(("users", "1"), "name") is None
    with pytest.raises(InvalidNamespaceError):
        store.put(("a.b",), "k", {})


def test_a_batch_is_written_whole_or_not_at_all(database: Database) -> None:
    from langgraph.store.base import PutOp

    with pytest.raises(Invalid):
        database.base_store.batch([PutOp(("a",), "1", {}), PutOp(("a",), "2", {"x": float("nan")})])
    assert database.items.search() == []
