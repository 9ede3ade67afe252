"""The checkpoints of a thread as a tree: what made each, what follows, what runs again from there."""

from dataclasses import replace

from playground.client.checkpoint_tree import CheckpointTree
from playground.client.values import State
from tests.checkpoints import BEGAN, Thread, task


def test_each_checkpoint_says_what_made_it() -> None:
    thread = Thread()
    line = thread.turn(None, "my parcel")
    found = [thread.tree.get(one) for one in line]
    assert [one.ran for one in found if one] == [(), ("__start__",), ("model",), ("tools", "tools"), ("model",)]
    assert [one.made.text for one in found if one] == ["", "my parcel", "", "", ""]
    assert [one.made.tokens for one in found if one] == [None, None, (640, 40), None, (640, 40)]
    assert [one.seconds for one in found if one] == [None, 1, 1, 1, 1]
    assert [one.is_input for one in found if one] == [False, True, False, False, False]
    assert {one.ran_as for one in found if one} == {("a", 1, False)}


def test_neither_a_fork_nor_an_update_was_made_by_a_node() -> None:
    thread = Thread()
    line = thread.turn(None, "my parcel")
    fork = thread.add(line[1], "fork", [task("model")], run="again", version=2)
    again = thread.add(fork, "loop", [], run="again", version=2)
    update = thread.add(line[1], "update", [task("model")], run=None)
    tree = thread.tree
    assert [tree.get(one).ran for one in (fork, again, update)] == [(), ("model",), ()]  # type: ignore[union-attr]
    assert tree.get(update).ran_as == (None, None, False)  # type: ignore[union-attr]
    assert tree.get(again).ran_as == ("a", 2, False)  # type: ignore[union-attr]


def test_branches_have_a_past_in_common() -> None:
    thread = Thread()
    line = thread.turn(None, "my parcel")
    fork = thread.add(line[2], "fork", [task("tools")], run="again")
    again = thread.add(fork, "loop", [], run="again")
    tree = thread.tree
    assert tree.newest == again
    assert [one.checkpoint_id for one in tree.lineage(again)] == [*line[:3], fork, again]
    assert [one.checkpoint_id for one in tree.children(line[2])] == [line[3], fork]
    assert [one.checkpoint_id for one in tree.onwards(None)] == [*line[:3], fork, again]
    assert [one.checkpoint_id for one in tree.ends] == [again, line[4]]
    assert tree.end(line[3]) == line[4]
    parting = tree.parting(line[4], again)
    assert parting is not None
    assert parting.checkpoint_id == line[2]


def test_what_runs_again_ends_with_the_next_input() -> None:
    thread = Thread()
    line = thread.turn(None, "my parcel")
    thread.turn(line[-1], "and now?", run="second")
    tree = thread.tree
    assert tree.executes(line[1]) == (("model",), ("tools", "tools", "model"))
    assert tree.executes(line[2]) == (("tools", "tools"), ("model",))
    assert tree.executes(line[4]) == ((), ())
    assert tree.executes("unknown") == ((), ())


def test_what_runs_again_is_told_by_the_branch_that_went_on() -> None:
    thread = Thread()
    line = thread.turn(None, "my parcel")
    fork = thread.add(line[1], "fork", [task("model")], run="again", version=3)
    thread.add(fork, "loop", [], run="again", version=3)
    tree = thread.tree
    assert tree.executes(line[1]) == (("model",), ())
    assert tree.made_next(line[1]).version == 3  # type: ignore[union-attr]
    assert tree.made_next(line[3]).version == 1  # type: ignore[union-attr]


def test_who_ran_last_is_asked_where_nobody_went_on() -> None:
    thread = Thread()
    line = thread.turn(None, "my parcel", version=1)
    edited = thread.add(line[2], "update", [task("tools")], run=None)
    thread.turn(edited, "instead", run="other", version=2)
    tree = thread.tree
    assert tree.made_next(edited).version == 1, "not version 2, which began with an input"  # type: ignore[union-attr]
    assert tree.executes(edited) == (("tools",), ())
    assert tree.executes(line[2]) == (("tools", "tools"), ("model",)), "what ran from there before it was edited"
    assert CheckpointTree.of(()).made_next("unknown") is None


def test_a_run_begins_after_its_input_was_taken_in() -> None:
    thread = Thread()
    line = thread.turn(None, "my parcel")
    fork = thread.add(line[2], "fork", [task("tools")], run="again")
    thread.add(fork, "loop", [], run="again")
    tree = thread.tree
    assert tree.beginning("run") == line[1]
    assert tree.beginning("again") == line[2]
    assert tree.beginning("unknown") is None


def test_a_question_waits_until_its_node_has_written() -> None:
    thread = Thread()
    first = thread.add(None, "input", [task("__start__", {})])
    asking = thread.add(first, "loop", [task("ask", interrupts=[{"id": "i", "value": "sure?"}])])
    waiting = thread.tree.get(asking)
    assert waiting is not None
    assert (waiting.after.asked, waiting.after.waits, waiting.next) == (True, True, ("ask",))
    answer = task("ask", {}, interrupts=[{"id": "i", "value": "sure?"}])
    thread.states[0] = replace(thread.states[0], tasks=(answer,))
    after = thread.add(asking, "loop", [], run="answer")
    tree = thread.tree
    assert (tree.get(asking).after.asked, tree.get(asking).after.waits) == (True, False)  # type: ignore[union-attr]
    assert tree.get(after).seconds is None, "it waited for the answer"  # type: ignore[union-attr]


def test_a_page_of_a_thread_begins_where_it_was_cut() -> None:
    thread = Thread()
    line = thread.turn(None, "my parcel")
    tree = CheckpointTree.of(thread.states[:2])
    assert [one.checkpoint_id for one in tree.children(None)] == [line[3]]
    assert [one.checkpoint_id for one in tree.lineage(line[4])] == line[3:]


def test_an_error_is_that_of_a_node_after_it() -> None:
    thread = Thread()
    first = thread.add(None, "input", [task("__start__", {"order": "4411"})])
    failed = thread.add(first, "loop", [task("model", error="RuntimeError('no')")])
    found = thread.tree.get(failed)
    assert found is not None
    assert found.after.error == "RuntimeError('no')"
    assert found.made.text == '{"order": "4411"}'


def test_thousands_of_checkpoints_are_no_work() -> None:
    thread = Thread()
    states = []
    for number in range(5_000):
        parent = f"{number - 1:04}" if number else None
        states.append(
            State(f"{number:04}", parent, None, ("n",), (task("n"),), {"source": "loop", "step": number}, BEGAN, ())
        )
    thread.states = states[::-1]
    tree = thread.tree
    assert len(tree.lineage(tree.newest)) == len(tree) == 5_000
    assert tree.end("0000") == tree.newest
