"""The order in which a thread's checkpoints are drawn, and walking over them."""

from dataclasses import replace
from typing import Any, Final

from playground.tui.threads.timeline import Timeline
from playground.tui.threads.timeline_rows import TimelineRows
from tests.checkpoints import Thread, task

HOSTILE: Final = "[/bold] [red]x[/] \x1b[31mred\x07 \u202egnp.exe \ud800 {0} \r\n[link](javascript:x)"


def drawn(timeline: Timeline) -> list[str]:
    """A line each: its lanes, its checkpoint, whether a run began anew there."""
    return [
        "│" * (line.depth - 1)
        + ("├" if line.begins else "│" if line.depth else "")
        + line.checkpoint.checkpoint_id[2:]
        + ("f" if line.forked else "")
        for line in timeline.lines
    ]


def again(thread: Thread, parent: str, *nodes: str) -> list[str]:
    """A run from a checkpoint on, without an input."""
    line = [thread.add(parent, "fork", [task(nodes[0])], run=f"from {parent}")]
    for node in [*nodes[1:], None]:
        line.append(thread.add(line[-1], "loop", [task(node)] if node else [], run=f"from {parent}"))
    return line


def test_a_thread_that_never_branched_is_a_straight_line() -> None:
    thread = Thread()
    line = thread.turn(None, "hello")
    thread.turn(line[-1], "more")
    timeline = Timeline(thread.tree)
    assert drawn(timeline) == ["01", "02", "03", "04", "06", "07", "08", "09"], "inputs are one with what they came to"
    assert timeline.branches == 1
    assert timeline.at(line[0]) == timeline.at(line[1]) == 0
    assert timeline.at(None) == 7
    assert timeline.at("unknown") is None
    assert timeline.neighbour(line[2], 1) is None


def test_the_newest_branch_goes_straight_down_and_others_stand_beside_it() -> None:
    thread = Thread()
    line = thread.turn(None, "hello")
    first = again(thread, line[2], "tools", "model")
    again(thread, line[2], "tools")
    assert drawn(Timeline(thread.tree)) == ["01", "02", "├03", "│04", "├06f", "│07", "09f"]
    again(thread, first[1], "model")
    assert drawn(Timeline(thread.tree)) == ["01", "02", "├03", "│04", "├09f", "06f", "├07", "11f"], "the newest moved"


def test_a_branch_of_a_branch_stands_beside_it() -> None:
    thread = Thread()
    line = thread.turn(None, "hello")
    beside = again(thread, line[1], "model", "tools", "model")
    again(thread, beside[1], "tools")
    again(thread, line[1], "model")
    assert drawn(Timeline(thread.tree)) == ["01", "├02", "│03", "│04", "├06f", "│├07", "││08", "│10f", "12f"]


def test_a_fork_that_asks_has_a_line_of_its_own() -> None:
    thread = Thread()
    first = thread.add(None, "input", [task("__start__", {})])
    asking = thread.add(first, "loop", [task("ask", {}, interrupts=[{"id": "i", "value": 1}])])
    thread.add(asking, "loop", [], run="answer")
    fork = thread.add(asking, "fork", [task("ask", interrupts=[{"id": "i", "value": 1}])], run="again")
    assert drawn(Timeline(thread.tree)) == ["01", "├02", "03f"]
    thread.add(fork, "loop", [], run="yes")
    thread.add(fork, "loop", [], run="no")
    assert drawn(Timeline(thread.tree)) == ["01", "├02", "03f", "├04", "05"]


def test_walking_from_branch_to_branch_keeps_how_far_along_one_is() -> None:
    thread = Thread()
    line = thread.turn(None, "hello")
    first = again(thread, line[2], "tools", "model")
    second = again(thread, line[2], "tools")
    timeline = Timeline(thread.tree)
    assert timeline.neighbour(line[4], 1) == first[2]
    assert timeline.neighbour(first[1], 1) == second[1]
    assert timeline.neighbour(first[2], 1) == second[1], "that branch is shorter"
    assert timeline.neighbour(second[1], 1) == line[3], "and round"
    assert timeline.neighbour(line[3], -1) == second[1]
    assert timeline.neighbour(line[1], 1) == line[3], "before they part: a branch beside"
    assert timeline.neighbour(line[0], 1) == line[3]


def test_a_page_begins_anywhere() -> None:
    thread = Thread()
    line = thread.turn(None, "hello")
    again(thread, line[1], "model")
    thread.states = thread.states[:5]
    assert drawn(Timeline(thread.tree)) == ["02", "03", "04", "06f"]
    assert len(Timeline(Thread().tree)) == 0


