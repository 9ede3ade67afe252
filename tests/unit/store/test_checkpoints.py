"""Graphs on our checkpointer: they resume, fork and read the same after a restart."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, TypedDict

import orjson
import pytest
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langgraph.channels import DeltaChannel
from langgraph.checkpoint.base import empty_checkpoint
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.func import entrypoint
from langgraph.graph import START, StateGraph
from langgraph.graph.message import add_messages
from langgraph.types import Command, interrupt

from playground.store import journal, thread_files
from playground.store.checkpoints import JournalSaver
from playground.store.database import Database
from playground.store.errors import Conflict, Invalid, StoreDamaged, StoreFailed, StoreTooNew


class State(TypedDict):
    messages: Annotated[list[AnyMessage], add_messages]
    turn: int


def answer(state: State) -> dict[str, Any]:
    turn = state.get("turn", 0) + 1
    return {"messages": [AIMessage(f"answer {turn}", id=f"a{turn}")], "turn": turn}


def approve(state: State) -> dict[str, Any]:
    return {"messages": [AIMessage(f"approved: {interrupt({'question': 'ok?'})}", id="approved")]}


def chat(saver: JournalSaver, *, ask: bool = False) -> Any:
    builder = StateGraph(State).add_node(answer).add_edge(START, "answer")
    if ask:
        builder.add_node(approve).add_edge("answer", "approve")
    return builder.compile(checkpointer=saver)


def config(thread_id: str, **more: Any) -> Any:
    return {"configurable": {"thread_id": thread_id, **more}}


def say(graph: Any, thread_id: str, text: str, **more: Any) -> Any:
    return graph.invoke({"messages": [HumanMessage(text, id=text)]}, config(thread_id) | more)


@pytest.fixture
def reopened(directory: Path) -> Iterator[Any]:
    """Opens the store, the one before it closed."""
    opened: list[Database] = []

    def open_again() -> Database:
        for database in opened:
            database.close()
        opened.append(Database.open(directory))
        return opened[-1]

    yield open_again
    opened[-1].close()


def test_a_thread_goes_on_after_a_restart(reopened: Any) -> None:
    for turn in (1, 2, 3):
        database = reopened()
        state = say(chat(database.checkpoints), "t", f"question {turn}")
        assert state["turn"] == turn
        assert len(state["messages"]) == 2 * turn
    history = [*chat(reopened().checkpoints).get_state_history(config("t"))]
    assert len(history) == 9
    assert [snapshot.metadata["step"] for snapshot in history] == list(range(7, -2, -1))
    assert all(a.parent_config == b.config for a, b in pairwise(history))


def test_an_interrupted_thread_is_resumed_after_a_restart(reopened: Any) -> None:
    say(chat(reopened().checkpoints, ask=True), "t", "hi")
    graph = chat(reopened().checkpoints, ask=True)
    assert graph.get_state(config("t")).interrupts[0].value == {"question": "ok?"}
    graph.invoke(Command(resume="yes"), config("t"))
    graph = chat(reopened().checkpoints, ask=True)
    assert graph.get_state(config("t")).values["messages"][-1].content == "approved: yes"
    assert graph.get_state(config("t")).next == ()


def test_branches_of_a_thread_keep_their_own_values(database: Database) -> None:
    graph = chat(database.checkpoints)
    say(graph, "t", "one")
    fork = graph.get_state(config("t"))
    say(graph, "t", "left")
    left = graph.get_state(config("t"))
    say(graph, "t", "right", **fork.config)
    right = graph.get_state(config("t"))
    assert [message.content for message in graph.get_state(left.config).values["messages"]][2:] == ["left", "answer 2"]
    assert [message.content for message in right.values["messages"]][2:] == ["right", "answer 2"]


def test_values_are_the_state_as_the_api_shows_it(database: Database) -> None:
    state = say(chat(database.checkpoints), "t", "hi")
    assert database.threads.values("t") == database.checkpoints.values("t")
    assert database.threads.values("t") == {
        "messages": [message.model_dump() for message in state["messages"]],
        "turn": 1,
    }
    assert database.threads.values("other") is None


def test_values_of_a_functional_entrypoint(database: Database) -> None:
    @entrypoint(checkpointer=database.checkpoints)
    def count(step: int, *, previous: int | None = None) -> entrypoint.final[str, int]:
        total = (previous or 0) + step
        return entrypoint.final(value=f"total {total}", save=total)

    count.invoke(2, config("t"))
    count.invoke(3, config("t"))
    assert database.threads.values("t") == "total 5"


def test_values_need_no_langgraph_and_no_open_file(directory: Path) -> None:
    database = Database.open(directory)
    say(chat(database.checkpoints), "t", "hi")
    database.close()
    code = f"""
