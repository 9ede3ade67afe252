"""Run events, and saved states, as a transcript."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.client.blocks import (
    Block,
    CustomBlock,
    ErrorBlock,
    InterruptBlock,
    NodeBlock,
    TextBlock,
    ToolBlock,
    ValueBlock,
)
from playground.client.events import (
    Accepted,
    Custom,
    Ended,
    Failed,
    Interrupted,
    MessageChunk,
    NodeUpdate,
    RunEvent,
    Started,
    ToolCall,
    Values,
)
from playground.client.transcript import Transcript
from playground.client.values import Interrupt, State


class Clock:
    """A clock that is set by the test."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def human(text: str, id: str | None = "h1") -> dict[str, Any]:
    return {"type": "human", "content": text, "id": id}


def ai(text: str, id: str = "a1", **more: Any) -> dict[str, Any]:
    return {"type": "ai", "content": text, "id": id, **more}


def play(events: Iterable[RunEvent], input: Any = None, transcript: Transcript | None = None) -> Transcript:
    transcript = transcript or Transcript(Clock())
    transcript.begin(input)
    for event in events:
        transcript.apply(event)
    return transcript


def shown(transcript: Transcript) -> list[tuple[Any, ...]]:
    """What a reader sees of the blocks, times and steps left out."""
    return [line for block in transcript.blocks if (line := _line(block))]


def _line(block: Block) -> tuple[Any, ...] | None:
    match block:
        case TextBlock():
            return None if block.aside else (block.role, block.text)
        case ToolBlock():
            return ("tool", block.name, block.arguments, block.result, block.state)
        case NodeBlock():
            return ("node", block.node)
        case CustomBlock():
            return ("custom", block.data)
        case ValueBlock():
            return (block.title, block.value)
        case InterruptBlock():
            return ("interrupt", block.interrupt and block.interrupt.value, block.done)
        case ErrorBlock():
            return ("error", block.error, block.message)
    return None


CHAT = [
    Accepted("r1", "t1"),
    Started(1),
    MessageChunk("a1", "ai", "Hel", node="write"),
    MessageChunk("a1", "ai", "lo", node="write", usage={"input_tokens": 7, "output_tokens": 2}, last=True),
    NodeUpdate("write", {"messages": [ai("Hello")]}),
    Values({"messages": [human("hi"), ai("Hello")]}),
    Ended("success"),
]


def test_a_chat() -> None:
    transcript = play(CHAT, {"messages": [human("hi")]})
    assert shown(transcript) == [("human", "hi"), ("ai", "Hello"), ("node", "write")]
    assert transcript.turns[0].status == "done"
    assert transcript.turns[0].run_id == "r1"
    assert transcript.answer == "Hello"


def test_waiting_is_apart_from_running() -> None:
    clock = Clock()
    transcript = Transcript(clock)
    transcript.begin({"messages": [human("hi")]})
    for later, event in [
        (0.1, Accepted("r1", "t1")),
        (1.0, Started(1)),
        (0.5, MessageChunk("a1", "ai", "one", node="n")),
        (1.5, MessageChunk("a1", "ai", " two", node="n", usage={"input_tokens": 10, "output_tokens": 30})),
        (0.5, Ended("success")),
    ]:
        clock.now += later
        transcript.apply(event)
    clock.now += 60
    metrics = transcript.turns[0].metrics(clock.now)
    assert metrics.queued == pytest.approx(1.1)
    assert metrics.first_token == pytest.approx(0.5)
    assert metrics.running == pytest.approx(2.5)
    assert (metrics.input_tokens, metrics.output_tokens, metrics.path) == (10, 30, ("n",))
    assert metrics.tokens_per_second == pytest.approx(15)


def test_a_run_in_the_queue_has_waited_until_now() -> None:
    clock = Clock()
    transcript = Transcript(clock)
    transcript.begin({})
    clock.now += 4
    metrics = transcript.turns[0].metrics(clock.now)
    assert (metrics.queued, metrics.running) == (4, None)


