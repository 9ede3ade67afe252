"""A graph as text: what each shape looks like, and that nothing of any graph gets lost."""

import re
import time
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from playground.tui.drawing.mermaid import mermaid
from playground.tui.drawing.model import read
from playground.tui.drawing.outline import Line, as_text, compact, frames, full


def drawn(*edges: str, nodes: str = "") -> dict[str, Any]:
    """`a>b` and `a?b`, with `a?b:label`; `nodes` that no edge names."""
    rows = []
    for edge in edges:
        ends, _, label = edge.partition(":")
        source, arrow, target = re.split("([>?])", ends)
        row: dict[str, Any] = {"source": spelled(source), "target": spelled(target)}
        rows.append({**row, **({"conditional": True} if arrow == "?" else {}), **({"data": label} if label else {})})
    names = dict.fromkeys([*(end for row in rows for end in (row["source"], row["target"])), *nodes.split()])
    return {"nodes": [{"id": name} for name in names], "edges": rows}


def spelled(name: str) -> str:
    """`start` and `end` as LangGraph calls them, `sub/plan` as it joins them."""
    parts = name.replace("/", ":").split(":")
    parts[-1] = {"start": "__start__", "end": "__end__"}.get(parts[-1], parts[-1])
    return ":".join(parts)


def lines(drawing: dict[str, Any], **options: Any) -> list[str]:
    return as_text(full(drawing, **options)).splitlines()


def test_a_chain() -> None:
    chain = drawn("start>plan", "plan>write", "write>end")
    assert lines(chain) == ["○ start", "↓", "● plan", "↓", "● write", "↓", "○ end"]
    assert as_text(compact(chain, 40)) == "start → plan → write → end\n"
    assert as_text(compact(chain, 20)) == "start → plan → write\n→ end\n"


def test_branches_meet_where_they_join() -> None:
    drawing = drawn("start>ask", "ask?refund:angry", "ask?answer", "refund>close", "answer>close", "close>end")
    expected = ["○ start", "↓", "● ask", "├⇢ refund (angry)  → close", "├⇢ answer  → close", "◆ close", "↓", "○ end"]
    assert lines(drawing) == expected
    assert as_text(compact(drawing, 30)).splitlines() == [
        "○ start", "↓ ask", "├⇢ refund (angry)  → close", "├⇢ answer  → close", "◆ close", "↓ end"
    ]  # fmt: skip


def test_a_loop_says_where_it_leads_back_to() -> None:
    drawing = drawn("start>agent", "agent?tools:yes", "agent?end:no", "tools>agent")
    assert lines(drawing) == ["○ start", "↓", "● agent", "├⇢ tools (yes)  ↺ agent", "└⇢ end (no)"]


def test_a_conditional_loop_is_told_from_one_that_is_always_taken() -> None:
    drawing = drawn("start>a", "a>b", "b?a", "b?end")
    assert lines(drawing)[-3:] == ["● b  ⇢ ↺ a", "⇣", "○ end"]


def test_side_by_side_and_chosen_are_told_apart_without_colour() -> None:
    drawing = drawn("start>split", "split>left", "split>right", "split?maybe", "left>end", "right>end", "maybe>end")
    assert lines(drawing)[3:6] == ["├→ left  → end", "├→ right  → end", "├⇢ maybe  → end"]


def test_a_node_that_is_skipped() -> None:
    assert lines(drawn("start>a", "a?b", "a?c", "b>c"))[2:] == ["● a  ⇢ c", "⇣", "● b  → c", "◆ c"]


def test_what_follows_a_branch_stands_in_it() -> None:
    drawing = drawn("start?a", "start?b", "a>a2", "a2>end", "b>end")
    assert lines(drawing) == ["○ start", "├⇢ a", "│  ↓", "│  ● a2  → end", "├⇢ b  → end", "◆ end"]


def test_unreachable_nodes_are_listed_with_their_edges() -> None:
    drawing = drawn("start>a", "a>end", "lost>a", "lost>found", nodes="alone")
    assert lines(drawing)[5:] == ["not reached from the start:", "● lost  → a", "↓", "● found", "● alone"]


NESTED = drawn(
    "start>ask",
    "ask>sub/plan",
    "sub/plan>sub/deep/start",
    "sub/deep/start>sub/deep/agent",
    "sub/deep/agent?sub/deep/end",
    "sub/deep/end>sub/check",
    "sub/check>answer",
    "answer>end",
)