def read(thread: Thread, **more: Any) -> list[str]:
    """The rows as text, a cell after the other."""
    rows = TimelineRows(Timeline(thread.tree), {"a": "support"}, **more).rows(None)
    return [" | ".join(cell.plain for cell in row.cells if cell.plain) for row in rows]


def test_each_line_says_what_ran_under_which_version_and_what_it_took() -> None:
    thread = Thread()
    line = thread.turn(None, "my parcel")
    again(thread, line[1], "model")
    assert read(thread) == [
        "○ 0 input “my parcel”",
        "├─● 1 model | v1 | 640→40 | 1.0 s",
        "│ ● 2 tools ×2 | v1 | 1.0 s",
        "│ ● 3 model | v1 | 640→40 | 1.0 s",
        "● 2 model fork | v1 | 1.0 s",
    ]


def test_several_assistants_are_told_by_name_and_no_version_is_cut() -> None:
    thread = Thread()
    line = thread.turn(None, "hello")
    thread.states[0] = replace(
        thread.states[0], metadata={"source": "loop", "assistant_id": "other", "assistant_version": 12, "step": 3}
    )
    names = {"a": "an assistant with a long name"}
    rows = TimelineRows(Timeline(thread.tree), names)
    assert [rows.version(one) for one in thread.tree.lineage(line[-1])[-2:]] == ["an assis…@v1", "other@v12"]


def test_what_waits_failed_or_was_stopped_is_told_by_a_sign_and_a_word() -> None:
    thread = Thread()
    first = thread.add(None, "input", [task("__start__", {})])
    thread.add(first, "loop", [task("ask", interrupts=[{"id": "i", "value": 1}])])
    assert read(thread) == ["‖ 0 input “{}”  ‖ ask asks"]
    thread.states[0] = replace(thread.states[0], tasks=(task("ask", error="RuntimeError('no')"),))
    assert read(thread) == ["✘ 0 input “{}”  ✘ ask failed"]
    thread.states[0] = replace(thread.states[0], tasks=(task("ask"),))
    assert read(thread) == ["■ 0 input “{}”  ■ before ask"]
    assert read(thread, active=True) == ["▍ 0 input “{}”  ▍ ask"]


def test_a_name_from_elsewhere_breaks_no_line() -> None:
    thread = Thread()
    first = thread.add(None, "input", [task("__start__", {"messages": [{"type": "human", "content": HOSTILE * 400}]})])
    thread.add(first, "loop", [task(HOSTILE)])
    thread.add("0001", "loop", [task(HOSTILE, error=HOSTILE)])
    for line in read(thread):
        assert not set(line) & set("\x1b\x07\u202e\ud800\n")
        assert len(line) < 300
    assert "[/bold] [red]x[/]" in read(thread)[1]


def test_the_steps_of_a_subgraph_stand_under_the_step_that_they_led_to() -> None:
    thread, within = Thread(), Thread()
    first = thread.add(None, "input", [task("__start__", {})])
    before = thread.add(first, "loop", [task("author", {}, checkpoint={"checkpoint_ns": "author:1"})])
    after = thread.add(before, "loop", [task("check")])
    thread.add(after, "loop")
    within.turn(None, "hello")
    tree = thread.tree
    assert tree.get(after).made.subgraphs == (("author", "author:1"),)  # type: ignore[union-attr]
    assert read(thread)[1] == "● 1 author ▸ | v1 | 1.0 s"
    timeline = Timeline(tree, {after: within.tree.lineage(within.tree.newest)})
    labels = [row.cells[0].plain for row in TimelineRows(timeline).rows(None)]
    assert labels == ["○ 0 input “{}”", "● 1 author ▾", "    └ model", "    └ tools ×2", "    └ model", "● 2 check"]
    assert timeline.at(None) == 5
    assert {timeline.at(line.key) for line in timeline.lines[1:5]} == {1}, "they are a part of that step"


def test_another_version_than_before_has_another_colour() -> None:
    thread = Thread()
    line = thread.turn(None, "hello")
    thread.turn(line[-1], "more", run="second", version=2)
    fork = thread.add(line[1], "fork", [task("model")], run="third", version=3)
    thread.add(fork, "loop", [], run="third", version=3)
    rows = TimelineRows(Timeline(thread.tree)).rows(None)
    styles = [(row.cells[1].plain, str(row.cells[1].spans[0].style)) for row in rows if row.cells[1].plain]
    assert [version for version, style in styles if style == "$text-accent"] == ["v2", "v3"]