def test_the_same_words_said_twice_are_shown_twice() -> None:
    transcript = Transcript(Clock())
    transcript.begin({"messages": [human("yes", None)]})
    transcript.apply(Values({"messages": [human("yes", "s1")]}))
    transcript.apply(Ended("success"))
    transcript.begin({"messages": [human("yes", None)]})
    transcript.apply(Values({"messages": [human("yes", "s1"), human("yes", "s2")]}))
    assert shown(transcript) == [("human", "yes"), ("human", "yes")]


def test_a_tool_call_in_pieces_and_its_answer() -> None:
    clock = Clock()
    transcript = Transcript(clock)
    transcript.begin({"messages": [human("refund me")]})
    for event in [
        MessageChunk("a1", "ai", tool_calls=(ToolCall(0, "c1", "refund", ""),), node="model"),
        MessageChunk("a1", "ai", tool_calls=(ToolCall(0, None, None, '{"order": '),), node="model"),
        MessageChunk("a1", "ai", tool_calls=(ToolCall(0, None, None, '"4411"}'),), node="model", last=True),
    ]:
        transcript.apply(event)
    (call,) = [block for block in transcript.blocks if isinstance(block, ToolBlock)]
    assert (call.name, call.arguments, call.state, call.result) == ("refund", {"order": "4411"}, "running", None)
    clock.now += 0.3
    transcript.apply(MessageChunk("t1", "tool", "done!", tool_call_id="c1", node="tools", last=True))
    assert (call.state, call.result) == ("done", "done!")
    assert call.seconds == pytest.approx(0.3)


def test_arguments_that_are_not_whole_yet_are_text() -> None:
    transcript = play([MessageChunk("a1", "ai", tool_calls=(ToolCall(0, "c1", "refund", '{"ord'),))])
    (call,) = transcript.blocks
    assert isinstance(call, ToolBlock)
    assert call.arguments == '{"ord'


def test_a_failing_tool_and_a_call_that_got_no_answer() -> None:
    transcript = play(
        [
            MessageChunk(
                "a1", "ai", tool_calls=(ToolCall(0, "c1", "look", "{}"), ToolCall(1, "c2", "buy", "{}")), last=True
            ),
            MessageChunk("t1", "tool", "no such order", tool_call_id="c1", status="error", last=True),
            Failed("RuntimeError", "boom", "Traceback …"),
            Ended("error"),
        ]
    )
    assert shown(transcript) == [
        ("tool", "look", {}, "no such order", "failed"),
        ("tool", "buy", {}, None, "unanswered"),
        ("error", "RuntimeError", "boom"),
    ]
    assert transcript.turns[0].status == "failed"


def test_reasoning_comes_apart() -> None:
    transcript = play([MessageChunk("a1", "ai", reasoning="hm"), MessageChunk("a1", "ai", "yes")])
    assert shown(transcript) == [("reasoning", "hm"), ("ai", "yes")]


def test_a_whole_message_replaces_what_was_streamed_of_it() -> None:
    transcript = play([MessageChunk("a1", "ai", "helo"), NodeUpdate("n", {"messages": [ai("hello")]})])
    (block, _) = transcript.blocks
    assert isinstance(block, TextBlock)
    assert (block.text, block.rewritten, block.done) == ("hello", 1, True)


def test_words_that_are_not_in_the_thread_are_asides() -> None:
    transcript = play(
        [
            MessageChunk("p1", "ai", "First I plan", node="plan", last=True),
            MessageChunk("a1", "ai", "Hello", node="write", last=True),
            Values({"messages": [human("hi"), ai("Hello")]}),
            Ended("success"),
        ],
        {"messages": [human("hi")]},
    )
    assert shown(transcript) == [("human", "hi"), ("ai", "Hello")]


def test_a_graph_without_messages_shows_input_and_output() -> None:
    transcript = play(
        [
            Started(1),
            NodeUpdate("classify", {"label": "spam"}),
            Values({"text": "win!", "labels": ["spam"], "label": "spam", "confidence": 0.9}),
            Ended("success"),
        ],
        {"text": "win!", "labels": ["spam"]},
    )
    assert shown(transcript) == [
        ("input", {"text": "win!", "labels": ["spam"]}),
        ("node", "classify"),
        ("output", {"label": "spam", "confidence": 0.9}),
    ]
    assert '"spam"' in transcript.answer