def test_subgraphs_open_in_place() -> None:
    assert frames(NESTED) == {"sub", "sub:deep"}
    assert lines(NESTED) == ["○ start", "↓", "● ask", "↓", "▸ sub", "↓", "● answer", "↓", "○ end"]
    assert lines(NESTED, opened={"sub"})[4:9] == ["▾ sub", "┃ ● plan", "┃ ↓", "┃ ▸ deep", "┃ ↓"]
    both = lines(NESTED, opened=frames(NESTED))
    assert both[7:12] == ["┃ ▾ deep", "┃ ┃ ○ start", "┃ ┃ ↓", "┃ ┃ ● agent", "┃ ┃ ⇣"]
    assert as_text(compact(NESTED, 60)) == "start → ask → ▸ sub → answer → end\n"


def test_names_are_data() -> None:
    name = "[/bold] \x1b[31mred\x07 \u202egnp\nsecond [x]"
    drawing = {"nodes": [{"id": name}], "edges": [{"source": "__start__", "target": name, "data": name}]}
    for text in (as_text(full(drawing)), as_text(compact(drawing)), mermaid(drawing)):
        assert not set("\x1b\x07\u202e") & set(text)
    assert "● [/bold] [31mred gnp second [x]" in as_text(full(drawing))
    assert '"' not in mermaid(drawing).replace('["', "").replace('"]', "").replace('(["', "").replace('|"', "").replace(
        '"|', ""
    )


@pytest.mark.parametrize(
    "drawing",
    [
        {},
        {"nodes": None, "edges": 3},
        {"nodes": [1, {"id": None}], "edges": [None, {}]},
        {"nodes": [{"id": "::"}]},
        drawn("a>" + "/x" * 3_000),
    ],
)
def test_what_is_no_drawing_is_no_error(drawing: dict[str, Any]) -> None:
    full(drawing), compact(drawing), mermaid(drawing)


def test_narrow_panes_get_no_longer_lines() -> None:
    long, longer = "a_long_name_of_a_node", "another_even_longer_name_of_a_node"
    drawing = drawn(f"start>{long}", f"{long}?{longer}:when it likes", f"{longer}>{long}")
    assert max(cell_len(line.text) for line in compact(drawing, 20)) <= 20


def test_mermaid() -> None:
    text = mermaid(drawn("start>ask", "ask?sub/plan:yes", "sub/plan>end"))
    assert text.splitlines() == [
        "graph TD",
        '  n0(["start"])',
        '  n1["ask"]',
        '  subgraph gn2_0["sub"]',
        '    n2["plan"]',
        "  end",
        '  n3(["end"])',
        "  n0 --> n1",
        '  n1 -.->|"yes"| n2',
        "  n2 --> n3",
    ]


names = st.sampled_from(
    ["__start__", "__end__", "a", "b", "c", "d", "s:a", "s:b", "s:__start__", "s:t:a", "s:t:b", "u:a", "e:", "[x]", ""]
)
some_edges = st.fixed_dictionaries(
    {"source": names, "target": names}, optional={"conditional": st.booleans(), "data": st.text(max_size=5)}
)
drawings = st.fixed_dictionaries(
    {"nodes": st.lists(st.builds(dict, id=names), max_size=8), "edges": st.lists(some_edges, max_size=25)}
)


@settings(max_examples=100, deadline=None)
@given(drawings, st.integers(12, 120))
def test_every_node_and_every_edge_is_there_exactly_once(drawing: dict[str, Any], width: int) -> None:
    graph = read(drawing)
    shown = full(drawing, frames(drawing), width)
    assert Counter(line.node for line in shown if line.node is not None) == Counter([*graph.nodes, *graph.frames])
    assert all(count == 1 for count in Counter(edge for line in shown for edge in line.edges).values())
    drawn_edges = {(edge.source, edge.target, edge.conditional) for line in shown for edge in line.edges}
    for edge in graph.edges:
        ends = common(edge.source, edge.target, graph.frames)
        assert (*ends, edge.conditional) in drawn_edges, edge
    compact(drawing, width), mermaid(drawing)


def common(source: str, target: str, known: frozenset[str]) -> tuple[str, str]:
    """An edge into or out of a subgraph is drawn between the two that stand side by side."""
    ways = [[f for f in sorted(known, key=len) if end.startswith(f"{f}:")] + [end] for end in (source, target)]
    depth = next((i for i, (one, other) in enumerate(zip(*ways, strict=False)) if one != other), 0)
    return (source, target) if source == target else (ways[0][depth], ways[1][depth])


def test_two_thousand_nodes_in_the_blink_of_an_eye() -> None:
    edges = [f"n{i}?n{i + step}" for i in range(2_000) for step in (1, 2, 7)]
    drawing = drawn("start>n0", *edges, *(f"n{i}?n{i // 2}" for i in range(0, 2_000, 3)))
    before = time.process_time()
    found: list[Line] = full(drawing)
    assert time.process_time() - before < 2.0
    assert len({line.node for line in found if line.node}) == len(read(drawing).nodes)