import json, sys
from pathlib import Path
from playground.store.database import Database
print(json.dumps(Database.open(Path({str(directory)!r})).threads.values("t")["turn"]))
assert "langgraph" not in sys.modules
"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "1\n"


def test_a_checkpoint_says_what_its_run_was(database: Database) -> None:
    metadata = {"run_id": "r", "assistant_id": "a", "assistant_version": 3, "context_hash": "abc"}
    say(chat(database.checkpoints), "t", "hi", metadata=metadata)
    for found in database.checkpoints.list(config("t")):
        assert metadata.items() <= found.metadata.items()
    assert [*database.checkpoints.list(config("t"), filter={"assistant_version": 4})] == []
    assert len([*database.checkpoints.list(config("t"), filter={"step": 1})]) == 1


# The file


def test_the_file_is_readable_json_and_keeps_each_message_once(directory: Path) -> None:
    database = Database.open(directory)
    graph = chat(database.checkpoints)
    for turn in range(10):
        say(graph, "t", f"question {turn}")
    database.close()
    file = directory / "threads" / "t.json"
    text = file.read_text()
    assert text.count('"content":"question 3"') == 2  # as input, and in the list, in however many checkpoints it is
    assert text.count('"content":"answer 3"') == 1
    tables = json.loads(text)
    assert tables["thread"] == {"1": {"thread_id": "t"}}
    assert {"checkpoints", "blobs", "writes", "items"} < tables.keys()
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert oct(file.parent.stat().st_mode & 0o777) == "0o700"


def test_file_names_stay_inside_and_apart(database: Database, directory: Path) -> None:
    ids = ["../../etc", "A", "a", "x" * 500, "x" * 501, "ü", "", "a.json", "con/aux", "%41", "t.journal"]
    for id in ids:
        database.checkpoints.put(config(id, checkpoint_ns=""), {**empty_checkpoint(), "ts": id[:9]}, {}, {})  # type: ignore[arg-type]
    files = [*directory.glob("**/*.journal")]
    assert {file.parent.name for file in files} == {"threads", "store"}
    assert len({file.name.lower() for file in files}) == len(ids) + 1
    assert {found.config["configurable"]["thread_id"] for found in database.checkpoints.list(None)} == {*ids}
    with pytest.raises(Invalid, match="The thread ID has half of a surrogate pair"):
        database.checkpoints.put(config("\ud83d", checkpoint_ns=""), empty_checkpoint(), {}, {})
    for id in ids:
        database.checkpoints.delete_thread(id)
    assert [*(directory / "threads").iterdir()] == []


def test_only_the_threads_used_last_stay_open(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thread_files, "OPEN_AT_MOST", 2)
    graph = chat(database.checkpoints)
    for turn in (1, 2):
        for thread in range(5):
            assert say(graph, f"t{thread}", "hi")["turn"] == turn
    assert len(database.checkpoints.files.opened) == 2


def test_a_value_that_cannot_be_stored_leaves_the_thread_as_it_was(database: Database) -> None:
    saver = database.checkpoints
    say(chat(saver), "t", "hi")
    before = [*saver.list(config("t"))]
    checkpoint: Any = {**empty_checkpoint(), "channel_values": {"bad": object()}, "channel_versions": {"bad": "1"}}
    with pytest.raises(Invalid, match="bad: A value of type object can't be stored in a checkpoint"):
        saver.put(config("t", checkpoint_ns=""), checkpoint, {}, {"bad": "1"})
    assert [*saver.list(config("t"))] == before


