"""Groups in order: as if all documents were looked at and sorted each time."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from playground.store.journal import JournalStorage, Rules
from playground.store.order import Order

GROUP, SORT = (lambda row: row["g"]), (lambda row: row["s"])

rows = st.fixed_dictionaries({"g": st.sampled_from("ab"), "s": st.integers(0, 5)})
steps = st.lists(st.tuples(st.integers(1, 12), rows | st.none()), max_size=40)


def expected(table: dict[str, Any], group: str) -> list[str]:
    inside = [(row["s"], int(id)) for id, row in table.items() if row["g"] == group]
    return [str(id) for _, id in sorted(inside)]


@given(steps)
def test_any_sequence_of_changes_leaves_each_group_in_order(changes: list[Any]) -> None:
    order, table = Order(GROUP, SORT), {}
    for number, row in changes:
        id = str(number)
        if (old := table.pop(id, None)) is not None:
            order.discard(id, old)
        if row is not None:
            table[id] = row
            order.add(id, row)
    filled = Order(GROUP, SORT)
    filled.fill(table.items())
    for group in "abc":
        ids = expected(table, group)
        assert order.ids(group) == filled.ids(group) == ids
        assert order.last(group) == filled.last(group) == (ids[-1] if ids else None)


def test_what_a_transaction_takes_back_is_taken_out_of_its_group(tmp_path: Any) -> None:
    storage = JournalStorage(tmp_path / "store.json", Rules(orders={"t": (GROUP, SORT)}))
    storage.commit({"t": {"1": {"g": "a", "s": 1}, "2": {"g": "a", "s": 0}}})
    try:
        with storage.transaction():
            storage.commit({"t": {"1": None, "2": {"g": "b", "s": 0}, "3": {"g": "a", "s": 9}}})
            raise ZeroDivisionError
    except ZeroDivisionError:
        assert storage.order("t").ids("a") == ["2", "1"]
    assert storage.order("t").ids("b") == []
    reopened = JournalStorage(tmp_path / "store.json", Rules(orders={"t": (GROUP, SORT)}), read_only=True)
    assert reopened.order("t").ids("a") == ["2", "1"]
