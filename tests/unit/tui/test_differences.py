"""Sides held against each other, without a screen."""

from playground.client.blocks import Block, NodeBlock, TextBlock, ToolBlock, Turn
from playground.client.transcript import Transcript
from playground.client.values import Runnable
from playground.compare.path_diff import Step
from playground.tui.compare.differences import UNKNOWN, SideView, compare, side_view, steps_of, turn_views
from playground.tui.compare.side import Side

LOOKUP, REFUND = Step("call", "lookup", {"order": 1}), Step("call", "refund", {"order": 1})
AGENT, TOOLS = Step("node", "agent"), Step("node", "tools")


def call(name: str, node: str | None, *namespace: str) -> ToolBlock:
    return ToolBlock(name, node=node, namespace=namespace, name=name, pieces=['{"order": 1}'], state="done")


def ended(node: str, *namespace: str) -> NodeBlock:
    return NodeBlock(f"{node} ended", node=node, namespace=namespace)


def steps(*blocks: Block) -> tuple[Step, ...]:
    return steps_of(Turn(0, path=["agent", "tools", "agent"]), blocks)


def test_calls_follow_the_node_that_made_them() -> None:
    found = steps(call("lookup", "agent"), ended("agent"), ended("tools"), call("refund", "agent"), ended("agent"))
    assert found == (AGENT, LOOKUP, TOOLS, AGENT, REFUND)


def test_of_a_saved_thread_the_node_that_ends_next_made_them() -> None:
    found = steps(call("lookup", None), ended("agent"), ended("tools"), call("refund", None), ended("agent"))
    assert found == (AGENT, LOOKUP, TOOLS, AGENT, REFUND)


def test_in_a_subgraph_it_is_the_graphs_own_node() -> None:
    found = steps(call("lookup", "model", "agent:1234"), ended("model", "agent:1234"), ended("agent"), ended("tools"))
    assert found == (AGENT, LOOKUP, TOOLS, AGENT)


def test_a_call_of_no_known_node_is_not_lost() -> None:
    assert steps(call("lookup", "elsewhere"), call("refund", None)) == (AGENT, TOOLS, AGENT, LOOKUP, REFUND)


def test_answers_to_interrupts_go_on_with_the_turn() -> None:
    transcript = Transcript()
    for asked in ("first", None, "second"):
        transcript.begin({"messages": [{"type": "human", "content": asked}]} if asked else None)
        transcript.blocks.append(TextBlock("x", turn=len(transcript.turns) - 1, pieces=[f"after {asked}"]))
    views = turn_views(transcript)
    assert [(view.asked, view.answer) for view in views] == [
        ("first", "after first\n\nafter None"),
        ("second", "after second"),
    ]


def side(context: dict[str, object], schema: dict[str, object] | None = None) -> SideView:
    return side_view(Side(Runnable("a", "1", "graph", "a", 1, context, "")), "A", schema)


def test_secrets_are_told_apart_unseen() -> None:
    schema: dict[str, object] = {"properties": {"pin": {"writeOnly": True}}}
    views = [side({"pin": pin, "model": "m"}, schema) for pin in ("1234", "4321", "1234")]
    assert not any("1234" in repr(view) for view in views)
    assert [change.kind for change in compare(views[0], views[1]).configuration] == ["changed", "equal"]
    assert [change.kind for change in compare(views[0], views[2]).configuration] == ["equal", "equal"]


def test_without_a_schema_nothing_is_shown() -> None:
    view = side({"say": "hello", "deep": {"er": [1, 2]}}, UNKNOWN)
    assert not view.schema_known
    assert "hello" not in repr(view)
    assert "[1, 2]" not in repr(view)


def test_another_graph_and_another_config() -> None:
    left = SideView("A", {}, {}, (), "one")
    right = SideView("B", {}, {"recursion_limit": 5}, (), "two")
    assert [change.path for change in compare(left, right).configuration] == ["(graph)", "(config).recursion_limit"]