@pytest.mark.parametrize("content", [b"{", b'{"checkpoints": {"1": {"ns": 1}}}'])
def test_a_damaged_thread_is_refused_alone(directory: Path, content: bytes) -> None:
    database = Database.open(directory)
    for id in ("good", "bad"):
        say(chat(database.checkpoints), id, "hi")
    database.close()
    path = directory / "threads" / "bad.json"
    path.write_bytes(content)
    path.with_name("bad.json.journal").unlink()

    database = Database.open(directory)
    assert database.threads.values("good")["turn"] == 1
    for read in (lambda: database.threads.values("bad"), lambda: database.checkpoints.get_tuple(config("bad"))):
        with pytest.raises(StoreDamaged, match=r"bad\.json"):
            read()
    assert len(database.check()) == 1
    assert path.read_bytes() == content
    database.close()


def test_a_newer_thread_file_is_refused(directory: Path) -> None:
    (directory / "threads").mkdir(parents=True)
    (directory / "threads" / "t.json").write_bytes(orjson.dumps({"_meta": {"1": {"schema": 9, "generation": 1}}}))
    database = Database.open(directory)
    for read in (lambda: database.threads.values("t"), lambda: database.checkpoints.get_tuple(config("t"))):
        with pytest.raises(StoreTooNew):
            read()
    database.close()


# Deleting, copying, pruning


def test_deleting_a_thread_removes_its_files(database: Database, directory: Path) -> None:
    id = database.threads.create()["thread_id"]
    say(chat(database.checkpoints), id, "hi")
    database.threads.delete(id)
    assert [*(directory / "threads").iterdir()] == []
    assert database.checkpoints.get_tuple(config(id)) is None


