"""TinyDB as its users know it, on our storage."""

from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where
from tinydb.operations import delete, increment
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from playground.store.content import read_content
from playground.store.errors import Conflict
from playground.store.journal import JournalStorage, Rules
from playground.store.tables import CopiedDocument, KeyedTable, Tables


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.json"


@pytest.fixture
def table(path: Path) -> KeyedTable:
    return Tables(JournalStorage(path, Rules(keys={"t": lambda row: (row.get("k"), row.get("n"))}))).keyed("t")


def on_disk(path: Path) -> list[dict[str, Any]]:
    return list(read_content(path).tables.get("t", {}).values())


def test_insert_search_update_upsert_remove(table: KeyedTable, path: Path) -> None:
    assert table.insert_multiple([{"k": "a", "n": 1}, {"k": "b", "n": 2}, {"k": "c", "n": 3}]) == [1, 2, 3]
    assert table.insert({"k": "d", "n": 4}) == 4
    assert table.search(where("n") > 2) == [{"k": "c", "n": 3}, {"k": "d", "n": 4}]
    assert table.get(where("k") == "b") == {"k": "b", "n": 2}
    assert table.get(doc_id=3) == {"k": "c", "n": 3}
    assert table.get(where("k") == "z") is None
    assert table.contains(where("k") == "a")
    assert table.count(where("n") < 3) == 2
    assert table.update({"x": True}, where("n") >= 3) == [3, 4]
    assert table.update(increment("n"), doc_ids=[1]) == [1]
    assert table.update(delete("x"), where("k") == "d") == [4]
    assert table.upsert({"k": "b", "y": 0}, where("k") == "b") == [2]
    assert table.upsert({"k": "e", "n": 5}, where("k") == "e") == [5]
    assert table.update_multiple([({"z": 1}, where("k") == "a"), ({"z": 2}, where("k") == "b")]) == [1, 2]
    assert table.remove(where("k") == "c") == [3]
    assert table.remove(doc_ids=[4, 99]) == [4]
    expected = [{"k": "a", "n": 2, "z": 1}, {"k": "b", "n": 2, "y": 0, "z": 2}, {"k": "e", "n": 5}]
    assert table.all() == expected == on_disk(path)
    assert len(table) == 3
    table.truncate()
    assert table.all() == [] == on_disk(path)


def test_a_document_keeps_the_id_it_asks_for(table: KeyedTable) -> None:
    assert table.insert(CopiedDocument({"k": 1}, doc_id=7)) == 7
    assert table.insert({"k": 2}) == 8
    with pytest.raises(ValueError, match="already exists"):
        table.insert(CopiedDocument({"k": 3}, doc_id=7))


def test_an_update_that_raises_half_way_changes_nothing(table: KeyedTable, path: Path) -> None:
    table.insert_multiple([{"k": 1, "n": 0}, {"k": 2, "n": 0}])

    def explode(document: Any) -> None:
        document["n"] = 9
        if document["k"] == 2:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        table.update(explode)
    assert table.all() == [{"k": 1, "n": 0}, {"k": 2, "n": 0}] == on_disk(path)


def test_results_share_nothing_with_the_table(table: KeyedTable) -> None:
    table.insert({"k": 1, "list": [1]})
    found: list[Document] = [*table.all(), *table.search(where("k") == 1), table.get(doc_id=1), *table]
    for document in [*found, table.find(1, None)]:
        assert document is not None
        document["list"].append(2)
    assert table.search(where("k") == 1) == [{"k": 1, "list": [1]}]


def test_what_is_inserted_shares_nothing_with_the_table(table: KeyedTable) -> None:
    document = {"k": 1, "list": [1]}
    table.insert(document)
    document["list"] = [2]
    table.update(document)
    document["list"].append(3)
    assert table.all() == [{"k": 1, "list": [2]}]


def test_rows_are_found_put_and_dropped_by_their_key(table: KeyedTable) -> None:
    table.put(("a", 1), {"k": "a", "n": 1})
    table.put(("a", 2), {"k": "a", "n": 2})
    table.put(("a", 1), {"k": "a", "n": 1, "more": True})
    assert table.find("a", 1) == {"k": "a", "n": 1, "more": True}
    assert table.find("a", 3) is None
    assert table.drop("a", 2)
    assert not table.drop("a", 2)
    assert len(table) == 1


def test_a_taken_key_is_refused_on_insert_and_on_update(table: KeyedTable) -> None:
    table.insert_multiple([{"k": 1}, {"k": 2}])
    with pytest.raises(Conflict):
        table.insert({"k": 1})
    with pytest.raises(Conflict):
        table.update({"k": 1}, where("k") == 2)
    assert table.all() == [{"k": 1}, {"k": 2}]


def test_reopening_a_table_never_empties_it(path: Path) -> None:
    database = Tables(JournalStorage(path))
    database.table("t").insert({"k": 1})
    database = Tables(JournalStorage(path))
    assert database.table("t", persist_empty=True).all() == [{"k": 1}]


def test_tables_are_listed_and_dropped(path: Path) -> None:
    database = Tables(JournalStorage(path))
    database.table("a").insert({})
    database.table("b").insert({})
    database.insert({"default": True})
    assert database.tables() == {"a", "b", "_default"}
    database.drop_table("a")
    assert database.tables() == {"b", "_default"}
    database.drop_tables()
    assert database.tables() == set()
    assert Tables(JournalStorage(path)).tables() == set()


def test_threads_may_read_and_write_at_once(table: KeyedTable, path: Path) -> None:
    errors: list[BaseException] = []

    def guarded(work: Any) -> Thread:
        def run() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001  # whatever it is, the test shows it
                errors.append(error)

        return Thread(target=run)

    writers = [guarded(lambda w=w: [table.insert({"k": w, "n": n}) for n in range(100)]) for w in range(3)]
    readers = [
        guarded(lambda: [len(table.all()) for _ in range(100)]),
        guarded(lambda: [list(table) for _ in range(99)]),
    ]
    for thread in (*writers, *readers):
        thread.start()
    for thread in (*writers, *readers):
        thread.join()
    assert errors == []
    assert len(table) == 300 == len(on_disk(path))


keys = st.integers(0, 4)
numbers = st.integers(-(2**63), 2**64 - 1)
operations = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), keys, numbers),
        st.tuples(st.just("update"), keys, numbers),
        st.tuples(st.just("upsert"), keys, numbers),
        st.tuples(st.just("remove"), keys, st.none()),
        st.tuples(st.just("truncate"), st.none(), st.none()),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(operations)
def test_any_sequence_of_operations_ends_as_in_stock_tinydb(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Any]
) -> None:
    path = tmp_path_factory.mktemp("random") / "store.json"
    ours, stock = Tables(JournalStorage(path)).table("t"), TinyDB(storage=MemoryStorage).table("t")
    for name, key, value in steps:
        for table in (ours, stock):
            arguments: dict[str, Any] = {
                "insert": [{"k": key, "v": value}],
                "update": [{"v": value}, where("k") == key],
                "upsert": [{"k": key, "v": value}, where("k") == key],
                "remove": [where("k") == key],
                "truncate": [],
            }
            getattr(table, name)(*arguments[name])
    assert [(d.doc_id, dict(d)) for d in ours] == [(d.doc_id, dict(d)) for d in stock]
    assert on_disk(path) == [dict(document) for document in stock]