def test_fields_beside_the_messages_are_shown() -> None:
    transcript = play([], {"messages": [human("hi")], "topic": "tea"})
    assert shown(transcript) == [("human", "hi"), ("input", {"topic": "tea"})]


def test_an_interrupt_and_its_answer() -> None:
    interrupt = Interrupt("i1", {"question": "refund?"})
    transcript = play([Started(1), Interrupted((interrupt,)), Ended("success")], {"messages": [human("hi")]})
    assert transcript.turns[0].status == "interrupted"
    assert [block.interrupt for block in transcript.waiting] == [interrupt]
    (block,) = transcript.resume({"i1": "yes"})
    assert isinstance(block, InterruptBlock)
    assert (block.answer, block.done, transcript.waiting) == ("yes", True, [])
    transcript.apply(Ended("success"))
    assert [turn.status for turn in transcript.turns] == ["interrupted", "done"]


def test_another_input_leaves_a_question_unanswered() -> None:
    interrupt = Interrupt("i1", {"question": "refund?"})
    transcript = play([Started(1), Interrupted((interrupt,)), Ended("success")], {"messages": [human("hi")]})
    changed = transcript.begin({"messages": [human("never mind")]})
    (block,) = [block for block in changed if isinstance(block, InterruptBlock)]
    assert (block.done, block.left, transcript.waiting) == (True, True, [])


def test_one_of_two_questions_is_answered_the_other_waits() -> None:
    asked = (Interrupt("i1", "refund?"), Interrupt("i2", "why?"))
    transcript = play([Started(1), Interrupted(asked), Ended("success")], {"messages": [human("hi")]})
    transcript.resume({"i2": "broken"})
    assert [block.interrupt for block in transcript.waiting] == [asked[0]]
    transcript.apply(Interrupted((asked[0],)))
    assert [block.interrupt for block in transcript.waiting] == [asked[0]], "it isn't told twice"


def test_a_breakpoint_waits_without_a_question() -> None:
    transcript = play([Started(1), Interrupted(()), Ended("success")])
    assert [block.interrupt for block in transcript.waiting] == [None]


def test_a_stopped_run_keeps_what_was_said() -> None:
    transcript = play([MessageChunk("a1", "ai", "Once upon"), Ended("interrupted")])
    assert shown(transcript) == [("ai", "Once upon")]
    assert transcript.turns[0].status == "stopped"
    assert transcript.blocks[0].done


@pytest.mark.parametrize(
    ("status", "said"),
    [("error", "The server gave no reason."), ("timeout", "The run took too long and was ended.")],
)
def test_a_failure_without_a_reason_says_so(status: str, said: str) -> None:
    assert shown(play([Ended(status)])) == [("error", "", said)]


def test_a_run_that_was_lost() -> None:
    transcript = play([MessageChunk("a1", "ai", "Once")])
    transcript.lost("The server went away.", "its last lines")
    assert shown(transcript) == [("ai", "Once"), ("error", "", "The server went away.")]
    assert transcript.turns[0].status == "failed"


def test_the_path_counts_a_node_once_however_it_is_seen() -> None:
    transcript = play(
        [
            NodeUpdate("plan", {}),
            MessageChunk("q1", "ai", "a", node="ask", namespace=("question:1",)),
            MessageChunk("q1", "ai", "b", node="ask", namespace=("question:1",)),
            NodeUpdate("ask", {}, ("question:1",)),
            NodeUpdate("question", {}),
            NodeUpdate("question", {}),
            MessageChunk("s1", "ai", "c", node="sum"),
            NodeUpdate("sum", {}),
        ]
    )
    assert transcript.turns[0].path == ["plan", "question", "question", "sum"]


