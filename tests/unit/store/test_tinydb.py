"""TinyDB on our storage does what stock TinyDB does in memory, method by method and query by query.

Different on purpose, and tested in test_tables.py:
- Results are copies: editing one changes neither the table nor the next result. There is no query cache to clear.
- A document must be JSON (no NaN, no keys but strings, no bytes); tuples come back as lists.
- An update that raises half way changes nothing; a table may have unique keys.
- `persist_empty` is ignored: reopening a table never empties it, and an empty table is not listed.
- A document with an id of its own must be a CopiedDocument (`Table.document_class`), as TinyDB asks for.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tinydb import Query, TinyDB, where
from tinydb.operations import add, decrement, delete, increment, set, subtract
from tinydb.queries import QueryLike
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from playground.store.journal import JournalStorage
from playground.store.tables import Tables

PEOPLE: list[dict[str, Any]] = [
    {"name": "Ann", "age": 30, "tags": ["a", "b"], "home": {"town": "Ulm", "zip": [8, 9]}, "note": None},
    {"name": "bob", "age": 25, "tags": [], "home": {"town": "Bonn"}, "active": True},
    {"name": "Ünal\n", "age": 41.5, "tags": ["b"], "home": {}, "active": False, "scores": [{"n": 1}, {"n": 5}]},
    {"name": "", "tags": ["a", "b", "c"], "scores": [{"n": 2}]},
    {"name": "bob", "age": -1, "9": "odd", "tags": [1, 2, 3], "scores": []},
    {},
]

person = Query()
QUERIES: dict[str, QueryLike] = {
    "equal": person.name == "bob",
    "not equal": person.name != "bob",
    "equal to None": person.note == None,  # noqa: E711
    "less": person.age < 30,
    "at most": person.age <= 30,
    "greater": person.age > 25,
    "at least": person.age >= 41.5,
    "exists": person.active.exists(),
    "nested": person.home.town == "Ulm",
    "nested exists": person.home.zip.exists(),
    "by item": person["home"]["town"] == "Bonn",
    "odd key": person["9"] == "odd",
    "where": where("name") == "Ann",
    "where nested": where("home")["town"] == "Bonn",
    "matches": person.name.matches("[a-z]+"),
    "matches with flags": person.name.matches("ANN", flags=re.IGNORECASE),
    "matches no text": person.age.matches("x"),
    "search": person.name.search("n"),
    "search with flags": person.name.search("N", flags=re.IGNORECASE),
    "test": person.age.test(lambda age, least: age > least, 26),
    "test that looks at the type": person.tags.test(lambda tags: isinstance(tags, list) and len(tags) > 1),
    "any of a list": person.tags.any(["a"]),
    "any by query": person.scores.any(Query().n > 3),
    "all of a list": person.tags.all(["a", "b"]),
    "all by query": person.scores.all(Query().n < 3),
    "one of": person.name.one_of(["Ann", ""]),
    "fragment": Query().fragment({"name": "bob", "active": True}),
    "nested fragment": person.home.fragment({"town": "Ulm"}),
    "map": person.name.map(len) == 3,
    "map by method": person.name.map(str.upper).search("BOB"),
    "noop": Query().noop(),
    "and": (person.name == "bob") & (person.age > 0),
    "or": (person.name == "Ann") | (person.age < 0),
    "not": ~(person.name == "bob"),
    "all together": ~((person.age > 26) | person.active.exists()) & person.tags.exists(),
    "a plain function": lambda document: len(document) > 4,  # type: ignore[dict-item]
}

Step = Callable[[Any], Any]  # what is done to a table


def own(value: Any) -> Any:
    """A result without whose class it is: documents with their ids."""
    if isinstance(value, Document):
        return value.doc_id, dict(value)
    if isinstance(value, list | tuple):
        return [own(item) for item in value]
    return value


def outcome(step: Step, table: Any) -> Any:
    try:
        return own(step(table))
    except Exception as error:  # noqa: BLE001  # whatever stock TinyDB raises, ours has to
        return type(error).__name__


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.json"


@pytest.fixture
def ours(path: Path) -> Any:
    return Tables(JournalStorage(path)).table("people")


@pytest.fixture
def stock() -> Any:
    return TinyDB(storage=MemoryStorage).table("people")


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_finds_changes_and_removes_the_same(name: str, ours: Any, stock: Any, path: Path) -> None:
    query = QUERIES[name]
    steps: list[Step] = [
        lambda table: table.insert_multiple(PEOPLE),
        lambda table: table.search(query),
        lambda table: table.get(query),
        lambda table: table.contains(query),
        lambda table: table.count(query),
        lambda table: table.update({"found": [name]}, query),
        lambda table: table.upsert({"upserted": 1}, query),
        lambda table: table.update_multiple([({"x": 1}, query), ({"y": 2}, where("x") == 1)]),
        lambda table: table.all(),
        lambda table: table.remove(query),
        lambda table: table.all(),
    ]
    assert [outcome(step, ours) for step in steps] == [outcome(step, stock) for step in steps]
    assert own(Tables(JournalStorage(path, read_only=True)).table("people").all()) == own(stock.all())


OPERATIONS: dict[str, Step] = {
    "set": lambda table: table.update(set("age", 1)),
    "set what wasn't there": lambda table: table.update(set("new", {"a": [1]}), where("name") == "bob"),
    "increment": lambda table: table.update(increment("age"), where("age").exists()),
    "decrement": lambda table: table.update(decrement("age"), where("age").exists()),
    "add": lambda table: table.update(add("age", 5), where("age").exists()),
    "add to text": lambda table: table.update(add("name", "!"), where("name").exists()),
    "add to a list": lambda table: table.update(add("tags", ["z"]), where("tags").exists()),
    "subtract": lambda table: table.update(subtract("age", 0.5), where("age").exists()),
    "delete": lambda table: table.update(delete("tags"), where("tags").exists()),
    "delete what isn't there": lambda table: table.update(delete("nothing"), doc_ids=[1]),
    "a function": lambda table: table.update(lambda document: document.update(x=len(document))),
    "fields": lambda table: table.update({"age": None, "tags": []}),
    "fields by ids": lambda table: table.update({"age": 0}, doc_ids=[1, 3]),
    "fields by an id that isn't there": lambda table: table.update({"age": 0}, doc_ids=[99]),
    "nothing": lambda table: table.update({}),
    "several": lambda table: table.update_multiple([(increment("age"), where("age") > 0), ({"a": 1}, where("a") > 9)]),
    "insert": lambda table: table.insert({"deep": {"er": [1, {"x": None}]}}),
    "insert nothing": lambda table: table.insert_multiple([]),
    "insert many": lambda table: table.insert_multiple({"n": n} for n in range(3)),
    "insert no document": lambda table: table.insert([1, 2]),
    "insert no documents": lambda table: table.insert_multiple([{"a": 1}, 2]),
    "insert under an id": lambda table: table.insert(table.document_class({"x": 1}, doc_id=50)),
    "insert under a taken id": lambda table: table.insert(table.document_class({"x": 1}, doc_id=1)),
    "insert many under ids": lambda table: table.insert_multiple([table.document_class({}, doc_id=n) for n in (9, 7)]),
    "upsert by id": lambda table: table.upsert(table.document_class({"x": 1}, doc_id=2)),
    "upsert under a new id": lambda table: table.upsert(table.document_class({"x": 1}, doc_id=20)),
    "upsert what matches nothing": lambda table: table.upsert({"x": 1}, where("name") == "nobody"),
    "upsert with neither": lambda table: table.upsert({"x": 1}),
    "remove by id": lambda table: table.remove(doc_ids=[2, 5]),
    "remove an id that isn't there": lambda table: table.remove(doc_ids=[99]),
    "remove with neither": lambda table: table.remove(),
    "remove the last, and insert": lambda table: (table.remove(doc_ids=[6]), table.insert({"after": 1})),
    "truncate": lambda table: table.truncate(),
    "truncate, and insert": lambda table: (table.truncate(), table.insert({"first": 1})),
    "clear the cache": lambda table: (table.clear_cache(), table.search(where("age") > 0)),
    "get by id": lambda table: table.get(doc_id=3),
    "get by an id that isn't there": lambda table: table.get(doc_id=99),
    "get by ids": lambda table: table.get(doc_ids=[1, 4, 99]),
    "get with neither": lambda table: table.get(),
    "contains an id": lambda table: [table.contains(doc_id=1), table.contains(doc_id=99)],
    "contains with neither": lambda table: table.contains(),
    "length": lambda table: len(table),
    "iteration": lambda table: list(table),
    "name": lambda table: table.name,
}  # fmt: skip


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_does_the_same(name: str, ours: Any, stock: Any, path: Path) -> None:
    steps: list[Step] = [
        lambda table: table.insert_multiple(PEOPLE),
        OPERATIONS[name],
        lambda table: table.all(),
        lambda table: len(table),
        lambda table: table.insert({"next": True}),
    ]
    assert [outcome(step, ours) for step in steps] == [outcome(step, stock) for step in steps]
    assert own(Tables(JournalStorage(path, read_only=True)).table("people").all()) == own(stock.all())


DATABASE: dict[str, Step] = {
    "the default table": lambda db: (db.insert({"a": 1}), db.all(), len(db), list(db), db.tables()),
    "its methods": lambda db: (db.insert_multiple([{"a": 1}, {"a": 2}]), db.update({"b": 1}), db.get(where("a") == 2)),
    "tables apart": lambda db: (db.table("x").insert({"a": 1}), db.table("y").insert({"a": 2}), db.table("x").all()),
    "the same table": lambda db: db.table("x") is db.table("x"),
    "a table dropped": lambda db: (db.table("x").insert({}), db.insert({}), db.drop_table("x"), sorted(db.tables())),
    "a table that isn't there": lambda db: (db.drop_table("none"), sorted(db.tables())),
    "all dropped": lambda db: (db.table("x").insert({}), db.insert({}), db.drop_tables(), sorted(db.tables())),
    "dropped, and filled again": lambda db: (db.insert({"a": 1}), db.drop_tables(), db.insert({"b": 1}), db.all()),
    "truncated": lambda db: (db.insert({"a": 1}), db.truncate(), len(db)),
}  # fmt: skip


@pytest.mark.parametrize("name", DATABASE)
def test_the_database_does_the_same(name: str, path: Path) -> None:
    ours, stock = Tables(JournalStorage(path)), TinyDB(storage=MemoryStorage)
    assert outcome(DATABASE[name], ours) == outcome(DATABASE[name], stock)


def test_it_is_closed_as_a_context(path: Path) -> None:
    with Tables(JournalStorage(path)) as database:
        database.insert({"a": 1})
    with TinyDB(path) as stock:
        assert stock.all() == [{"a": 1}]