def test_a_deletion_that_was_cut_off_is_finished_when_opened(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database.open(directory)
    id, other = (database.threads.create()["thread_id"] for _ in range(2))
    for thread in (id, other):
        say(chat(database.checkpoints), thread, "hi")

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(thread_files.ThreadFiles, "delete", killed)
        with pytest.raises(KeyboardInterrupt):
            database.threads.delete(id)
    database.close()
    assert (directory / "threads" / f"{id}.json").exists()

    database = Database.open(directory)
    assert [file.name for file in (directory / "threads").glob("*.json")] == [f"{other}.json"]
    assert [row["thread_id"] for row in database.threads.search()[0]] == [other]
    database.close()


def test_a_copied_thread_goes_its_own_way(database: Database) -> None:
    graph = chat(database.checkpoints)
    say(graph, "t", "one")
    database.checkpoints.copy_thread("t", "copy")
    assert say(graph, "copy", "two")["turn"] == 2
    assert graph.get_state(config("t")).values["turn"] == 1
    assert len([*graph.get_state_history(config("copy"))]) == 6
    with pytest.raises(Conflict, match="has checkpoints already"):
        database.checkpoints.copy_thread("t", "copy")


def test_rolling_back_a_run_removes_what_only_it_used(database: Database) -> None:
    graph = chat(database.checkpoints)
    say(graph, "t", "one", metadata={"run_id": "1"})
    say(graph, "t", "two", metadata={"run_id": "2"})
    database.checkpoints.delete_for_runs(["2"], thread_id="t")
    assert graph.get_state(config("t")).values["turn"] == 1
    file = database.checkpoints.files.find("t")
    assert file is not None
    assert sorted(row["value"]["v"]["content"] for row in file.rows("items")) == ["answer 1", "one"]
    assert say(graph, "t", "again")["turn"] == 2


def test_a_pruned_thread_keeps_its_state(database: Database) -> None:
    graph = chat(database.checkpoints)
    for turn in range(5):
        say(graph, "t", f"question {turn}")
    before = graph.get_state(config("t"))
    database.checkpoints.prune(["t", "missing"])
    assert graph.get_state(config("t")).values == before.values
    assert len([*graph.get_state_history(config("t"))]) == 1
    assert say(graph, "t", "more")["turn"] == 6
    with pytest.raises(Invalid, match="'keep_latest' or 'delete'"):
        database.checkpoints.prune(["t"], strategy="all")


def test_a_list_goes_on_after_its_elements_were_removed(database: Database) -> None:
    """What a file knows of the elements it has is forgotten with them."""
    graph = chat(database.checkpoints)
    say(graph, "t", "one", metadata={"run_id": "1"})
    say(graph, "t", "two", metadata={"run_id": "2"})
    database.checkpoints.delete_for_runs(["2"], thread_id="t")
    say(graph, "t", "two", metadata={"run_id": "3"})
    assert [message.content for message in graph.get_state(config("t")).values["messages"]] == [
        "one",
        "answer 1",
        "two",
        "answer 2",
    ]


def test_a_message_changed_in_place_is_stored_as_it_is_now(database: Database) -> None:
    def mark(state: State) -> dict[str, Any]:
        turn = state.get("turn", 0) + 1
        if turn == 2:
            state["messages"][0].additional_kwargs["seen"] = True
        return {"messages": [], "turn": turn}

    graph: Any = StateGraph(State).add_node(mark).add_edge(START, "mark").compile(checkpointer=database.checkpoints)
    say(graph, "t", "one")
    before = graph.get_state(config("t"))
    say(graph, "t", "two")
    assert graph.get_state(config("t")).values["messages"][0].additional_kwargs == {"seen": True}
    assert graph.get_state(before.config).values["messages"][0].additional_kwargs == {}


def test_a_failed_write_is_not_taken_for_a_stored_one(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    saver, message = database.checkpoints, AIMessage("x", id="x")
    saver.put(config("t", checkpoint_ns=""), empty_checkpoint(), {}, {})
    checkpoint: Any = {**empty_checkpoint(), "channel_values": {"m": [message]}, "channel_versions": {"m": "1"}}

    def broken(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(journal, "write_all", lambda descriptor, _: broken(descriptor))
        with pytest.raises(StoreFailed, match="No space left"):
            saver.put(config("t", checkpoint_ns=""), checkpoint, {}, {"m": "1"})
    saver.put(config("t", checkpoint_ns=""), checkpoint, {}, {"m": "1"})
    found = saver.get_tuple(config("t"))
    assert found is not None
    assert found.checkpoint["channel_values"] == {"m": [message]}


def test_a_channel_of_deltas_is_rebuilt_whatever_is_removed_around_it(reopened: Any) -> None:
    def join(state: list[str], writes: Any) -> list[str]:
        return [*(state or []), *(text for write in writes for text in write)]

    class Log(TypedDict):
        log: Annotated[list[str], DeltaChannel(join, snapshot_frequency=4)]

    def graph(saver: Any) -> Any:
        return StateGraph(Log).add_node("n", lambda _: {"log": ["n"]}).add_edge(START, "n").compile(checkpointer=saver)

    def logged(saver: Any, thread_id: str) -> Any:
        return graph(saver).get_state(config(thread_id)).values["log"]

    reference = InMemorySaver()
    for turn in range(7):
        for saver in (reference, reopened().checkpoints):
            graph(saver).invoke({"log": [str(turn)]}, config("t") | {"metadata": {"run_id": f"run {turn}"}})
    expected = logged(reference, "t")
    assert len(expected) == 14
    saver = reopened().checkpoints
    assert logged(saver, "t") == expected
    saver.copy_thread("t", "copy")
    saver.prune(["t"])
    saver.delete_for_runs(["run 6"], thread_id="copy")
    saver = reopened().checkpoints
    assert logged(saver, "t") == expected
    assert logged(saver, "copy") == expected[:-2]
    graph(saver).invoke({"log": ["more"]}, config("t"))
    assert logged(saver, "t") == [*expected, "more", "n"]


@pytest.mark.parametrize("remove", ["prune", "roll back"])
def test_removed_checkpoints_give_their_space_back(database: Database, directory: Path, remove: str) -> None:
    def size() -> int:
        return sum(file.stat().st_size for file in (directory / "threads").iterdir())

    class Text(TypedDict):
        text: str

    builder = StateGraph(Text).add_node("n", lambda state: {"text": state["text"] + "x"}).add_edge(START, "n")
    graph: Any = builder.compile(checkpointer=database.checkpoints)
    graph.invoke({"text": "x" * 10_000}, config("t") | {"metadata": {"run_id": "first"}})
    after_one = size()
    for turn in range(20):
        graph.invoke({"text": f"{turn}" * 10_000}, config("t") | {"metadata": {"run_id": f"more {turn}"}})
    assert size() > 10 * after_one
    if remove == "prune":
        database.checkpoints.prune(["t"])
    else:
        database.checkpoints.delete_for_runs([f"more {turn}" for turn in range(20)], thread_id="t")
    assert size() < 2 * after_one
    assert database.check() == []


def test_the_newest_and_a_page_of_history_need_no_look_at_the_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = chat(database.checkpoints)
    for turn in range(20):
        say(graph, "t", f"question {turn}")
    looked: list[str] = []
    rows, tuple_ = thread_files.ThreadFile.rows, JournalSaver._tuple
    monkeypatch.setattr(thread_files.ThreadFile, "rows", lambda *args: looked.append("all") or rows(*args))
    monkeypatch.setattr(JournalSaver, "_tuple", lambda *args: looked.append("one") or tuple_(*args))
    page = [*database.checkpoints.list(config("t", checkpoint_ns=""), limit=3)]
    older = [*database.checkpoints.list(config("t", checkpoint_ns=""), before=page[-1].config, limit=1)]
    assert database.checkpoints.get_tuple(config("t")) == page[0]
    assert looked == ["one"] * 5
    assert [found.metadata["step"] for found in (*page, *older)] == [58, 57, 56, 55]


# Types of the user's


def test_a_graphs_own_types_come_back_once_it_allows_them(directory: Path) -> None:
    """In a process of its own: langgraph reads the setting when it is first imported."""
    code = f"""
import os
os.environ["LANGGRAPH_STRICT_MSGPACK"] = "true"
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypedDict
from langgraph.graph import START, StateGraph
from playground.store.database import Database

@dataclass
class Order:
    number: int

class State(TypedDict):
    order: Order

def graph(database):
    builder = StateGraph(State).add_node("n", lambda state: {{}}).add_edge(START, "n")
    return builder.compile(checkpointer=database.checkpoints)

config = {{"configurable": {{"thread_id": "t"}}}}
database = Database.open(Path({str(directory)!r}))
graph(database).invoke({{"order": Order(1)}}, config)
database.close()
database = Database.open(Path({str(directory)!r}))
print(graph(database).get_state(config).values)
print(database.checkpoints.get_tuple(config).checkpoint["channel_values"]["order"])
print(database.threads.values("t"))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "{'order': Order(number=1)}\n{'number': 1}\n{'order': {'number': 1}}\n"


@dataclass
class Order:
    number: int


def test_without_the_setting_no_type_of_the_users_is_revived(database: Database, caplog: Any) -> None:
    checkpoint: Any = {**empty_checkpoint(), "channel_values": {"o": Order(1)}, "channel_versions": {"o": "1"}}
    database.checkpoints.put(config("t", checkpoint_ns=""), checkpoint, {}, {"o": "1"})
    found = database.checkpoints.get_tuple(config("t"))
    assert found is not None
    assert found.checkpoint["channel_values"] == {"o": {"number": 1}}
    allowed = database.checkpoints.with_allowlist({(__name__, "Order")}).get_tuple(config("t"))
    assert allowed is not None
    assert allowed.checkpoint["channel_values"] == {"o": Order(1)}


async def test_coroutines_may_use_several_threads_at_once(database: Database) -> None:
    import asyncio

    graph = chat(database.checkpoints)
    await asyncio.gather(*(graph.ainvoke({"messages": [("user", "hi")]}, config(f"t{n}")) for n in range(8)))
    assert [database.threads.values(f"t{n}")["turn"] for n in range(8)] == [1] * 8