def test_events_say_which_blocks_they_changed() -> None:
    transcript = Transcript(Clock())
    transcript.begin({"messages": [human("hi")]})
    (first,) = transcript.apply(MessageChunk("a1", "ai", "Hel"))
    assert transcript.apply(MessageChunk("a1", "ai", "lo")) == [first]
    assert transcript.apply(Started(1)) == []
    (custom,) = transcript.apply(Custom({"done": 1}))
    assert isinstance(custom, CustomBlock)


@given(st.lists(st.text(max_size=8), max_size=12))
def test_however_a_text_is_cut_it_is_the_same(pieces: list[str]) -> None:
    transcript = play([MessageChunk("a1", "ai", piece) for piece in pieces])
    assert transcript.answer == "".join(pieces)


# --- reopened ---

START = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


def state(
    number: int,
    values: Any,
    tasks: list[dict[str, Any]] | None = None,
    *,
    source: str = "loop",
    run: str = "r1",
    version: int = 7,
    parent: int | None = None,
) -> State:
    tasks = tasks or []
    return State(
        checkpoint_id=f"c{number}",
        parent_checkpoint_id=f"c{number - 1 if parent is None else parent}",
        values=values,
        next=tuple(task["name"] for task in tasks),
        tasks=tuple(tasks),
        metadata={"source": source, "step": number - 1, "run_id": run, "assistant_version": version},
        created_at=START + timedelta(seconds=number),
        interrupts=(),
    )


def task(name: str, result: Any = None, **more: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "result": result, "interrupts": [], "error": None, **more}


def test_a_reopened_chat_is_the_live_one() -> None:
    live = play(CHAT, {"messages": [human("hi")]})
    reopened = Transcript.from_history(
        [
            state(2, {"messages": [human("hi"), ai("Hello")]}),
            state(1, {"messages": [human("hi")]}, [task("write", {"messages": [ai("Hello")]})]),
            state(0, {}, [task("__start__", {"messages": [human("hi")]})], source="input"),
        ]
    )
    assert shown(reopened) == shown(live)
    assert reopened.turns[0].path == live.turns[0].path
    (node,) = [block for block in reopened.blocks if isinstance(block, NodeBlock)]
    assert (node.version, node.seconds, node.step) == (7, 1, 1)


def test_a_reopened_graph_without_messages_is_the_live_one() -> None:
    given_ = {"text": "win!"}
    found = {**given_, "label": "spam"}
    live = play([NodeUpdate("classify", {"label": "spam"}), Values(found), Ended("success")], given_)
    reopened = Transcript.from_history(
        [
            state(2, found),
            state(1, given_, [task("classify", {"label": "spam"})]),
            state(0, {}, [task("__start__", given_)], source="input"),
        ]
    )
    assert shown(reopened) == shown(live)


def test_turns_of_two_versions() -> None:
    first = [human("one"), ai("1")]
    reopened = Transcript.from_history(
        [
            state(5, {"messages": [*first, human("two", "h2"), ai("2", "a2")]}, run="r2", version=8),
            state(4, {"messages": [*first, human("two", "h2")]}, [task("n")], run="r2", version=8),
            state(
                3,
                {"messages": first},
                [task("__start__", {"messages": [human("two", "h2")]})],
                source="input",
                run="r2",
                version=8,
            ),
            state(2, {"messages": first}),
            state(1, {"messages": [human("one")]}, [task("n")]),
            state(0, {}, [task("__start__", {"messages": [human("one")]})], source="input"),
        ]
    )
    assert [turn.version for turn in reopened.turns] == [7, 8]
    assert [block.turn for block in reopened.blocks] == [0, 0, 0, 1, 1, 1]


def test_a_waiting_interrupt_is_there_again() -> None:
    asked = [{"id": "i1", "value": "refund?"}]
    reopened = Transcript.from_history([state(1, {"messages": [human("hi")]}, [task("tools", interrupts=asked)])])
    assert reopened.turns[-1].status == "interrupted"
    assert [block.interrupt for block in reopened.waiting] == [Interrupt("i1", "refund?")]


