"""The ways of two runs, aligned."""

from hypothesis import given
from hypothesis import strategies as st

from playground.compare.path_diff import PathRow, Step, changed_steps, diff_path, steps_of

CALL, TOOLS = Step("node", "call_model"), Step("node", "tools")
steps = st.builds(
    Step,
    st.sampled_from(["node", "call"]),
    st.sampled_from("ab"),
    st.none() | st.text("x", max_size=2) | st.dictionaries(st.sampled_from("kl"), st.integers(0, 2)),
    st.booleans(),
)
paths = st.lists(steps, max_size=8)


def test_a_tool_called_with_something_else() -> None:
    left = [CALL, Step("call", "lookup", {"order": "?", "deep": True}), TOOLS, CALL]
    right = [CALL, Step("call", "lookup", {"order": "4411", "deep": True}), TOOLS, CALL]
    rows = diff_path(left, right)
    assert [row.kind for row in rows] == ["equal", "changed", "equal", "equal"]
    assert [(change.path, change.kind) for change in rows[1].changes] == [("order", "changed"), ("deep", "equal")]
    assert changed_steps(rows) == 1


def test_another_tool() -> None:
    refund, lookup = Step("call", "refund", {"order": 1}), Step("call", "lookup", {"order": 1})
    rows = diff_path([CALL, refund, TOOLS, CALL], [CALL, lookup, TOOLS, CALL])
    assert rows[1:3] == [PathRow("removed", refund, None), PathRow("added", None, lookup)]
    assert changed_steps(rows) == 1


def test_more_steps() -> None:
    rows = diff_path([CALL], [CALL, TOOLS, CALL])
    assert [row.kind for row in rows] == ["equal", "added", "added"]
    assert changed_steps(rows) == 2


def test_a_call_that_failed_is_another_one() -> None:
    (row,) = diff_path([Step("call", "refund", {})], [Step("call", "refund", {}, failed=True)])
    assert row.kind == "changed"


def test_arguments_that_are_no_object() -> None:
    (row,) = diff_path([Step("call", "refund", '{"order')], [Step("call", "refund", {"order": 1})])
    assert [change.path for change in row.changes] == ["(arguments)"]


@given(paths, paths)
def test_the_rows_hold_both_ways(left: list[Step], right: list[Step]) -> None:
    rows = diff_path(left, right)
    assert steps_of(rows) == (left, right)
    assert all((row.left is None) == (row.kind == "added") for row in rows)
    assert all((row.right is None) == (row.kind == "removed") for row in rows)
    assert (changed_steps(rows) == 0) == all(row.kind == "equal" for row in rows)


@given(paths)
def test_the_same_way(path: list[Step]) -> None:
    assert diff_path(path, path) == [PathRow("equal", step, step) for step in path]