def test_an_answered_interrupt_is_over() -> None:
    asked = [{"id": "i1", "value": "refund?"}]
    reopened = Transcript.from_history(
        [
            state(2, {"messages": [human("hi"), ai("done")]}, run="r2"),
            state(1, {"messages": [human("hi")]}, [task("tools", interrupts=asked)]),
        ]
    )
    assert shown(reopened) == [("human", "hi"), ("interrupt", "refund?", True), ("ai", "done"), ("node", "tools")]


def test_a_failed_run_says_why() -> None:
    states = [state(1, {"messages": [human("hi")]}, [task("n", error="RuntimeError('boom')")])]
    failed = Transcript.from_history(states, {"error": "RuntimeError", "message": "boom", "traceback": "Traceback …"})
    assert shown(failed)[-1] == ("error", "RuntimeError", "boom")
    assert shown(Transcript.from_history(states))[-1] == ("error", "", "RuntimeError('boom')")
    assert failed.turns[-1].status == "failed"


def test_other_branches_are_left_out() -> None:
    reopened = Transcript.from_history(
        [
            state(3, {"messages": [human("hi"), ai("new", "a2")]}, parent=1),
            state(2, {"messages": [human("hi"), ai("old", "a1")]}),
            state(1, {"messages": [human("hi")]}, [task("n")]),
        ]
    )
    assert ("ai", "old") not in shown(reopened)
    assert ("ai", "new") in shown(reopened)


def test_a_thread_goes_on_after_it_was_reopened() -> None:
    transcript = Transcript.from_history([state(2, {"messages": [human("hi"), ai("Hello")]})])
    play(
        [
            MessageChunk("a2", "ai", "Again!", last=True),
            Values({"messages": [human("hi"), ai("Hello"), human("more", "h2"), ai("Again!", "a2")]}),
            Ended("success"),
        ],
        {"messages": [human("more", "h2")]},
        transcript,
    )
    assert shown(transcript) == [("human", "hi"), ("ai", "Hello"), ("human", "more"), ("ai", "Again!")]


def test_joining_a_run_continues_its_turn() -> None:
    transcript = Transcript.from_history([state(1, {"messages": [human("hi")]}, [task("n")])])
    transcript.join("r1")
    assert len(transcript.turns) == 1
    transcript.apply(Started(1))
    transcript.apply(MessageChunk("a1", "ai", "lo"))
    transcript.apply(NodeUpdate("n", {"messages": [ai("Hello")]}))
    transcript.apply(Ended("success"))
    assert shown(transcript) == [("human", "hi"), ("ai", "Hello"), ("node", "n")]


def checkpoint(number: int, source: str, texts: list[str], given: str = "") -> State:
    """One of a line of checkpoints: its messages, each with itself as id, and the input that comes next."""
    tasks: tuple[dict[str, Any], ...] = ()
    if given:
        tasks = ({"name": "__start__", "result": {"messages": [{"type": "human", "content": given}]}},)
    values = {"messages": [{"type": "human", "content": text, "id": f"id of {text}"} for text in texts]}
    metadata = {"source": source, "run_id": None if source == "update" else f"run {number}"}
    return State(str(number), str(number - 1) if number else None, values, (), tasks, metadata, None, ())


def test_what_an_update_took_out_of_the_state_is_shown_no_more() -> None:
    states = [
        checkpoint(0, "input", [], "one"),
        checkpoint(1, "loop", ["one", "two"]),
        checkpoint(2, "update", ["two"]),
        checkpoint(3, "update", ["two", "three"]),
    ]
    transcript = Transcript.from_history(states[::-1])
    assert [block.text for block in transcript.blocks if isinstance(block, TextBlock)] == ["two", "three"]
    assert transcript.turns[-1].run_id == "run 1"


def test_an_input_that_another_one_took_the_place_of_is_not_shown() -> None:
    states = [checkpoint(0, "input", [], "old"), checkpoint(1, "input", [], "new"), checkpoint(2, "loop", ["new"])]
    transcript = Transcript.from_history(states[::-1])
    assert [block.text for block in transcript.blocks if isinstance(block, TextBlock)] == ["new"]
